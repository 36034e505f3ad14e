"""The harness works: a few seconds of a soak with everything in it, and the line it fits."""

from pathlib import Path

import numpy as np
import pytest

from tests.soak_run.plan import smoke
from tests.soak_run.slope import fit_slope
from tests.soak_run.soak import open_soak
from tests.soak_run.verdict import judge


@pytest.mark.soak
@pytest.mark.timeout(120)
async def test_a_soak_of_seconds_loses_and_doubles_nothing_and_ends_in_order(
    tmp_path: Path,
) -> None:
    async with open_soak(smoke(), tmp_path) as soak:
        await soak.run()
        verdict = await judge(soak)
    assert verdict.closes.decisions
    assert verdict.messages.is_clean
    assert not verdict.unprotected
    assert verdict.exit_code == 0
    assert verdict.memory.rss_last
    assert min(verdict.messages_a_second[0].values()) > 0


@pytest.mark.parametrize("growth", [0.0, 600.0])
def test_memory_that_grows_steadily_under_noise_gives_an_interval_around_its_growth(
    growth: float,
) -> None:
    seconds = np.arange(0.0, 1800.0, 3.0)
    noise = np.random.default_rng(5).normal(0.0, 50.0, len(seconds))
    values = 400_000.0 + growth * seconds / 3600.0 + noise
    slope = fit_slope(list(seconds), list(values), block_seconds=120.0)
    assert slope is not None
    assert slope.low < growth < slope.high
    assert slope.high - slope.low < 200.0


def test_too_short_a_time_gives_no_slope() -> None:
    assert fit_slope([0.0, 100.0, 200.0], [1.0, 2.0, 3.0], block_seconds=120.0) is None
