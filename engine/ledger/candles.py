"""Which 1-minute candles a check of the record needs, and how they stand in a file.

The files are those of Binance's public data (data.binance.vision, futures/um, daily klines): a
checker reads both alike. What MarketFacts does not tell (quote volumes, the count of trades) is
left empty in ours.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from math import isnan
from typing import Final

from domain.candles import Candle
from domain.errors import InvalidDataError
from domain.instruments import to_decimal
from domain.ledger import EntryKind, LedgerEntry
from domain.timeframes import Timeframe, to_ms
from engine.ledger.contents import parse_content

HEADER: Final = (
    "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,"
    "taker_buy_quote_volume,ignore"
)
_MINUTE: Final = Timeframe.M1

Span = tuple[int, int]
"""Numbers of the first and the last 1-minute candle of a stretch."""


def needed_spans(entries: Iterable[LedgerEntry], now: datetime) -> dict[str, list[Span]]:
    """By symbol the stretches of closed candles that decide on the ends of its signals.

    From publication to the end of the longest hold, and on to the outcome where that came later.
    Stretches that meet are one. Raises `InvalidDataError` for an entry that cannot be read.
    """
    newest = _MINUTE.last_closed_index(to_ms(now))
    spans: dict[int, tuple[str, int, int]] = {}
    for entry in entries:
        content = parse_content(entry)
        if entry.kind is EntryKind.CORRECTION:
            content = content["outcome"]
        if entry.kind is EntryKind.SIGNAL:
            published = datetime.fromisoformat(content["published_at"])
            first = _MINUTE.index_of(to_ms(published) - 1) + 1
            hold = content["rules"]["maximum_hold_candles"] * Timeframe.M15.length
            last = _last_index(datetime.fromisoformat(content["valid_until"]) + hold)
            spans[content["signal"]] = (content["symbol"], first, last)
        elif content["signal"] in spans:
            symbol, first, last = spans[content["signal"]]
            ended = _last_index(datetime.fromisoformat(content["ended_at"]))
            spans[content["signal"]] = (symbol, first, max(last, ended))
        else:
            raise InvalidDataError(f"ledger entry {entry.sequence} is about an unknown signal")
    return _merged((symbol, first, min(last, newest)) for symbol, first, last in spans.values())


def dump_files(symbol: str, candles: Iterable[Candle]) -> Iterator[tuple[str, str]]:
    """Name and text of a file for each UTC day of candles, oldest first."""
    for day, of_day in groupby(candles, key=_day_of):
        rows = "".join(f"{_row(candle)}\n" for candle in of_day)
        yield f"{symbol}-{_MINUTE}-{day.isoformat()}.csv", f"{HEADER}\n{rows}"


def _last_index(end: datetime) -> int:
    """The candle that is over at an instant, or in which the instant lies."""
    return _MINUTE.index_of(to_ms(end) - 1)


def _merged(spans: Iterable[tuple[str, int, int]]) -> dict[str, list[Span]]:
    merged: dict[str, list[Span]] = {}
    for symbol, first, last in sorted(spans):
        if last < first:
            continue
        known = merged.setdefault(symbol, [])
        if known and first <= known[-1][1] + 1:
            first, last = known[-1][0], max(last, known.pop()[1])
        known.append((first, last))
    return merged


def _day_of(candle: Candle) -> date:
    return candle.opened_at.date()


def _row(candle: Candle) -> str:
    taker_buy = candle.taker_buy_volume
    cells = (
        to_ms(candle.opened_at),
        *(_text(value) for value in candle.values[:5]),
        to_ms(candle.closed_at - timedelta(milliseconds=1)),
        "",
        "",
        "" if isnan(taker_buy) else _text(taker_buy),
        "",
        0,
    )
    return ",".join(map(str, cells))


def _text(value: float) -> str:
    return format(to_decimal(value).normalize() + Decimal(0), "f")
