"""A recorder tells the stream and the time of a frame by its body alone."""

import pytest

from exchanges.recordings.event_times import exchange_ms_of, read_frame, streams_of


@pytest.mark.parametrize(
    ("frame", "stream", "at_ms"),
    [
        (b'{"e":"aggTrade","E":5,"a":1,"s":"BTCUSDT","T":4,"m":true}', "btcusdt@aggTrade", 5),
        (b'{"e":"depthUpdate","E":7,"T":6,"s":"ETHUSDT","b":[]}', "ethusdt@depth20@100ms", 7),
        (
            b'{"e":"kline","E":9,"s":"BTCUSDT","k":{"s":"BTCUSDT","i":"15m"}}',
            "btcusdt@kline_15m",
            9,
        ),
        (b'{"e":"markPriceUpdate","E":3,"s":"BTCUSDT","T":99}', "btcusdt@markPrice@1s", 3),
        (b'{"e":"forceOrder","E":2,"o":{"s":"BTCUSDT","T":1}}', "btcusdt@forceOrder", 2),
        (b'{"e":"somethingNew","E":2,"s":"BTCUSDT"}', None, 2),
        (b"[1]", None, 0),
        (b"\xff{", None, 0),
    ],
)
def test_a_frame_is_attributed(frame: bytes, stream: str | None, at_ms: int) -> None:
    reading = read_frame(frame)

    assert (reading.stream, reading.exchange_ms, reading.is_reply) == (stream, at_ms, False)


@pytest.mark.parametrize("frame", [b'{"result":null,"id":1}', b'{"error":{"code":2},"id":"a"}'])
def test_the_answer_to_a_control_message_is_no_event(frame: bytes) -> None:
    assert read_frame(frame).is_reply


@pytest.mark.parametrize(
    ("body", "at_ms"),
    [
        (b'{"serverTime":11}', 11),
        (b'{"openInterest":"1","symbol":"BTCUSDT","time":12}', 12),
        (b"[[1,2]]", 0),
        (b'{"symbol":"BTCUSDT"}', 0),
    ],
)
def test_an_answer_tells_its_time_or_none(body: bytes, at_ms: int) -> None:
    assert exchange_ms_of(body) == at_ms


def test_each_pair_has_book_trades_liquidations_mark_and_four_candle_streams() -> None:
    assert streams_of(["BTCUSDT"]) == [
        "btcusdt@depth20@100ms",
        "btcusdt@aggTrade",
        "btcusdt@forceOrder",
        "btcusdt@markPrice@1s",
        "btcusdt@kline_1m",
        "btcusdt@kline_5m",
        "btcusdt@kline_15m",
        "btcusdt@kline_1h",
    ]
