"""How a playbook stands with the readiness gate now: its newest verdict, looked at with doubt."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from domain.counting import many
from domain.readiness import ReadinessVerdict
from engine.readiness.judging import failures
from engine.readiness.parameters import ReadinessParameters

HOW_TO_MEND: Final = (
    "run `python -m app backtest --gate` with the parameters that are in force, or state your "
    "reason as LIVE_OVERRIDE in the settings file and restart"
)
"""What an operator can do about a gate that is not passed."""

_CLOCKS_DIFFER: Final = timedelta(days=1)
"""A verdict that is further in the future than clocks ever differ cannot tell how old it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessStanding:
    """Whether real money may be traded with, and why.

    `reasons` say in words why the gate is not passed, empty when it is; `stated` is the operator's
    own reason to trade all the same, empty for none.
    """

    verdict: ReadinessVerdict | None = None
    reasons: tuple[str, ...] = ()
    stated: str = ""

    @property
    def is_passed(self) -> bool:
        """Whether the gate itself is passed."""
        return not self.reasons

    @property
    def is_allowed(self) -> bool:
        """Whether something new may be entered with real money."""
        return self.is_passed or bool(self.stated)

    @property
    def override(self) -> str:
        """The operator's reason where nothing else allows it, empty otherwise."""
        return "" if self.is_passed else self.stated

    @property
    def refusals(self) -> tuple[str, ...]:
        """Why nothing new may be entered with real money, empty when it may."""
        return () if self.is_allowed else self.reasons


def standing(
    verdict: ReadinessVerdict | None,
    now: datetime,
    *,
    strategy: str,
    stated: str,
    parameters: ReadinessParameters,
) -> ReadinessStanding:
    """How the newest verdict on a playbook stands, None for none.

    `strategy` is the fingerprint of the parameters that are in force, `stated` the operator's
    own reason to trade without a passed gate.
    """
    reasons = tuple(_doubts(verdict, now, strategy, parameters))
    return ReadinessStanding(verdict=verdict, reasons=reasons, stated=stated.strip())


def _doubts(
    verdict: ReadinessVerdict | None,
    now: datetime,
    strategy: str,
    parameters: ReadinessParameters,
) -> Iterator[str]:
    if verdict is None:
        yield "no backtest was judged by the readiness gate yet"
        return
    if verdict.checks:
        yield from failures(verdict, parameters)
    else:
        yield "the newest backtest was judged by nothing at all"
    if verdict.strategy != strategy:
        yield "the newest backtest was made with other parameters than those in force"
    yield from _doubts_about_age(now - verdict.at, parameters)
    yield from _doubts_about_candles(verdict, parameters)


def _doubts_about_age(age: timedelta, parameters: ReadinessParameters) -> Iterator[str]:
    if age > timedelta(days=parameters.valid_days):
        yield (
            f"the newest backtest was judged {many(age.days, 'day')} ago, "
            f"allowed are {parameters.valid_days:g}"
        )
    if age < -_CLOCKS_DIFFER:
        yield "the newest backtest was judged in the future, by this clock"


def _doubts_about_candles(
    verdict: ReadinessVerdict, parameters: ReadinessParameters
) -> Iterator[str]:
    """A verdict of today on candles of last year says nothing of how it trades now."""
    behind = verdict.at - verdict.end
    if behind > timedelta(days=parameters.valid_days):
        yield (
            f"the newest backtest ends {behind.days} days before it was judged, "
            f"allowed are {parameters.valid_days:g}: download newer candles first"
        )
