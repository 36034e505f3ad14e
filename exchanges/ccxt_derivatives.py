"""Facts about open positions of any venue over ccxt's REST methods."""

from collections.abc import Awaitable, Callable
from typing import Any

from domain.derivatives import OpenInterestObservation, Positioning
from engine.ports.order_flow import DerivativeFacts
from exchanges.ccxt_errors import translated
from exchanges.ccxt_values import open_interest_of
from exchanges.long_shares import LongShares, ShareSource, positioning_of
from exchanges.rejected_rows import RejectedRows
from exchanges.request_pool import RequestPool
from exchanges.venues import Venue
from exchanges.weight import WeightBudget


class CcxtDerivativeFacts(DerivativeFacts):
    """Open interest and positioning of one venue.

    Shares `client`, `budget`, `rejected` and the names of pairs (`name_of`) with the venue's
    `CcxtMarketFacts`, which also closes the client. `pool` is that of the venue's long shares. A
    row that makes no sense is left out and counted in `rejected`.
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
    ) -> None:
        self._client = client
        self._venue = venue
        self._budget = budget
        self._rejected = rejected
        self._pool = pool
        self._name_of = name_of

    async def fetch_open_interest(self, symbol: str) -> OpenInterestObservation | None:
        """Open interest of a pair; None where the venue tells none, or nonsense."""
        if not self._client.has.get("fetchOpenInterest"):
            return None
        name = await self._name_of(symbol)
        with translated(f"fetch open interest of {name}", self._budget):
            row = await self._client.fetch_open_interest(
                name, dict(self._venue.open_interest_query)
            )
            if isinstance(row["info"], str):
                raise TypeError("the answer is no JSON")  # which ccxt passes over in silence
            contract_size = self._client.market(name)["contractSize"]
        period_ms = self._venue.open_interest_period_ms
        return self._rejected.kept(
            "open interest", symbol, open_interest_of, row, contract_size, period_ms
        )

    async def fetch_positioning(self, symbol: str) -> Positioning | None:
        """Newest long shares of a pair; None where the venue tells none, or only nonsense.

        Waits while the venue's pool has no room: see `positioning_room`.
        """
        sources = self._venue.share_sources
        if not sources or not self._client.has.get("fetchLongShortRatioHistory"):
            return None
        name = await self._name_of(symbol)
        await self._pool.spend(len(sources))
        shares = [await self._fetch_shares(symbol, name, source) for source in sources]
        return positioning_of(*shares)

    def positioning_room(self, wanted: int) -> int:
        """How many of `wanted` pairs can be asked for their positioning now, without waiting."""
        return self._pool.room(wanted, cost=max(1, len(self._venue.share_sources)))

    async def _fetch_shares(self, symbol: str, name: str, source: ShareSource) -> LongShares:
        with translated(f"fetch long shares of {name}", self._budget):
            rows = await source.fetch(self._client, name)
            if not isinstance(rows, list):
                raise TypeError(f"a list of shares was expected, not {type(rows).__name__}")
        kept = (self._rejected.kept("long share", symbol, source.read, row) for row in rows)
        return dict(share for share in kept if share is not None)
