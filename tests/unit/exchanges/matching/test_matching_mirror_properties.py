"""Mirror symmetry: prices reflected and sides swapped give the mirrored account."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.instruments import Instrument
from domain.orders import OrderKind, Side
from exchanges.matching.account import TradingAccount
from exchanges.matching.refusals import Cause, RuleBrokenError
from exchanges.matching.terms import Bracket, SymbolTerms
from exchanges.matching.tickets import ConditionalKind
from tests.unit.exchanges.matching.trading_room import (
    BUY,
    SELL,
    SYMBOL,
    D,
    account_terms,
    limit,
    market,
    stop,
)

CENTRE = D(100)


class Mirror(NamedTuple):
    """How a market is seen: as it is, or reflected at the centre."""

    is_reflected: bool

    def price(self, price: D) -> D:
        return 2 * CENTRE - price if self.is_reflected else price

    def side(self, side: Side) -> Side:
        other = SELL if side is BUY else BUY
        return other if self.is_reflected else side

    def signed(self, number: D) -> D:
        return -number if self.is_reflected else number


Act = Callable[[TradingAccount, Mirror, int], None]

PRICES = st.integers(850, 1150).map(lambda tenths: D(tenths) / 10)
QUANTITIES = st.integers(1, 9_000).map(lambda thousandths: D(thousandths) / 1000)
SIDES = st.sampled_from([BUY, SELL])


def _place(side: Side, quantity: D, price: D | None, reduce_only: bool, kind: OrderKind) -> Act:
    def act(account: TradingAccount, mirror: Mirror, at_ms: int) -> None:
        name, seen = f"o{at_ms}", mirror.side(side)
        ticket = market(seen, str(quantity), name, reduce_only=reduce_only)
        if price is not None:
            ticket = limit(seen, str(quantity), str(mirror.price(price)), name, kind=kind)
            ticket = replace(ticket, reduce_only=reduce_only)
        account.place(ticket, at_ms)

    return act


def _place_conditional(side: Side, quantity: D | None, trigger: D, kind: ConditionalKind) -> Act:
    def act(account: TradingAccount, mirror: Mirror, at_ms: int) -> None:
        text = None if quantity is None else str(quantity)
        seen = str(mirror.price(trigger))
        ticket = stop(mirror.side(side), seen, text, f"c{at_ms}", kind=kind)
        account.place_conditional(ticket, at_ms)

    return act


def _book(mid: D, near: D, far: D) -> Act:
    def act(account: TradingAccount, mirror: Mirror, at_ms: int) -> None:
        below = [(mid - D("0.1"), near), (mid - D("0.5"), far)]
        above = [(mid + D("0.2"), far), (mid + D("0.3"), near)]
        sides = [[(mirror.price(p), q) for p, q in side] for side in (below, above)]
        bids, asks = reversed(sides) if mirror.is_reflected else sides
        account.on_book(SYMBOL, bids, asks, at_ms)

    return act


def _trade(price: D, quantity: D, is_buy: bool) -> Act:
    def act(account: TradingAccount, mirror: Mirror, at_ms: int) -> None:
        seen = is_buy is not mirror.is_reflected
        account.on_trade(SYMBOL, mirror.price(price), quantity, seen, at_ms)

    return act


def _mark(price: D) -> Act:
    return lambda account, mirror, at_ms: account.on_mark(SYMBOL, mirror.price(price), at_ms)


def _funding(rate: D) -> Act:
    return lambda account, mirror, at_ms: account.on_funding(
        SYMBOL, mirror.signed(rate), CENTRE, at_ms
    )


ACTS = st.one_of(
    st.builds(
        _place,
        SIDES,
        QUANTITIES,
        st.none() | PRICES,
        st.booleans(),
        st.sampled_from([OrderKind.LIMIT, OrderKind.POST_ONLY]),
    ),
    st.builds(
        _place_conditional,
        SIDES,
        st.none() | QUANTITIES,
        PRICES,
        st.sampled_from(list(ConditionalKind)),
    ),
    st.builds(_book, PRICES, QUANTITIES, QUANTITIES),
    st.builds(_trade, PRICES, QUANTITIES, st.booleans()),
    st.builds(_mark, PRICES),
    st.builds(_funding, st.integers(-50, 50).map(lambda points: D(points) / 10_000)),
)


def _terms() -> SymbolTerms:
    """Nothing that is a share of a price: those don't mirror."""
    instrument = Instrument(
        symbol=SYMBOL,
        base="BTC",
        quote="USDT",
        tick=D("0.1"),
        step=D("0.001"),
        minimum_quantity=D("0.001"),
        minimum_notional=D(0),
    )
    bracket = Bracket(
        cap=D("1e12"), maximum_leverage=1, maintenance_rate=D(0), maintenance_amount=D(0)
    )
    return SymbolTerms(
        instrument=instrument,
        brackets=(bracket,),
        maker_fee=D(0),
        taker_fee=D(0),
        highest_share=D(100),
        lowest_share=D(0),
    )


def _live(acts: list[Act], mirror: Mirror) -> tuple[TradingAccount, list[Cause | None]]:
    account = TradingAccount(account_terms(wallet=D("1e9"), leverage=1), [_terms()])
    _book(CENTRE, D(2), D(3))(account, mirror, 0)
    causes: list[Cause | None] = []
    for at_ms, act in enumerate(acts, start=1):
        try:
            act(account, mirror, at_ms)
        except RuleBrokenError as refused:
            causes.append(refused.cause)
        else:
            causes.append(None)
    return account, causes


@settings(max_examples=150)
@given(st.lists(ACTS, max_size=25))
def test_the_mirrored_market_gives_the_mirrored_account(acts: list[Act]) -> None:
    straight, refusals = _live(acts, Mirror(is_reflected=False))
    reflected, mirrored_refusals = _live(acts, Mirror(is_reflected=True))

    assert refusals == mirrored_refusals
    assert straight.wallet == reflected.wallet
    assert [(each.direction, each.quantity) for each in straight.positions()] == [
        (each.direction.opposite, each.quantity) for each in reflected.positions()
    ]
    mirror = Mirror(is_reflected=True)
    assert [
        (mirror.price(each.price), each.quantity, mirror.side(each.ticket.side), each.realised)
        for each in straight.executions()
    ] == [
        (each.price, each.quantity, each.ticket.side, each.realised)
        for each in reflected.executions()
    ]
    assert [(each.state, each.ahead) for each in straight.orders()] == [
        (each.state, each.ahead) for each in reflected.orders()
    ]
