"""All that a published signal was decided on, as one value from which it can be made again."""

from dataclasses import dataclass, field
from datetime import datetime

from domain.accounts import ExecutionMode
from domain.market import MarketSnapshot
from engine.correlations import CorrelationParameters
from engine.decide import DecisionParameters
from engine.issue import IssueParameters
from engine.readiness.fingerprint import fingerprint_of
from risk.gate import RiskParameters
from risk.state import RiskState


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRules:
    """Every parameter that a signal depends on, through its inputs or through what made them."""

    decision: DecisionParameters = field(default_factory=DecisionParameters)
    risk: RiskParameters = field(default_factory=RiskParameters)
    issuing: IssueParameters = field(default_factory=IssueParameters)
    correlations: CorrelationParameters = field(default_factory=CorrelationParameters)

    @property
    def fingerprint(self) -> str:
        """Equal only where all of them are; the one that the readiness gate's verdicts go by."""
        return fingerprint_of(self.decision, self.risk, self.issuing, self.correlations)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalInputs:
    """What a signal was decided on, and the instant, number and place in the record it was given.

    `version` is that of the program then. `state` is the account as the gate saw it, after the
    earlier signals of the same close. `mode` decides on the button that executes, None as long as
    nobody said which. `sequence` is the number of the signal's entry in the record.
    """

    version: str
    rules: DecisionRules
    signal_id: int
    published_at: datetime
    sequence: int
    mode: ExecutionMode | None
    snapshot: MarketSnapshot
    state: RiskState


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptInputs:
    """Inputs as they are read back, by a version that may be newer than the one that kept them.

    `gone` are parameters that were kept and that this version does not have; `added` those that it
    has and that were not kept, which stand at their defaults. By dotted name.
    """

    inputs: SignalInputs
    gone: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
