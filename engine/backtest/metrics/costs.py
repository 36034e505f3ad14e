"""What fees, slippage and funding took of each trade, and of all of them.

Nothing is charged here a second time: each part is the difference that it makes to the result of
the trade as the live bot computes it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from domain.plans import TradingCosts
from domain.signals import FollowedSignal
from engine.backtest.metrics.ratios import divide
from engine.backtest.metrics.values import Costs, TradeRow
from engine.lifecycle.results import compute_net_r

_FREE: Final = TradingCosts(
    entry_fee=Decimal(0), exit_fee=Decimal(0), slippage=Decimal(0), funding=Decimal(0)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeCosts:
    """Costs of one trade in R, each rounded to six places."""

    total_r: Decimal
    fees_r: Decimal
    slippage_r: Decimal
    funding_r: Decimal


def costs_of_trade(followed: FollowedSignal) -> TradeCosts:
    """Costs of the parts of a trade that are closed."""
    plan, exits = followed.signal.plan, followed.course.exits
    free_r = compute_net_r(replace(plan, costs=_FREE), exits)

    def taken(costs: TradingCosts) -> Decimal:
        return free_r - compute_net_r(replace(plan, costs=costs), exits)

    fees = replace(_FREE, entry_fee=plan.costs.entry_fee, exit_fee=plan.costs.exit_fee)
    return TradeCosts(
        total_r=taken(plan.costs),
        fees_r=taken(fees),
        slippage_r=taken(replace(_FREE, slippage=plan.costs.slippage)),
        funding_r=taken(replace(_FREE, funding=plan.costs.funding)),
    )


def sum_costs(trades: Sequence[TradeRow]) -> Costs:
    """Costs of all trades."""
    total = math.fsum(trade.costs_r for trade in trades)
    earned = math.fsum(trade.gross_r for trade in trades if trade.gross_r > 0)
    return Costs(
        gross_r=math.fsum(trade.gross_r for trade in trades),
        total_r=total,
        fees_r=math.fsum(trade.fees_r for trade in trades),
        slippage_r=math.fsum(trade.slippage_r for trade in trades),
        funding_r=math.fsum(trade.funding_r for trade in trades),
        total_percent=math.fsum(trade.costs_r * _risk_percent(trade) for trade in trades),
        per_trade_r=divide(total, len(trades)),
        share_percent=divide(total * 100, earned),
    )


def _risk_percent(trade: TradeRow) -> float:
    """What 1 R is in percent of equity."""
    return trade.notional_percent * abs(trade.entry - trade.stop) / trade.entry
