"""Binance's names and frames."""

import msgspec
import pytest

from domain.timeframes import Timeframe
from exchanges.binance.messages import decode_event, decode_reply, values_of
from exchanges.binance.routes import Route, kline_stream, route_of, stream_url

KLINE = (
    b'{"e":"kline","E":1788264000123,"s":"BTCUSDT","st":1,"ps":"BTCUSDT","k":{"t":1788263940000,'
    b'"T":1788263999999,"s":"BTCUSDT","i":"1m","f":100,"L":200,"o":"64210.50","c":"64220.10",'
    b'"h":"64230.00","l":"64200.00","v":"12.345","n":101,"x":true,"q":"792345.1","V":"6.5",'
    b'"Q":"417000.2","B":"0"}}'
)


def test_a_kline_frame_decodes_to_floats_and_the_final_flag() -> None:
    event = decode_event(KLINE)

    assert (event.symbol, event.market) == ("BTCUSDT", 1)
    assert (event.kline.open_ms, event.kline.interval) == (1788263940000, "1m")
    assert event.kline.final
    assert values_of(event.kline) == (64210.5, 64230.0, 64200.0, 64220.1, 12.345, 6.5)


def test_a_frame_of_before_the_merge_counts_as_ours() -> None:
    assert decode_event(KLINE.replace(b'"st":1,"ps":"BTCUSDT",', b"")).market == 1


@pytest.mark.parametrize(
    "frame",
    [
        b"not json",
        b"[]",
        b'{"e":"kline","s":"BTCUSDT","k":{}}',
        KLINE.replace(b'"64210.50"', b'"price"'),
        KLINE.replace(b'"e":"kline"', b'"e":"aggTrade"'),
        KLINE[:-20],
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_kline_is_no_kline(frame: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode_event(frame)


def test_replies_tell_whether_the_venue_refused() -> None:
    assert decode_reply(b'{"result":null,"id":7}').refusal is None
    assert "Invalid JSON" in (
        decode_reply(b'{"error":{"code":3,"msg":"Invalid JSON"},"id":7}').refusal or ""
    )
    assert decode_reply(b'{"code":2,"msg":"Invalid request"}').refusal == "2 Invalid request"


@pytest.mark.parametrize(
    ("stream", "route"),
    [
        ("btcusdt@kline_15m", Route.MARKET),
        ("btcusdt@aggTrade", Route.MARKET),
        ("btcusdt@markPrice@1s", Route.MARKET),
        ("!forceOrder@arr", Route.MARKET),
        ("btcusdt@depth20@100ms", Route.PUBLIC),
        ("btcusdt@depth@100ms", Route.PUBLIC),
        ("!bookTicker", Route.PUBLIC),
    ],
)
def test_each_stream_is_served_on_its_route(stream: str, route: Route) -> None:
    assert route_of(stream) is route


@pytest.mark.parametrize("stream", ["btcusdt", "btcusdt@unheardOf", ""])
def test_an_unknown_stream_has_no_route(stream: str) -> None:
    with pytest.raises(KeyError):
        route_of(stream)


def test_a_stream_is_dialled_on_its_route() -> None:
    stream = kline_stream("BTCUSDT", Timeframe.H1)

    assert stream == "btcusdt@kline_1h"
    for base in ("wss://host", "wss://host/", "wss://host/ws"):
        assert stream_url(base, stream) == "wss://host/market/ws/btcusdt@kline_1h"
