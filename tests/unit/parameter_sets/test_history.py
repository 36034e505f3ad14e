"""Which version is live, and which one a roll-back leads to."""

import pytest

from domain.errors import ConfigurationError
from engine.parameter_sets.history import live_version, rolled_back
from tests.builders.research import make_change


@pytest.mark.parametrize(
    ("versions", "live"), [([], None), ([1], 1), ([1, 2], 2), ([1, None], None)]
)
def test_the_newest_change_says_what_is_live(versions: list[int | None], live: int | None) -> None:
    assert live_version([make_change(version) for version in versions]) == live


@pytest.mark.parametrize(
    ("versions", "before"),
    [
        ([1], None),
        ([1, 2], 1),
        ([2, 5, 3], 5),
        ([1, 2, 1], None),
        ([1, 2, 1, 3], 1),
        ([1, 1], None),
        ([1, None, 2], None),
    ],
)
def test_rolling_back_leads_to_what_was_live_before(
    versions: list[int | None], before: int | None
) -> None:
    assert rolled_back([make_change(version) for version in versions]) == before


@pytest.mark.parametrize("versions", [[], [1, None]])
def test_before_the_strategy_file_alone_there_is_nothing(versions: list[int | None]) -> None:
    with pytest.raises(ConfigurationError, match="parameters list"):
        rolled_back([make_change(version) for version in versions])


def test_rolling_back_again_and_again_ends_at_the_strategy_file() -> None:
    changes = [make_change(version) for version in (1, 2, 3)]
    went = []
    for _ in range(3):
        went.append(rolled_back(changes))
        changes.append(make_change(went[-1]))
    assert went == [2, 1, None]
