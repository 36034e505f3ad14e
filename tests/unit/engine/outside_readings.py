"""A market that gives a direction, and what four other layers may say of it."""

from dataclasses import replace
from functools import cache

from hypothesis import strategies as st

from domain.directions import Direction
from domain.market import MarketSnapshot
from domain.market_regime import Regime
from domain.memory import Memory, Origin, PastOutcome, Setup
from domain.onchain import OnChain, StablecoinReading, WhaleReading
from domain.order_flow import OrderFlow
from domain.sentiment import FearGreed, MacroReading, MacroState, RegimeReading, Sentiment
from domain.timeframes import to_ms
from engine.decide import DecisionParameters, decide
from layers.memory import OutcomeBook
from tests.builders.order_flow import make_book, make_tape
from tests.unit.engine.layer_scores import ALONE
from tests.unit.layers.technical.markets import random_market, snapshot

ALONE_PARAMETERS = DecisionParameters(confluence=ALONE)
MINUTE_MS = 60_000


@cache
def leaning_market(direction: Direction) -> MarketSnapshot:
    """The first random market of which the indicators alone make a signal, at a usual hour."""
    snapshots = (snapshot(random_market(seed, candles=1200)) for seed in range(300))
    return next(
        each
        for each in snapshots
        if (decision := decide(each, ALONE_PARAMETERS)).is_signal
        and decision.direction is direction
        and each.as_of.hour not in ALONE.low_quality_hours
    )


def flow_for(direction: Direction, market: MarketSnapshot, strength: float = 0.7) -> OrderFlow:
    """Book and trades that lean so far that way; at most 1, below 0 the other."""
    lean, at_ms = strength * direction.sign, to_ms(market.as_of)
    return OrderFlow(
        book=make_book(lean, exchange_ms=at_ms - 100),
        tape=make_tape(0.5 + lean / 2, at_ms=at_ms, last_trade_ms=at_ms - 100),
    )


def chain_for(direction: Direction, market: MarketSnapshot, usd: float = 5e6) -> OnChain:
    """Large transfers and dollars of one kind; below 0 those of the other."""
    at_ms = to_ms(market.as_of)
    leaves = usd * direction.sign > 0.0
    return OnChain(
        at_ms=at_ms,
        answered_ms=at_ms - MINUTE_MS,
        whales=WhaleReading(
            deposits=0 if leaves else 2,
            withdrawals=2 if leaves else 0,
            deposited_usd=0.0 if leaves else abs(usd),
            withdrawn_usd=abs(usd) if leaves else 0.0,
            deposits_in_a_row=0 if leaves else 2,
            withdrawals_in_a_row=2 if leaves else 0,
            largest=None,
        ),
        stablecoins=StablecoinReading(
            to_exchanges_usd=abs(usd) if leaves else 0.0,
            from_exchanges_usd=0.0 if leaves else abs(usd),
            supply_change_percent=0.0,
        ),
    )


def mood_for(
    direction: Direction,
    market: MarketSnapshot,
    *,
    regime: Regime | None = Regime.RISK_ON,
    fear: int = 20,
) -> Sentiment:
    """An index of `fear` for a long, its mirror for a short; a calm world outside."""
    at_ms = to_ms(market.as_of)
    return Sentiment(
        at_ms=at_ms,
        answered_ms=at_ms - MINUTE_MS,
        fear_greed=FearGreed(
            value=fear if direction is Direction.LONG else 100 - fear,
            published_ms=at_ms - 60 * MINUTE_MS,
        ),
        regime=None if regime is None else _regime(regime, at_ms),
        macro=MacroReading(state=MacroState.CALM, since_ms=at_ms - 60 * MINUTE_MS, changes={}),
    )


def memory_of(setup: Setup, market: MarketSnapshot, *, won: int, lost: int) -> Memory:
    """So many published trades of a setup."""
    at_ms = to_ms(market.as_of)
    kept = OutcomeBook()
    for number, result in enumerate([1.5] * won + [-1.0] * lost):
        decided_ms = at_ms - (number + 20) * 15 * MINUTE_MS
        kept.add(
            PastOutcome(
                symbol="BTCUSDT",
                setup=setup,
                origin=Origin.LIVE,
                realised_r=result,
                decided_ms=decided_ms,
                known_ms=decided_ms + 60 * MINUTE_MS,
            )
        )
    return kept.as_of(at_ms)


def agreeing(direction: Direction, regime: Regime | None = Regime.RISK_ON) -> MarketSnapshot:
    """A market of which everybody but memory has something good to say for a direction."""
    market = leaning_market(direction)
    return replace(
        market,
        order_flow=flow_for(direction, market),
        onchain=chain_for(direction, market),
        sentiment=mood_for(direction, market, regime=regime),
    )


@st.composite
def outside_views(draw: st.DrawFn) -> tuple[Direction, MarketSnapshot]:
    """A leaning market, and flow, chains and sentiment that say anything, or are not there."""
    direction = draw(st.sampled_from(Direction))
    market = leaning_market(direction)
    signed = st.floats(-1.0, 1.0)
    regime = draw(st.none() | st.sampled_from([each for each in Regime if each != "UNKNOWN"]))
    mood = mood_for(direction, market, regime=regime, fear=draw(st.integers(0, 100)))
    return direction, replace(
        market,
        order_flow=draw(st.none() | st.just(flow_for(direction, market, draw(signed)))),
        onchain=draw(st.none() | st.just(chain_for(direction, market, 5e6 * draw(signed)))),
        sentiment=draw(st.none() | st.just(mood)),
    )


def _regime(regime: Regime, at_ms: int) -> RegimeReading:
    return RegimeReading(
        regime=regime,
        since_ms=at_ms - 180 * MINUTE_MS,
        btc_change_percent=1.4,
        cap_change_percent=1.1,
        dominance_change_points=-0.2,
    )
