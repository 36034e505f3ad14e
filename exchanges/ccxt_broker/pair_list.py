"""One list of a venue's pairs for all accounts' clients: it is large, and the same for all."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Final

from exchanges.ccxt_values import perpetual_names

_LENT: Final = (
    "id",
    "markets",
    "markets_by_id",
    "symbols",
    "ids",
    "currencies",
    "currencies_by_id",
    "baseCurrencies",
    "quoteCurrencies",
    "codes",
)
"""What ccxt hands from one client to another with `set_markets_from_exchange`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairTable:
    """A list as it was read once: ccxt's name by symbol, symbol by the venue's id."""

    names: Mapping[str, str]
    symbols: Mapping[str, str]
    lender: SimpleNamespace

    def lend(self, client: Any) -> None:
        """Let a client use the list without a copy of its own."""
        client.set_markets_from_exchange(self.lender)


class PairList:
    """The newest list of one venue; whoever reads a newer one puts it here, one at a time."""

    def __init__(self) -> None:
        self.newest: PairTable | None = None
        self.turn = asyncio.Lock()

    def keep(self, client: Any) -> PairTable:
        """Keep what a client has just read; nothing of the client itself, which holds a key."""
        names = perpetual_names(client.markets)
        self.newest = PairTable(
            names=names,
            symbols={client.markets[name]["id"]: symbol for symbol, name in names.items()},
            lender=SimpleNamespace(options={}, **{name: getattr(client, name) for name in _LENT}),
        )
        return self.newest
