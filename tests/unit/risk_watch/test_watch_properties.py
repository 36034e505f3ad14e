"""Reflect the market and turn every trade round: the watch says the same, in mirrored words."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.advice import Advice, AdvisedAction, WatchWarning
from domain.candles import Candle
from domain.correlations import Correlations
from domain.directions import Direction
from domain.order_flow import OrderFlow
from risk.watch import Review, WatchedTrade, WatchParameters, find_leader_move, review_portfolio
from risk.watch.leader import LeaderParameters
from risk.watch.turn_parameters import TurnParameters
from tests.builders.mirrored_order_flow import mirrored
from tests.builders.order_flow import make_book, make_tape, make_window
from tests.unit.risk_watch.watching import (
    AT,
    LAST_INDEX,
    LONG,
    SHORT,
    Gains,
    make_minute,
    make_open,
)

EAGER = WatchParameters(
    turn=TurnParameters(least_signs=1, least_move_atr=0.0, mean_volume_minutes=5, swing_minutes=5),
    leader=LeaderParameters(move_percent=0.2),
)
"""Says something about almost everything."""

_SWAPPED = {
    "buyers": "sellers",
    "sellers": "buyers",
    "lower": "higher",
    "higher": "lower",
    "low": "high",
    "high": "low",
    "lows": "highs",
    "highs": "lows",
    "+": "−",
    "−": "+",
}
_DIRECTED = re.compile(
    r"\b(?:buyers|sellers|lower|higher|lows?|highs?)\b|(?<=price )[+−]|(?<=BTCUSDT )[+−]"
)

seeds = st.integers(0, 2**32 - 1)
"""Of a market: drawn number by number, one would take longer to make than to watch."""


class Market:
    """Trades and minutes by chance."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.trades = [self.trade(number) for number in range(self.random.randint(1, 4))]
        self.leader = candles_of(self.path(), LONG)
        self.correlation = self.random.choice((None, 0.9, 0.1, -0.9))

    def path(self) -> list[Gains]:
        """Steps of hundredths, so that the reflection of a price is exact."""
        minutes, at, drift = list[Gains](), 0, self.random.choice((-25, -10, 0, 10))
        for _ in range(self.random.randint(12, 30)):
            close = at + drift + self.random.randint(-30, 30)
            volume = self.random.choice((100.0, 100.0, 200.0, 900.0))
            minutes.append(
                Gains(
                    open=at / 100,
                    close=close / 100,
                    best=(max(at, close) + self.random.choice((0, 5, 60))) / 100,
                    worst=(min(at, close) - self.random.choice((0, 5, 20))) / 100,
                    volume=volume,
                    against=volume * self.random.choice((0.25, 0.5, 0.75, 0.75)),
                )
            )
            at = close
        return minutes

    def trade(self, number: int) -> WatchedTrade:
        direction = self.random.choice((LONG, SHORT))
        candles = candles_of(self.path(), direction)
        held, base = self.random.randint(0, 130), f"C{number}"
        return WatchedTrade(
            followed=make_open(direction, signal_id=number, base=base, held_minutes=held),
            minutes=candles,
            price=Decimal(str(candles[-1].close)),
            order_flow=self.flow(),
            leader_correlation=self.random.choice((None, 0.9, 0.5, 0.1, -0.5, -0.9)),
        )

    def flow(self) -> OrderFlow | None:
        newest, whole = self.random.choice(((0.125, 0.75), (0.875, 0.25), (0.5, 0.5)))
        windows = (make_window(60, newest, 512.0), make_window(300, whole, 2048.0))
        flow = OrderFlow(book=make_book(depth_ratio=0.5), tape=make_tape(windows=windows))
        return self.random.choice((None, flow))


def candles_of(path: Sequence[Gains], direction: Direction) -> tuple[Candle, ...]:
    first = LAST_INDEX - len(path) + 1
    return tuple(make_minute(gains, first + n, direction) for n, gains in enumerate(path))


def reflect(candle: Candle, around: float = 100.0) -> Candle:
    """Around the price that percents are taken of: for a trade its entry, which is 100."""
    return replace(
        candle,
        open=round(2 * around - candle.open, 2),
        high=round(2 * around - candle.low, 2),
        low=round(2 * around - candle.high, 2),
        close=round(2 * around - candle.close, 2),
        taker_buy_volume=candle.volume - candle.taker_buy_volume,
    )


