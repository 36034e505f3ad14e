"""Turnover of a pair when a trader presses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import cast

from domain.candles import CandleSeries
from domain.errors import StaleDataError
from domain.timeframes import Timeframe
from engine.execution.offers.turnover import ReadTurnover
from engine.ports.market import CandleFeed
from tests.fakes.clock import AFTERNOON, HandClock
from tests.unit.risk.trade_builders import SOL, make_snapshot


@dataclass
class OneBoundaryFeed:
    """Has the candles of one boundary; only `series` is asked of it."""

    boundary: datetime
    candles: Mapping[Timeframe, CandleSeries]

    def series(self, symbol: str, as_of: datetime) -> Mapping[Timeframe, CandleSeries]:
        if as_of != self.boundary or symbol != SOL.symbol:
            raise StaleDataError(f"{symbol} is not ready at {as_of}")
        return self.candles


def turnover_at(now: datetime, turnover: float | None = 30_000.0) -> Decimal | None:
    feed = OneBoundaryFeed(AFTERNOON, make_snapshot(turnover=turnover).candles)
    return ReadTurnover(cast("CandleFeed", feed), HandClock(now))(SOL)


def test_turnover_is_that_of_the_newest_close() -> None:
    assert turnover_at(AFTERNOON + timedelta(minutes=14, seconds=59)) == 30_000


def test_close_before_stands_in_while_candles_are_on_their_way() -> None:
    assert turnover_at(AFTERNOON + timedelta(minutes=15, seconds=1)) == 30_000


def test_turnover_is_unknown_without_candles() -> None:
    assert turnover_at(AFTERNOON + timedelta(minutes=30)) is None
    assert turnover_at(AFTERNOON, None) is None
