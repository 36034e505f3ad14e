"""How far trades went against and for their holder, and how long they were held."""

from collections.abc import Iterable, Sequence

import numpy as np

from engine.backtest.metrics.ratios import divide
from engine.backtest.metrics.values import Excursions, Quartiles, TradeRow


def excursions_of(trades: Sequence[TradeRow]) -> Excursions:
    """Distributions of wins and of losses; trades without an excursion are left out of them."""
    wins = [trade for trade in trades if trade.net_r > 0]
    losses = [trade for trade in trades if trade.net_r <= 0]
    return Excursions(
        adverse_of_wins=quartiles(trade.adverse_r for trade in wins),
        adverse_of_losses=quartiles(trade.adverse_r for trade in losses),
        favourable_of_wins=quartiles(trade.favourable_r for trade in wins),
        favourable_of_losses=quartiles(trade.favourable_r for trade in losses),
        edge_ratio=_edge_ratio(trades),
        hold_minutes_of_wins=quartiles(trade.hold_minutes for trade in wins),
        hold_minutes_of_losses=quartiles(trade.hold_minutes for trade in losses),
    )


def quartiles(figures: Iterable[float | None]) -> Quartiles | None:
    """A distribution in five numbers, interpolated linearly; None where there are no figures."""
    known = np.array([figure for figure in figures if figure is not None])
    if not known.size:
        return None
    lowest, lower, median, upper, highest = np.quantile(known, (0, 0.25, 0.5, 0.75, 1)).tolist()
    return Quartiles(
        count=known.size,
        lowest=lowest,
        lower=lower,
        median=median,
        upper=upper,
        highest=highest,
        mean=float(known.mean()),
    )


def _edge_ratio(trades: Iterable[TradeRow]) -> float | None:
    known = [
        (trade.favourable_r, trade.adverse_r)
        for trade in trades
        if trade.favourable_r is not None and trade.adverse_r is not None
    ]
    favourable, adverse = (sum(each) for each in zip(*known, strict=True)) if known else (0.0, 0.0)
    return divide(favourable, adverse)