def turn_round(trade: WatchedTrade) -> WatchedTrade:
    flow = trade.order_flow
    followed = trade.followed
    held = round((AT - (followed.course.triggered_at or AT)).total_seconds() / 60)
    base = followed.signal.instrument.base
    return replace(
        trade,
        followed=make_open(
            trade.direction.opposite, signal_id=trade.signal_id, base=base, held_minutes=held
        ),
        minutes=tuple(reflect(candle) for candle in trade.minutes),
        price=200 - trade.price,
        order_flow=None if flow is None else mirrored(flow),
    )


def turn_words_round(text: str) -> str:
    return _DIRECTED.sub(lambda match: _SWAPPED[match[0]], text)


def turn_advice_round(advice: Advice) -> Advice:
    return replace(
        advice,
        reasons=tuple(turn_words_round(reason) for reason in advice.reasons),
        stop=None if advice.stop is None else 200 - advice.stop,
    )


def review(
    watched: Sequence[WatchedTrade], leader: Sequence[Candle], correlation: float | None
) -> Review:
    symbols = sorted(trade.symbol for trade in watched)
    pairs = [(a, b) for a in symbols for b in symbols if a < b]
    values = {} if correlation is None else dict.fromkeys(pairs, correlation)
    return review_portfolio(
        watched,
        leader=find_leader_move(leader, EAGER.leader),
        correlations=Correlations(as_of=AT, values=values),
        equity=Decimal(10_000),
        at=AT,
        parameters=EAGER,
    )


@settings(max_examples=60)
@given(seeds)
def test_reflected_market_gives_the_same_advice(seed: int) -> None:
    market = Market(seed)
    one = review(market.trades, market.leader, market.correlation)
    other = review(
        [turn_round(trade) for trade in market.trades],
        [reflect(candle, around=market.leader[-5].open) for candle in market.leader],
        market.correlation,
    )
    assert tuple(turn_advice_round(each) for each in one.advice) == other.advice
    assert one.health.score == pytest.approx(other.health.score, abs=1e-9)


@settings(max_examples=60)
@given(seeds)
def test_score_and_points_stay_within_their_ranges(seed: int) -> None:
    market = Market(seed)
    health = review(market.trades, market.leader, market.correlation).health
    assert 0.0 <= health.score <= 100.0
    assert all(0.0 <= factor.points <= factor.most for factor in health.factors)
    assert sum(factor.most for factor in health.factors) == 100.0


@settings(max_examples=60)
@given(seeds)
def test_tightened_stop_lies_between_the_stop_in_force_and_the_price(seed: int) -> None:
    market = Market(seed)
    by_id = {trade.signal_id: trade for trade in market.trades}
    for advice in review(market.trades, market.leader, market.correlation).advice:
        if advice.stop is not None and advice.signal_id is not None:
            trade = by_id[advice.signal_id]
            sign = trade.direction.sign
            assert sign * trade.followed.course.stop < sign * advice.stop < sign * trade.price


@settings(max_examples=60)
@given(seeds)
def test_turn_of_a_trade_does_not_depend_on_the_others(seed: int) -> None:
    trades = Market(seed).trades
    alone = [advice for trade in trades for advice in turns([trade])]
    assert turns(trades) == alone


def turns(trades: Sequence[WatchedTrade]) -> list[Advice]:
    advice = review(trades, (), None).advice
    return [each for each in advice if each.warning is WatchWarning.TURN]


def test_markets_by_chance_give_advice_of_every_kind() -> None:
    markets = [Market(seed) for seed in range(100)]
    found = [
        advice
        for market in markets
        for advice in review(market.trades, market.leader, market.correlation).advice
    ]
    words = " ".join(reason for advice in found for reason in advice.reasons)
    assert {each.warning for each in found} == set(WatchWarning) - {WatchWarning.DRAWDOWN}
    assert {each.action for each in found} == set(AdvisedAction)
    for sign in ("outweigh", "times its mean", "flipped", "closed beyond", "rejected"):
        assert sign in words
