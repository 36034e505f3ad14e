"""Whatever the market does, a longer queue never fills earlier."""

from hypothesis import given
from hypothesis import strategies as st

from exchanges.matching.account import TradingAccount
from tests.unit.exchanges.matching.trading_room import (
    BUY,
    SYMBOL,
    D,
    account_terms,
    limit,
    terms,
)

QUANTITIES = st.integers(1, 40).map(D)

TRADES = st.tuples(st.sampled_from(["99.8", "99.9", "100.0"]), QUANTITIES, st.booleans())
BOOKS = st.integers(0, 40).map(D)
STEPS = st.lists(st.one_of(TRADES, BOOKS), max_size=12)


def _bids(account: TradingAccount, at_the_price: D, at_ms: int) -> None:
    bids = [(D("99.9"), at_the_price), (D("99.5"), D(10))]
    account.on_book(SYMBOL, [each for each in bids if each[1]], [(D("100.1"), D(5))], at_ms)


def _waiting_behind(ahead: D) -> TradingAccount:
    account = TradingAccount(account_terms(), [terms()])
    _bids(account, ahead, 1)
    account.place(limit(BUY, "20", "99.9"), 2)
    return account


def _step(account: TradingAccount, step: tuple[str, D, bool] | D, at_ms: int) -> None:
    if isinstance(step, tuple):
        price, quantity, is_buy = step
        account.on_trade(SYMBOL, D(price), quantity, is_buy, at_ms)
    else:
        _bids(account, step, at_ms)


def _filled(account: TradingAccount) -> D:
    return sum((each.quantity for each in account.executions()), D(0))


def _ahead(account: TradingAccount) -> D:
    orders = account.open_orders()
    return orders[0].ahead or D(0) if orders else D(0)


@given(st.integers(0, 40).map(D), st.integers(0, 40).map(D), STEPS)
def test_a_longer_queue_never_fills_earlier(
    one: D, other: D, steps: list[tuple[str, D, bool] | D]
) -> None:
    short, long = _waiting_behind(min(one, other)), _waiting_behind(max(one, other))

    for at_ms, step in enumerate(steps, start=3):
        before = _ahead(long)
        for account in (short, long):
            _step(account, step, at_ms)

        assert _filled(short) >= _filled(long)
        assert _ahead(short) <= _ahead(long) <= before


@given(st.integers(0, 40).map(D), st.lists(QUANTITIES, max_size=12))
def test_trades_at_the_price_fill_exactly_what_they_have_left_after_the_queue(
    ahead: D, quantities: list[D]
) -> None:
    account = _waiting_behind(ahead)

    for at_ms, quantity in enumerate(quantities, start=3):
        account.on_trade(SYMBOL, D("99.9"), quantity, False, at_ms)

    assert _filled(account) == min(D(20), max(D(0), sum(quantities, D(0)) - ahead))
