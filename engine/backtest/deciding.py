"""What happens at a close that has candidates: the live decision, gate and publication."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.decisions import Decision
from domain.evidence import LayerName
from domain.instruments import to_decimal
from domain.market import MarketSnapshot
from engine.backtest.agenda import Waiting
from engine.backtest.candidates import Candidates
from engine.backtest.clock import SteppedClock
from engine.backtest.snapshots import PastSnapshots
from engine.backtest.storage import BacktestStorage
from engine.backtest.values import TestedStrategy
from engine.decide import decide_rows
from engine.issue import IssueSignals
from risk.breakers import check_all_pairs
from risk.breakers.one_per_pair import OnePerPair
from risk.costs import Terms
from risk.day import DayResult
from risk.gate import check_trade
from risk.state import OpenTrade, RiskState

OnDecision = Callable[[MarketSnapshot, Decision], None]


@dataclass(slots=True, kw_only=True)
class DecideCandidates:
    """Decides on the candidates of a close, and issues what passes the gate.

    `unasked` counts by rule the candidates that were not decided on, because nothing could have
    come of it: their pair has a live trade, a latch or the number of live trades stood in the way
    of everybody, or the levels of the trade break a rule. Of each only the rules of the first of
    these are counted, whether `decide` would have made a signal or not.
    """

    candidates: Mapping[str, Candidates]
    strategy: TestedStrategy
    clock: SteppedClock
    storage: BacktestStorage
    snapshots: PastSnapshots
    issue: IssueSignals
    on_decision: OnDecision | None = None
    unasked: Counter[str] = field(default_factory=Counter)

    async def __call__(self, as_of: datetime, waiting: Sequence[Waiting], at: datetime) -> None:
        """Decide on them as of a boundary, at the instant at which signals are published."""
        self.clock.set(at)
        live = {each.signal.plan.symbol for each in self.storage.signals.live}
        free = [each for each in waiting if each.symbol not in live]
        if len(free) < len(waiting):
            self.unasked[OnePerPair.name] += len(waiting) - len(free)
        blocking = self._blocking(as_of) if free else []
        if blocking:
            self.unasked.update(dict.fromkeys(blocking, len(free)))
        elif free:
            await self._decide(as_of, free)

    def _blocking(self, as_of: datetime) -> list[str]:
        """Names of the rules that stop every pair by what is latched and how many trades are live.

        The live rules over a state in which nothing else has happened: what trips them there trips
        them in the whole state, too.
        """
        state = RiskState(
            now=as_of,
            equity=to_decimal(self.strategy.risk.reference_equity),
            day=DayResult(day=as_of.date()),
            trades=tuple(OpenTrade.of(each) for each in self.storage.signals.live),
            latches=tuple(self.storage.state.latches.values()),
        )
        rulings = check_all_pairs(state, self.strategy.risk.breakers)
        return [ruling.breaker for ruling in rulings if ruling.is_blocking]

    async def _decide(self, as_of: datetime, waiting: Sequence[Waiting]) -> None:
        is_on = LayerName.MEMORY in self.strategy.decision.confluence.layers
        memory = self.storage.outcomes.memory(as_of) if is_on else None
        snapshots: dict[str, MarketSnapshot] = {}
        decisions: list[Decision] = []
        for symbol, row in waiting:
            terms = self.snapshots.terms(symbol, as_of)
            if not self._is_hopeless(terms, symbol, row):
                snapshots[symbol] = snapshot = self.snapshots.snapshot(terms, memory)
                decisions.append(self._decided(snapshot, symbol, row))
        if decisions:
            await self.issue(decisions, snapshots)

    def _is_hopeless(self, terms: Terms, symbol: str, row: int) -> bool:
        scores = self.candidates[symbol].scores
        direction, close, atr = scores.direction(row), scores.close[row], scores.atr[row]
        if direction is None:
            return False
        # The gate's own rules, asked first: candles, words and shares of a decision cost most.
        flaws = check_trade(
            direction,
            float(close),
            float(atr),
            terms,
            self.strategy.risk,
            entry_window=self.strategy.issuing.entry_window,
        )
        self.unasked.update(flaw.rule for flaw in flaws)
        return bool(flaws)

    def _decided(self, snapshot: MarketSnapshot, symbol: str, row: int) -> Decision:
        scores = self.candidates[symbol].scores
        [decision] = decide_rows([snapshot], scores, [row], self.strategy.decision)
        if self.on_decision is not None:
            self.on_decision(snapshot, decision)
        return decision
