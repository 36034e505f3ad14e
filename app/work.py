"""What the bot does: it asks, decides, trades, and looks at the world outside the exchange."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.automatic import build_automatic
from app.foundation import Foundation
from app.measures import Measures
from app.outside import Outside, build_outside
from app.polls import Polls
from app.readiness import build_live_gate
from app.risk import Risk, build_risk
from app.round_wiring import (
    Aftermath,
    build_polls,
    build_rounds,
    schedule_polls,
    schedule_rounds,
)
from app.rounds import Rounds
from app.trading import Trading, TradingGround, build_trading
from app.upkeep.wiring import schedule_upkeep
from domain.signals import FollowedSignal
from engine.execution.offers.automatic import ExecuteAutomatically
from engine.readiness.live_gate import LiveGate


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Each kind of work; `automatic` is None where every signal waits for a press."""

    risk: Risk
    gate: LiveGate
    trading: Trading
    automatic: ExecuteAutomatically | None
    outside: Outside
    rounds: Rounds
    polls: Polls

    def schedule(self, foundation: Foundation) -> None:
        """Everything that comes round, from now on."""
        ground, jobs = foundation.ground, foundation.jobs
        timing = ground.settings.strategy.timing
        schedule_rounds(jobs, self.rounds, ground)
        schedule_polls(jobs, self.polls, ground)
        self.outside.schedule(jobs)
        self.risk.schedule(jobs, timing)
        self.trading.rounds.schedule(jobs, timing)
        schedule_upkeep(jobs, ground, storage=foundation.storage, database=foundation.database)


def build_work(foundation: Foundation, measures: Measures) -> Work:
    """Does nothing yet."""
    ground = foundation.ground
    risk, gate = build_risk(ground), build_live_gate(ground.settings, ground.clock)
    trading = build_trading(TradingGround.on(ground, risk_facts=risk.facts, gate=gate))
    automatic = build_automatic(
        ground.settings, trading, foundation.storage, ground.clock, ground.wake
    )
    outside = build_outside(ground)
    rounds = build_rounds(
        ground,
        risk=risk,
        cache=foundation.cache,
        reader=foundation.reader,
        live_override=gate.override,
        aftermath=Aftermath(
            remember=outside.rounds.poll.remember,
            execute=_nobody if automatic is None else automatic.take,
        ),
        measures=measures,
    )
    return Work(
        risk=risk,
        gate=gate,
        trading=trading,
        automatic=automatic,
        outside=outside,
        rounds=rounds,
        polls=build_polls(ground),
    )


def _nobody(_issued: Sequence[FollowedSignal]) -> None:
    """Signals are executed by whoever presses."""
