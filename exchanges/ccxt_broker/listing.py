"""The pairs of a venue as one needs them for trading: ccxt's name, filters, the venue's own id."""

from dataclasses import dataclass
from typing import Any

from domain.errors import VenueRefusedError
from domain.instruments import Instrument
from exchanges.ccxt_broker.calls import VenueCalls
from exchanges.ccxt_broker.pair_list import PairList, PairTable
from exchanges.ccxt_values import instrument_of
from exchanges.rejected_rows import RejectedRows
from exchanges.venues import Market


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPair:
    """A pair under ccxt's name, with what the venue takes of it."""

    name: str
    instrument: Instrument
    market: Market


class Listing:
    """Reads the venue's list when it is first needed, and again for a pair that is not on it.

    What another account has read already is taken from `pairs`.
    """

    def __init__(
        self, client: Any, calls: VenueCalls, pairs: PairList, rejected: RejectedRows
    ) -> None:
        self._client = client
        self._calls = calls
        self._pairs = pairs
        self._rejected = rejected
        self._table: PairTable | None = None

    async def pair(self, symbol: str) -> ListedPair:
        """A pair by its symbol.

        Raises `VenueRefusedError` when it is not listed, or with nonsense for filters.
        """
        name = await self._name(symbol)
        if name is None:
            raise VenueRefusedError(f"{self._client.id} lists no pair {symbol}")
        market = self._client.markets[name]
        instrument = self._rejected.kept("instrument", symbol, instrument_of, market)
        if instrument is None:
            raise VenueRefusedError(f"{self._client.id} lists {symbol} with impossible filters")
        return ListedPair(name=name, instrument=instrument, market=market)

    async def load(self) -> None:
        """Read the list unless it has been read before."""
        if self._table is None:
            await self._renew()

    def symbol_of(self, venue_id: str) -> str | None:
        """The symbol of a pair by the venue's id; None for one that is no linear perpetual, or
        before anything was read.
        """
        return None if self._table is None else self._table.symbols.get(venue_id)

    async def _name(self, symbol: str) -> str | None:
        """ccxt's name of a pair, by the list of now if it is not on an older one."""
        is_of_now = False
        while self._find(symbol) is None and not is_of_now:
            is_of_now = await self._renew()
        return self._find(symbol)

    def _find(self, symbol: str) -> str | None:
        return None if self._table is None else self._table.names.get(symbol)

    async def _renew(self) -> bool:
        """Take a newer list than ours: somebody else's, or else the venue's; whether it is that."""
        async with self._pairs.turn:
            newest = self._pairs.newest
            if newest is not None and newest is not self._table:
                newest.lend(self._client)
                self._table = newest
                return False
            await self._calls.read("read the list of pairs", self._load)
            self._table = self._pairs.keep(self._client)
            return True

    async def _load(self) -> None:
        if not await self._client.load_markets(True):
            raise ValueError("no market is listed")
