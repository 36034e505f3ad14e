"""Use cases that answer what is at risk, and which breakers stand."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Final

from domain.instruments import to_decimal
from domain.sentiment import MacroReading
from domain.signals import FollowedSignal
from engine.ports.clock import Clock
from engine.ports.storage import Storage
from engine.reports import BreakersReport, HeatReport, OpenRisk
from engine.risk_state import NOTHING_KNOWN, RiskFacts, collect_risk_state
from risk.breakers import LowQualityHours, all_breakers, list_standings
from risk.day import compute_trade
from risk.gate import RiskParameters
from risk.heat import compute_exposure, compute_heat
from risk.percentages import percent_of
from risk.state import OpenTrade

_RECENT: Final = timedelta(days=1)
"""How far back breakers that tripped are told."""


class ReadHeat:
    """What all live signals would lose at their stops, and what each of them ties up."""

    def __init__(
        self,
        *,
        storage: Storage,
        clock: Clock,
        risk: RiskParameters,
        facts: RiskFacts = NOTHING_KNOWN,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._risk = risk
        self._facts = facts

    async def __call__(self) -> HeatReport:
        """As it stands now; signals that wait for their entry count as the gate counts them."""
        now = self._clock.now()
        async with self._storage() as unit:
            state = await collect_risk_state(unit, now, now, self._risk, facts=self._facts)
            live = await unit.signals.list_live()
        heat = self._risk.heat
        return HeatReport(
            heat_percent=percent_of(compute_heat(state), state.equity),
            heat_cap_percent=to_decimal(heat.maximum_heat_percent),
            exposure_percent=percent_of(compute_exposure(state), state.equity),
            exposure_cap_percent=to_decimal(heat.maximum_exposure_percent),
            day=state.day,
            trades=tuple(self._open_risk(followed, state.equity) for followed in live),
        )

    def _open_risk(self, followed: FollowedSignal, equity: Decimal) -> OpenRisk:
        trade = OpenTrade.of(followed)
        so_far = compute_trade(followed, equity, self._facts.price(trade.symbol))
        return OpenRisk(
            signal_id=followed.signal.id,
            pair=followed.signal.instrument.pair,
            direction=trade.direction,
            is_open=followed.course.state.is_open,
            heat_percent=percent_of(trade.loss_at_stop, equity),
            exposure_percent=percent_of(trade.notional, equity),
            result_percent=so_far.total_percent if so_far.is_priced else None,
        )


class ReadBreakers:
    """Every breaker as it stands, and what tripped lately.

    `hours` are those in which the decision function raises its bar; `macro` is how the markets
    outside crypto stand now, None while nobody tells.
    """

    def __init__(
        self,
        *,
        storage: Storage,
        clock: Clock,
        risk: RiskParameters,
        hours: LowQualityHours,
        macro: Callable[[], MacroReading | None],
        facts: RiskFacts = NOTHING_KNOWN,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._risk = risk
        self._breakers = (*all_breakers(risk.breakers), hours)
        self._macro = macro
        self._facts = facts

    async def __call__(self) -> BreakersReport:
        """As it stands now; `recent` are the events of the last 24 hours, oldest first."""
        now, macro = self._clock.now(), self._macro()
        async with self._storage() as unit:
            state = await collect_risk_state(unit, now, now, self._risk, macro, facts=self._facts)
            until = now + timedelta(microseconds=1)
            recent = await unit.state.list_breaker_events(now - _RECENT, until)
        return BreakersReport(
            now=now,
            day=state.day,
            standings=list_standings(self._breakers, state),
            recent=tuple(recent),
        )
