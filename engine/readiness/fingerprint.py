"""One short text for every parameter that decides on a trade: equal only where all are."""

import hashlib
import json
from dataclasses import asdict
from typing import Final

from engine.correlations import CorrelationParameters
from engine.decide import DecisionParameters
from engine.issue import IssueParameters
from risk.gate import RiskParameters

_DIGITS: Final = 16


def fingerprint_of(
    decision: DecisionParameters,
    risk: RiskParameters,
    issuing: IssueParameters,
    correlations: CorrelationParameters,
) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of all of them as canonical JSON.

    A parameter that a later version adds changes it too: then the version is not what was tested.
    Where numbers are equal their type does not matter: a strategy file may say 3 or 3.0.
    """
    content = {
        "decision": asdict(decision),
        "risk": asdict(risk),
        "issuing": asdict(issuing),
        "correlations": asdict(correlations),
    }
    text = json.dumps(_with_floats(content), sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def _with_floats(value: object) -> object:
    """Every whole number as a float, a switch as it is."""
    if isinstance(value, dict):
        return {name: _with_floats(part) for name, part in value.items()}
    if isinstance(value, tuple | list):
        return [_with_floats(part) for part in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
