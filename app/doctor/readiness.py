"""Looks at what a start would run on, and whether it has shown enough to trade with money."""

from typing import Final

from app.clock import ExchangeClock
from app.doctor.check import CheckResult, ok, warning
from app.readiness import strategy_fingerprint
from app.settings import Settings
from domain.readiness import ReadinessVerdict
from engine.parameter_sets.configuration import RunningParameters
from engine.readiness.standing import HOW_TO_MEND, ReadinessStanding, standing

PARAMETERS: Final = "parameters"
_READINESS: Final = "readiness"


def judge_parameters(running: RunningParameters) -> CheckResult:
    """What a start would run on."""
    if running.live is None:
        return ok(PARAMETERS, "the strategy file alone")
    change = running.live.change
    return ok(
        PARAMETERS,
        f"version {change.version} is laid over the strategy file since "
        f"{change.at:%Y-%m-%d %H:%M} UTC, by {change.by}; numbers: {len(running.overlaid)}",
    )


def judge_readiness(found: ReadinessStanding) -> CheckResult:
    """Whether live trading is allowed by what was tested, or by the operator alone."""
    if found.is_passed:
        return ok(_READINESS, "the readiness gate is passed")
    reasons = "; ".join(found.reasons)
    if found.override:
        detail = f"live without a passed gate, as LIVE_OVERRIDE says: {found.override}; {reasons}"
        return warning(_READINESS, detail, "python -m app backtest --gate")
    return warning(_READINESS, f"the gate is not passed: {reasons}", HOW_TO_MEND)


def present_standing(settings: Settings, verdict: ReadinessVerdict | None) -> ReadinessStanding:
    """How the newest verdict stands for these settings, now."""
    return standing(
        verdict,
        ExchangeClock().now(),
        strategy=strategy_fingerprint(settings.strategy),
        stated=settings.trading.override,
        parameters=settings.strategy.readiness,
    )
