"""A desk whose signals are kept with what they were decided on, and their replay."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.presenters.html_presenter import HtmlPresenter
from db.input_codec import InputEncoder, decode_inputs
from engine.close import CloseRound, DecideAtClose
from engine.inputs import (
    DecisionRules,
    Difference,
    KeepInputsOf,
    Part,
    ReplayedSignal,
    ReplaySignal,
    SignalInputs,
)
from engine.issue import IssueParameters, IssueSignals
from engine.ports.storage import Storage
from risk.risk_per_trade import RiskPerTradeParameters
from tests.fakes.storage import InMemoryStorage
from tests.unit.engine.closing import BOUNDARY, EAGER, MEND_SECONDS, PATIENCE, RISK, Desk

RULES = DecisionRules(
    decision=EAGER,
    risk=replace(RISK, risk_per_trade=RiskPerTradeParameters(score_bands=(85.0, 75.0, 50.0))),
)
VERSION_THEN = "0.0.9"
FIRST = 1
"""The number of the first signal."""


@dataclass
class KeepingDesk:
    """Six pairs at a close, of which some become signals."""

    kept: InMemoryStorage = field(default_factory=InMemoryStorage)
    wrap: Callable[[Storage], Storage] = lambda storage: storage

    def __post_init__(self) -> None:
        self.desk = Desk(storage=self.kept)

    async def close(self) -> CloseRound:
        desk = self.desk
        decide = DecideAtClose(
            market=desk.market,
            feed=desk.feed,
            issue=IssueSignals(
                storage=self.wrap(self.kept),
                presenter=HtmlPresenter(),
                clock=desk.clock,
                risk=RULES.risk,
                parameters=IssueParameters(),
                keep_inputs=KeepInputsOf(rules=RULES, version=VERSION_THEN, encode=InputEncoder()),
            ),
            clock=desk.clock,
            decision=EAGER,
            issuing=IssueParameters(),
            patience_wall_seconds=PATIENCE,
            mend_wall_seconds=MEND_SECONDS,
        )
        return await decide(BOUNDARY)

    async def content(self, signal_id: int = FIRST) -> bytes:
        async with self.kept() as unit:
            content = await unit.inputs.find_for_signal(signal_id)
        assert content is not None
        return content

    async def inputs(self, signal_id: int = FIRST) -> SignalInputs:
        return decode_inputs(await self.content(signal_id)).inputs

    async def replay(self, signal_id: int = FIRST) -> ReplayedSignal:
        return await ReplaySignal(
            storage=self.kept, decode=decode_inputs, presenter=HtmlPresenter()
        )(signal_id)


def names(found: tuple[Difference, ...]) -> set[str]:
    return {each.name for each in found}


def of(found: ReplayedSignal, part: Part) -> tuple[Difference, ...]:
    return next(each.differences for each in found.replayed.parts if each.part is part)
