"""Whether a higher score means a better trade: results by bands of the published score."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from engine.statistics.parameters import StatisticsParameters
from engine.statistics.rates import rate
from engine.statistics.values import CalibrationBand, TradeResult

_HIGHEST: Final = 100


def calibrate(
    results: Sequence[TradeResult], parameters: StatisticsParameters
) -> tuple[CalibrationBand, ...]:
    """Bands without a gap up to 100, lowest first; the last one holds a score of 100, too.

    A band without trades is there, and knows nothing. Where a trade was published below the lowest
    band, there are more bands below it.
    """
    lows = range(_first_low(results, parameters), _HIGHEST, parameters.calibration_band_width)
    return tuple(_band(results, low, low + parameters.calibration_band_width) for low in lows)


def _first_low(results: Sequence[TradeResult], parameters: StatisticsParameters) -> int:
    usual = parameters.calibration_lowest_score
    lowest = min([usual, *(int(result.score) for result in results)])
    # Rounded down to a whole number of bands, since a part of a band holds a score, too.
    return usual + (lowest - usual) // parameters.calibration_band_width * (
        parameters.calibration_band_width
    )


def _band(results: Sequence[TradeResult], low: int, high: int) -> CalibrationBand:
    is_last = high >= _HIGHEST
    members = [each for each in results if low <= each.score and (each.score < high or is_last)]
    total_r = sum((result.net_r for result in members), Decimal(0))
    return CalibrationBand(
        low=low,
        high=min(high, _HIGHEST),
        reached_target=rate(sum(each.has_reached_target for each in members), len(members)),
        mean_r=total_r / len(members) if members else None,
    )
