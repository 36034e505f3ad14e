"""Rule: the health of the open trades together, 0 to 100, and what it advises."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from domain.advice import Advice, AdvisedAction, WatchWarning
from domain.correlations import Correlations
from risk.percentages import percent_of
from risk.watch.health_factors import (
    judge_calm,
    judge_concentration,
    judge_hold,
    judge_quality,
    judge_results,
)
from risk.watch.health_parameters import HealthParameters
from risk.watch.tightening import TighteningParameters, advise_tightening
from risk.watch.values import HealthFactor, PortfolioHealth, WatchedTrade
from risk.watch.words import signed_percent

_TOLD_FACTORS = 2


def compute_health(
    trades: Sequence[WatchedTrade],
    correlations: Correlations,
    equity: Decimal,
    at: datetime,
    parameters: HealthParameters,
) -> PortfolioHealth:
    """Points of the five factors; without open trades nothing can be ill.

    `correlations` are those of the pairs with each other, `equity` in quote currency and above 0.
    """
    if not trades:
        return PortfolioHealth()
    judged = (
        ("results", parameters.result_points, judge_results(trades, equity, parameters)),
        ("quality", parameters.quality_points, judge_quality(trades, parameters)),
        (
            "concentration",
            parameters.concentration_points,
            judge_concentration(trades, correlations, parameters),
        ),
        ("hold", parameters.hold_points, judge_hold(trades, at, parameters)),
        ("calm", parameters.calm_points, judge_calm(trades, parameters)),
    )
    return PortfolioHealth(
        factors=tuple(
            HealthFactor(name=name, points=most * share, most=most, text=text)
            for name, most, (share, text) in judged
        )
    )


def health_limit(action: AdvisedAction, parameters: HealthParameters) -> float:
    """The score below which the health advises an action."""
    limits = {
        AdvisedAction.CLOSE: parameters.close_below,
        AdvisedAction.TIGHTEN: parameters.tighten_below,
        AdvisedAction.NO_NEW_TRADES: parameters.no_new_trades_below,
    }
    return limits[action]


def advise_health(
    trades: Sequence[WatchedTrade],
    health: PortfolioHealth,
    equity: Decimal,
    at: datetime,
    parameters: HealthParameters,
    tightening: TighteningParameters,
) -> tuple[Advice, ...]:
    """The strongest first; a low score advises what a less low one does, too."""
    reasons = _reasons(health)
    advice: list[Advice | None] = []
    worst = sorted(trades, key=lambda trade: (trade.open_result, trade.signal_id))
    closed = worst[: parameters.closes] if health.score < parameters.close_below else []
    advice += [_closing(trade, equity, at, reasons) for trade in closed]
    if health.score < parameters.tighten_below:
        kept = (trade for trade in trades if trade not in closed)
        advice += [
            advise_tightening(trade, WatchWarning.HEALTH, at, reasons, tightening) for trade in kept
        ]
    if health.score < parameters.no_new_trades_below:
        action = AdvisedAction.NO_NEW_TRADES
        advice.append(Advice(warning=WatchWarning.HEALTH, action=action, at=at, reasons=reasons))
    return tuple(each for each in advice if each is not None)


def _closing(trade: WatchedTrade, equity: Decimal, at: datetime, reasons: Sequence[str]) -> Advice:
    result = signed_percent(float(percent_of(trade.open_result, equity)))
    return Advice(
        warning=WatchWarning.HEALTH,
        action=AdvisedAction.CLOSE,
        at=at,
        reasons=(*reasons, f"among the worst of them: {result} of equity"),
        signal_id=trade.signal_id,
    )


def _reasons(health: PortfolioHealth) -> tuple[str, ...]:
    """The score, and the factors that have lost the most of their points."""
    weakest = sorted(health.factors, key=lambda factor: factor.points - factor.most)
    return (
        f"health of the open trades {health.score:.0f} of 100",
        *(factor.text for factor in weakest[:_TOLD_FACTORS]),
    )
