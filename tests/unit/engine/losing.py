"""Trades that ended with a loss, and trades that are open."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from domain.signals import FollowedSignal, SignalState
from tests.builders.market import make_instrument
from tests.unit.risk.trade_builders import make_ended, make_live, make_round_signal


def make_loser(
    signal_id: int, ended_at: datetime, percent: str = "-2", *, net_r: str = "-1"
) -> FollowedSignal:
    """A trade that was stopped out, with a net result in percent of its notional of 12,000."""
    followed = make_ended(SignalState.STOPPED, ended_at, make_round_signal(signal_id=signal_id))
    course = replace(
        followed.course,
        triggered_at=ended_at,
        realised_r=Decimal(net_r),
        realised_percent=Decimal(percent),
    )
    return replace(followed, course=course)


def make_open(
    signal_id: int, base: str, *, state: SignalState = SignalState.TRIGGERED
) -> FollowedSignal:
    """A long at 100 of another coin, with a notional of 12,000."""
    live = make_live(state=state)
    instrument = make_instrument(base, tick="0.01", step="0.01")
    plan = replace(live.signal.plan, symbol=instrument.symbol)
    return replace(
        live, signal=replace(live.signal, id=signal_id, instrument=instrument, plan=plan)
    )
