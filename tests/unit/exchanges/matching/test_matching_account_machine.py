"""Any life of an account: the books reconcile to the last digit, and a restart changes nothing.

Every step is done to two accounts, of which one is dumped and loaded again now and then.
"""

from collections.abc import Callable
from dataclasses import replace

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.accounts import PositionMode
from domain.directions import Direction
from domain.orders import OrderKind, OrderState, Side, entry_side, exit_side
from exchanges.matching.account import TradingAccount
from exchanges.matching.events import BalanceChanged, BalanceReason, Event
from exchanges.matching.records import Execution
from exchanges.matching.refusals import Cause, RuleBrokenError
from exchanges.matching.tickets import ConditionalKind, WorkingPrice
from tests.unit.exchanges.matching.trading_room import (
    BUY,
    SELL,
    SYMBOL,
    D,
    account_terms,
    limit,
    market,
    stop,
    terms,
)

START = D(2_000)
PRICES = st.integers(960, 1040).map(lambda tenths: D(tenths) / 10)
QUANTITIES = st.integers(50, 9_000).map(lambda thousandths: D(thousandths) / 1000)
SIDES = st.sampled_from([BUY, SELL])
NAMES = st.integers(1, 60).map(str)
Key = Direction | None
Step = Callable[[TradingAccount], object]


def _signed(execution: Execution) -> D:
    return execution.quantity if execution.ticket.side is BUY else -execution.quantity


