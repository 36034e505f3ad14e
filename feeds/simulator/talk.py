"""What is said about the simulated market: when, about which coin, in which mood, by whom.

A function of seed and time. Talk gets denser around big moves and leans the way the market went
and goes (`World.lean`), with enough noise to be wrong often.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from domain.assets import STABLECOINS, canonical_asset
from feeds.simulator.phrases import COIN_NAMES, Mood, Phrases
from feeds.simulator.world import MINUTE_MS, World

_HEAT_MINUTES: Final = 15
_HEAT_FULL_PERCENT: Final = 1.5
_QUIET_SHARE: Final = 0.25
"""Share of the possible remarks that is made while nothing moves: talk can grow fourfold."""

_SPAM_BELOW, _SARCASM_BELOW, _NEUTRAL_BELOW = 0.08, 0.12, 0.35
_REPOST_SHARE: Final = 0.1
_REMEMBERED_SLOTS: Final = 3_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Coin:
    """A coin and the pair it is traded as."""

    asset: str
    symbol: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something said about a coin at an instant; `reach` is how many stood behind it."""

    key: str
    at_ms: int
    asset: str
    mood: Mood
    text: str
    author: str
    reach: int


class Talk:
    """The remarks of one source: up to `remarks_per_slot` in each `slot_minutes`."""

    def __init__(
        self,
        world: World,
        source: str,
        phrases: Phrases,
        *,
        slot_minutes: int,
        remarks_per_slot: int,
    ) -> None:
        self._world = world
        self._source = source
        self._phrases = phrases
        self._slot_ms = slot_minutes * MINUTE_MS
        self._remarks_per_slot = remarks_per_slot
        self._slots: dict[int, tuple[Remark, ...]] = {}

    def newest_first(self, until_ms: int, hours: int) -> Iterator[Remark]:
        """The remarks of so many hours up to `until_ms`."""
        newest = until_ms // self._slot_ms
        oldest = newest - hours * 60 * MINUTE_MS // self._slot_ms
        for slot in range(newest, oldest, -1):
            yield from (remark for remark in self._slot(slot) if remark.at_ms <= until_ms)

    def phrase(self, mood: Mood, asset: str, *key: object) -> str:
        """A sentence of a mood about a coin; the same key chooses the same."""
        said = self._phrases
        parts = (said.beginnings, said.sentences[mood], said.ends)
        words = "".join(
            self._one_of(part, asset, number, *key) for number, part in enumerate(parts)
        )
        name = COIN_NAMES.get(asset)
        coin = asset if name in (None, asset) else f"{name} ({asset})"
        figure = 2 + int(self._world.noise(self._source, "figure", asset, *key) * 97)
        return words.format(coin=coin, tag=f"${asset}", figure=figure)

    def _one_of(self, choices: Sequence[str], *key: object) -> str:
        return choices[int(self._world.noise(self._source, "phrase", *key) * len(choices))]

    def _slot(self, slot: int) -> tuple[Remark, ...]:
        """Made once: what was said stays said, whatever becomes known of the market later."""
        if slot not in self._slots:
            if len(self._slots) >= _REMEMBERED_SLOTS:
                self._slots.pop(next(iter(self._slots)))
            self._slots[slot] = tuple(self._made(slot))
        return self._slots[slot]

    def _made(self, slot: int) -> list[Remark]:
        coins = talked_about(tuple(self._world.market.symbols()))
        possible = range(self._remarks_per_slot) if coins else range(0)
        remarks = [self._remark(slot, number, coins) for number in possible]
        said = [one for one in remarks if one is not None]
        return sorted(said, key=lambda one: one.at_ms, reverse=True)

    def _remark(self, slot: int, number: int, coins: Sequence[Coin]) -> Remark | None:
        """A remark, or None where the market gave nothing to talk about."""
        key = (self._source, slot, number)
        noise = self._world.noise
        at_ms = slot * self._slot_ms + int(noise(*key, "at") * self._slot_ms)
        coin = coins[int(noise(*key, "coin") ** 3 * len(coins))]
        heat = heat_of(self._world, coin.symbol, slot * self._slot_ms)
        if noise(*key, "said") >= _QUIET_SHARE + (1 - _QUIET_SHARE) * heat:
            return None
        mood = self._mood(key, self._world.lean(coin.symbol, slot * self._slot_ms))
        repeated = noise(*key, "repost") < _REPOST_SHARE
        return Remark(
            key=f"{slot:x}{number:02d}",
            at_ms=at_ms,
            asset=coin.asset,
            mood=mood,
            text=self.phrase(mood, coin.asset, "repeated" if repeated else key),
            author=f"{self._source}_{int(noise(*key, 'author') * 5000):04d}",
            reach=int(10 ** (noise(*key, "reach") * 2.5 + heat)),
        )

    def _mood(self, key: tuple[object, ...], lean: float) -> Mood:
        kind = self._world.noise(*key, "kind")
        for below, mood in (
            (_SPAM_BELOW, Mood.SPAM),
            (_SARCASM_BELOW, Mood.SARCASTIC),
            (_NEUTRAL_BELOW, Mood.NEUTRAL),
        ):
            if kind < below:
                return mood
        bullish = self._world.noise(*key, "side") < 0.5 + 0.4 * lean
        return Mood.BULLISH if bullish else Mood.BEARISH


@lru_cache(maxsize=4)
def talked_about(symbols: tuple[str, ...]) -> tuple[Coin, ...]:
    """The coins that pairs trade, the ones with a name first; each once, no stablecoins."""
    pairs: dict[str, str] = {}
    for symbol in symbols:
        asset = canonical_asset(symbol.removesuffix("USDT"))
        if asset.isascii() and asset.isalnum() and asset not in STABLECOINS:
            pairs.setdefault(asset, symbol)
    named = [asset for asset in COIN_NAMES if asset in pairs]
    ordered = dict.fromkeys([*named, *pairs])
    return tuple(Coin(asset=asset, symbol=pairs[asset]) for asset in ordered)


def heat_of(world: World, symbol: str, at_ms: int) -> float:
    """0 (nothing moves) to 1: how much the last quarter of an hour gives to talk about."""
    moved = abs(world.change_percent(symbol, at_ms, _HEAT_MINUTES))
    return min(1.0, moved / _HEAT_FULL_PERCENT)
