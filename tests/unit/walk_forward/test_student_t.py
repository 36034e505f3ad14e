"""The quantiles against the printed table."""

import pytest

from engine.walk_forward.student_t import quantile_of_t


@pytest.mark.parametrize(
    ("degrees", "printed"),
    [(9, 2.2622), (14, 2.1448), (19, 2.0930), (29, 2.0452), (60, 2.0003), (120, 1.9799)],
)
def test_quantiles_are_those_of_the_printed_table(degrees: int, printed: float) -> None:
    assert quantile_of_t(0.975, degrees) == pytest.approx(printed, abs=0.0001)
    assert quantile_of_t(0.025, degrees) == pytest.approx(-printed, abs=0.0001)


def test_with_many_degrees_it_is_the_normal_quantile() -> None:
    assert quantile_of_t(0.975, 10**9) == pytest.approx(1.959964, abs=1e-6)
