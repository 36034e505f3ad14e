"""Use case: watch the result of the day, and stop before a bad one becomes a bad month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from domain.advice import Advice, AdvisedAction, WatchWarning
from domain.breakers import Latch
from domain.messages import CHANNEL, OutgoingMessage
from domain.signals import FollowedSignal
from engine.breaker_alerts import Trip, alert_admins, tell_activations, trips_at_once
from engine.issue import post_key
from engine.only_writer import become_only_writer
from engine.ports.clock import Clock
from engine.ports.presenting import Presenter
from engine.ports.storage import BreakerEvent, Storage, UnitOfWork
from engine.redo import redo_on_conflict
from engine.risk_state import NOTHING_KNOWN, RiskFacts, collect_risk_state, prices_of
from engine.told_advice import ADVICE_PREFIX, advice_key, read_told
from risk.breakers import check_all_pairs
from risk.breakers.drawdown import CLOSE_ALL_STEP, DRAWDOWN, LATCHING_STEP, latch_at, words_of
from risk.day import DayResult, compute_day, compute_trade
from risk.gate import RiskParameters
from risk.latching import is_held, raised, releasable_from
from risk.state import RiskState

UNPRICED: Final = "drawdown_unpriced"
"""Name of the event that the ladder blocks only because open trades have no price."""

WAITING: Final = "drawdown_waits"
"""Name of the event that a day is over, and blocks only because no admin has resumed yet."""

_A_DAY: Final = timedelta(days=1)
_AN_INSTANT: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawdownRound:
    """What one look at the day brought.

    `step` is the one newly reached; `advised` are signals that are newly advised to close, the
    worst first. `has_news` says whether messages may wait in the outbox.
    """

    day: DayResult
    step: int | None = None
    advised: tuple[int, ...] = ()
    has_news: bool = False


class WatchDrawdown:
    """Raises the drawdown ladder, and tells what breakers of the whole day trip on.

    Run it each minute after signals were followed. A step is reached by what is certain of the
    day's result, and an open trade without a price is not: as long as it has none, what might be
    blocks new trades, and admins are told once an hour. A day that is over and still blocks is
    recalled once a day: nobody else would ever end it. A day that was lost while nobody looked,
    over a restart or while candles could not be had, latches when it is found out on the next one.
    """

    def __init__(
        self,
        *,
        storage: Storage,
        presenter: Presenter,
        clock: Clock,
        risk: RiskParameters,
        facts: RiskFacts = NOTHING_KNOWN,
    ) -> None:
        self._storage = storage
        self._presenter = presenter
        self._clock = clock
        self._risk = risk
        self._facts = facts

    async def __call__(self) -> DrawdownRound:
        """Latches, events, alerts and advice are stored together, or nothing at all."""
        return await redo_on_conflict(self._watch)

    async def _watch(self) -> DrawdownRound:
        now = self._clock.now()
        async with self._storage() as unit:
            state = await collect_risk_state(unit, now, now, self._risk, facts=self._facts)
            step = self._risk.breakers.drawdown.step_at(state.day.certain_percent)
            trips = trips_at_once(check_all_pairs(state, self._risk.breakers))
            trips += [*self._blocked_unpriced(state.day, step), *_waiting(state.latches, now)]
            if not step and not trips and await self._missed(unit, state.equity, now) is None:
                return DrawdownRound(day=state.day)
            await become_only_writer(unit)
            trips += await self._make_good(unit, state.equity, now)
            told = await tell_activations(unit, self._presenter, trips, now)
            result = DrawdownRound(day=state.day, has_news=bool(told))
            if step and await _is_new(unit, latch_at(step, state.day, now)):
                result = await self._tell(unit, latch_at(step, state.day, now), state)
            await unit.commit()
        return result

    def _blocked_unpriced(self, day: DayResult, step: int) -> list[Trip]:
        """Trades without a price may stop new ones for long, and somebody should look why."""
        assumed = self._risk.breakers.drawdown.step_at(day.total_percent)
        if assumed < LATCHING_STEP or step >= LATCHING_STEP:
            return []
        text = words_of(assumed, day, day.total_percent)
        return [Trip(breaker=UNPRICED, symbol=None, text=text, since=None)]

    async def _missed(self, unit: UnitOfWork, equity: Decimal, now: datetime) -> Latch | None:
        """The latch of yesterday, where its trades lost enough and nothing has latched since."""
        midnight = _midnight_before(now)
        begin = midnight - _A_DAY
        latches = await unit.state.list_latches()
        if any(each.breaker == DRAWDOWN and each.tripped_at >= begin for each in latches):
            return None
        ended = await unit.signals.list_ended_between(begin, midnight)
        day = compute_day(begin.date(), equity, ended=ended, live=(), prices={})
        step = self._risk.breakers.drawdown.step_at(day.total_percent)
        return latch_at(step, day, midnight - _AN_INSTANT) if step >= LATCHING_STEP else None

    async def _make_good(self, unit: UnitOfWork, equity: Decimal, now: datetime) -> list[Trip]:
        """Raise the latch that was missed, tell subscribers; what remains is to tell admins."""
        latch = await self._missed(unit, equity, now)
        if latch is None:
            return []
        await unit.state.set_latch(latch)
        event = BreakerEvent(breaker=DRAWDOWN, at=latch.tripped_at, symbol=None, text=latch.text)
        await unit.state.add_breaker_events([event])
        day = latch.tripped_at.date().isoformat()
        await unit.outbox.put([self._halt(latch, day)], at=now)
        return _waiting([latch], now)

    async def _tell(self, unit: UnitOfWork, trip: Latch, state: RiskState) -> DrawdownRound:
        """Store one event, tell admins, and advise in the channel what should be closed."""
        now, day = trip.tripped_at, state.day.day.isoformat()
        event = BreakerEvent(breaker=DRAWDOWN, at=now, symbol=None, text=trip.text)
        await unit.state.add_breaker_events([event])
        key = f"breaker:{DRAWDOWN}:{day}:{trip.level}"
        await alert_admins(unit, key, self._presenter.breaker_alert(trip.text), now)
        if trip.level < LATCHING_STEP:
            return DrawdownRound(day=state.day, step=trip.level, has_news=True)
        worst = self._to_close(await unit.signals.list_live(), trip.level, state.equity)
        told = await read_told(unit, worst, recent_since=now)
        closing = [each for each in worst if told.is_news(_closing_of(trip, each))]
        messages = [self._halt(trip, day), *(self._closing(trip, each) for each in closing)]
        await unit.outbox.put(messages, at=now)
        advised = tuple(followed.signal.id for followed in closing)
        return DrawdownRound(day=state.day, step=trip.level, advised=advised, has_news=True)

    def _to_close(
        self, live: Sequence[FollowedSignal], step: int, equity: Decimal
    ) -> list[FollowedSignal]:
        """Open trades that a step advises to close, the worst first: half of them, or all."""
        prices = prices_of(live, self._facts)

        def result(followed: FollowedSignal) -> Decimal:
            price = prices.get(followed.signal.plan.symbol)
            return compute_trade(followed, equity, price).total_percent

        worst_first = sorted((each for each in live if each.course.state.is_open), key=result)
        count = len(worst_first)
        return worst_first[: count if step >= CLOSE_ALL_STEP else (count + 1) // 2]

    def _halt(self, trip: Latch, day: str) -> OutgoingMessage:
        """That there are no new trades: once a day, whatever steps follow."""
        advice = _advice(trip, AdvisedAction.NO_NEW_TRADES, None)
        return OutgoingMessage(
            key=f"{ADVICE_PREFIX}{DRAWDOWN}:{day}",
            recipient=CHANNEL,
            text=self._presenter.advice(advice, None),
        )

    def _closing(self, trip: Latch, followed: FollowedSignal) -> OutgoingMessage:
        advice = _closing_of(trip, followed)
        return OutgoingMessage(
            key=advice_key(advice),
            recipient=CHANNEL,
            text=self._presenter.advice(advice, followed),
            replies_to=post_key(followed.signal.id),
        )


async def _is_new(unit: UnitOfWork, trip: Latch) -> bool:
    """Whether the day has not been at this step yet; a latch is raised along with it."""
    if trip.level >= LATCHING_STEP:
        known = {latch.breaker: latch for latch in await unit.state.list_latches()}
        latch = raised(known.get(DRAWDOWN), trip)
        if latch is not None:
            await unit.state.set_latch(latch)
        return latch is not None
    midnight = _midnight_before(trip.tripped_at)
    events = await unit.state.list_breaker_events(midnight, midnight + _A_DAY)
    return all(event.breaker != DRAWDOWN for event in events)


def _waiting(latches: Sequence[Latch], now: datetime) -> list[Trip]:
    """Days gone by that nobody has resumed after: news once on each day that they block."""
    return [
        Trip(
            breaker=WAITING,
            symbol=None,
            text=f"{latch.text}; that day is over, and an admin has not resumed yet",
            since=_midnight_before(now),
        )
        for latch in latches
        if releasable_from(latch) <= now and is_held(latch, now)
    ]


def _midnight_before(at: datetime) -> datetime:
    return datetime.combine(at.astimezone(UTC).date(), time(), tzinfo=UTC)


def _closing_of(trip: Latch, followed: FollowedSignal) -> Advice:
    return _advice(trip, AdvisedAction.CLOSE, followed.signal.id)


def _advice(trip: Latch, action: AdvisedAction, signal_id: int | None) -> Advice:
    return Advice(
        warning=WatchWarning.DRAWDOWN,
        action=action,
        at=trip.tripped_at,
        reasons=(trip.text,),
        signal_id=signal_id,
    )
