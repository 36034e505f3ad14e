"""What a backtest is asked and what it answers, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from domain.candles import CandleSeries
from domain.derivatives import Funding
from domain.evidence import LayerName
from domain.instruments import Instrument
from domain.ledger import LedgerEntry
from domain.onchain import OnChain
from domain.order_flow import OrderFlow
from domain.parameters import Parameters, parameter
from domain.sentiment import Sentiment
from domain.signals import FollowedSignal
from domain.timeframes import Timeframe
from engine.correlations import CorrelationParameters
from engine.decide import DecisionParameters
from engine.issue import IssueParameters
from engine.statistics.values import Statistics
from risk.gate import RiskParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingPayment:
    """A funding that was settled: when, and the rate that longs paid to shorts (a fraction)."""

    at_ms: int
    rate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PairHistory:
    """Closed candles of one pair, each timeframe without a gap, and what else is known of its past.

    A timeframe that cannot be made of the data is not in `candles`. `finest` is the one that
    signals are followed on: the shortest there is, unless a coarser one is asked for.
    `is_inferred` says that tick and step were read off the candles because the venue's own filters
    are not there. `listed_ms` is the pair's listing, where the candles begin with it: then there is
    no earlier history that live would have had.
    """

    instrument: Instrument
    candles: Mapping[Timeframe, CandleSeries]
    finest: Timeframe
    funding: tuple[FundingPayment, ...] = ()
    is_inferred: bool = False
    listed_ms: int | None = None

    @property
    def symbol(self) -> str:
        """The venue's own id."""
        return self.instrument.symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What was known of a pair at a boundary beside its candles, as it was recorded then.

    `known_at` is when it was known: never later than the decision that may look at it.
    """

    known_at: datetime
    spread_percent: float | None = None
    funding: Funding | None = None
    order_flow: OrderFlow | None = None
    onchain: OnChain | None = None
    sentiment: Sentiment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestParameters(Parameters):
    """What has to be assumed where only the live run would know."""

    publication_seconds: float = parameter(
        3.0,
        doc="how long after a close its signals count as published",
        unit="seconds",
        source="design 8: final candle 2 s after the close, our part on top",
        low=0.001,
        high=59,
    )
    outcome_seconds: float = parameter(
        4.0,
        doc="how long after the close of a minute what it brought is written down",
        unit="seconds",
        source="the settle delay of the job that follows signals, and its work",
        low=0.001,
        high=59,
    )
    resume_hours: float = parameter(
        0.0,
        doc="how long after midnight UTC an operator resumes after a drawdown stop; 8760 is never",
        unit="hours",
        source="own choice: an operator who looks once a day",
        low=0,
        high=8760,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TestedStrategy:
    """Everything that decides on a trade: the same groups the live bot is started with."""

    __test__ = False

    decision: DecisionParameters = field(default_factory=DecisionParameters)
    risk: RiskParameters = field(default_factory=RiskParameters)
    issuing: IssueParameters = field(default_factory=IssueParameters)
    correlations: CorrelationParameters = field(default_factory=CorrelationParameters)
    assumed: BacktestParameters = field(default_factory=BacktestParameters)


@dataclass(frozen=True, slots=True, kw_only=True)
class Excursion:
    """How far a trade went against and for its holder before it ended, in R, both 0 or more.

    J. Sweeney, "Maximum Adverse Excursion" (1997): of the candles from entry to end.
    """

    adverse_r: float
    favourable_r: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PairCoverage:
    """What one pair brought: closes that could be decided on, and those that only warmed up."""

    symbol: str
    decided: int
    warming_up: int
    finest: Timeframe
    first: datetime
    last: datetime
    is_inferred: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestResult:
    """The record that a live run would have left, and how it came about.

    `start` and `end` bound the closes decided on. `signals` are all published ones with their
    courses, in order of publication, `entries` their ledger. `decided` counts pairs and closes,
    `discards` and `denials` how often each reason stood in the way (a decision may have several).
    `layers_missing` are layers that are switched on and for which nothing was ever known.
    `warnings` are what a reader must know before believing the figures.
    """

    start: datetime
    end: datetime
    strategy: TestedStrategy
    pairs: tuple[PairCoverage, ...]
    signals: tuple[FollowedSignal, ...]
    entries: tuple[LedgerEntry, ...]
    statistics: Statistics
    excursions: Mapping[int, Excursion]
    decided: int
    candidates: int
    discards: Mapping[str, int]
    denials: Mapping[str, int]
    layers_missing: tuple[LayerName, ...]
    warnings: tuple[str, ...]
    equity: Decimal
