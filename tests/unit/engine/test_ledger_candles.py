"""Which candles a check needs, and how they are written down."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.candles import Candle
from domain.errors import InvalidDataError
from domain.timeframes import Timeframe
from engine.ledger import parse_export
from engine.ledger.candles import HEADER, dump_files, needed_spans
from tests.unit.verifier.made_record import make_record

RECORD = make_record()
FIRST = RECORD.candles["C1USDT"][0]
LONG_AFTER = RECORD.entries[-1].at + timedelta(days=1)


def test_candles_reach_from_publication_to_the_end_of_the_longest_hold() -> None:
    spans = needed_spans(RECORD.entries, LONG_AFTER)
    first = RECORD.candles["C3USDT"][0].index
    assert spans["C3USDT"] == [(first, first - 1 + 15 + 120 - 1)]


def test_outcome_that_came_later_needs_candles_up_to_it() -> None:
    (span,) = needed_spans(RECORD.entries, LONG_AFTER)["C1USDT"]
    assert Timeframe.M1.length * (span[1] - FIRST.index + 1) == timedelta(hours=3, minutes=1)


def test_candle_that_is_not_closed_is_not_asked_for() -> None:
    spans = needed_spans(RECORD.entries[:1], FIRST.opened_at + timedelta(minutes=1, seconds=30))
    assert spans == {"C1USDT": [(FIRST.index, FIRST.index)]}
    assert needed_spans(RECORD.entries[:1], FIRST.opened_at) == {}


def test_stretches_of_a_pair_that_meet_are_one() -> None:
    same_pair = [
        replace(entry, body=entry.body.replace('"symbol":"C2USDT"', '"symbol":"C1USDT"'))
        for entry in RECORD.entries[:2]
    ]
    spans = needed_spans(same_pair, LONG_AFTER)
    assert spans == {"C1USDT": [(FIRST.index, FIRST.index + 15 + 15 + 120 - 2)]}


def test_outcome_without_its_signal_is_refused() -> None:
    with pytest.raises(InvalidDataError, match="unknown signal"):
        needed_spans(RECORD.entries[3:4], LONG_AFTER)


def test_rows_are_those_of_the_public_dumps() -> None:
    candle = Candle(
        timeframe=Timeframe.M1,
        index=29_329_200,
        open=100.0,
        high=100.5,
        low=0.00000125,
        close=100.25,
        volume=1e6,
    )
    told = dict(dump_files("X", [candle, replace(candle, index=candle.index + 1440)]))
    assert list(told) == ["X-1m-2025-10-06.csv", "X-1m-2025-10-07.csv"]
    assert told["X-1m-2025-10-06.csv"].splitlines() == [
        HEADER,
        "1759752000000,100,100.5,0.00000125,100.25,1000000,1759752059999,,,,,0",
    ]


@pytest.mark.parametrize("text", ["", "{}\n", "[]\n", '{"record":"quorum","format":2}\n', "x\n"])
def test_file_without_our_header_is_no_export(text: str) -> None:
    with pytest.raises(InvalidDataError, match="line 1"):
        parse_export(text)


def test_line_that_is_no_entry_is_named() -> None:
    lines = RECORD.export.decode().splitlines()
    with pytest.raises(InvalidDataError, match="line 3"):
        parse_export("\n".join([*lines[:2], "{}"]))
