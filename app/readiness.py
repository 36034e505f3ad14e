"""Wires the readiness gate: which parameters are in force, and what the settings say about live."""

from app.deciding import decision_parameters
from app.settings import Settings
from app.settings.strategy import Strategy
from engine.ports.clock import Clock
from engine.readiness.fingerprint import fingerprint_of
from engine.readiness.live_gate import LiveGate


def build_live_gate(settings: Settings, clock: Clock) -> LiveGate:
    """The gate for the parameters of these settings; it has looked at nothing yet."""
    return LiveGate(
        clock=clock,
        is_switched_on=settings.trading.live,
        strategy=strategy_fingerprint(settings.strategy),
        stated=settings.trading.override,
        parameters=settings.strategy.readiness,
    )


def strategy_fingerprint(strategy: Strategy) -> str:
    """What a verdict has to have been made for, to count for this strategy."""
    return fingerprint_of(
        decision_parameters(strategy), strategy.risk, strategy.issue, strategy.correlations
    )