class AccountLife(RuleBasedStateMachine):
    """Random orders in a random market."""

    def __init__(self) -> None:
        super().__init__()
        self.at_ms = 0
        self.mode = PositionMode.ONE_WAY
        self.events: list[Event] = []
        self.book = (D(100), D(5))

    @initialize(
        mode=st.sampled_from(PositionMode),
        direction=st.sampled_from(Direction),
        quantity=QUANTITIES,
    )
    def open(self, mode: PositionMode, direction: Direction, quantity: D) -> None:
        self.mode = mode
        begin = account_terms(wallet=START, position_mode=mode)
        self.account, self.twin = (TradingAccount(begin, [terms()]) for _ in range(2))
        self.show(*self.book)
        entry = market(
            entry_side(direction),
            str(quantity),
            "entry",
            position_side=self.position_side(direction),
        )
        self.both(lambda account: account.place(entry, self.at_ms))

    def both(self, step: Step) -> None:
        """Do the same to both accounts: they refuse it both, or neither."""
        self.at_ms += 1
        before = self.account.dump()
        outcomes: list[Cause | None] = []
        for account in (self.account, self.twin):
            try:
                step(account)
            except RuleBrokenError as refused:
                outcomes.append(refused.cause)
                assert account.dump() == before
            else:
                outcomes.append(None)
        assert outcomes[0] == outcomes[1]
        events = self.account.drain()
        assert events == self.twin.drain()
        self.events += events

    def position_side(self, direction: Direction) -> Key:
        return direction if self.mode is PositionMode.HEDGE else None

    @rule(
        side=SIDES,
        quantity=QUANTITIES,
        price=st.none() | PRICES,
        kind=st.sampled_from([OrderKind.LIMIT, OrderKind.POST_ONLY]),
        name=NAMES,
        reduce_only=st.sampled_from([False, False, False, True]),
        direction=st.sampled_from(Direction),
    )
    def place(
        self,
        side: Side,
        quantity: D,
        price: D | None,
        kind: OrderKind,
        name: str,
        reduce_only: bool,
        direction: Direction,
    ) -> None:
        place = self.position_side(direction)
        ticket = market(side, str(quantity), name, reduce_only=reduce_only, position_side=place)
        if price is not None:
            ticket = limit(
                side,
                str(quantity),
                str(price),
                name,
                kind=kind,
                reduce_only=reduce_only,
                position_side=place,
            )
        self.both(lambda account: account.place(ticket, self.at_ms))

    @rule(
        side=SIDES,
        quantity=st.none() | QUANTITIES,
        trigger=PRICES,
        kind=st.sampled_from(ConditionalKind),
        working=st.sampled_from(WorkingPrice),
        name=NAMES,
        direction=st.sampled_from(Direction),
    )
    def place_conditional(
        self,
        side: Side,
        quantity: D | None,
        trigger: D,
        kind: ConditionalKind,
        working: WorkingPrice,
        name: str,
        direction: Direction,
    ) -> None:
        ticket = stop(
            side,
            str(trigger),
            None if quantity is None else str(quantity),
            name,
            kind=kind,
            working=working,
            position_side=self.position_side(direction),
        )
        self.both(lambda account: account.place_conditional(ticket, self.at_ms))

    @rule(
        direction=st.sampled_from(Direction),
        price=PRICES,
        share=st.integers(1, 10),
        name=NAMES,
        is_market=st.booleans(),
    )
    def reduce(
        self, direction: Direction, price: D, share: int, name: str, is_market: bool
    ) -> None:
        """Close a part of what is held, now or at a price."""
        held = self.account.position(SYMBOL, direction)
        if held is None:
            return
        quantity = max(D("0.001"), (held.quantity * share / 10).quantize(D("0.001")))
        side, place = exit_side(direction), self.position_side(direction)
        ticket = limit(side, str(quantity), str(price), name, reduce_only=True, position_side=place)
        if is_market:
            ticket = replace(ticket, kind=OrderKind.MARKET, price=None)
        self.both(lambda account: account.place(ticket, self.at_ms))

    @rule(place=st.integers(0, 5), is_conditional=st.booleans())
    def cancel(self, place: int, is_conditional: bool) -> None:
        """Cancel one of the open orders, or one that is not open any more."""
        if is_conditional:
            self.both(lambda account: account.cancel_conditional(self.at_ms, number=place + 1))
            return
        names = [each.ticket.client_id for each in self.account.open_orders()] or ["none"]
        name = names[place % len(names)]
        self.both(lambda account: account.cancel(SYMBOL, self.at_ms, client_id=name))

    @rule(mid=PRICES, quantity=QUANTITIES)
    def show(self, mid: D, quantity: D) -> None:
        self.book = (mid, quantity)
        bids = [(mid - D("0.1"), quantity), (mid - D("0.4"), 2 * quantity)]
        asks = [(mid + D("0.1"), quantity), (mid + D("0.4"), 2 * quantity)]
        self.both(lambda account: account.on_book(SYMBOL, bids, asks, self.at_ms))

    @rule(price=PRICES, quantity=QUANTITIES, is_buy=st.booleans())
    def trade(self, price: D, quantity: D, is_buy: bool) -> None:
        self.both(lambda account: account.on_trade(SYMBOL, price, quantity, is_buy, self.at_ms))

    @rule(mark=st.floats(93, 107))
    def move_mark(self, mark: float) -> None:
        self.both(lambda account: account.on_mark(SYMBOL, mark, self.at_ms))

    @rule(rate=st.floats(-0.003, 0.003), mark=PRICES)
    def settle_funding(self, rate: float, mark: D) -> None:
        self.both(lambda account: account.on_funding(SYMBOL, rate, mark, self.at_ms))

    @rule(leverage=st.integers(1, 20))
    def set_leverage(self, leverage: int) -> None:
        self.both(lambda account: account.set_leverage(SYMBOL, leverage))

    @rule()
    def restart(self) -> None:
        text = msgspec.json.encode(self.account.dump())
        begin = account_terms(wallet=START, position_mode=self.mode)
        self.account = TradingAccount.load(msgspec.json.decode(text), begin, [terms()])
        self.show(*self.book)

    @invariant()
    def a_restart_changes_nothing(self) -> None:
        assert self.account.dump() == self.twin.dump()

    @invariant()
    def the_wallet_is_what_came_and_went(self) -> None:
        fills = self.account.executions()
        earned = sum((each.realised - each.fee for each in fills), D(0))
        changes = [each for each in self.events if isinstance(each, BalanceChanged)]
        funding = [each.amount for each in changes if each.reason is BalanceReason.FUNDING]
        assert self.account.wallet == START + earned + sum(funding, D(0))
        if changes:
            assert changes[-1].wallet == self.account.wallet

    @invariant()
    def positions_are_the_sum_of_their_fills(self) -> None:
        for key in (None, *Direction):
            fills = [e for e in self.account.executions() if e.ticket.position_side is key]
            held = next(
                (h for h in self.account.positions() if self.position_side(h.direction) is key),
                None,
            )
            size = D(0) if held is None else held.direction.sign * held.quantity
            cost = D(0) if held is None else held.direction.sign * held.cost
            assert sum(map(_signed, fills), D(0)) == size
            paid = sum((each.price * _signed(each) for each in fills), D(0))
            assert sum((each.realised for each in fills), D(0)) == cost - paid

    @invariant()
    def orders_are_the_sum_of_their_fills(self) -> None:
        for order in self.account.orders():
            fills = [e for e in self.account.executions() if e.order_number == order.number]
            assert sum((each.quantity for each in fills), D(0)) == order.filled_quantity
            notional = sum((each.price * each.quantity for each in fills), D(0))
            assert notional == order.filled_notional
            assert order.filled_quantity <= order.quantity <= order.ticket.quantity
            assert (order.filled_quantity == order.quantity) is (order.state is OrderState.FILLED)

    @invariant()
    def what_reduces_never_flips_nor_enlarges(self) -> None:
        sizes: dict[Key, D] = {}
        for execution in self.account.executions():
            key = execution.ticket.position_side
            before = sizes.get(key, D(0))
            after = sizes[key] = before + _signed(execution)
            if execution.ticket.reduce_only or execution.ticket.client_id.startswith("autoclose"):
                assert abs(after) < abs(before)
                assert after * before >= 0
            if key is not None:
                assert after * key.sign >= 0

    @invariant()
    def resting_orders_that_reduce_are_no_larger_than_the_position(self) -> None:
        for order in self.account.open_orders():
            if order.ticket.reduce_only:
                held = [
                    h
                    for h in self.account.positions()
                    if order.ticket.side is exit_side(h.direction)
                ]
                assert order.remaining <= sum((each.quantity for each in held), D(0))

    @invariant()
    def open_ids_are_unique_and_events_have_no_gap(self) -> None:
        for open_now in (self.account.open_orders(), self.account.open_conditionals()):
            names = [each.ticket.client_id for each in open_now]
            assert len(set(names)) == len(names)
        numbers = [each.number for each in self.events]
        assert numbers == list(range(1, len(numbers) + 1))


TestAccountLife = AccountLife.TestCase
TestAccountLife.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
