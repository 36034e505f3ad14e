"""Versioned sets of strategy parameters: what an optimisation found, and which one is live."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterSet:
    """Parameters by their dotted name in the strategy file ("confluence.medium_threshold").

    Everything that is not named stays as the strategy file has it. `version` counts up from 1;
    `origin` says where they come from ("walk-forward, 3 windows, 120 trials"), `note` what was
    found out about them.
    """

    version: int
    playbook: str
    values: Mapping[str, float | int]
    created_at: datetime
    origin: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveChange:
    """From an instant on a version is live, None for the strategy file alone; said by whom."""

    at: datetime
    version: int | None
    by: str
