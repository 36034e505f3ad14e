"""Memory and lateness over the time of a soak, and whether they grow."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from tests.soak_run.sampling import Sample
from tests.soak_run.slope import Slope, fit_slope

_BLOCK_SECONDS = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryFindings:
    """Kilobytes of the longest life of the process, its warm-up left out of the slopes."""

    wall_seconds: float
    rss_first: int
    rss_after_warm_up: int
    rss_last: int
    rss_highest: int
    rss_slope: Slope | None
    uss_slope: Slope | None
    uss_slope_second_half: Slope | None
    threads_highest: int
    files_first: int
    files_last: int
    files_highest: int
    cpu_share: float
    starved_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LatenessFindings:
    """Wall milliseconds from a candle's end to what followed; `slope` in ms per wall hour.

    `first` and `last` are medians of the first and the last third.
    """

    count: int
    median: float
    p99: float
    highest: float
    first: float
    last: float
    slope: Slope | None


def read_memory(samples: Sequence[Sample], ready: float, warm_up: float) -> MemoryFindings:
    """Of the life with the most samples."""
    alive = [sample for sample in samples if sample.at >= ready]
    longest = Counter(sample.run for sample in alive).most_common(1)[0][0]
    life = [sample for sample in alive if sample.run == longest]
    begin, end = life[0], life[-1]
    warm = [one for one in life if one.at - begin.at >= warm_up * (end.at - begin.at)]
    late = warm[len(warm) // 2 :]
    seconds = max(end.at - begin.at, 1e-9)
    return MemoryFindings(
        wall_seconds=seconds,
        rss_first=begin.rss_kb,
        rss_after_warm_up=warm[0].rss_kb,
        rss_last=end.rss_kb,
        rss_highest=max(sample.rss_kb for sample in life),
        rss_slope=_slope_of([(one.at, one.rss_kb) for one in warm]),
        uss_slope=_slope_of([(one.at, one.uss_kb) for one in warm]),
        uss_slope_second_half=_slope_of([(one.at, one.uss_kb) for one in late]),
        threads_highest=max(sample.threads for sample in life),
        files_first=begin.files,
        files_last=end.files,
        files_highest=max(sample.files for sample in life),
        cpu_share=(end.cpu_seconds - begin.cpu_seconds) / seconds,
        starved_share=(end.starved_seconds - begin.starved_seconds) / seconds,
    )


def _slope_of(points: Sequence[tuple[float, float]]) -> Slope | None:
    seconds, values = [at for at, _ in points], [value for _, value in points]
    return fit_slope(seconds, values, block_seconds=_BLOCK_SECONDS)


def read_lateness(points: Sequence[tuple[float, float]], began: float) -> LatenessFindings | None:
    """Of monotonic seconds and milliseconds, in order of time."""
    if not points:
        return None
    values = [value for _, value in points]
    third = max(1, len(values) // 3)
    return LatenessFindings(
        count=len(values),
        median=median(values),
        p99=float(np.quantile(values, 0.99)),
        highest=max(values),
        first=median(values[:third]),
        last=median(values[-third:]),
        slope=_slope_of([(at - began, value) for at, value in points]),
    )
