"""Use case: follow decisions that were not sent on 1-minute candles to their ends (design 4.8)."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from domain.candles import Candle
from domain.errors import (
    InvalidDataError,
    StaleDataError,
    TemporaryVenueError,
    VenueRefusedError,
)
from domain.shadows import FollowedShadow
from domain.signals import Course
from domain.timeframes import ANCHORED_WINDOWS, Timeframe, to_ms
from engine.lifecycle import next_candle_index
from engine.ports.clock import Clock
from engine.ports.market import CandleFeed
from engine.ports.storage import Storage
from engine.redo import redo_on_conflict
from engine.shadows import as_signal, follow_shadow

_SAVED_AFTER_CANDLES: Final = 15
"""How many candles without news may have to be followed again after a restart."""

_STORE_REACH: Final = ANCHORED_WINDOWS[Timeframe.M1].depth
"""A pair that needs more candles than a store holds costs the venue a large request."""

_ABSENT_PAIRS_PER_ROUND: Final = 10
"""How many of those are asked for at once, so that signals keep the request limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowRound:
    """What one look at all live shadows brought.

    `live` counts them, `ended` are those that came to their end. `problems` says by symbol why
    candles could not be had this time; they will be next time.
    """

    live: int
    ended: tuple[FollowedShadow, ...]
    problems: dict[str, str]


class FollowShadows:
    """Feeds closed 1-minute candles to live shadows, by the rules of signals.

    Candles are asked for once per pair. A course without news is stored only now and then: what of
    it is lost with the process is followed again on the same candles, to the same result.
    """

    def __init__(self, *, storage: Storage, feed: CandleFeed, clock: Clock) -> None:
        self._storage = storage
        self._feed = feed
        self._clock = clock
        self._unsaved: dict[int, Course] = {}
        self._last_absent = ""
        # Two rounds at once would follow the same candles twice.
        self._one_round = asyncio.Lock()

    async def __call__(self) -> ShadowRound:
        """Follow all live shadows up to the newest closed candle. Raises what storage raises."""
        async with self._one_round:
            return await self._follow_all()

    async def _follow_all(self) -> ShadowRound:
        async with self._storage() as unit:
            stored = await unit.shadows.list_live()
        pairs = _by_symbol(self._as_followed(each) for each in stored)
        postponed = self._postponed(pairs)
        problems: dict[str, str] = {}
        for symbol, shadows in pairs.items():
            if symbol not in postponed:
                pairs[symbol] = await self._follow_pair(symbol, shadows, problems)
        followed = [each for shadows in pairs.values() for each in shadows]
        await self._save(stored, followed)
        ended = tuple(each for each in followed if each.course.state.is_final)
        return ShadowRound(live=len(stored), ended=ended, problems=problems)

    def _as_followed(self, stored: FollowedShadow) -> FollowedShadow:
        course = self._unsaved.get(stored.shadow.id)
        return stored if course is None else replace(stored, course=course)

    def _postponed(self, pairs: Mapping[str, Sequence[FollowedShadow]]) -> Collection[str]:
        """Pairs to leave for later rounds, in turn, after a long absence."""
        newest = Timeframe.M1.last_closed_index(to_ms(self._clock.now()))
        absent = [
            symbol
            for symbol, shadows in pairs.items()
            if newest - _first_index(shadows) >= _STORE_REACH
        ]
        # One that fails again and again must not keep its turn.
        absent.sort(key=lambda symbol: (symbol <= self._last_absent, symbol))
        asked, postponed = absent[:_ABSENT_PAIRS_PER_ROUND], absent[_ABSENT_PAIRS_PER_ROUND:]
        self._last_absent = asked[-1] if postponed else ""
        return frozenset(postponed)

    async def _follow_pair(
        self, symbol: str, shadows: Sequence[FollowedShadow], problems: dict[str, str]
    ) -> list[FollowedShadow]:
        # A store answers at once; other tasks must not wait until all pairs are through.
        await asyncio.sleep(0)
        candles: Sequence[Candle] = ()
        try:
            after = _first_index(shadows) - 1
            candles = await self._feed.minute_candles(symbol, after_index=after)
        except TemporaryVenueError as error:
            problems[symbol] = str(error)
            return list(shadows)
        except (InvalidDataError, StaleDataError, VenueRefusedError) as error:
            problems[symbol] = str(error)
        return [self._follow(each, candles, problems) for each in shadows]

    def _follow(
        self, followed: FollowedShadow, candles: Sequence[Candle], problems: dict[str, str]
    ) -> FollowedShadow:
        now = self._clock.now()
        try:
            course = follow_shadow(followed, candles, now)
        except (InvalidDataError, StaleDataError) as error:
            problems[followed.shadow.instrument.symbol] = f"followed as a shadow, {error}"
            course = follow_shadow(followed, (), now)
        return replace(followed, course=course)

    async def _save(
        self, stored: Iterable[FollowedShadow], followed: Iterable[FollowedShadow]
    ) -> None:
        """Store courses with news, and those far ahead of what is stored, in one transaction."""
        # Kept before they are stored: should that fail, nothing has to be followed again.
        self._unsaved = {each.shadow.id: each.course for each in followed}
        due = {
            each.shadow.id: self._unsaved[each.shadow.id]
            for each in stored
            if _is_worth_storing(each, self._unsaved[each.shadow.id])
        }
        if not due:
            return

        async def save() -> None:
            async with self._storage() as unit:
                await unit.shadows.save_courses(due)
                await unit.commit()

        await redo_on_conflict(save)
        self._unsaved = {id_: each for id_, each in self._unsaved.items() if id_ not in due}


def _by_symbol(live: Iterable[FollowedShadow]) -> dict[str, list[FollowedShadow]]:
    pairs: dict[str, list[FollowedShadow]] = {}
    for each in live:
        pairs.setdefault(each.shadow.instrument.symbol, []).append(each)
    return pairs


def _first_index(shadows: Iterable[FollowedShadow]) -> int:
    return min(next_candle_index(as_signal(each.shadow), each.course) for each in shadows)


def _is_worth_storing(stored: FollowedShadow, course: Course) -> bool:
    if course.state is not stored.course.state:
        return True
    signal = as_signal(stored.shadow)
    ahead = next_candle_index(signal, course) - next_candle_index(signal, stored.course)
    return ahead >= _SAVED_AFTER_CANDLES
