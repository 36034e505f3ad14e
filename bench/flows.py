"""Made-up order flow for benchmarks: trades, books and a day of polls of many pairs."""

import random
from typing import Final

from bench.market import BOUNDARY, instrument
from domain.derivatives import Funding, OpenInterestObservation, Positioning
from domain.order_book import Level
from domain.timeframes import Timeframe, to_ms
from engine.order_flow import OrderFlowState
from layers.orderflow import OrderFlowParameters
from tests.fakes.clock import HandClock

_TRADES: Final = 600
_BOOKS: Final = 120
_INTEREST_EVERY_MS: Final = 60_000
_DAY_MS: Final = 86_400_000


def order_flow_state(pairs: int) -> OrderFlowState:
    """What is known at the boundary: a day of open interest, 16 min of trades, 12 s of books.

    Each book has moved on by then: the final candle comes about 2 s after the close.
    """
    state = OrderFlowState(OrderFlowParameters(), HandClock(BOUNDARY))
    instruments = [instrument(number) for number in range(pairs)]
    state.watch(instruments)
    for number, one in enumerate(instruments):
        _tell(state, one.symbol, random.Random(number))
    funding = Funding(rate=0.0002, next_at=Timeframe.H1.next_boundary(BOUNDARY))
    state.observe_funding({one.symbol: funding for one in instruments}, to_ms(BOUNDARY) - 9_000)
    return state


def _tell(state: OrderFlowState, symbol: str, draw: random.Random) -> None:
    boundary_ms, price, interest = to_ms(BOUNDARY), 100.0, 50_000.0
    state.on_trade(symbol, 1, boundary_ms - _DAY_MS, price, 1.0, True)
    for at_ms in range(boundary_ms - _DAY_MS, boundary_ms, _INTEREST_EVERY_MS):
        interest *= draw.uniform(0.998, 1.0022)
        observation = OpenInterestObservation(exchange_ms=at_ms, quantity=interest)
        state.observe_open_interest(symbol, observation)
    for trade_id in range(2, _TRADES + 2):
        at_ms = boundary_ms - 960_000 + trade_id * 960_000 // (_TRADES + 2)
        price += draw.choice((-0.01, 0.0, 0.01))
        quantity = draw.lognormvariate(0.0, 1.0)
        state.on_trade(symbol, trade_id, at_ms, price, quantity, draw.random() < 0.5)
    for number in range(_BOOKS + 1):
        bids, asks = (_side(price, sign, draw) for sign in (-1, 1))
        state.on_book(symbol, boundary_ms - (_BOOKS - number) * 100 + 50, bids, asks)
    shares = Positioning(
        exchange_ms=boundary_ms - 200_000,
        crowd_long_share=0.62,
        top_accounts_long_share=0.55,
        top_positions_long_share=0.52,
    )
    state.observe_positioning(symbol, shares)


def _side(price: float, sign: int, draw: random.Random) -> list[Level]:
    return [
        (round(price + sign * 0.01 * step, 2), draw.lognormvariate(1.0, 0.8))
        for step in range(1, 21)
    ]
