"""The lists of exchange wallets and token contracts, read from their files and checked."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.assets import STABLECOINS, canonical_asset
from domain.errors import ConfigurationError
from domain.transfers import Party
from feeds.labels.addresses import fault_of, one_spelling

_WALLETS: Final = "exchange_wallets.toml"
_TOKENS: Final = "token_contracts.toml"
_MOST_DECIMALS: Final = 36


class ExchangeWallet(BaseModel):
    """An address that belongs to an exchange. `label` says which of its wallets it is."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    chain: str
    address: str
    owner: str = Field(min_length=2, max_length=40)
    label: str


class TokenContract(BaseModel):
    """The one contract that is a coin on a chain; whatever else calls itself so is a fake."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    chain: str
    address: str
    ticker: str = Field(min_length=1, max_length=20)
    decimals: int = Field(ge=0, le=_MOST_DECIMALS)

    @property
    def asset(self) -> str:
        """The coin it stands for: of WBTC, BTC."""
        return canonical_asset(self.ticker)

    @property
    def is_wrapped(self) -> bool:
        """Whether the coin itself lives elsewhere, so that this token shows only a part of it."""
        return self.asset != self.ticker

    @property
    def is_stablecoin(self) -> bool:
        """Whether one is worth a dollar."""
        return self.asset in STABLECOINS


Entry = TypeVar("Entry", ExchangeWallet, TokenContract)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Both lists, by chain and address in one spelling."""

    wallets: Mapping[tuple[str, str], ExchangeWallet]
    tokens: Mapping[tuple[str, str], TokenContract]

    def party(self, chain: str, address: str) -> Party:
        """Who that is; somebody unknown unless the list has them."""
        spelled = one_spelling(chain, address)
        wallet = self.wallets.get((chain, spelled))
        if wallet is None:
            return Party(address=spelled)
        return Party(address=spelled, owner=wallet.owner, is_exchange=True)

    def exchange_name(self, owner: str) -> str:
        """An exchange's name as this list spells it; any other name as it comes."""
        names = {wallet.owner.lower(): wallet.owner for wallet in self.wallets.values()}
        return names.get(owner.lower(), owner)

    def token(self, chain: str, address: str) -> TokenContract | None:
        """The coin behind a contract, None for one that is not on the list."""
        return self.tokens.get((chain, one_spelling(chain, address)))

    def wallets_on(self, chain: str) -> tuple[str, ...]:
        """Addresses of exchanges on a chain, in the order of the file."""
        return tuple(address for at, address in self.wallets if at == chain)

    def tokens_on(self, chain: str) -> tuple[TokenContract, ...]:
        """Coins on a chain, in the order of the file."""
        return tuple(token for (at, _), token in self.tokens.items() if at == chain)


def load_labels(folder: Traversable | None = None) -> Labels:
    """Read both files, by default the ones that come with Quorum.

    Raises `ConfigurationError` naming the file and the entry that is wrong.
    """
    place = files("feeds.labels") if folder is None else folder
    return Labels(
        wallets=_by_address(_WALLETS, _entries(place, _WALLETS, "wallet", ExchangeWallet)),
        tokens=_by_address(_TOKENS, _entries(place, _TOKENS, "token", TokenContract)),
    )


def _entries(folder: Traversable, name: str, table: str, kind: type[Entry]) -> list[Entry]:
    try:
        rows = tomllib.loads(folder.joinpath(name).read_text(encoding="utf-8")).get(table, [])
        return [kind.model_validate(row) for row in rows]
    except ValidationError as error:
        first = error.errors()[0]
        where = f"{first['input']!r}"[:120]
        raise ConfigurationError(
            f"{name}, entry {where}, {'.'.join(map(str, first['loc']))}: {first['msg']}"
        ) from error
    except (OSError, ValueError, RecursionError, TypeError) as error:
        raise ConfigurationError(f"{name} cannot be read: {error}") from error


def _by_address(name: str, entries: Iterable[Entry]) -> dict[tuple[str, str], Entry]:
    found: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        fault = fault_of(entry.chain, entry.address)
        key = (entry.chain, one_spelling(entry.chain, entry.address))
        if key in found:
            fault = "it is in the list twice; remove one"
        if fault:
            raise ConfigurationError(f"{name}, {entry.chain} {entry.address}: {fault}")
        found[key] = entry
    return found
