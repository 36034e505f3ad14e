"""Large transfers of the simulated world: the same ones, whichever simulated provider is asked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from domain.assets import canonical_asset
from feeds.labels.addresses import BITCOIN, ETHEREUM, SOLANA
from feeds.labels.labels import Labels, TokenContract
from feeds.simulator.world import MINUTE_MS, World

_PER_MINUTE: Final = 6
_REMEMBERED_MINUTES: Final = 256
_DOLLARS: Final = ("USDT", "USDC")
_DOLLAR_SHARE, _BITCOIN_SHARE = 0.25, 0.4
"""Below the first a movement is of dollars, below the second of bitcoin, else of any coin."""

_FOLLOWING: Final = 0.48
"""How much the lean of the market moves the odds of a direction away from one half."""

_BETWEEN_WALLETS: Final = 0.12
_SMALLEST_USD, _LARGEST_USD = 500_000.0, 60_000_000.0
_TAIL: Final = 0.8
"""Sizes follow a power law: half are below 0.9 million dollars, a tenth above 3 million."""

_QUOTE: Final = "USDT"
_MULTIPLE: Final = re.compile(r"^(10{3,6}(?=[A-Z])|1M(?=[A-Z]{3}))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One transfer, from `sender` to `receiver`: addresses, which labels may know or not."""

    chain: str
    asset: str
    transaction: str
    at_ms: int
    usd: float
    amount: float
    sender: str
    receiver: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Coin:
    """How a coin is traded on the simulated venue: its pair, and how many coins make one unit."""

    symbol: str
    multiple: float


class ChainMovements:
    """Transfers of the world, minute by minute."""

    def __init__(self, world: World, labels: Labels) -> None:
        self._world = world
        self._labels = labels
        self._tokens = {token.asset: token for token in labels.tokens_on(ETHEREUM)}
        self._of_minute = lru_cache(maxsize=_REMEMBERED_MINUTES)(self._new_minute)

    def between(self, after_ms: int, until_ms: int) -> list[Movement]:
        """Movements within (after, until], oldest first."""
        minutes = range(after_ms // MINUTE_MS, until_ms // MINUTE_MS + 1)
        found = [movement for minute in minutes for movement in self._of_minute(minute)]
        return [movement for movement in found if after_ms < movement.at_ms <= until_ms]

    def coins(self) -> Mapping[str, Coin]:
        """The coins of the venue, canonical."""
        return coins_of(tuple(self._world.market.symbols()))

    def price(self, asset: str, at_ms: int) -> float | None:
        """Dollars for one coin; None for one that is not traded, or not then."""
        if asset in _DOLLARS:
            return 1.0
        coin = self.coins().get(asset)
        price = None if coin is None else self._world.market.price(coin.symbol, at_ms)
        return None if coin is None or not price else price / coin.multiple

    def lean(self, asset: str, at_ms: int) -> float:
        """Which way those in the know lean on a coin; on dollars, the way they do on bitcoin."""
        coin = self.coins().get("BTC" if asset in _DOLLARS else asset)
        return 0.0 if coin is None else self._world.lean(coin.symbol, at_ms)

    def token(self, asset: str) -> TokenContract | None:
        """Its contract on Ethereum, None without one."""
        return self._tokens.get(asset)

    def _new_minute(self, minute: int) -> list[Movement]:
        slots = (self._movement(minute, slot) for slot in range(_PER_MINUTE))
        found = [movement for movement in slots if movement is not None]
        return sorted(found, key=lambda movement: movement.at_ms)

    def _movement(self, minute: int, slot: int) -> Movement | None:
        key = ("movement", minute, slot)
        noise = self._world.noise
        at_ms = minute * MINUTE_MS + int(noise(*key, "second") * 60) * 1000
        asset = self._asset(key)
        price = self.price(asset, at_ms)
        if price is None:
            return None
        usd = min(_LARGEST_USD, _SMALLEST_USD * (1.0 - noise(*key, "size")) ** -_TAIL)
        chain = self._chain(asset)
        sender, receiver = self._parties(key, chain, asset, at_ms)
        return Movement(
            chain=chain,
            asset=asset,
            transaction=hexadecimal(self._world, 32, *key),
            at_ms=at_ms,
            usd=usd,
            amount=usd / price,
            sender=sender,
            receiver=receiver,
        )

    def _asset(self, key: tuple[object, ...]) -> str:
        kind, which = self._world.noise(*key, "kind"), self._world.noise(*key, "asset")
        if kind < _DOLLAR_SHARE:
            return _DOLLARS[int(which * len(_DOLLARS))]
        if kind < _BITCOIN_SHARE:
            return "BTC"
        assets = tuple(self.coins())
        return assets[int(which * len(assets))] if assets else "BTC"

    def _chain(self, asset: str) -> str:
        if asset == "BTC":
            return BITCOIN
        return ETHEREUM if asset == "ETH" or asset in self._tokens else SOLANA

    def _parties(
        self, key: tuple[object, ...], chain: str, asset: str, at_ms: int
    ) -> tuple[str, str]:
        noise = self._world.noise
        stranger = address(self._world, chain, *key, "stranger")
        if noise(*key, "between") < _BETWEEN_WALLETS:
            return stranger, address(self._world, chain, *key, "other")
        wallets = self._labels.wallets_on(chain) or self._labels.wallets_on(ETHEREUM)
        exchange = wallets[int(noise(*key, "wallet") * len(wallets))]
        rising = noise(*key, "direction") < 0.5 + _FOLLOWING * self.lean(asset, at_ms)
        leaves = rising != (asset in _DOLLARS)
        return (exchange, stranger) if leaves else (stranger, exchange)


@lru_cache(maxsize=4)
def coins_of(symbols: tuple[str, ...]) -> Mapping[str, Coin]:
    """Coins that are traded against USDT; of several pairs of one coin, the first."""
    coins: dict[str, Coin] = {}
    for symbol in symbols:
        ticker = symbol.removesuffix(_QUOTE)
        asset = canonical_asset(ticker)
        if ticker != symbol and asset not in _DOLLARS:
            coins.setdefault(asset, Coin(symbol=symbol, multiple=_multiple(ticker)))
    return coins


def hexadecimal(world: World, count: int, *key: object) -> str:
    """So many bytes of noise in hexadecimal."""
    return blake2b(repr((world.seed, *key)).encode(), digest_size=count).hexdigest()


def address(world: World, chain: str, *key: object) -> str:
    """Somebody's address on a chain."""
    return ("bc1q" if chain == BITCOIN else "0x") + hexadecimal(world, 20, *key)


def _multiple(ticker: str) -> float:
    found = _MULTIPLE.match(ticker)
    if found is None:
        return 1.0
    return 1e6 if found[0] == "1M" else float(found[0])
