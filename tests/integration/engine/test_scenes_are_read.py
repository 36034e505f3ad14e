"""Scenes of the simulated venue, through the bot's own decoders, are read for what they are."""

from collections.abc import Iterator
from typing import Final

import pytest

from domain.derivatives import OpenInterestObservation
from domain.order_book import BookSide
from domain.order_flow import OrderFlow
from domain.timeframes import from_ms
from engine.order_flow import OrderFlowState
from exchanges.binance.flow_frames import FlowFrames
from exchanges.simulator import (
    Scenario,
    SimulatorClock,
    SimulatorSettings,
    synthetic_market,
    with_scenarios,
)
from exchanges.simulator.floor import TradingFloor
from exchanges.simulator.market.derivatives import open_interest
from exchanges.simulator.streams.books import BookPublisher
from exchanges.simulator.streams.frames import Frame, Slice
from exchanges.simulator.streams.liquidations import LiquidationPublisher
from exchanges.simulator.streams.names import parse_stream
from exchanges.simulator.streams.trades import TradePublisher
from layers.orderflow import OrderFlowParameters, score_order_flow
from layers.orderflow.honesty import trust
from tests.builders.market import make_instrument
from tests.fakes.clock import HandClock

SYMBOL: Final = "BTCUSDT"
MINUTE_MS: Final = 60_000
LEAD_MS: Final = 2 * MINUTE_MS
SLICE_MS: Final = 500
INTEREST_EVERY_MS: Final = 15_000


class Watched:
    """The pair from two minutes before a scene on, as the bot hears it."""

    def __init__(self, name: str) -> None:
        quiet = synthetic_market(pairs=2, seed=3, history_minutes=1500, forward_minutes=30)
        self.begin_ms = quiet.start_ms + LEAD_MS
        scene = Scenario(name=name, symbol=SYMBOL, start_ms=self.begin_ms)
        market = with_scenarios(quiet, [scene])
        self.pair = market.by_symbol[SYMBOL]
        clock = SimulatorClock(market.start_ms, 1.0, lambda: 0.0)
        self._floor = TradingFloor(market, clock, SimulatorSettings(trades_per_minute=300))
        self._clock = HandClock(from_ms(market.start_ms))
        self.state = OrderFlowState(OrderFlowParameters(), self._clock)
        self.state.watch([make_instrument("BTC")])
        self._frames = FlowFrames()
        self._frames.listener = self.state
        self._frames.set_symbols([SYMBOL], 0.0)
        self._at_ms = market.start_ms

    @property
    def end_ms(self) -> int:
        (script,) = self.pair.scripts
        return script.end_ms

    def until(self, at_ms: int) -> OrderFlow:
        """Hear everything up to an instant, and what is read then."""
        for from_ms_ in range(self._at_ms, at_ms, SLICE_MS):
            self._hear(from_ms_, min(from_ms_ + SLICE_MS, at_ms))
        self._at_ms = at_ms
        flow = self.state.order_flow(SYMBOL, from_ms(at_ms))
        assert flow is not None
        return flow

    def score(self) -> float:
        flow = self.until(self._at_ms)
        return score_order_flow(flow, from_ms(self._at_ms), OrderFlowParameters()).bullishness

    def _hear(self, from_ms_: int, to_ms_: int) -> None:
        self._clock.set(from_ms(to_ms_))
        for frame in sorted(self._sent(from_ms_, to_ms_), key=lambda frame: frame.at_ms):
            if "@depth" in frame.stream:
                self._frames.hand_over_books()
                self._frames.on_book_frame(frame.body, 0.0)
            else:
                self._frames.on_trade_frame(frame.body, 0.0)
        self._frames.hand_over_books()
        for at_ms in range(-(-from_ms_ // 15_000) * 15_000, to_ms_, INTEREST_EVERY_MS):
            quantity = open_interest(self.pair, at_ms) * self.pair.contract.quantities.size
            observation = OpenInterestObservation(exchange_ms=at_ms, quantity=quantity)
            self.state.observe_open_interest(SYMBOL, observation)

    def _sent(self, from_ms_: int, to_ms_: int) -> Iterator[Frame]:
        span = Slice(from_ms_, to_ms_, 0.0)
        for publisher, name in (
            (TradePublisher(self._floor), "btcusdt@aggTrade"),
            (LiquidationPublisher(self._floor), "!forceOrder@arr"),
            (BookPublisher(self._floor), "btcusdt@depth20@100ms"),
        ):
            stream = parse_stream(name)
            assert stream is not None
            yield from publisher.frames(span, [stream])


@pytest.mark.parametrize(("name", "side"), [("ask-wall", BookSide.ASK), ("bid-wall", BookSide.BID)])
async def test_wall_that_is_eaten_is_told_while_it_stands_and_when_it_breaks(
    name: str, side: BookSide
) -> None:
    seen = Watched(name)
    walls, broken = [], []
    for at_ms in range(seen.begin_ms, seen.end_ms + 1, 5_000):
        book = seen.until(at_ms).book
        assert book is not None
        walls += [wall for wall in book.walls if wall.side is side and wall.absorbed_share > 0.3]
        broken += [wall for wall in book.broken_walls if wall.side is side]
    (order,) = seen.pair.scripts[0].orders
    price = order.price * seen.pair.contract.prices.size
    assert any(wall.price == pytest.approx(price) for wall in walls)
    assert any(wall.price == pytest.approx(price) for wall in broken)


@pytest.mark.parametrize("name", ["spoofed-bids", "spoofed-asks"])
async def test_spoofed_orders_are_seen_and_the_layer_trusts_the_book_less(name: str) -> None:
    seen = Watched(name)
    before = seen.until(seen.begin_ms - 10_000).book
    during = seen.until(seen.end_ms).book
    assert before is not None
    assert during is not None
    assert before.spoofing < 0.5
    assert during.spoofing > 0.8
    shape = OrderFlowParameters().spoofing
    assert trust(before, shape) == 1.0
    assert trust(during, shape) < 0.8


@pytest.mark.parametrize(("name", "is_buying"), [("absorbed-buying", 1), ("absorbed-selling", 0)])
async def test_aggression_without_progress_shows_in_the_tape_and_not_in_the_price(
    name: str, is_buying: int
) -> None:
    seen = Watched(name)
    before = seen.until(seen.begin_ms).tape
    after = seen.until(seen.end_ms).tape
    assert before is not None
    assert after is not None
    ratio = after.window(300).aggressor_ratio
    assert ratio is not None
    assert abs(ratio - is_buying) < 0.25
    assert before.last_price is not None
    assert after.last_price == pytest.approx(before.last_price, rel=0.002)


@pytest.mark.parametrize(("name", "is_fall"), [("long-cascade", True), ("short-cascade", False)])
async def test_cascade_shows_in_liquidations_open_interest_tape_and_score(
    name: str, is_fall: bool
) -> None:
    seen = Watched(name)
    flow = seen.until(seen.end_ms)
    derivatives, tape = flow.derivatives, flow.tape
    assert derivatives is not None
    assert tape is not None
    longs, shorts = derivatives.longs_liquidated, derivatives.shorts_liquidated
    assert (longs > 0 and shorts == 0) if is_fall else (shorts > 0 and longs == 0)
    assert derivatives.open_interest is not None
    assert derivatives.open_interest.change_percent < -0.3
    assert (tape.window(300).delta < 0) is is_fall
    assert (seen.score() < 45) if is_fall else (seen.score() > 55)
