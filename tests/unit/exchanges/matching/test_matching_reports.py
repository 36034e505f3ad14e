"""The account in the engine's words, its events and its dump."""

from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest

from domain.accounts import PositionMode
from domain.errors import InvalidDataError
from domain.orders import OrderKind, OrderRequest, OrderState
from exchanges.matching.account import TradingAccount
from exchanges.matching.records import ConditionalState
from exchanges.matching.reports import (
    conditional_report,
    fill_of,
    order_report,
    venue_position,
)
from exchanges.matching.tickets import conditional_ticket_of, ticket_of
from tests.unit.exchanges.matching.trading_room import (
    BUY,
    LONG,
    SELL,
    SYMBOL,
    D,
    account_terms,
    limit,
    market,
    open_account,
    stop,
    terms,
)


def _request(kind: OrderKind, **changes: Decimal) -> OrderRequest:
    return OrderRequest(
        client_id="q000000-1-e0-1",
        symbol=SYMBOL,
        direction=LONG,
        side=BUY,
        kind=kind,
        quantity=D(1),
        reduces=False,
        **changes,
    )


def test_a_plain_order_is_reported_with_what_it_filled() -> None:
    account = open_account()

    report = order_report(account.place(limit(BUY, "6", "100.1"), 1))

    assert report.state is OrderState.RESTING
    assert (report.filled_quantity, report.average_price) == (D(5), D("100.1"))
    assert (report.venue_id, report.client_id, report.price) == ("1", "l", D("100.1"))


def test_a_conditional_order_is_reported_through_the_order_it_became() -> None:
    account = open_account()
    account.place(market(BUY, "1"), 1)
    waiting = conditional_report(account.place_conditional(stop(SELL, "95.0"), 2), None)

    account.on_mark(SYMBOL, D(94), 3)
    finished = account.find_conditional(client_id="s")
    assert finished is not None
    engine_order = account.find_order(SYMBOL, number=finished.engine_number)
    report = conditional_report(finished, engine_order)

    assert (waiting.state, waiting.kind, waiting.reduces) == (
        OrderState.RESTING,
        OrderKind.STOP,
        True,
    )
    assert (waiting.quantity, waiting.trigger, waiting.engine_id) == (D(0), D("95.0"), None)
    assert (report.state, report.filled_quantity) == (OrderState.FILLED, D(1))
    fill = fill_of(account.executions()[-1])
    assert fill.venue_id == report.engine_id
    assert fill.at == datetime(1970, 1, 1, 0, 0, 0, 3000, tzinfo=UTC)


def test_a_rejected_conditional_order_is_reported_as_expired() -> None:
    account = open_account()
    account.place_conditional(stop(SELL, "95.0", "1"), 1)
    account.on_mark(SYMBOL, D(94), 2)

    rejected = account.find_conditional(client_id="s")

    assert rejected is not None
    assert rejected.state is ConditionalState.REJECTED
    assert conditional_report(rejected, None).state is OrderState.EXPIRED


def test_a_position_is_reported_with_its_liquidation_price() -> None:
    account = open_account()
    account.place(market(BUY, "1"), 1)
    (held,) = account.positions()

    report = venue_position(held, account.liquidation_price(held))

    assert (report.entry_price, report.leverage) == (D("100.1"), 10)
    assert report.liquidation_price is not None


def test_requests_of_the_engine_become_tickets() -> None:
    plain = ticket_of(_request(OrderKind.LIMIT, price=D(99)), PositionMode.ONE_WAY)
    hedged = ticket_of(_request(OrderKind.LIMIT, price=D(99)), PositionMode.HEDGE)
    conditional = conditional_ticket_of(
        _request(OrderKind.STOP, trigger=D(110)), PositionMode.ONE_WAY
    )

    assert (plain.price, plain.position_side, hedged.position_side) == (D(99), None, LONG)
    assert (conditional.trigger, conditional.quantity) == (D(110), D(1))
    with pytest.raises(ValueError, match="needs a trigger price"):
        conditional_ticket_of(_request(OrderKind.STOP), PositionMode.ONE_WAY)


def test_events_are_numbered_in_order_and_drained_once() -> None:
    account = open_account()
    account.place(market(BUY, "7"), 1)
    account.place(market(SELL, "7", reduce_only=True), 2)

    events = account.drain()

    numbers = [event.number for event in events]
    assert numbers == list(range(1, len(events) + 1))
    assert {event.at_ms for event in events} == {1, 2}
    assert account.drain() == []


def test_a_dump_survives_json_exactly() -> None:
    account = open_account()
    account.place(market(BUY, "7"), 1)
    account.place(limit(SELL, "1", "110.0", "t", reduce_only=True), 2)
    account.place_conditional(stop(SELL, "95.0"), 2)
    account.on_mark(SYMBOL, 97.123456789, 3)

    text = msgspec.json.encode(account.dump())
    again = TradingAccount.load(msgspec.json.decode(text), account_terms(), [terms()])

    assert again.dump() == account.dump()
    assert again.standing() == account.standing()
    assert again.open_orders() == account.open_orders()


def test_a_damaged_dump_is_named() -> None:
    dumped = open_account().dump()
    del dumped["wallet"]

    with pytest.raises(InvalidDataError, match="wallet"):
        TradingAccount.load(dumped, account_terms(), [terms()])


def test_what_ended_long_ago_is_forgotten_and_what_is_open_stays() -> None:
    account = open_account()
    account.place(market(BUY, "1", "old"), 1)
    account.place(limit(BUY, "1", "99.0", "open"), 1)
    account.place(market(BUY, "1", "new"), 100)

    account.forget(50)

    assert [each.ticket.client_id for each in account.orders()] == ["open", "new"]
    assert [each.at_ms for each in account.executions()] == [100]
    held = account.position(SYMBOL, LONG)
    assert held is not None
    assert held.quantity == 2
