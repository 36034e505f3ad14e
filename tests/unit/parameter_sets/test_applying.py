"""Sets of values laid over parameters."""

import pytest

from domain.errors import ConfigurationError
from domain.parameters import Parameters
from engine.confluence_parameters import ConfluenceParameters
from engine.issue import IssueParameters
from engine.parameter_sets.applying import apply, known_names
from layers.technical.parameters import TechnicalParameters
from risk.gate import RiskParameters

GROUPS: dict[str, Parameters] = {
    "confluence": ConfluenceParameters(),
    "technical": TechnicalParameters(),
    "risk": RiskParameters(),
    "issue": IssueParameters(),
}


def applied(**values: float) -> dict[str, Parameters]:
    return apply(GROUPS, {name.replace("__", "."): value for name, value in values.items()})


def test_no_value_changes_nothing() -> None:
    assert apply(GROUPS, {}) == GROUPS


def test_named_values_change_and_the_rest_stays() -> None:
    found = applied(confluence__medium_threshold=66.5)
    assert found["confluence"] == ConfluenceParameters(medium_threshold=66.5)
    assert {name: found[name] for name in found if name != "confluence"} == {
        name: group for name, group in GROUPS.items() if name != "confluence"
    }


def test_a_value_of_a_group_in_a_group_is_found() -> None:
    found = applied(risk__levels__stop_atr_multiple=1.75)["risk"]
    assert isinstance(found, RiskParameters)
    assert found.levels.stop_atr_multiple == 1.75
    assert found.levels.minimum_stop_percent == RiskParameters().levels.minimum_stop_percent


def test_what_was_there_before_is_left_as_it_was() -> None:
    applied(confluence__medium_threshold=66.5)
    assert GROUPS["confluence"] == ConfluenceParameters()


def test_numbers_take_the_kind_that_was_declared() -> None:
    found = applied(risk__levels__stop_atr_multiple=2, technical__minimum_supporting=4.0)
    risk, technical = found["risk"], found["technical"]
    assert isinstance(risk, RiskParameters)
    assert isinstance(technical, TechnicalParameters)
    assert type(risk.levels.stop_atr_multiple) is float
    assert type(technical.minimum_supporting) is int


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("confluence.medium_treshold", 66.0, "did you mean confluence.medium_threshold"),
        ("readiness.trades", 1, "no such number"),
        ("confluence.layers", 1, "no such number"),
        ("confluence", 1, "no such number"),
        ("confluence.medium_threshold", 166.0, "allowed is"),
        ("confluence.medium_threshold", float("nan"), "allowed is"),
        ("technical.minimum_supporting", 3.5, "no whole number"),
        ("technical.minimum_supporting", float("inf"), "no whole number"),
        ("technical.minimum_supporting", True, "no number"),
        ("confluence.medium_threshold", "66", "no number"),
        ("issue.maximum_lateness_seconds", 1000.0, "must not exceed"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(name: str, value: float, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as refused:
        apply(GROUPS, {name: value})
    assert name.split(".")[0] in str(refused.value)


def test_all_that_does_not_fit_is_told_at_once() -> None:
    with pytest.raises(ConfigurationError) as refused:
        applied(confluence__medium_threshold=166, technical__nothing=1, issue__x=2)
    for name in ("medium_threshold", "technical.nothing", "issue.x"):
        assert name in str(refused.value)


def test_values_that_hold_only_together_are_checked_together() -> None:
    found = applied(issue__entry_window_seconds=300, issue__maximum_lateness_seconds=200)
    assert found["issue"] == IssueParameters(
        entry_window_seconds=300.0, maximum_lateness_seconds=200.0
    )


def test_every_number_that_may_be_named_can_be_set_to_what_it_is() -> None:
    assert apply(GROUPS, known_names(GROUPS)) == GROUPS
