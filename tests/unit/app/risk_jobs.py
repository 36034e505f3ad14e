"""The jobs around the risk gate, over a desk whose clock is moved by hand."""

from collections.abc import Callable
from decimal import Decimal

from app.risk_rounds import RiskRounds
from engine.correlations import CorrelationParameters, CorrelationState
from engine.drawdown import WatchDrawdown
from engine.follow_shadows import FollowShadows
from engine.issue import IssueParameters
from engine.note_shadows import NoteShadows
from engine.observe_trades import ObserveTrades
from engine.poll_correlations import PollCorrelations
from engine.portfolio_watch import WatchPortfolio
from engine.ports.storage import Storage
from engine.shadows import ShadowParameters, ShadowRules
from risk.gate import RiskParameters
from risk.watch import WatchParameters
from tests.fakes.market import HandFacts
from tests.unit.engine.closing import Desk
from tests.unit.engine.plain_presenter import PlainPresenter


def risk_rounds_of(
    desk: Desk, facts: HandFacts, wake: Callable[[], None], storage: Storage | None = None
) -> RiskRounds:
    """With the settings of the shipped strategy; on the desk's storage unless another is told."""
    storage, clock, risk = storage or desk.storage, desk.clock, RiskParameters()
    presenter, correlations = PlainPresenter(), CorrelationState(CorrelationParameters())
    return RiskRounds(
        watch_drawdown=WatchDrawdown(storage=storage, presenter=presenter, clock=clock, risk=risk),
        watch_portfolio=WatchPortfolio(
            storage=storage,
            observe=ObserveTrades(
                feed=desk.feed,
                facts=facts,
                order_flow=desk.market.order_flow.order_flow,
                parameters=WatchParameters(),
            ),
            correlations=correlations,
            presenter=presenter,
            clock=clock,
            equity=Decimal(10_000),
            parameters=WatchParameters(),
        ),
        note_shadows=NoteShadows(
            storage=storage,
            rules=ShadowRules(shadows=ShadowParameters(), risk=risk, issuing=IssueParameters()),
        ),
        follow_shadows=FollowShadows(storage=storage, feed=desk.feed, clock=clock),
        poll_correlations=PollCorrelations(
            facts=facts,
            storage=storage,
            state=correlations,
            clock=clock,
            watched=desk.market.symbols,
            is_room=lambda: True,
        ),
        wake=wake,
    )
