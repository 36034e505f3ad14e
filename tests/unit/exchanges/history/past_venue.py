"""A venue that tells the past from lists of rows, and a source over it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.timeframes import Timeframe
from exchanges.history import CandleTable
from exchanges.history.downloading import HistorySource, Patience
from exchanges.rejected_rows import RejectedRows
from exchanges.request_pool import RequestPool
from exchanges.venues import Venue
from exchanges.weight import WeightBudget
from tests.fakes.clock import HandClock

PAGE = 100


@dataclass
class PastVenue:
    """Rows of candles and payments, asked for like a client of ccxt; `failures` come first.

    One that `is_stuck` tells the same funding whatever it is asked for.
    """

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    payments: list[dict[str, Any]] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    asked: list[tuple[int, int, int]] = field(default_factory=list)
    rows_of_funding: int = 1000
    is_stuck: bool = False
    has: dict[str, bool] = field(default_factory=lambda: {"fetchFundingRateHistory": True})

    async def fetch_rows(
        self, _client: Any, _name: str, _timeframe: Timeframe, begin: int, end: int, limit: int
    ) -> Sequence[Any]:
        self.asked.append((begin, end, limit))
        if self.failures:
            raise self.failures.pop(0)
        return [row for row in self.rows if begin <= row[0] <= end][:limit]

    async def fetch_funding_rate_history(
        self, _name: str, since: int, limit: int, params: dict[str, int]
    ) -> list[dict[str, Any]]:
        if self.failures:
            raise self.failures.pop(0)
        found = [
            one
            for one in self.payments
            if self.is_stuck or since <= (one["timestamp"] or since) <= params["until"]
        ]
        self.asked.append((since, params["until"], len(found)))
        return found[: min(limit, self.rows_of_funding)]


def source_of(past: PastVenue) -> tuple[HistorySource, RejectedRows]:
    clock, rejected = HandClock(), RejectedRows()
    venue = Venue(
        exchange_id="past",
        is_tradable=lambda _market: True,
        fetch_rows=past.fetch_rows,
        rows_per_request=PAGE,
    )

    async def name_of(symbol: str) -> str:
        return symbol

    budget = WeightBudget(clock)
    pool = RequestPool(clock, requests=500, share=0.8)
    patience = Patience(attempts=3, first_pause=0.001, longest_pause=0.002)
    source = HistorySource(
        past, venue, budget, rejected, pool=pool, name_of=name_of, patience=patience
    )
    return source, rejected


def rows_of(table: CandleTable) -> list[tuple[Any, ...]]:
    return [
        (opened, *numbers)
        for opened, numbers in zip(table.opened.tolist(), table.columns.T.tolist(), strict=True)
    ]
