"""How results are put into bands of score and bins of R."""

from dataclasses import dataclass

from domain.parameters import Parameters, parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsParameters(Parameters):
    """The bands of the calibration table and the bins of the histogram of R."""

    calibration_lowest_score: int = parameter(
        65,
        doc="where the first band begins; trades with a lower score get bands of their own below",
        unit="support",
        source="design 4.4: the lower threshold of a signal",
        low=50,
        high=95,
    )
    calibration_band_width: int = parameter(
        5,
        doc="how wide a band of scores is",
        unit="support",
        source="own choice: a tier has three or four bands",
        low=1,
        high=50,
    )
    histogram_lowest_r: float = parameter(
        -2.5,
        doc="up to it all results are in one bin",
        unit="R",
        source="own choice: a stop costs little more than 1 R, a gap through it more",
        low=-10,
        high=-1,
    )
    histogram_highest_r: float = parameter(
        4.5,
        doc="above it all results are in one bin",
        unit="R",
        source="own choice: beyond the last target of design 4.5",
        low=1,
        high=20,
    )
    histogram_bin_width_r: float = parameter(
        0.5,
        doc="width of a bin",
        unit="R",
        source="own choice: stop, break-even and each target have bins of their own",
        low=0.05,
        high=1,
    )
