"""Wires what happens at a candle close: from snapshots to decisions to signals."""

from app.clock import ExchangeClock
from app.settings.strategy import Strategy
from engine.close import DecideAtClose
from engine.decide import DecisionParameters
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
    """Decides on nothing yet."""
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
        ),
        clock=clock,
        decision=DecisionParameters(
            technical=strategy.technical,
            orderflow=strategy.orderflow,
            onchain=strategy.onchain,
            sentiment=strategy.sentiment,
            memory=strategy.memory,
            confluence=strategy.confluence,
        ),
        issuing=strategy.issue,
        patience_wall_seconds=strategy.timing.patience_wall_seconds(clock.speed),
    )
