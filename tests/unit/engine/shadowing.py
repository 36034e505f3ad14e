"""Decisions that were not sent, and someone who follows them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from domain.decisions import Decision, Discard
from domain.directions import Direction
from domain.plans import Denial
from domain.shadows import FollowedShadow, Shadow
from domain.signals import Course
from engine.follow_shadows import FollowShadows, ShadowRound
from engine.issue import IssueParameters
from engine.lifecycle import start_course
from engine.note_shadows import NotedShadows, NoteShadows
from engine.ports.storage import DecisionRecord, Storage
from engine.shadows import ShadowParameters, ShadowRules, as_signal
from risk.gate import RiskParameters
from tests.builders.market import make_instrument
from tests.builders.shadows import make_shadow
from tests.builders.signals import PUBLISHED_AT
from tests.fakes.clock import HandClock
from tests.fakes.market import HandFeed
from tests.fakes.storage import InMemoryStorage
from tests.unit.engine.minutes import Gains, make_minutes
from tests.unit.risk.trade_builders import make_candidate, make_round_plan, make_snapshot

RULES = ShadowRules(shadows=ShadowParameters(), risk=RiskParameters(), issuing=IssueParameters())


def denied(decision: Decision, *rules: str) -> DecisionRecord:
    """The gate said no."""
    denials = tuple(Denial(rule=rule, text=f"{rule} says no") for rule in rules or ("paused",))
    return DecisionRecord(decision=decision, denials=denials)


def discarded(decision: Decision, *discards: Discard) -> DecisionRecord:
    """The quorum was not reached."""
    return DecisionRecord(decision=replace(decision, discards=discards or (Discard.LOW_SCORE,)))


def candidate(base: str = "SOL", direction: Direction | None = Direction.LONG) -> Decision:
    """Nothing speaks against it: at 100, with an ATR of 1."""
    return make_candidate(direction, symbol=f"{base}USDT")


def round_shadow(
    shadow_id: int,
    base: str = "SOL",
    direction: Direction = Direction.LONG,
    decided_at: datetime = PUBLISHED_AT,
) -> FollowedShadow:
    """Entry 100, stop 2 away, targets 3, 5 and 8 away, decided on at 14:00:02."""
    instrument = make_instrument(base, tick="0.01", step="0.01")
    shadow = make_shadow(
        shadow_id, direction=direction, instrument=instrument, decided_at=decided_at
    )
    plan = replace(make_round_plan(direction), symbol=instrument.symbol)
    shadow = replace(shadow, plan=plan)
    return FollowedShadow(shadow=shadow, course=start_course(as_signal(shadow)))


@dataclass
class Shadowing:
    """The clock stands at 14:00:02."""

    storage: Storage = field(default_factory=InMemoryStorage)
    clock: HandClock = field(default_factory=lambda: HandClock(PUBLISHED_AT))

    def __post_init__(self) -> None:
        self.feed = HandFeed(clock=self.clock)
        self.follow = self.new_follower()

    def new_follower(self, storage: Storage | None = None) -> FollowShadows:
        """As after a restart: nothing is known but what is stored."""
        return FollowShadows(storage=storage or self.storage, feed=self.feed, clock=self.clock)

    async def note(self, *records: DecisionRecord, storage: Storage | None = None) -> NotedShadows:
        note = NoteShadows(storage=storage or self.storage, rules=RULES)
        symbols = [record.decision.symbol for record in records]
        snapshots = {
            symbol: make_snapshot(
                instrument=make_instrument(symbol.removesuffix("USDT"), tick="0.01", step="0.01")
            )
            for symbol in symbols
        }
        return await note(records, snapshots, at=self.clock.now())

    async def keep(self, *shadows: FollowedShadow) -> None:
        async with self.storage() as unit:
            await unit.shadows.add(shadows)
            await unit.commit()

    def goes(self, base: str, path: Sequence[Gains], direction: Direction = Direction.LONG) -> None:
        """The pair takes a path from 14:01 on, minute by minute."""
        self.feed.minutes[f"{base}USDT"] = make_minutes(path, direction)

    def minutes_later(self, count: int) -> None:
        """`count` candles from 14:01 on are closed, and two seconds have passed."""
        self.clock.set(PUBLISHED_AT + timedelta(minutes=1 + count))

    async def after(self, count: int) -> ShadowRound:
        self.minutes_later(count)
        return await self.follow()

    async def live(self) -> list[FollowedShadow]:
        async with self.storage() as unit:
            return await unit.shadows.list_live()

    async def ended(self) -> dict[Shadow, Course]:
        start = PUBLISHED_AT - timedelta(days=9)
        async with self.storage() as unit:
            found = await unit.shadows.list_ended_between(start, start + timedelta(days=30))
        return {each.shadow: each.course for each in found}

    async def courses(self) -> dict[int, Course]:
        """All that are stored, by id."""
        stored = {each.shadow.id: each.course for each in await self.live()}
        return stored | {shadow.id: course for shadow, course in (await self.ended()).items()}
