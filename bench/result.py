"""What a benchmark returns, and the interleaved measuring behind it."""

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Result:
    """One benchmark: our median, the base's median, and the median of the ratios of each run."""

    name: str
    ours_ms: float
    base_ms: float
    ratio: float
    runs: int
    base: str
    details: dict[str, float | str] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Write as JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=2) + "\n")


def milliseconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000.0


def interleaved(
    ours: Callable[[], float], base: Callable[[], float], runs: int
) -> tuple[float, float, float]:
    """Median of ours, of the base, and of base / ours, over runs that alternate the two.

    Each callable does one run and returns its milliseconds. Alternating keeps whatever else the
    machine is doing from favouring one of them.
    """
    pairs = [(ours(), base()) for _ in range(runs)]
    return (
        statistics.median(one for one, _ in pairs),
        statistics.median(other for _, other in pairs),
        statistics.median(other / one for one, other in pairs),
    )
