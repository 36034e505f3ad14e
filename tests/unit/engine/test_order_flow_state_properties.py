"""Promises of the whole chain, from events to the score: no look-ahead, and the mirror."""

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.derivatives import Funding, Liquidation, OpenInterestObservation, Positioning
from domain.directions import Direction
from domain.order_flow import OrderFlow
from domain.timeframes import from_ms, to_ms
from engine.order_flow import OrderFlowState
from layers.orderflow import OrderFlowParameters, score_order_flow
from tests.builders.market import make_instrument
from tests.fakes.clock import AFTERNOON, HandClock

SYMBOL: Final = "BTCUSDT"
BOUNDARY_MS: Final = to_ms(AFTERNOON)
CENTRE: Final = 2.0**20
"""So far above all moves that a percentage upwards is one downwards, and exact in floats."""

Event = tuple[int, Callable[[OrderFlowState], None]]
SEEDS = st.integers(0, 2**32)


class Market:
    """Events of a random market in the order of their arrival, upright or mirrored."""

    def __init__(self, seed: int, *, minutes: float, is_mirrored: bool = False) -> None:
        self._chance = random.Random(seed)
        self._sign = -1 if is_mirrored else 1
        self._at_ms = BOUNDARY_MS - round(minutes * 60_000)
        self._bid = -1
        self._big: dict[int, float] = {}
        self._trade_id = 1
        self._interest = 1000.0
        self._lean = self._chance.choice((0.2, 0.5, 0.8))

    def events(self) -> Iterator[Event]:
        """Until some seconds after the boundary."""
        while self._at_ms < BOUNDARY_MS + 8_000:
            self._at_ms += self._chance.choice((50, 100, 100, 300, 700, 2500))
            self._bid += self._chance.choice((-1, 0, 0, 0, 1))
            yield from self._trades()
            yield self._book()
            yield from self._facts()

    def _price(self, steps: int) -> float:
        return CENTRE + self._sign * steps

    def _trades(self) -> Iterator[Event]:
        for _ in range(self._chance.randint(0, 2)):
            # Some ids are never told.
            self._trade_id += 1 if self._chance.random() > 0.03 else 3
            is_buy = self._chance.random() < self._lean
            yield self._trade(self._bid + is_buy, self._chance.randint(1, 50) / 4, is_buy)

    def _trade(self, steps: int, quantity: float, is_buy: bool) -> Event:
        number, at_ms, price = self._trade_id, self._at_ms, self._price(steps)
        taker_buys = is_buy == (self._sign > 0)
        return at_ms, lambda state: state.on_trade(
            SYMBOL, number, at_ms, price, quantity, taker_buys
        )

    def _book(self) -> Event:
        ask = self._bid + self._chance.choice((1, 1, 2))
        if self._chance.random() < 0.2:
            self._big[self._chance.randint(self._bid - 8, ask + 8)] = self._chance.randint(15, 60)
        if self._big and self._chance.random() < 0.2:
            del self._big[self._chance.choice(sorted(self._big))]
        at_ms = self._at_ms
        sides = [self._side(self._bid, -1), self._side(ask, 1)][:: self._sign]
        return at_ms, lambda state: state.on_book(SYMBOL, at_ms, *sides)

    def _side(self, best: int, way: int) -> list[tuple[float, float]]:
        prices = [best + way * step for step in range(20)]
        return [
            (self._price(price), self._big.get(price, self._chance.randint(1, 12) / 4))
            for price in prices
        ]

    def _facts(self) -> Iterator[Event]:
        at_ms, chance = self._at_ms, self._chance
        makers = (
            (0.02, self._liquidation),
            (0.05, self._open_interest),
            (0.02, self._funding),
            (0.02, self._positioning),
            (0.004, lambda _: lambda state: state.on_gap([SYMBOL])),
        )
        for likelihood, make in makers:
            if chance.random() < likelihood:
                yield at_ms, make(at_ms)

    def _liquidation(self, at_ms: int) -> Callable[[OrderFlowState], None]:
        ended = Direction.LONG if self._chance.choice((1, -1)) * self._sign > 0 else Direction.SHORT
        quantity = self._chance.random()
        forced = Liquidation(at_ms, self._price(self._bid), quantity, ended)
        return lambda state: state.on_liquidation(SYMBOL, forced)

    def _open_interest(self, at_ms: int) -> Callable[[OrderFlowState], None]:
        self._interest *= 1 + self._chance.uniform(-0.002, 0.003)
        told = OpenInterestObservation(exchange_ms=at_ms, quantity=self._interest)
        return lambda state: state.observe_open_interest(SYMBOL, told)

    def _funding(self, at_ms: int) -> Callable[[OrderFlowState], None]:
        rate = self._sign * self._chance.uniform(-0.0006, 0.0006)
        told = {SYMBOL: Funding(rate=rate, next_at=AFTERNOON + timedelta(hours=1))}
        return lambda state: state.observe_funding(told, at_ms)

    def _positioning(self, at_ms: int) -> Callable[[OrderFlowState], None]:
        crowd, top = (0.5 + self._sign * (self._chance.random() - 0.5) for _ in range(2))
        told = Positioning(
            exchange_ms=at_ms,
            crowd_long_share=crowd,
            top_accounts_long_share=top,
            top_positions_long_share=None,
        )
        return lambda state: state.observe_positioning(SYMBOL, told)


def flow_of(market: Market, *, until_ms: int = BOUNDARY_MS + 60_000) -> OrderFlow:
    """What is read as of the boundary after all events up to an instant."""
    clock = HandClock(AFTERNOON - timedelta(hours=1))
    state = OrderFlowState(OrderFlowParameters(), clock)
    state.watch([make_instrument("BTC")])
    for at_ms, tell in market.events():
        if at_ms <= until_ms:
            clock.set(from_ms(at_ms))
            tell(state)
    flow = state.order_flow(SYMBOL, AFTERNOON)
    assert flow is not None
    return flow


@settings(max_examples=25)
@given(seed=SEEDS, minutes=st.sampled_from([0.05, 1.5, 6.0]))
def test_what_comes_after_the_boundary_does_not_show_in_it(seed: int, minutes: float) -> None:
    at_once = flow_of(Market(seed, minutes=minutes), until_ms=BOUNDARY_MS)
    afterwards = flow_of(Market(seed, minutes=minutes))
    assert afterwards == at_once


@settings(max_examples=15)
@given(seed=SEEDS)
def test_a_mirrored_market_gets_the_mirrored_score(seed: int) -> None:
    upright, flipped = (
        score_order_flow(
            flow_of(Market(seed, minutes=6.0, is_mirrored=is_mirrored)),
            AFTERNOON,
            OrderFlowParameters(),
        )
        for is_mirrored in (False, True)
    )
    assert flipped.coverage == pytest.approx(upright.coverage)
    assert flipped.bullishness == pytest.approx(100.0 - upright.bullishness, abs=0.01)
    for ours, theirs in zip(upright.evidence, flipped.evidence, strict=True):
        assert theirs.bullishness == pytest.approx(100.0 - ours.bullishness, abs=0.05)
