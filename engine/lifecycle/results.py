"""What a trade has earned, net of costs, over the parts of it that are closed.

Costs are those the plan was published with, as fractions of the notional at entry: each closed part
bears its share of entry fee, entry slippage and expected funding, its own exit fee, and, unless a
resting target order closed it, exit slippage. Only published figures enter, so anyone can recompute
a result from the record alone.
"""

from collections.abc import Sequence
from decimal import Decimal

from domain.plans import TradePlan, TradingCosts
from domain.signals import Exit, SignalState
from engine.lifecycle.passage import gain_at

_PRECISION = Decimal("0.000001")
_AT_TARGET = frozenset({SignalState.TP1, SignalState.TP2, SignalState.TP3})


def compute_net_r(plan: TradePlan, exits: Sequence[Exit]) -> Decimal:
    """Net result in multiples of the stop's distance, to six places."""
    return (_net_gain(plan, exits) / plan.stop_distance).quantize(_PRECISION)


def compute_net_percent(plan: TradePlan, exits: Sequence[Exit]) -> Decimal:
    """Net result in percent of the notional at entry, without leverage, to six places."""
    return (_net_gain(plan, exits) / plan.entry * 100).quantize(_PRECISION)


def _net_gain(plan: TradePlan, exits: Sequence[Exit]) -> Decimal:
    legs = (
        leg.fraction * (gain_at(plan, leg.price) - plan.entry * _cost(plan.costs, leg.state))
        for leg in exits
    )
    return sum(legs, Decimal(0))


def _cost(costs: TradingCosts, state: SignalState) -> Decimal:
    slippages = 1 if state in _AT_TARGET else 2
    return costs.entry_fee + costs.exit_fee + costs.funding + slippages * costs.slippage
