"""Stream names, wire frames, cadence, fault bookkeeping."""

import pytest

from domain.errors import ConfigurationError
from exchanges.simulator import Fault, FaultKind, Faults
from exchanges.simulator.streams.connections import MessageRate
from exchanges.simulator.streams.frames import Cadence, Frame, close_packet, text_packet
from exchanges.simulator.streams.names import Route, StreamKind, parse_stream
from tests.unit.simulator.conftest import HandClock


@pytest.mark.parametrize(
    ("name", "kind", "route", "symbol", "interval"),
    [
        ("btcusdt@kline_15m", StreamKind.KLINE, Route.MARKET, "BTCUSDT", 15),
        ("btcusdt@aggTrade", StreamKind.AGGREGATE_TRADE, Route.MARKET, "BTCUSDT", 0),
        ("btcusdt@trade", StreamKind.TRADE, Route.PUBLIC, "BTCUSDT", 0),
        ("btcusdt@depth20@100ms", StreamKind.PARTIAL_BOOK, Route.PUBLIC, "BTCUSDT", 20),
        ("btcusdt@depth5", StreamKind.PARTIAL_BOOK, Route.PUBLIC, "BTCUSDT", 5),
        ("btcusdt@depth@500ms", StreamKind.BOOK_CHANGES, Route.PUBLIC, "BTCUSDT", 0),
        ("btcusdt_260327@bookTicker", StreamKind.BEST, Route.PUBLIC, "BTCUSDT_260327", 0),
        ("!markPrice@arr@1s", StreamKind.ALL_MARKS, Route.MARKET, "", 0),
        ("!bookTicker", StreamKind.ALL_BEST, Route.PUBLIC, "", 0),
    ],
)
def test_names_tell_kind_route_and_symbol(
    name: str, kind: StreamKind, route: Route, symbol: str, interval: int
) -> None:
    stream = parse_stream(name)
    assert stream is not None
    assert (stream.kind, stream.route, stream.symbol, stream.interval) == (
        kind,
        route,
        symbol,
        interval,
    )


@pytest.mark.parametrize(
    "name",
    [
        "",
        "0",
        "@kline_1m",
        "btcusdt",
        "BTCUSDT@kline_1m",
        "btcusdt@kline_7m",
        "btcusdt@depth7@100ms",
        "btcusdt@depth20@50ms",
        "btcusdt@!bookTicker",
        "!kline@arr",
    ],
)
def test_other_names_stand_for_nothing(name: str) -> None:
    assert parse_stream(name) is None


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
def test_a_text_packet_tells_its_length_as_the_protocol_wants(size: int) -> None:
    packet = text_packet(b"x" * size)
    assert packet[0] == 0x81
    told, header = packet[1], 2
    if told == 126:
        told, header = int.from_bytes(packet[2:4]), 4
    elif told == 127:
        told, header = int.from_bytes(packet[2:10]), 10
    assert told == size == len(packet) - header


def test_a_close_packet_carries_its_code() -> None:
    assert close_packet(1001) == b"\x88\x02\x03\xe9"


def test_a_wrapped_frame_names_its_stream() -> None:
    assert Frame("a@b", 1, b"{}").wrapped() == b'{"stream":"a@b","data":{}}'


def test_a_cadence_lets_each_stream_through_once_a_period() -> None:
    cadence = Cadence()
    assert cadence.is_due("a", 1.0, 100.0)
    assert not cadence.is_due("a", 1.0, 100.9)
    assert cadence.is_due("b", 1.0, 100.9)
    assert cadence.is_due("a", 1.0, 101.0)


def test_messages_are_counted_over_the_last_second() -> None:
    rate = MessageRate()
    assert [rate.count(wall) for wall in (10.0, 10.5, 10.9, 11.0, 11.6, 13.0)] == [1, 2, 3, 3, 3, 1]


def test_a_fault_without_an_end_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="last for ever"):
        Fault(kind=FaultKind.FRAME_LOSS)


def test_faults_end_by_count_and_by_time() -> None:
    wall = HandClock()
    faults = Faults(wall, list)
    faults.inject(Fault(kind=FaultKind.FRAME_LOSS, match="kline", count=2))
    faults.inject(Fault(kind=FaultKind.REST_DELAY, seconds=5))

    assert faults.take(FaultKind.FRAME_LOSS, "btcusdt@aggTrade", 0) is None
    assert faults.take(FaultKind.FRAME_LOSS, "btcusdt@kline_1m", 0) is not None
    assert faults.take(FaultKind.FRAME_LOSS, "btcusdt@kline_1m", 0) is not None
    assert faults.take(FaultKind.FRAME_LOSS, "btcusdt@kline_1m", 0) is None
    assert [fault.kind for fault in faults.active] == [FaultKind.REST_DELAY]

    wall.seconds += 5
    assert not faults.any


def test_a_fault_covers_its_span_of_exchange_time() -> None:
    fault = Fault(kind=FaultKind.FRAME_LOSS, from_ms=10, to_ms=20)
    assert [fault.covers("x", at) for at in (9, 10, 19, 20)] == [False, True, True, False]
