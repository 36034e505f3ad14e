"""The place of a resting order in the queue at its price."""

from exchanges.matching.account import TradingAccount
from tests.unit.exchanges.matching.trading_room import (
    BUY,
    SELL,
    SYMBOL,
    D,
    account_terms,
    limit,
    open_account,
    show,
    terms,
)


def _bids(account: TradingAccount, quantity: str, at_ms: int) -> None:
    account.on_book(
        SYMBOL, [(D("99.9"), D(quantity)), (D("99.8"), D(10))], [(D("100.1"), D(5))], at_ms
    )


def _filled(account: TradingAccount) -> D:
    return sum((each.quantity for each in account.executions()), D(0))


def test_it_stands_behind_what_was_shown_when_it_arrived() -> None:
    account = open_account()
    account.place(limit(BUY, "2", "99.9"), 1)

    account.on_trade(SYMBOL, D("99.9"), D(5), False, 2)
    assert _filled(account) == 0
    account.on_trade(SYMBOL, D("99.9"), D("1.5"), False, 3)
    assert _filled(account) == D("1.5")


def test_one_trade_may_eat_the_queue_and_a_part_of_the_order() -> None:
    account = open_account()
    account.place(limit(BUY, "2", "99.9"), 1)

    account.on_trade(SYMBOL, D("99.9"), D("5.5"), False, 2)

    assert _filled(account) == D("0.5")


def test_takers_of_the_same_side_do_not_reach_it() -> None:
    account = open_account()
    account.place(limit(BUY, "2", "99.9"), 1)

    account.on_trade(SYMBOL, D("99.9"), D(50), True, 2)

    assert _filled(account) == 0
    assert account.open_orders()[0].ahead == 5


def test_a_level_that_shrinks_below_the_queue_shortens_it() -> None:
    account = open_account()
    account.place(limit(BUY, "2", "99.9"), 1)

    _bids(account, "1", 2)

    assert account.open_orders()[0].ahead == 1


def test_a_level_that_grows_grows_behind_it() -> None:
    account = open_account()
    account.place(limit(BUY, "2", "99.9"), 1)

    _bids(account, "50", 2)

    assert account.open_orders()[0].ahead == 5


def test_a_level_that_is_gone_leaves_it_first() -> None:
    account = open_account()
    account.place(limit(SELL, "2", "100.1"), 1)

    account.on_book(SYMBOL, [(D("99.9"), D(5))], [(D("100.2"), D(5))], 2)

    assert account.open_orders()[0].ahead == 0


def test_beyond_the_shown_book_the_queue_is_unknown_and_only_passing_trades_fill() -> None:
    account = open_account()
    order = account.place(limit(BUY, "2", "99.0"), 1)
    assert order.ahead is None

    account.on_trade(SYMBOL, D("99.0"), D(1000), False, 2)
    assert _filled(account) == 0
    account.on_trade(SYMBOL, D("98.9"), D("0.001"), False, 3)
    assert _filled(account) == 2


def test_the_queue_is_learned_when_the_price_comes_into_sight() -> None:
    account = open_account()
    account.place(limit(BUY, "2", "99.0"), 1)

    account.on_book(SYMBOL, [(D("99.1"), D(1)), (D("99.0"), D(7))], [(D("99.3"), D(1))], 2)

    assert account.open_orders()[0].ahead == 7


def test_two_orders_at_a_price_do_not_share_the_same_trade() -> None:
    account = open_account()
    account.place(limit(BUY, "2", "99.9", "a"), 1)
    account.place(limit(BUY, "2", "99.9", "b"), 1)

    account.on_trade(SYMBOL, D("99.9"), D(8), False, 2)

    fills = [(each.ticket.client_id, each.quantity) for each in account.executions()]
    assert fills == [("a", D(2)), ("b", D(1))]


def test_a_shown_book_fills_the_better_price_first_and_each_lot_once() -> None:
    account = open_account()
    account.place(limit(BUY, "2", "99.5", "low"), 1)
    account.place(limit(BUY, "2", "99.6", "high"), 1)

    account.on_book(SYMBOL, [(D("99.3"), D(1))], [(D("99.4"), D(3))], 2)

    fills = [(each.ticket.client_id, each.quantity) for each in account.executions()]
    assert fills == [("high", D(2)), ("low", D(1))]


def test_the_queue_survives_a_restart() -> None:
    account = open_account()
    account.place(limit(BUY, "2", "99.9"), 1)
    account.on_trade(SYMBOL, D("99.9"), D(4), False, 2)

    again = TradingAccount.load(account.dump(), account_terms(), [terms()])
    show(again, 3)

    assert again.open_orders()[0].ahead == 1
