"""Use case: follow ended signals anew, and correct the record where the candles say otherwise.

A venue restates candles, a bot may have followed wrong ones or none at all. An entry is never
edited: what was told stays, and a correction says what should have been told, and why. What memory
has learnt from an outcome stays, too: it holds what was known first.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.errors import InvalidDataError, TemporaryVenueError, VenueRefusedError
from domain.ledger import EntryKind, LedgerEntry
from domain.messages import CHANNEL, OutgoingMessage
from domain.signals import Course, FollowedSignal, Signal
from domain.timeframes import Timeframe, to_ms
from engine.issue import post_key, signal_buttons
from engine.ledger import (
    correction_content,
    next_entry,
    outcome_content,
    parse_content,
    signal_content,
    standing_outcomes,
    to_canonical_json,
)
from engine.lifecycle import advance, next_candle_index, start_course
from engine.ports.clock import Clock
from engine.ports.market import MarketFacts
from engine.ports.presenting import Presenter
from engine.ports.storage import Storage
from engine.record_reading import read_ledger
from engine.redo import redo_on_conflict


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field of an outcome: what stands in the record, and what the candles say."""

    field: str
    recorded: Any
    recomputed: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """One ended signal followed anew.

    `restates` is the entry that tells its outcome. Without `differences` and without an `obstacle`
    the record holds; an obstacle says why nothing can be said. `correction` is the entry that was
    appended, None where none was.
    """

    signal: Signal
    restates: int
    course: Course
    differences: tuple[Difference, ...] = ()
    obstacle: str | None = None
    correction: LedgerEntry | None = None


class RecheckOutcomes:
    """The only one who writes corrections."""

    def __init__(
        self, *, storage: Storage, facts: MarketFacts, presenter: Presenter, clock: Clock
    ) -> None:
        self._storage = storage
        self._facts = facts
        self._presenter = presenter
        self._clock = clock

    async def find_ended(self, signal_id: int | None = None) -> list[int]:
        """Signals that have an outcome, in the order of their ends; one of them, or all."""
        async with self._storage() as unit:
            ended = standing_outcomes(await read_ledger(unit.ledger))
        return [each for each in ended if signal_id is None or each == signal_id]

    async def __call__(self, signal_id: int, *, apply: bool) -> Recheck:
        """Follow a signal anew through the venue's candles and compare with the record.

        With `apply` a difference is written down: a correction in the ledger, and the course of
        the signal. Raises `InvalidDataError` for a signal that is not in the record as it is
        stored.
        """
        async with self._storage() as unit:
            entries = await read_ledger(unit.ledger)
            followed = await unit.signals.find(signal_id)
        standing = standing_outcomes(entries).get(signal_id)
        if followed is None or standing is None:
            raise InvalidDataError(f"signal #{signal_id} has no outcome in the record")
        signal, (entry, recorded) = followed.signal, standing
        _check_stored(signal, entries)
        ended_at = datetime.fromisoformat(recorded["ended_at"])
        course, obstacle = await self._follow(signal, ended_at)
        found = Recheck(
            signal=signal,
            restates=entry.sequence,
            course=course,
            differences=() if obstacle else _differences(signal, course, recorded),
            obstacle=obstacle,
        )
        return await self._correct(found, followed) if apply and found.differences else found

    async def _follow(self, signal: Signal, ended_at: datetime) -> tuple[Course, str | None]:
        """Its course, and what kept it from its end if anything did."""
        course = start_course(signal)
        first = next_candle_index(signal, course)
        longest = signal.valid_until + signal.rules.maximum_hold
        last = Timeframe.M1.index_of(to_ms(max(ended_at, longest)) - 1)
        try:
            series = await self._facts.fetch_candles(
                signal.instrument.symbol,
                Timeframe.M1,
                first_index=first,
                count=last - first + 1,
            )
        except (TemporaryVenueError, VenueRefusedError, InvalidDataError) as error:
            return course, str(error)
        if series is None or series.first_index > first:
            return course, "the venue has no candles from its publication on"
        for position in range(len(series)):
            course, _ = advance(signal, course, series.candle(position))
        return course, None if course.state.is_final else "the venue's candles do not reach its end"

    async def _correct(self, found: Recheck, before: FollowedSignal) -> Recheck:
        fields = ", ".join(each.field for each in found.differences)
        reason = f"followed anew through the venue's 1-minute candles: other {fields}"
        content = correction_content(
            found.signal, found.course, restates=found.restates, reason=reason
        )
        corrected = replace(before, course=found.course)

        async def store() -> LedgerEntry:
            async with self._storage() as unit:
                head = await unit.ledger.find_head()
                entry = next_entry(head, EntryKind.CORRECTION, self._clock.now(), content)
                await unit.ledger.append(entry)
                await unit.signals.save_course(found.signal.id, found.course)
                messages = self._messages(before, corrected, entry, reason)
                await unit.outbox.put(messages, at=self._clock.now())
                await unit.commit()
            return entry

        return Recheck(
            signal=found.signal,
            restates=found.restates,
            course=found.course,
            differences=found.differences,
            correction=await redo_on_conflict(store),
        )

    def _messages(
        self, before: FollowedSignal, corrected: FollowedSignal, entry: LedgerEntry, reason: str
    ) -> list[OutgoingMessage]:
        """The post as it should have been, and a reply that says what it said before."""
        post = post_key(corrected.signal.id)
        key = f"{post}:correction:{entry.sequence}"
        reply = self._presenter.correction(corrected, before.course, corrected.course, reason)
        return [
            OutgoingMessage(
                key=f"{key}:post",
                recipient=CHANNEL,
                text=self._presenter.signal_post(corrected),
                buttons=signal_buttons(corrected.signal.id),
                edits=post,
            ),
            OutgoingMessage(key=key, recipient=CHANNEL, text=reply, replies_to=post),
        ]


def _check_stored(signal: Signal, entries: Sequence[LedgerEntry]) -> None:
    """The stored signal has to be the published one: it decides what the candles mean."""
    published = next(
        (
            parse_content(entry)
            for entry in entries
            if entry.kind is EntryKind.SIGNAL and parse_content(entry)["signal"] == signal.id
        ),
        None,
    )
    if published is None or not _is_published_as(signal, published):
        raise InvalidDataError(
            f"signal #{signal.id} is stored otherwise than it was published; the record tells what "
            "was published, restore the table `signals` from a copy"
        )


def _is_published_as(signal: Signal, published: Mapping[str, Any]) -> bool:
    stored = _plain(signal_content(signal))
    # Earlier versions wrote fewer rules down; those that they wrote have to be the same.
    rules = {name: stored["rules"].get(name) for name in published["rules"]}
    return {**stored, "rules": rules} == published


def _differences(
    signal: Signal, course: Course, recorded: Mapping[str, Any]
) -> tuple[Difference, ...]:
    recomputed = _plain(outcome_content(signal, course))
    return tuple(
        Difference(field=name, recorded=recorded.get(name), recomputed=value)
        for name, value in recomputed.items()
        if recorded.get(name) != value
    )


def _plain(content: Mapping[str, object]) -> dict[str, Any]:
    """Content as an entry holds it."""
    plain: dict[str, Any] = json.loads(to_canonical_json(content))
    return plain
