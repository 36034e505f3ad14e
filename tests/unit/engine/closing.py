"""Six pairs at a close, and everything that decides on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from domain.candles import CLOSE
from domain.decisions import Decision
from domain.market import MarketSnapshot
from domain.timeframes import Timeframe, from_ms, to_ms
from domain.watchlist import WatchedPair
from engine.close import CloseRound, DecideAtClose
from engine.decide import DecisionParameters, decide
from engine.issue import IssueParameters, IssueResult, IssueSignals
from risk.gate import RiskParameters
from risk.risk_per_trade import RiskPerTradeParameters
from tests.builders.market import make_instrument
from tests.fakes.clock import HandClock
from tests.fakes.market import HandFeed, make_market_state, make_ticker
from tests.fakes.storage import InMemoryStorage
from tests.unit.engine.layer_scores import ALONE
from tests.unit.engine.plain_presenter import PlainPresenter
from tests.unit.layers.technical.markets import (
    SOME_CANDLE,
    Market,
    columns_of,
    random_market,
    series_of,
    snapshot,
)

NUMBER = SOME_CANDLE + 8
BOUNDARY = from_ms((NUMBER + 1) * Timeframe.M15.milliseconds)
EAGER = DecisionParameters(confluence=replace(ALONE, medium_threshold=55.0, high_threshold=99.0))
RISK = replace(RiskParameters(), risk_per_trade=RiskPerTradeParameters(score_bands=(85, 75, 50)))
PATIENCE = 6.0
MEND_SECONDS = 30.0
BIDS = [(99.9 - 0.1 * step, 1.0) for step in range(10)]
ASKS = [(100.0 + 0.1 * step, 1.0) for step in range(10)]
"""A book of every pair, so that none is without one; the layer that reads it is off."""


@cache
def lively_markets() -> list[Market]:
    """Four markets that give a signal worth its costs, and two that give none."""
    candidates = [_lively_market(seed) for seed in range(60)]
    signals = [market for market in candidates if _is_worth_a_trade(_decided(market))]
    others = [market for market in candidates if not _decided(market).is_signal]
    assert len(signals) >= 4
    return [*signals[:4], *others[:2]]


def _lively_market(seed: int) -> Market:
    """Six times the usual moves, so that a stop is wide enough to be worth its costs."""
    market = random_market(seed, candles=1200, last=NUMBER)
    about = market[Timeframe.M15].value(CLOSE, -1)
    wider = {}
    for timeframe, series in market.items():
        columns = columns_of(series)
        columns[:4] = about * (columns[:4] / about) ** 6
        wider[timeframe] = series_of(timeframe, series.first_index, columns)
    return wider


def _decided(market: Market) -> Decision:
    return decide(snapshot(market), EAGER)


def _is_worth_a_trade(decision: Decision) -> bool:
    if not decision.is_signal or decision.atr is None or decision.atr_ratio is None:
        return False
    return 0.005 < decision.atr / decision.close < 0.015 and decision.atr_ratio < 2


class ListeningIssue(IssueSignals):
    """Remembers the batches that it was given."""

    batches: list[list[Decision]]

    async def __call__(
        self, decisions: Sequence[Decision], snapshots: Mapping[str, MarketSnapshot]
    ) -> IssueResult:
        self.batches = [*getattr(self, "batches", []), list(decisions)]
        assert [*snapshots] == [decision.symbol for decision in decisions]
        return await super().__call__(decisions, snapshots)


@dataclass
class Desk:
    """Six pairs whose final candles come two seconds after the boundary."""

    storage: InMemoryStorage = field(default_factory=InMemoryStorage)
    mend_seconds: float = MEND_SECONDS

    def __post_init__(self) -> None:
        self.clock = HandClock(BOUNDARY)
        self.feed = HandFeed(clock=self.clock)
        self.market = make_market_state(self.clock)
        self.symbols = [f"P{number}USDT" for number in range(6)]
        for symbol, market in zip(self.symbols, lively_markets(), strict=True):
            self.feed.markets[symbol] = market
            self.feed.delays[symbol] = 2.0
        self.watch(*self.symbols)
        self.issue = ListeningIssue(
            storage=self.storage,
            presenter=PlainPresenter(),
            clock=self.clock,
            risk=RISK,
            parameters=IssueParameters(),
        )
        self.decide = DecideAtClose(
            market=self.market,
            feed=self.feed,
            issue=self.issue,
            clock=self.clock,
            decision=EAGER,
            issuing=IssueParameters(),
            patience_wall_seconds=PATIENCE,
            mend_wall_seconds=self.mend_seconds,
        )

    def watch(self, *symbols: str) -> None:
        self.market.observe(
            instruments={
                symbol: make_instrument(symbol.removesuffix("USDT")) for symbol in symbols
            },
            tickers={symbol: make_ticker(symbol) for symbol in symbols},
        )
        self.market.watch([WatchedPair(symbol=symbol, score=60.0) for symbol in symbols])
        for symbol in symbols:
            self.market.order_flow.on_book(symbol, to_ms(BOUNDARY) - 100, BIDS, ASKS)

    async def close(self) -> CloseRound:
        return await self.decide(BOUNDARY)

    @property
    def batches(self) -> list[list[str]]:
        given = getattr(self.issue, "batches", [])
        return [[decision.symbol for decision in batch] for batch in given]
