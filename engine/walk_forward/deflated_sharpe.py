"""The Deflated Sharpe Ratio: what a result is worth when all that was tried is counted.

D. H. Bailey, M. López de Prado, "The Deflated Sharpe Ratio: Correcting for Selection Bias, Backtest
Overfitting and Non-Normality", Journal of Portfolio Management 40 (2014).
"""

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import Final

from engine.walk_forward.daily import sharpe_of
from engine.walk_forward.values import Deflation

_NORMAL: Final = NormalDist()
_EULER_MASCHERONI: Final = 0.5772156649015329


def expected_maximum_sharpe(variance: float, trials: int) -> float:
    """The highest Sharpe ratio to be expected among `trials` tries of which none has an edge.

    sqrt(V) * ((1 - g) * Z(1 - 1/N) + g * Z(1 - 1/(N e))), with V the variance of the ratios over
    the tries, N their number, Z the quantile of the standard normal distribution, g the
    Euler-Mascheroni constant. 0 for a single try: nothing was selected.
    """
    if trials < 2:
        return 0.0
    usual = _NORMAL.inv_cdf(1.0 - 1.0 / trials)
    beyond = _NORMAL.inv_cdf(1.0 - 1.0 / (trials * math.e))
    mix = (1.0 - _EULER_MASCHERONI) * usual + _EULER_MASCHERONI * beyond
    return math.sqrt(variance) * mix


def probabilistic_sharpe(
    sharpe: float, benchmark: float, length: int, skewness: float, kurtosis: float
) -> float | None:
    """Probability, 0 to 1, that the true Sharpe ratio lies above a benchmark.

    Phi((S - B) * sqrt(T - 1) / sqrt(1 - g3 * S + (g4 - 1) / 4 * S^2)), S and B per observation, T
    observations with skewness g3 and kurtosis g4 (3 for a normal distribution). None where the
    variance of the estimate is not above 0.
    """
    width = 1.0 - skewness * sharpe + (kurtosis - 1.0) / 4.0 * sharpe**2
    if width <= 0.0 or length < 2:
        return None
    return _NORMAL.cdf((sharpe - benchmark) * math.sqrt(length - 1) / math.sqrt(width))


def deflate(
    series: Sequence[float], sharpes_of_trials: Sequence[float | None], trials: int
) -> Deflation:
    """The deflated ratio of a series of daily results after `trials` tries.

    Tries without a ratio (no trade) count as tries, not towards the variance.
    """
    variance = _variance([each for each in sharpes_of_trials if each is not None])
    maximum = expected_maximum_sharpe(variance, trials)
    return Deflation(
        trials=trials,
        variance=variance,
        expected_maximum=maximum,
        probabilistic=_probability(series, 0.0),
        deflated=_probability(series, maximum),
    )


def _probability(series: Sequence[float], benchmark: float) -> float | None:
    sharpe = sharpe_of(series)
    if sharpe is None:
        return None
    skewness, kurtosis = _shape(series)
    return probabilistic_sharpe(sharpe, benchmark, len(series), skewness, kurtosis)


def _shape(series: Sequence[float]) -> tuple[float, float]:
    """Skewness and kurtosis, the third and the fourth standardised moment."""
    mean = math.fsum(series) / len(series)
    deviation = math.sqrt(math.fsum((each - mean) ** 2 for each in series) / len(series))
    third, fourth = (
        math.fsum(((each - mean) / deviation) ** power for each in series) / len(series)
        for power in (3, 4)
    )
    return third, fourth


def _variance(figures: Sequence[float]) -> float:
    if len(figures) < 2:
        return 0.0
    mean = math.fsum(figures) / len(figures)
    return math.fsum((each - mean) ** 2 for each in figures) / (len(figures) - 1)
