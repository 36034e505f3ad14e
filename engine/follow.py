"""Use case: follow every published signal on 1-minute candles to its end (design 4.7)."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from domain.accounts import ExecutionMode
from domain.errors import (
    InvalidDataError,
    StaleDataError,
    TemporaryVenueError,
    VenueRefusedError,
)
from domain.ledger import EntryKind
from domain.messages import CHANNEL, OutgoingMessage
from domain.signals import Course, FollowedSignal, Step
from domain.timeframes import Timeframe
from engine.issue import can_be_executed, post_key, signal_buttons
from engine.ledger import next_entry, outcome_content
from engine.lifecycle import Move, catch_up, next_candle_index
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Progress:
    """A live signal, and something that happened to it."""

    followed: FollowedSignal
    move: Move

    @property
    def told(self) -> list[tuple[FollowedSignal, Step]]:
        """Each step with the signal as it stood right after it."""
        return [(_at(self.followed, step.course), step) for step in self.move.steps]


def _minutes(_symbol: str) -> Timeframe:
    return Timeframe.M1


class FollowSignals:
    """Feeds closed 1-minute candles to each live signal and publishes what happened.

    A signal's candles are applied in order and without a gap, and what happened to all signals is
    stored in the order in which it happened, each move in a transaction of its own. So the record
    after downtime, or after any number of sudden ends, is the one that it would have been.
    `timeframe_of` a symbol is what its feed gives in place of 1-minute candles, as a backtest does
    where there are none.
    """

    def __init__(
        self,
        *,
        storage: Storage,
        feed: CandleFeed,
        presenter: Presenter,
        clock: Clock,
        timeframe_of: Callable[[str], Timeframe] = _minutes,
    ) -> None:
        self._storage = storage
        self._feed = feed
        self._presenter = presenter
        self._clock = clock
        self._timeframe_of = timeframe_of
        # Two rounds at once would both find, and both record, the same step.
        self._one_round = asyncio.Lock()

    async def __call__(self) -> FollowRound:
        """Follow all live signals up to the newest closed candle."""
        async with self._one_round:
            return await self._follow_all()

    async def _follow_all(self) -> FollowRound:
        async with self._storage() as unit:
            live = await unit.signals.list_live()
        problems: dict[int, str] = {}
        found: list[_Progress] = []
        for followed in live:
            moves = await self._moves_of(followed, problems)
            found += [_Progress(followed=followed, move=move) for move in moves]
        steps: list[tuple[FollowedSignal, Step]] = []
        for progress in sorted(found, key=lambda one: one.move.at):
            if progress.move.steps:
                await self._publish(progress)
                steps += progress.told
        await self._keep_quietly([one for one in found if not one.move.steps])
        return FollowRound(steps=tuple(steps), problems=problems)

    async def _moves_of(self, followed: FollowedSignal, problems: dict[int, str]) -> list[Move]:
        signal, course = followed.signal, followed.course
        now, timeframe = self._clock.now(), self._timeframe_of(signal.plan.symbol)
        expected = next_candle_index(signal, course, timeframe)
        try:
            candles = await self._feed.minute_candles(
                signal.instrument.symbol, after_index=expected - 1
            )
            return catch_up(signal, course, candles, now, timeframe)
        except TemporaryVenueError as error:
            problems[signal.id] = str(error)
            return []
        except (InvalidDataError, StaleDataError, VenueRefusedError) as error:
            problems[signal.id] = str(error)
            return catch_up(signal, course, (), now)

    async def _publish(self, progress: _Progress) -> None:
        """Store a course, its outcome if that was the end, and its messages, all or nothing."""
        followed, course = progress.followed, progress.move.course

        async def store() -> None:
            async with self._storage() as unit:
                await unit.signals.save_course(followed.signal.id, course)
                await self._record(unit, _at(followed, course))
                messages = self._messages(progress.told, await unit.state.get_mode())
                await unit.outbox.put(messages, at=self._clock.now())
                await unit.commit()

        await redo_on_conflict(store)

    async def _keep_quietly(self, progress: Sequence[_Progress]) -> None:
        """Store together how far signals were followed without any news."""
        if not progress:
            return

        async def store() -> None:
            async with self._storage() as unit:
                for one in progress:
                    await unit.signals.save_course(one.followed.signal.id, one.move.course)
                await unit.commit()

        await redo_on_conflict(store)

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

    def _messages(
        self, taken: Sequence[tuple[FollowedSignal, Step]], mode: ExecutionMode | None
    ) -> list[OutgoingMessage]:
        messages: list[OutgoingMessage] = []
        for followed, step in taken:
            post = post_key(followed.signal.id)
            key = f"{post}:{step.state}"
            messages.append(
                OutgoingMessage(
                    key=f"{key}:post",
                    recipient=CHANNEL,
                    text=self._presenter.signal_post(followed),
                    buttons=signal_buttons(
                        followed.signal.id, is_executable=can_be_executed(followed, mode, step.at)
                    ),
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
