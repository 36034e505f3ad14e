"""The pairs that a ccxt.pro stream shall watch, under ccxt's names for them."""

import asyncio
from collections.abc import Collection
from typing import Any, Final

import structlog

from domain.errors import ConfigurationError
from exchanges.ccxt_errors import translated
from exchanges.ccxt_values import perpetual_names
from exchanges.weight import WeightBudget

SYMBOL_LIMIT: Final = 200
"""ccxt refuses to watch more pairs in one call."""

log = structlog.get_logger()


class WatchedPairs:
    """Our symbols of the wanted pairs, and ccxt's names of those that it lists."""

    def __init__(self, client: Any, budget: WeightBudget) -> None:
        self._client = client
        self._budget = budget
        self._any_wanted = asyncio.Event()
        self._names: dict[str, str] = {}
        self._names_sought_for: frozenset[str] = frozenset()
        self.symbols: frozenset[str] = frozenset()

    def want(self, symbols: Collection[str]) -> None:
        """Make these the pairs; raises `ConfigurationError` for more than ccxt can watch."""
        if len(symbols) > SYMBOL_LIMIT:
            raise ConfigurationError(
                f"{len(symbols)} pairs are too many to stream through ccxt; at most {SYMBOL_LIMIT}"
            )
        self.symbols = frozenset(symbols)
        if self.symbols:
            self._any_wanted.set()
        else:
            self._any_wanted.clear()

    async def until_any(self) -> None:
        """Wait until some pair is wanted."""
        await self._any_wanted.wait()

    async def names(self) -> dict[str, str]:
        """Our symbols of the wanted pairs by ccxt's names; those that it does not list are left
        out. Markets are read anew once per change of the wanted pairs."""
        wanted = self.symbols
        if not wanted <= self._names.keys() and wanted != self._names_sought_for:
            with translated("read markets", self._budget):
                markets = await self._client.load_markets(True)
            self._names = perpetual_names(markets)
            self._names_sought_for = wanted
            log.info(
                "pairs_to_watch", wanted=len(wanted), unlisted=sorted(wanted - self._names.keys())
            )
        return self.known_names()

    def known_names(self) -> dict[str, str]:
        """The same as far as it is known without asking the venue."""
        return {self._names[symbol]: symbol for symbol in self.symbols if symbol in self._names}
