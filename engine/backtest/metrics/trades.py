"""The trades of a backtest, one row each: what the record says, and what the signal knew."""

from datetime import timedelta
from decimal import Decimal
from typing import Final

from domain.signals import FollowedSignal
from engine.backtest.metrics.costs import costs_of_trade
from engine.backtest.metrics.values import TradeRow
from engine.backtest.values import BacktestResult, Excursion
from engine.statistics.values import TradeResult

MINUTE: Final = timedelta(minutes=1)


def trade_rows(result: BacktestResult) -> tuple[TradeRow, ...]:
    """A row for each trade that ended, in order of its end."""
    signals = {followed.signal.id: followed for followed in result.signals}
    return tuple(
        _row(
            trade,
            signals[trade.signal_id],
            result.excursions.get(trade.signal_id),
            result.equity,
        )
        for trade in result.statistics.results
    )


def _row(
    trade: TradeResult, followed: FollowedSignal, excursion: Excursion | None, equity: Decimal
) -> TradeRow:
    signal, costs = followed.signal, costs_of_trade(followed)
    return TradeRow(
        signal_id=trade.signal_id,
        symbol=signal.instrument.symbol,
        pair=trade.pair,
        direction=trade.direction,
        state=trade.state,
        decided_at=signal.decision.as_of,
        published_at=trade.published_at,
        entered_at=trade.triggered_at,
        ended_at=trade.ended_at,
        entry=float(signal.plan.entry),
        stop=float(signal.plan.stop),
        score=float(trade.score),
        tier=trade.tier,
        regime=trade.regime,
        net_r=float(trade.net_r),
        gross_r=float(trade.net_r + costs.total_r),
        costs_r=float(costs.total_r),
        fees_r=float(costs.fees_r),
        slippage_r=float(costs.slippage_r),
        funding_r=float(costs.funding_r),
        equity_percent=float(trade.equity_percent),
        notional_percent=float(signal.plan.notional / equity * 100),
        hold_minutes=trade.hold / MINUTE,
        adverse_r=None if excursion is None else excursion.adverse_r,
        favourable_r=None if excursion is None else excursion.favourable_r,
    )
