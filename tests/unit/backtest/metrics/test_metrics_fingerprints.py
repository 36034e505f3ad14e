"""Fingerprints: equal for what is equal, and no parameter can change unseen."""

from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from domain.evidence import LayerName
from engine.backtest.metrics import fingerprint, fingerprint_run
from engine.backtest.values import BacktestParameters, TestedStrategy
from engine.confluence_parameters import ConfluenceParameters
from engine.correlations import CorrelationParameters
from engine.decide import DecisionParameters
from engine.issue import IssueParameters
from engine.readiness.fingerprint import fingerprint_of
from risk.gate import RiskParameters
from tests.unit.backtest.metrics.metrics_story import START

_DATA = {"BTCUSDT": "aa", "SOLUSDT": "bb"}
_END = START + timedelta(days=90)


def _leaves(group: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for field in fields(group):
        value, here = getattr(group, field.name), (*path, field.name)
        found += _leaves(value, here) if is_dataclass(value) else [here]
    return found


def _altered(group: Any, path: tuple[str, ...]) -> Any:
    """The same with one leaf altered, whatever its range says."""
    name, rest = path[0], path[1:]
    value = getattr(group, name)
    copy = replace(group)
    object.__setattr__(copy, name, _altered(value, rest) if rest else _other(value))
    return copy


def _other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    return value[1:] if isinstance(value, tuple | str) else value + 1


_DECIDING = [path for path in _leaves(TestedStrategy()) if path[0] != "assumed"]


def test_no_parameter_that_decides_on_a_trade_can_change_unseen() -> None:
    strategy = TestedStrategy()
    usual = fingerprint(strategy)

    unseen = [
        ".".join(path) for path in _DECIDING if fingerprint(_altered(strategy, path)) == usual
    ]

    assert len(_DECIDING) > 100
    assert unseen == []


def test_equal_strategies_have_equal_fingerprints() -> None:
    assert fingerprint(TestedStrategy()) == fingerprint(TestedStrategy())


def test_a_live_bot_with_the_same_parameters_has_the_same_fingerprint() -> None:
    strategy = TestedStrategy(assumed=BacktestParameters(resume_hours=9))

    live = fingerprint_of(
        DecisionParameters(), RiskParameters(), IssueParameters(), CorrelationParameters()
    )

    assert fingerprint(strategy) == live


def test_which_layers_are_on_is_part_of_the_strategy() -> None:
    alone = DecisionParameters(confluence=ConfluenceParameters(layers=(LayerName.TECHNICAL,)))

    assert fingerprint(TestedStrategy(decision=alone)) != fingerprint(TestedStrategy())


def test_what_a_backtest_assumes_is_no_part_of_the_strategy_but_of_the_run() -> None:
    usual, late = TestedStrategy(), TestedStrategy(assumed=BacktestParameters(resume_hours=9))

    assert fingerprint(late) == fingerprint(usual)
    assert fingerprint_run(late, START, _END, _DATA) != fingerprint_run(usual, START, _END, _DATA)


@pytest.mark.parametrize(
    "other",
    [
        {"start": START + timedelta(days=1)},
        {"end": _END + timedelta(days=1)},
        {"data": {**_DATA, "SOLUSDT": "bc"}},
        {"data": {"BTCUSDT": "aa"}},
        {"strategy": TestedStrategy(issuing=IssueParameters(entry_window_seconds=901))},
    ],
)
def test_a_run_on_anything_else_is_another_run(other: dict[str, Any]) -> None:
    run: dict[str, Any] = {
        "strategy": TestedStrategy(),
        "start": START,
        "end": _END,
        "data": _DATA,
    }

    assert fingerprint_run(**{**run, **other}) != fingerprint_run(**run)


def test_the_order_of_the_data_does_not_matter() -> None:
    backwards = dict(reversed(_DATA.items()))

    assert fingerprint_run(TestedStrategy(), START, _END, backwards) == fingerprint_run(
        TestedStrategy(), START, _END, _DATA
    )
