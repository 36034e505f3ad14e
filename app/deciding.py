"""Wires what happens at a candle close: from snapshots to decisions to signals."""

from app.clock import ExchangeClock
from app.settings.strategy import Strategy
from app.version import VERSION
from db.input_codec import InputEncoder
from engine.close import DecideAtClose
from engine.decide import DecisionParameters
from engine.inputs import DecisionRules, KeepInputsOf
from engine.issue import IssueSignals
from engine.market_state import MarketState
from engine.ports.market import CandleFeed
from engine.ports.presenting import Presenter
from engine.ports.storage import Storage
from engine.risk_state import RiskFacts


def build_decide_at_close(
    strategy: Strategy,
    *,
    market: MarketState,
    feed: CandleFeed,
    storage: Storage,
    presenter: Presenter,
    clock: ExchangeClock,
    risk_facts: RiskFacts,
) -> DecideAtClose:
    """Decides on nothing yet. What each signal was decided on is kept with it."""
    rules = decision_rules(strategy)
    return DecideAtClose(
        market=market,
        feed=feed,
        issue=IssueSignals(
            storage=storage,
            presenter=presenter,
            clock=clock,
            risk=strategy.risk,
            parameters=strategy.issue,
            facts=risk_facts,
            keep_inputs=KeepInputsOf(rules=rules, version=VERSION, encode=InputEncoder()),
        ),
        clock=clock,
        decision=rules.decision,
        issuing=strategy.issue,
        patience_wall_seconds=strategy.timing.patience_wall_seconds(clock.speed),
        mend_wall_seconds=strategy.timing.mend_wall_seconds,
    )


def decision_rules(strategy: Strategy) -> DecisionRules:
    """Every parameter that a signal depends on."""
    return DecisionRules(
        decision=decision_parameters(strategy),
        risk=strategy.risk,
        issuing=strategy.issue,
        correlations=strategy.correlations,
    )


def decision_parameters(strategy: Strategy) -> DecisionParameters:
    """What decides on a direction, of all that the strategy holds."""
    return DecisionParameters(
        technical=strategy.technical,
        orderflow=strategy.orderflow,
        onchain=strategy.onchain,
        sentiment=strategy.sentiment,
        memory=strategy.memory,
        confluence=strategy.confluence,
    )
