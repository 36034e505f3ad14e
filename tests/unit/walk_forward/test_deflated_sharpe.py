"""The Deflated Sharpe Ratio against the numbers of the paper and numbers worked out by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.walk_forward.deflated_sharpe import (
    deflate,
    expected_maximum_sharpe,
    probabilistic_sharpe,
)

# The worked example of Bailey and López de Prado (2014): 5 years of 250 days, a yearly ratio of
# 2.5, a variance of 1/2 over the trials' yearly ratios, skewness -3 and kurtosis 10.
SHARPE = 2.5 / math.sqrt(250)
VARIANCE = 0.5 / 250
DAYS = 1250


def test_the_best_of_100_trials_without_an_edge_is_the_papers() -> None:
    assert expected_maximum_sharpe(VARIANCE, 100) == pytest.approx(0.1132, abs=5e-5)


@pytest.mark.parametrize(
    ("trials", "skewness", "kurtosis", "probability"),
    [(100, -3.0, 10.0, 0.9004), (46, -3.0, 10.0, 0.9505), (88, 0.0, 3.0, 0.9505)],
)
def test_the_deflated_ratio_is_the_papers(
    trials: int, skewness: float, kurtosis: float, probability: float
) -> None:
    benchmark = expected_maximum_sharpe(VARIANCE, trials)
    found = probabilistic_sharpe(SHARPE, benchmark, DAYS, skewness, kurtosis)
    assert found == pytest.approx(probability, abs=5e-5)


def test_a_series_is_deflated_by_hand() -> None:
    # mean 1, squares of deviations 0, 4, 4, 0: sample deviation sqrt(8/3), ratio 0.6123724.
    # Moments: second 2, third 0, fourth 8, so skewness 0, kurtosis 2; width 1 + 0.25 * 0.375.
    # Trials 0.1 and 0.3: variance 0.02. Best of 3 (one without a ratio): Z(2/3) = 0.4307273 and
    # Z(1 - 1/(3e)) = 1.1619450; 0.4227843 * 0.4307273 + 0.5772157 * 1.1619450 = 0.8527973,
    # times sqrt(0.02) = 0.1206037.
    found = deflate([1.0, 3.0, -1.0, 1.0], [0.1, None, 0.3], 3)
    assert found.trials == 3
    assert found.variance == pytest.approx(0.02)
    assert found.expected_maximum == pytest.approx(0.1206037, abs=1e-5)
    # 0.6123724 * sqrt(3) / sqrt(1.09375) = 1.0141851; less 0.1206037 * 1.6561573 = 0.8144465.
    assert found.probabilistic == pytest.approx(0.84475, abs=1e-4)
    assert found.deflated == pytest.approx(0.79230, abs=1e-4)


def test_one_trial_selects_nothing() -> None:
    assert expected_maximum_sharpe(0.5, 1) == 0.0
    alone = deflate([1.0, 3.0, -1.0, 1.0], [0.4], 1)
    assert alone.deflated == alone.probabilistic


def test_days_without_variation_say_nothing() -> None:
    assert deflate([0.0] * 30, [0.1, 0.2], 2).deflated is None


@given(st.integers(2, 5_000), st.floats(1e-6, 1.0))
def test_more_trials_raise_the_bar(trials: int, variance: float) -> None:
    one, more = (expected_maximum_sharpe(variance, count) for count in (trials, trials + 1))
    assert 0 <= one < more


@given(st.lists(st.floats(-3, 3), min_size=5, max_size=60), st.integers(1, 500))
def test_deflating_never_raises_a_probability(series: list[float], trials: int) -> None:
    found = deflate(series, [-0.1, 0.0, 0.2], trials)
    if found.deflated is not None and found.probabilistic is not None:
        assert 0 <= found.deflated <= found.probabilistic <= 1
