"""What is wrong in a reading: one small rule for each subject."""

from collections.abc import Iterable
from typing import Final

from engine.monitoring.delivery_rules import DELIVERY_RULES
from engine.monitoring.health_parameters import HealthParameters
from engine.monitoring.machine_rules import MACHINE_RULES
from engine.monitoring.market_rules import MARKET_RULES
from engine.monitoring.rule import Rule
from engine.monitoring.values import Finding, HealthReading
from engine.monitoring.work_rules import WORK_RULES

RULES: Final[tuple[Rule, ...]] = (*MARKET_RULES, *DELIVERY_RULES, *WORK_RULES, *MACHINE_RULES)


def find_troubles(reading: HealthReading, parameters: HealthParameters) -> tuple[Finding, ...]:
    """Every trouble that a reading shows, each subject once, the most severe first. Pure."""
    found = [finding for rule in RULES for finding in rule.look(reading, parameters)]
    return most_severe_first(found)


def most_severe_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Critical ones first; among their like, as they were given."""
    return tuple(sorted(findings, key=lambda finding: -finding.severity.urgency))


def is_judged(subject: str) -> bool:
    """Whether a reading can show trouble of this subject, and so its end."""
    return any(rule.covers(subject) for rule in RULES)


def can_judge(subject: str, reading: HealthReading, parameters: HealthParameters) -> bool:
    """Whether this very reading shows how it stands with a subject."""
    return any(
        rule.covers(subject) and rule.can_judge(subject, reading, parameters) for rule in RULES
    )
