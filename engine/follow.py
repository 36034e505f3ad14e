"""Use case: follow every published signal on 1-minute candles to its end (design 4.7)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from domain.candles import Candle
from domain.errors import (
    InvalidDataError,
    StaleDataError,
    TemporaryVenueError,
    VenueRefusedError,
)
from domain.ledger import EntryKind
from domain.messages import CHANNEL, OutgoingMessage
from domain.signals import Course, FollowedSignal, Step
from engine.issue import post_key, signal_buttons
from engine.ledger import next_entry, outcome_content
from engine.lifecycle import abandon, advance, is_overdue, next_candle_index
from engine.outcomes import outcome_of
from engine.ports.clock import Clock
from engine.ports.market import CandleFeed
from engine.ports.presenting import Presenter
from engine.ports.storage import Storage, UnitOfWork
from engine.redo import redo_on_conflict


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowRound:
    """What one look at all live signals brought.

    `problems` says by signal id why its candles could not be had this time; they will be next time.
    """

    steps: tuple[tuple[FollowedSignal, Step], ...]
    problems: dict[int, str]


class FollowSignals:
    """Feeds closed 1-minute candles to each live signal and publishes what happened.

    A signal's candles are applied in order and without a gap, so that after downtime the course is
    the one it would have been.
    """

    def __init__(
        self,
        *,
        storage: Storage,
        feed: CandleFeed,
        presenter: Presenter,
        clock: Clock,
    ) -> None:
        self._storage = storage
        self._feed = feed
        self._presenter = presenter
        self._clock = clock
        # Two rounds at once would both find, and both record, the same step.
        self._one_round = asyncio.Lock()

    async def __call__(self) -> FollowRound:
        """Follow all live signals up to the newest closed candle."""
        async with self._one_round:
            return await self._follow_all()

    async def _follow_all(self) -> FollowRound:
        async with self._storage() as unit:
            live = await unit.signals.list_live()
        steps: list[tuple[FollowedSignal, Step]] = []
        problems: dict[int, str] = {}
        for followed in live:
            try:
                steps += await self._follow(followed)
            except TemporaryVenueError as error:
                problems[followed.signal.id] = str(error)
            except (InvalidDataError, StaleDataError, VenueRefusedError) as error:
                problems[followed.signal.id] = str(error)
                steps += await self._give_up_if_overdue(followed)
        return FollowRound(steps=tuple(steps), problems=problems)

    async def _give_up_if_overdue(
        self, followed: FollowedSignal
    ) -> list[tuple[FollowedSignal, Step]]:
        now = self._clock.now()
        if not is_overdue(followed.signal, followed.course, now):
            return []
        course, step = abandon(followed.signal, followed.course, now)
        return await self._store(followed, course, [step])

    async def _follow(self, followed: FollowedSignal) -> list[tuple[FollowedSignal, Step]]:
        candles = await self._feed.minute_candles(
            followed.signal.instrument.symbol,
            after_index=next_candle_index(followed.signal, followed.course) - 1,
        )
        if not candles:
            return await self._give_up_if_overdue(followed)
        course, steps = self._advance(followed, candles)
        return await self._store(followed, course, steps)

    async def _store(
        self, followed: FollowedSignal, course: Course, steps: Sequence[Step]
    ) -> list[tuple[FollowedSignal, Step]]:
        taken = [(_at(followed, step.course), step) for step in steps]

        async def store() -> None:
            async with self._storage() as unit:
                await unit.signals.save_course(followed.signal.id, course)
                await self._record(unit, _at(followed, course))
                await unit.outbox.put(self._messages(taken), at=self._clock.now())
                await unit.commit()

        await redo_on_conflict(store)
        return taken

    def _advance(
        self, followed: FollowedSignal, candles: Sequence[Candle]
    ) -> tuple[Course, list[Step]]:
        course, steps = followed.course, list[Step]()
        for candle in candles:
            if course.state.is_final:
                break
            course, new_steps = advance(followed.signal, course, candle)
            steps += new_steps
        return course, steps

    async def _record(self, unit: UnitOfWork, followed: FollowedSignal) -> None:
        if not followed.course.state.is_final:
            return
        content = outcome_content(followed.signal, followed.course)
        head = await unit.ledger.find_head()
        now = self._clock.now()
        await unit.ledger.append(next_entry(head, EntryKind.OUTCOME, now, content))
        outcome = outcome_of(followed, now)
        if outcome is not None:
            await unit.outcomes.add([outcome])

    def _messages(self, taken: Sequence[tuple[FollowedSignal, Step]]) -> list[OutgoingMessage]:
        messages: list[OutgoingMessage] = []
        for followed, step in taken:
            post = post_key(followed.signal.id)
            key = f"{post}:{step.state}"
            messages.append(
                OutgoingMessage(
                    key=f"{key}:post",
                    recipient=CHANNEL,
                    text=self._presenter.signal_post(followed),
                    buttons=signal_buttons(followed.signal.id),
                    edits=post,
                )
            )
            messages.append(
                OutgoingMessage(
                    key=key,
                    recipient=CHANNEL,
                    text=self._presenter.step_reply(followed, step),
                    replies_to=post,
                )
            )
        return messages


def _at(followed: FollowedSignal, course: Course) -> FollowedSignal:
    return FollowedSignal(signal=followed.signal, course=course, ledger_hash=followed.ledger_hash)
