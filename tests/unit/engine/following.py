"""A storage with published signals, and someone who follows them."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from domain.directions import Direction
from domain.ledger import EntryKind
from domain.memory import Setup
from domain.messages import CHANNEL, OutgoingMessage
from domain.signals import FollowedSignal, Signal
from engine.follow import FollowRound, FollowSignals
from engine.issue import post_key
from engine.ledger import next_entry, signal_content
from engine.lifecycle import start_course
from engine.ports.storage import Storage
from tests.builders.market import make_instrument
from tests.builders.signals import PUBLISHED_AT
from tests.fakes.clock import HandClock
from tests.fakes.market import HandFeed
from tests.fakes.storage import InMemoryStorage
from tests.unit.engine.minutes import Gains, make_minutes
from tests.unit.engine.plain_presenter import PlainPresenter
from tests.unit.risk.trade_builders import make_round_signal

LONG, SHORT = Direction.LONG, Direction.SHORT

ENTRY: Gains = (0.5, 0.6, -0.1, 0.5)
CALM: Gains = (0.5, 0.6, 0.4, 0.5)
FIRST_TARGET: Gains = (0.5, 3.2, 0.5, 3.0)
SECOND_TARGET: Gains = (3.0, 5.2, 3.0, 5.1)
THIRD_TARGET: Gains = (5.1, 8.5, 5.0, 8.2)
STOP: Gains = (0.5, 0.5, -2.5, -2.2)
NEVER_MET: Gains = (0.5, 0.9, 0.2, 0.5)
TO_THE_TOP = [ENTRY, FIRST_TARGET, SECOND_TARGET, THIRD_TARGET]
"""Minutes from 14:01 on, as gains from 100; targets lie 3, 5 and 8 away, the stop 2."""


@dataclass
class Following:
    """Signals published at 14:00:02, entry 100; the clock stands there too."""

    storage: InMemoryStorage = field(default_factory=InMemoryStorage)
    clock: HandClock = field(default_factory=lambda: HandClock(PUBLISHED_AT))

    def __post_init__(self) -> None:
        self.feed = HandFeed(clock=self.clock)
        self.follow = self.new_follower()

    def new_follower(self, storage: Storage | None = None) -> FollowSignals:
        """As after a restart: nothing is known but what is stored."""
        return FollowSignals(
            storage=storage or self.storage,
            feed=self.feed,
            presenter=PlainPresenter(),
            clock=self.clock,
        )

    async def publish(
        self,
        path: list[Gains],
        *,
        base: str = "SOL",
        direction: Direction = LONG,
        setup: Setup | None = None,
    ) -> Signal:
        """A signal whose pair then takes a path, minute by minute."""
        instrument = make_instrument(base, tick="0.01", step="0.01")
        async with self.storage() as unit:
            signal = make_round_signal(direction, signal_id=await unit.signals.next_id())
            plan = replace(signal.plan, symbol=instrument.symbol)
            decision = replace(signal.decision, setup=setup)
            signal = replace(signal, instrument=instrument, plan=plan, decision=decision)
            content = signal_content(signal)
            entry = next_entry(
                await unit.ledger.find_head(), EntryKind.SIGNAL, signal.published_at, content
            )
            await unit.signals.add(
                FollowedSignal(signal=signal, course=start_course(signal), ledger_hash=entry.hash)
            )
            await unit.ledger.append(entry)
            post = OutgoingMessage(key=post_key(signal.id), recipient=CHANNEL, text="a post")
            await unit.outbox.put([post], at=signal.published_at)
            await unit.commit()
        self.feed.minutes[instrument.symbol] = make_minutes(path, direction)
        return signal

    def minutes_later(self, count: int) -> None:
        """`count` candles from 14:01 on are closed, and two seconds have passed."""
        self.clock.set(PUBLISHED_AT + timedelta(minutes=1 + count))

    async def after(self, count: int) -> FollowRound:
        self.minutes_later(count)
        return await self.follow()

    async def now(self, signal: Signal) -> FollowedSignal:
        async with self.storage() as unit:
            found = await unit.signals.find(signal.id)
        assert found is not None
        return found
