"""One candle's worth of a signal's life: the course so far and the steps taken on the way."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from domain.candles import Candle
from domain.signals import Course, Exit, Signal, SignalState, Step
from engine.lifecycle.passage import Passage, gain_at, price_at
from engine.lifecycle.results import compute_net_percent, compute_net_r


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """Immutable: each event gives a new walk with the course changed and one more step.

    What happens within a candle becomes known at its close, so that is when it happened.
    """

    signal: Signal
    candle: Candle
    passage: Passage
    course: Course
    steps: tuple[Step, ...] = ()

    @property
    def stop_gain(self) -> Decimal:
        """Gain per unit at the stop in force."""
        return gain_at(self.signal.plan, self.course.stop)

    def enter(self) -> "Walk":
        """The entry was met, at its own price."""
        now = self.candle.closed_at
        course = replace(self.course, state=SignalState.TRIGGERED, triggered_at=now)
        return self._step(course, now, self.signal.plan.entry)

    def expire(self) -> "Walk":
        """The entry window is over; the step's price is the entry that was not met."""
        ended_at = self.signal.valid_until
        course = replace(self.course, state=SignalState.EXPIRED, ended_at=ended_at)
        return self._step(course, ended_at, self.signal.plan.entry)

    def leave(self, state: SignalState, gain: Decimal) -> "Walk":
        """All that is still open closes at a gain per unit."""
        return self.close(state, gain, 1 - self.course.closed_fraction)

    def move_stop(self, price: Decimal) -> "Walk":
        """The stop moves to a price, if that is better for the trade."""
        if gain_at(self.signal.plan, price) <= self.stop_gain:
            return self
        return replace(self, course=replace(self.course, stop=price))

    def close(self, state: SignalState, gain: Decimal, fraction: Decimal) -> "Walk":
        """A fraction of the whole closes at a gain per unit; a final state ends the course."""
        plan, now = self.signal.plan, self.candle.closed_at
        price = price_at(plan, gain)
        exits = (*self.course.exits, Exit(state=state, price=price, fraction=fraction, at=now))
        course = replace(
            self.course,
            state=state,
            exits=exits,
            realised_r=compute_net_r(plan, exits),
            realised_percent=compute_net_percent(plan, exits),
            ended_at=now if state.is_final else None,
        )
        return self._step(course, now, price)

    def _step(self, course: Course, at: datetime, price: Decimal) -> "Walk":
        step = Step(state=course.state, at=at, price=price, course=course)
        return replace(self, course=course, steps=(*self.steps, step))
