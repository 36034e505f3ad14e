"""Snapshots whose data is stale or missing."""

from dataclasses import replace
from datetime import datetime
from typing import cast

from domain.candles import CandleSeries
from domain.market import MarketSnapshot
from domain.order_book import BookReading
from domain.order_flow import OrderFlow
from domain.timeframes import Timeframe, to_ms
from tests.builders.market import make_candle
from tests.builders.signals import CLOSED_AT
from tests.unit.risk.trade_builders import make_snapshot


def make_series(
    timeframe: Timeframe, *, missing: int = 0, as_of: datetime = CLOSED_AT
) -> CandleSeries:
    """Three candles, without the newest `missing` ones."""
    last = timeframe.last_closed_index(to_ms(as_of)) - missing
    return CandleSeries.of(
        [
            make_candle(index=last - back, open_=100, close=100, volume=1e6, timeframe=timeframe)
            for back in (2, 1, 0)
        ]
    )


def make_stale_snapshot(*, missing: int = 1) -> MarketSnapshot:
    """15-minute candles lag behind the boundary."""
    snapshot = make_snapshot()
    lagging = make_series(Timeframe.M15, missing=missing)
    return replace(snapshot, candles={**snapshot.candles, Timeframe.M15: lagging})


def make_flow_snapshot(*, has_book: bool, problem: str = "") -> MarketSnapshot:
    """Order flow is streamed, with a book or without."""
    # What is in the book is nobody's business here, only whether there is one.
    book = cast("BookReading", _Book()) if has_book else None
    return replace(make_snapshot(), order_flow=OrderFlow(book=book, book_problem=problem))


class _Book:
    exchange_ms = to_ms(CLOSED_AT)
