"""The calibration table: what trades with one score came to, beside those with another."""

from collections.abc import Sequence

from bot.presenters.markup import bold, italic
from bot.presenters.page import Line, blank
from bot.presenters.rates import RateRow, rate_table
from engine.statistics.values import CalibrationBand


def calibration_lines(bands: Sequence[CalibrationBand]) -> list[Line]:
    """A row for each band that has trades, lowest score first; empty without trades."""
    known = [_row(band) for band in bands if band.reached_target.of]
    if not known:
        return []
    return [
        blank(),
        Line(bold("Did higher scores do better?")),
        *rate_table("score", "TP1", known),
        Line(italic("TP1: share that reached it, and its 95% range · each: mean result")),
    ]


def _row(band: CalibrationBand) -> RateRow:
    return RateRow(label=f"{band.low}–{band.high}", rate=band.reached_target, mean_r=band.mean_r)
