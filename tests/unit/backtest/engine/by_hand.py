"""The live use cases, driven by hand minute by minute over the candles of a backtest."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from domain.candles import Candle
from domain.correlations import Correlations
from domain.evidence import LayerName
from domain.ledger import LedgerEntry
from domain.market import MarketSnapshot
from domain.memory import Memory
from domain.timeframes import Timeframe, to_ms
from engine.backtest.values import PairHistory, TestedStrategy
from engine.commands import ResumeSignals
from engine.correlations import CorrelationState
from engine.decide import decide_all
from engine.drawdown import WatchDrawdown
from engine.follow import FollowSignals
from engine.issue import IssueSignals
from engine.risk_state import RiskFacts
from layers.memory import OutcomeBook
from tests.fakes.clock import HandClock
from tests.fakes.market import HandFeed
from tests.fakes.storage import InMemoryStorage
from tests.unit.engine.plain_presenter import PlainPresenter

MINUTE = timedelta(minutes=1)


@dataclass
class FeedOfHistories(HandFeed):
    """Candles of histories as they close, in the timeframe that each pair is followed on."""

    histories: Mapping[str, PairHistory] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.markets = {symbol: dict(each.candles) for symbol, each in self.histories.items()}
        self.delays = dict.fromkeys(self.histories, 0.0)

    async def minute_candles(self, symbol: str, *, after_index: int) -> Sequence[Candle]:
        history = self.histories[symbol]
        series = history.candles[history.finest]
        newest = history.finest.last_closed_index(to_ms(self.clock.now()))
        numbers = range(after_index + 1, min(newest, series.last_index) + 1)
        return [series.candle(number - series.first_index) for number in numbers]


class LiveByHand:
    """Decides at each boundary, follows and watches at each minute, resumes at each midnight."""

    def __init__(
        self,
        histories: Mapping[str, PairHistory],
        strategy: TestedStrategy,
        start: datetime,
        *,
        clock: HandClock | None = None,
        delay: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self.histories = histories
        self.strategy = strategy
        self.storage, self.clock = InMemoryStorage(), clock or HandClock(start)
        self._delay = delay
        self.feed = FeedOfHistories(clock=self.clock, histories=histories)
        self.correlations = CorrelationState(strategy.correlations)
        facts = RiskFacts(price=self._price, correlations=self._correlations)
        presenter = PlainPresenter()
        self.issue = IssueSignals(
            storage=self.storage,
            presenter=presenter,
            clock=self.clock,
            risk=strategy.risk,
            parameters=strategy.issuing,
            facts=facts,
        )
        self.follow = FollowSignals(
            storage=self.storage,
            presenter=presenter,
            clock=self.clock,
            feed=self.feed,
            timeframe_of=lambda symbol: histories[symbol].finest,
        )
        self.watch = WatchDrawdown(
            storage=self.storage,
            presenter=presenter,
            clock=self.clock,
            risk=strategy.risk,
            facts=facts,
        )
        self.resume = ResumeSignals(self.storage, self.clock)

    async def run(self, start: datetime, end: datetime) -> list[LedgerEntry]:
        """The record of all closes and minutes with start <= t < end."""
        assumed = self.strategy.assumed
        at = start
        while at < end:
            self.clock.set(at)
            if at.hour == at.minute == 0:
                await self.resume("somebody")
            turns = [
                (assumed.publication_seconds + self._delay(), self._close),
                (assumed.outcome_seconds + self._delay(), self._look),
            ]
            for seconds, turn in sorted(turns, key=lambda each: each[0]):
                self.clock.set(at + timedelta(seconds=seconds))
                if self.clock.now() < end:
                    await turn(at)
            at += MINUTE
        async with self.storage() as unit:
            return await unit.ledger.list_from(1, limit=1_000_000)

    async def _look(self, _at: datetime) -> None:
        await self.follow()
        await self.watch()

    async def _close(self, as_of: datetime) -> None:
        if as_of.minute % 15:
            return
        ready = [symbol for symbol in self.histories if self.feed.is_ready(symbol, as_of)]
        memory = await self._memory(as_of)
        snapshots = {
            symbol: MarketSnapshot(
                instrument=self.histories[symbol].instrument,
                as_of=as_of,
                candles=self.feed.series(symbol, as_of),
                memory=memory,
            )
            for symbol in ready
        }
        for symbol, snapshot in snapshots.items():
            self.correlations.observe(symbol, snapshot.candles[Timeframe.H1])
        decisions = decide_all(list(snapshots.values()), self.strategy.decision)
        await self.issue(decisions, snapshots)

    async def _memory(self, as_of: datetime) -> Memory | None:
        if LayerName.MEMORY not in self.strategy.decision.confluence.layers:
            return None
        book = OutcomeBook()
        async with self.storage() as unit:
            for outcome in await unit.outcomes.list_all():
                book.add(outcome)
        return book.as_of(to_ms(as_of))

    def _price(self, symbol: str) -> Decimal | None:
        history = self.histories[symbol]
        series = history.candles[history.finest]
        newest = history.finest.last_closed_index(to_ms(self.clock.now()))
        if newest > series.last_index:
            return None
        return history.instrument.price(series.candle(newest - series.first_index).close)

    def _correlations(self, as_of: datetime, live: Collection[str]) -> Correlations:
        return self.correlations.correlations(as_of, self.histories)
