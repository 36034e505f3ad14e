"""Trades worked out with pencil and paper after the venue's published formulas.

Isolated margin of a long of 0.5 at 60 000 and leverage 20: notional 30 000, margin 1 500.
Liquidation price: (margin + cum - side * notional) / (quantity * (rate - side)), side 1 or -1.
"""

import pytest

from domain.directions import Direction
from domain.orders import OrderState, Side
from exchanges.matching.account import TradingAccount
from exchanges.matching.positions import HeldPosition
from exchanges.matching.usual_brackets import usual_brackets
from tests.unit.exchanges.matching.trading_room import (
    BUY,
    LONG,
    SELL,
    SHORT,
    SYMBOL,
    D,
    account_terms,
    limit,
    market,
    terms,
)


def _account(leverage: int = 20) -> TradingAccount:
    """Sees 100 coins at 60 000 on either side; the other side of each is a tick away."""
    account = TradingAccount(
        account_terms(wallet=D(100_000), leverage=leverage), [terms(brackets=usual_brackets("BTC"))]
    )
    account.on_book(SYMBOL, [(D(60_000), D(100))], [(D("60000.1"), D(100))], 0)
    return account


def _held(account: TradingAccount, direction: Direction = LONG) -> HeldPosition:
    held = account.position(SYMBOL, direction)
    assert held is not None
    return held


def _entered(side: Side, quantity: str = "0.5", leverage: int = 20) -> TradingAccount:
    """A market order filled at exactly 60 000."""
    account = _account(leverage)
    asks = D(60_000) if side is BUY else D("60000.1")
    bids = D("59999.9") if side is BUY else D(60_000)
    account.on_book(SYMBOL, [(bids, D(100))], [(asks, D(100))], 1)
    account.place(market(side, quantity), 2)
    return account


@pytest.mark.parametrize(
    ("side", "direction", "price"),
    [
        # (1500 - 30000) / (0.5 * (0.004 - 1)) = 28500 / 0.498
        (BUY, LONG, D("57228.91566265")),
        # (1500 + 30000) / (0.5 * (0.004 + 1)) = 31500 / 0.502
        (SELL, SHORT, D("62749.00398406")),
    ],
)
def test_liquidation_price_in_the_first_bracket(side: Side, direction: Direction, price: D) -> None:
    account = _entered(side)

    assert _held(account, direction).margin == 1_500
    assert account.liquidation_price(_held(account, direction)) == price


def test_liquidation_price_in_the_second_bracket_counts_what_is_taken_off() -> None:
    """10 at leverage 50: margin 12 000, rate 0.005, cum 300 000 * (0.005 - 0.004) = 300.

    (12000 + 300 - 600000) / (10 * (0.005 - 1)) = 587700 / 9.95; 10 * 59065 is above 300 000.
    """
    account = _entered(BUY, "10", 50)

    assert account.liquidation_price(_held(account)) == D("59065.32663317")


def test_round_trip_leaves_profit_less_both_fees() -> None:
    """Taker 30000 * 0.0005 = 15, profit 0.5 * 1000 = 500, maker 30500 * 0.0002 = 6.1."""
    account = _entered(BUY)
    assert account.wallet == D(99_985)

    account.place(limit(SELL, "0.5", "61000", reduce_only=True), 3)
    account.on_trade(SYMBOL, D("61000.1"), D(1), True, 4)

    assert account.wallet == D("100478.9")
    assert account.positions() == []


def test_funding_comes_out_of_the_isolated_margin_and_moves_the_liquidation_price() -> None:
    """0.5 * 60500 * 0.0001 = 3.025; (1496.975 - 30000) / -0.498 = 57234.98995984."""
    account = _entered(BUY)

    account.on_funding(SYMBOL, D("0.0001"), D(60_500), 3)

    assert account.wallet == D(99_985) - D("3.025")
    assert _held(account).margin == D("1496.975")
    assert account.liquidation_price(_held(account)) == D("57234.98995984")


def test_closing_two_fifths_frees_two_fifths_and_leaves_the_liquidation_price() -> None:
    """0.2 * 600 = 120 realised, 1500 * 3/5 = 900 left: (900 - 18000) / (0.3 * -0.996)."""
    account = _entered(BUY)
    account.on_book(SYMBOL, [(D(60_600), D(100))], [(D("60600.1"), D(100))], 3)

    account.place(market(SELL, "0.2", reduce_only=True), 4)

    held = _held(account)
    assert (held.realised, held.margin, held.entry_price) == (D(120), D(900), D(60_000))
    assert account.liquidation_price(held) == D("57228.91566265")


def test_limit_above_the_mark_reserves_margin_and_the_loss_it_would_open_with() -> None:
    """30000 / 20 + 0.5 * (60000 - 59900) = 1550."""
    account = _account()
    account.on_mark(SYMBOL, D(59_900), 1)

    account.place(limit(BUY, "0.5", "60000"), 2)

    assert account.standing().available == D(98_450)


def test_market_order_pays_the_mean_of_the_levels_it_walks() -> None:
    """(0.2 * 60000 + 0.2 * 60010 + 0.1 * 60030) / 0.5 = 60010."""
    account = _account()
    asks = [(60_000.0, 0.2), (60_010.0, 0.2), (60_030.0, 1.0)]
    account.on_book(SYMBOL, [(59_999.9, 1.0)], asks, 1)

    order = account.place(market(BUY, "0.5"), 2)

    assert order.average_price == 60_010
    assert account.wallet == D(100_000) - D(30_005) * D("0.0005")


def test_queue_is_eaten_by_trades_and_shrinks_with_the_level() -> None:
    """3 ahead; a trade of 2 leaves 1; the level shows 0.5; a trade of 1 then fills 0.5."""
    account = _account()
    account.on_book(SYMBOL, [(60_000.0, 3.0)], [(60_000.1, 5.0)], 1)
    order = account.place(limit(BUY, "1", "60000"), 2)

    account.on_trade(SYMBOL, 60_000.0, 2.0, False, 3)
    account.on_book(SYMBOL, [(60_000.0, 0.5)], [(60_000.1, 5.0)], 4)
    account.on_trade(SYMBOL, 60_000.0, 1.0, False, 5)

    found = account.find_order(SYMBOL, number=order.number)
    assert found is not None
    assert (found.filled_quantity, found.state) == (D("0.5"), OrderState.RESTING)
