"""Inputs of signals: a whole one, and any there may be, with odd numbers and missing parts."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
from hypothesis import strategies as st

from domain.accounts import ExecutionMode
from domain.breakers import Latch
from domain.candles import COLUMN_COUNT, CandleSeries
from domain.correlations import Correlations
from domain.derivatives import Funding
from domain.directions import Direction
from domain.instruments import Instrument
from domain.market import MarketSnapshot
from domain.market_regime import Regime
from domain.memory import Memory, Origin, OutcomeCount, PairClass, Setup, Trend
from domain.sentiment import (
    FearGreed,
    LapsedRegime,
    MacroReading,
    MacroSeries,
    MacroState,
    RegimeReading,
    Sentiment,
    SocialReading,
)
from domain.timeframes import Timeframe, from_ms, to_ms
from domain.trading_state import PauseState
from engine.inputs import DecisionRules, SignalInputs
from engine.issue import IssueParameters
from risk.day import DayResult
from risk.state import EndedTrade, OpenTrade, RiskState
from tests.builders.any_order_flow import order_flows
from tests.builders.market import make_candles, make_instrument
from tests.builders.outside import A_SETUP
from tests.builders.signals import CLOSED_AT, PUBLISHED_AT
from tests.unit.layers.onchain.any_chain import onchains
from tests.unit.risk.trade_builders import make_state

CLOSED_MS = to_ms(CLOSED_AT)
LATEST = datetime(2027, 1, 1, tzinfo=UTC)
"""As of then, whatever the strategies of readings come up with is known."""

_odd = st.floats(allow_nan=True, allow_infinity=True)
_maybe = st.none() | _odd
_times = st.integers(1_577_836_800_000_000, 1_893_456_000_000_000).map(
    lambda microseconds: from_ms(0) + timedelta(microseconds=microseconds)
)
"""From 2020 to 2030."""
_money = st.integers(-(10**17), 10**17).map(lambda units: Decimal(units).scaleb(-8))
_symbols = st.sampled_from(("ADAUSDT", "BTCUSDT", "ETHUSDT"))


def make_inputs() -> SignalInputs:
    """Whole, but without the readings of order flow, chains and sentiment."""
    candles = {Timeframe.M15: make_candles(CLOSED_AT), Timeframe.M5: make_candles(CLOSED_AT)}
    return SignalInputs(
        version="0.1.0",
        rules=DecisionRules(),
        signal_id=12,
        published_at=PUBLISHED_AT,
        sequence=34,
        mode=None,
        snapshot=MarketSnapshot(
            instrument=make_instrument(), as_of=CLOSED_AT, candles=candles, memory=_memory(A_SETUP)
        ),
        state=make_state(),
    )


def inputs() -> st.SearchStrategy[SignalInputs]:
    """Any inputs."""
    return st.builds(
        SignalInputs,
        version=st.text(max_size=8),
        rules=st.builds(
            DecisionRules,
            issuing=st.builds(IssueParameters, entry_window_seconds=st.floats(450.0, 3600.0)),
        ),
        signal_id=st.integers(1, 2**40),
        published_at=_times,
        sequence=st.integers(1, 2**40),
        mode=st.none() | st.sampled_from(ExecutionMode),
        snapshot=snapshots(),
        state=states(),
    )


@st.composite
def snapshots(draw: st.DrawFn) -> MarketSnapshot:
    """Any snapshot; its candles hold any floats at all."""
    timeframes = draw(st.sets(st.sampled_from(Timeframe)))
    return MarketSnapshot(
        instrument=draw(_instruments()),
        as_of=LATEST,
        candles={timeframe: draw(_series(timeframe)) for timeframe in timeframes},
        spread_percent=draw(_maybe),
        funding=draw(st.none() | st.builds(Funding, rate=_odd, next_at=_times)),
        order_flow=draw(st.none() | order_flows()),
        onchain=draw(st.none() | onchains()),
        sentiment=draw(st.none() | sentiments()),
        memory=draw(st.none() | _memories()),
    )


def states() -> st.SearchStrategy[RiskState]:
    """Any state of an account."""
    return st.builds(
        RiskState,
        now=_times,
        equity=st.decimals(min_value=Decimal("0.01"), max_value=10**12, allow_nan=False),
        day=st.builds(
            DayResult, day=st.dates(), realised_percent=_money, unpriced=st.tuples(_symbols)
        ),
        pause=st.builds(
            PauseState, is_paused=st.booleans(), since=st.none() | _times, reason=st.text()
        ),
        trades=st.lists(
            st.builds(
                OpenTrade,
                symbol=_symbols,
                direction=st.sampled_from(Direction),
                loss_at_stop=_money,
                notional=_money,
                margin=_money,
            ),
            max_size=3,
        ).map(tuple),
        published_at=st.lists(_times, max_size=3).map(tuple),
        stopped_at=st.dictionaries(_symbols, _times),
        ended=st.lists(
            st.builds(EndedTrade, symbol=_symbols, ended_at=_times, net_r=_money), max_size=3
        ).map(tuple),
        macro=st.none() | _macros(),
        latches=st.lists(
            st.builds(
                Latch,
                breaker=st.text(),
                level=st.integers(1, 5),
                tripped_at=_times,
                text=st.text(),
                resumed_at=st.none() | _times,
            ),
            max_size=2,
        ).map(tuple),
        correlations=st.builds(
            Correlations,
            as_of=st.none() | _times,
            values=st.dictionaries(st.tuples(_symbols, _symbols), _odd),
        ),
        clock_age_seconds=_maybe,
    )


def sentiments() -> st.SearchStrategy[Sentiment]:
    """Any sentiment, with any of its parts missing."""
    regime = st.sampled_from(Regime)
    ms = st.integers(0, CLOSED_MS)
    return st.builds(
        Sentiment,
        at_ms=ms,
        answered_ms=ms,
        fear_greed=st.none() | st.builds(FearGreed, value=st.integers(0, 100), published_ms=ms),
        social=st.none()
        | st.builds(
            SocialReading,
            mentions=st.integers(0, 10**6),
            usual=_maybe,
            hours_known=st.integers(0, 168),
            tone=_maybe,
            viral=_maybe,
            growth=_maybe,
            dropped=st.integers(0, 10**6),
        ),
        regime=st.none()
        | st.builds(
            RegimeReading,
            regime=regime,
            since_ms=ms,
            btc_change_percent=_odd,
            cap_change_percent=_odd,
            dominance_change_points=_odd,
        ),
        macro=st.none() | _macros(),
        lapsed_regime=st.none() | st.builds(LapsedRegime, regime=regime, since_ms=ms),
    )


def _macros() -> st.SearchStrategy[MacroReading]:
    return st.builds(
        MacroReading,
        state=st.sampled_from(MacroState),
        since_ms=st.integers(0, CLOSED_MS),
        changes=st.dictionaries(st.sampled_from(MacroSeries), _odd),
        cause=st.text(),
    )


def _instruments() -> st.SearchStrategy[Instrument]:
    steps = st.decimals(min_value=Decimal("1e-8"), max_value=10, allow_nan=False)
    return st.builds(
        Instrument,
        symbol=_symbols,
        base=st.text(min_size=1),
        quote=st.just("USDT"),
        tick=steps,
        step=steps,
        minimum_quantity=steps,
        minimum_notional=steps,
        maximum_quantity=st.none() | steps,
        listed_at=st.none() | _times,
    )


@st.composite
def _series(draw: st.DrawFn, timeframe: Timeframe) -> CandleSeries:
    count = draw(st.integers(1, 3))
    size = COLUMN_COUNT * count
    values = np.array(draw(st.lists(_odd, min_size=size, max_size=size)), dtype=np.float64)
    first = timeframe.last_closed_index(CLOSED_MS) - draw(st.integers(count, 10**4))
    columns = memoryview(values.tobytes()).cast("d", (COLUMN_COUNT, count))
    return CandleSeries(timeframe, first, columns)


@st.composite
def _memories(draw: st.DrawFn) -> Memory:
    setups = st.builds(
        Setup,
        direction=st.sampled_from(Direction),
        regime=st.sampled_from(Regime),
        trend=st.sampled_from(Trend),
        score_band=st.integers(0, 19).map(lambda band: 5 * band),
        pair_class=st.sampled_from(PairClass),
    )
    return _memory(*draw(st.lists(setups, max_size=4)), total_r=draw(_odd))


def _memory(*setups: Setup, total_r: float = 1.25) -> Memory:
    count = OutcomeCount(trades=3, wins=2, total_r=total_r)
    counts = {
        setup.likeness(features): dict.fromkeys(Origin, count)
        for setup in setups
        for features in range(1, 6)
    }
    return Memory(at_ms=to_ms(CLOSED_AT - timedelta(minutes=1)), counts=counts)
