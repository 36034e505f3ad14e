"""Candles and settled funding of the past, over ccxt, patiently."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from domain.candles import Candle, CandleSeries
from domain.errors import InvalidDataError, TemporaryVenueError
from domain.timeframes import Timeframe
from engine.backtest.values import FundingPayment
from exchanges.candle_rows import candles_from
from exchanges.ccxt_errors import translated
from exchanges.history.table import CandleTable
from exchanges.rejected_rows import RejectedRows
from exchanges.request_pool import RequestPool
from exchanges.venues import Venue
from exchanges.weight import WeightBudget

Answer = TypeVar("Answer")

_FUNDING_ROWS: Final = 1000
_MINUTE_MS: Final = Timeframe.M1.milliseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How often a request is made before it is given up, with growing pauses in wall seconds."""

    attempts: int = 7
    first_pause: float = 1.0
    longest_pause: float = 60.0

    async def ask(self, request: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer; raises `TemporaryVenueError` when even the last attempt brought none."""
        attempts = AsyncRetrying(
            retry=retry_if_exception_type(TemporaryVenueError),
            stop=stop_after_attempt(self.attempts),
            wait=wait_exponential(multiplier=self.first_pause, max=self.longest_pause),
            reraise=True,
        )
        return await attempts(request)


class HistorySource:
    """The past of one venue's pairs; `client` is closed by whoever opened it.

    A candle or payment that makes no sense is left out and counted in `rejected`. `pool` is the
    venue's own limit of requests for funding, apart from weight.
    """

    def __init__(
        self,
        client: Any,
        venue: Venue,
        budget: WeightBudget,
        rejected: RejectedRows,
        *,
        pool: RequestPool,
        name_of: Callable[[str], Awaitable[str]],
        patience: Patience | None = None,
    ) -> None:
        self._client = client
        self._venue = venue
        self._budget = budget
        self._rejected = rejected
        self._pool = pool
        self._name_of = name_of
        self._patience = patience or Patience()

    @property
    def tells_funding(self) -> bool:
        """Whether the venue tells settled funding."""
        return bool(self._client.has.get("fetchFundingRateHistory"))

    async def candles(
        self, symbol: str, timeframe: Timeframe, start_ms: int, end_ms: int
    ) -> CandleTable:
        """Candles that open at or after `start_ms` and close by `end_ms`, as far as they exist.

        The span must be over. Raises `TemporaryVenueError`, `VenueRefusedError`.
        """
        name = await self._name_of(symbol)
        step = self._venue.rows_per_request * timeframe.milliseconds
        found: dict[int, Candle] = {}
        for begin in range(start_ms, end_ms, step):
            end = min(end_ms, begin + step)
            page = await self._patience.ask(partial(self._candle_page, name, timeframe, begin, end))
            found |= {candle.index: candle for candle in page}
        return _table(timeframe, [found[index] for index in sorted(found)])

    async def funding(self, symbol: str, start_ms: int, end_ms: int) -> list[FundingPayment]:
        """Funding settled from `start_ms` to `end_ms`, oldest first, on whole minutes.

        Venues settle some milliseconds late; the time meant is the full minute. A short page is no
        sign of the end, since venues give fewer rows than asked for; one without anything new is.
        Raises `TemporaryVenueError`, `VenueRefusedError`.
        """
        name = await self._name_of(symbol)
        payments: dict[int, FundingPayment] = {}
        while start_ms <= end_ms:
            page = partial(self._funding_page, name, start_ms, end_ms)
            rows = await self._patience.ask(page)
            for row in rows:
                payment = self._rejected.kept("settled funding", symbol, _payment, row)
                if payment is not None and payment.at_ms <= end_ms:
                    payments[payment.at_ms] = payment
            asked_ms, start_ms = start_ms, max(payments, default=0) + _MINUTE_MS
            if start_ms <= asked_ms:
                break
        return [payments[at_ms] for at_ms in sorted(payments)]

    async def _candle_page(
        self, name: str, timeframe: Timeframe, start_ms: int, end_ms: int
    ) -> list[Candle]:
        length = timeframe.milliseconds
        first, last = start_ms // length, end_ms // length - 1
        with translated(f"fetch {name} {timeframe} candles", self._budget):
            rows = await self._venue.fetch_rows(
                self._client, name, timeframe, start_ms, end_ms - 1, last - first + 1
            )
        kept = (
            self._rejected.kept(
                "candle",
                f"{name} {timeframe} {row[0]}",
                candles_from,
                [row],
                timeframe,
                first,
                last,
            )
            for row in rows
        )
        return [candle for candles in kept for candle in candles or ()]

    async def _funding_page(self, name: str, start_ms: int, end_ms: int) -> list[dict[str, Any]]:
        await self._pool.spend(1)
        with translated(f"fetch {name} settled funding", self._budget):
            rows: list[dict[str, Any]] = await self._client.fetch_funding_rate_history(
                name, since=start_ms, limit=_FUNDING_ROWS, params={"until": end_ms}
            )
        return rows


def _table(timeframe: Timeframe, candles: list[Candle]) -> CandleTable:
    """Candles by number, gaps allowed."""
    stretches: list[CandleTable] = []
    begin = 0
    for at in range(1, len(candles) + 1):
        if at == len(candles) or candles[at].index != candles[at - 1].index + 1:
            stretches.append(CandleTable.of(CandleSeries.of(candles[begin:at])))
            begin = at
    return CandleTable.joined(timeframe, stretches)


def _payment(row: dict[str, Any]) -> FundingPayment:
    rate, at_ms = float(row["fundingRate"]), int(row["timestamp"])
    if not abs(rate) < 1:
        raise InvalidDataError(f"impossible funding rate {rate}")
    return FundingPayment(at_ms=round(at_ms / _MINUTE_MS) * _MINUTE_MS, rate=rate)
