"""Verdicts and parameter sets for tests."""

from collections.abc import Mapping
from datetime import timedelta

from domain.parameter_sets import LiveChange, ParameterSet
from domain.readiness import CONFLUENCE, ReadinessCheck, ReadinessVerdict
from engine.parameter_sets.configuration import (
    ConfigurationReport,
    LiveSet,
    OverlaidValue,
    RunningParameters,
)
from engine.ports.clock import Clock
from engine.readiness.judging import ReadinessFigures, judge
from engine.readiness.live_gate import LiveGate
from engine.readiness.parameters import ReadinessParameters
from tests.builders.signals import CLOSED_AT

WIN_RATE = ReadinessCheck(
    metric="win rate",
    value=58.1,
    threshold=55.0,
    is_passed=True,
    text="win rate 58.1 %, has to be above 55 % (312 trades)",
)
NO_SHARPE = ReadinessCheck(
    metric="Sharpe ratio",
    value=None,
    threshold=1.2,
    is_passed=False,
    text="Sharpe ratio unknown, has to be above 1.2 (312 trades)",
)
_PASSED = judge(
    ReadinessFigures(
        trades=312,
        win_rate_percent=58.1,
        profit_factor=1.9,
        drawdown_percent=9.0,
        sharpe_ratio=1.8,
        reward_to_risk=1.7,
        losing_run=5,
    ),
    ReadinessParameters(),
    at=CLOSED_AT,
    start=CLOSED_AT,
    end=CLOSED_AT,
    strategy="",
).checks


def make_verdict(
    *checks: ReadinessCheck,
    playbook: str = CONFLUENCE,
    hours: int = 0,
    strategy: str = "5d7e",
    parameter_set: int | None = None,
) -> ReadinessVerdict:
    """A verdict so many hours after the close that built decisions stand on.

    Whatever is not among `checks` was passed.
    """
    named = {check.metric for check in checks}
    others = tuple(check for check in _PASSED if check.metric not in named)
    return ReadinessVerdict(
        playbook=playbook,
        at=CLOSED_AT + timedelta(hours=hours),
        start=CLOSED_AT - timedelta(days=102),
        end=CLOSED_AT,
        trades=312,
        strategy=strategy,
        checks=(*checks, *others),
        parameter_set=parameter_set,
    )


def make_parameter_set(
    version: int = 1,
    *,
    playbook: str = CONFLUENCE,
    values: Mapping[str, float | int] | None = None,
) -> ParameterSet:
    """A set; if nothing else is said, one that names a score and a count."""
    return ParameterSet(
        version=version,
        playbook=playbook,
        values=values or {"confluence.medium_threshold": 66.5, "technical.minimum_supporting": 4},
        created_at=CLOSED_AT + timedelta(hours=version),
        origin="walk-forward, 3 windows, 120 trials",
        note="deflated Sharpe ratio 0.4",
    )


def make_change(version: int | None, *, hours: int = 0) -> LiveChange:
    """That another set is live from so many hours after the close on."""
    return LiveChange(at=CLOSED_AT + timedelta(hours=hours), version=version, by="terminal: jo")


def make_live_gate(
    clock: Clock, *, is_switched_on: bool = True, stated: str = "a test", strategy: str = "5d7e"
) -> LiveGate:
    """A gate that nothing was ever judged for; only the operator's own reason opens it."""
    return LiveGate(
        clock=clock,
        is_switched_on=is_switched_on,
        strategy=strategy,
        stated=stated,
        parameters=ReadinessParameters(),
    )


OVERLAID = RunningParameters(
    live=LiveSet(parameter_set=make_parameter_set(3), change=make_change(3, hours=4)),
    overlaid=(
        OverlaidValue(name="confluence.medium_threshold", value=66.5, in_file=65.0),
        OverlaidValue(name="technical.minimum_supporting", value=4, in_file=3),
    ),
    changed=("risk.levels.minimum_stop_percent = 0.4",),
)
"""A process that runs on version 3."""


def make_configuration(
    running: RunningParameters | None = None, *, next_version: int | None = None
) -> ConfigurationReport:
    """What /config tells; without anything, the strategy file alone and nothing else to come."""
    running = running or RunningParameters()
    is_pending = next_version != running.version
    return ConfigurationReport(running=running, next_version=next_version, is_pending=is_pending)
