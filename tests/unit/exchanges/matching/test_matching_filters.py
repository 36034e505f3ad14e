"""What the venue checks of a ticket before anything else."""

from dataclasses import replace

import pytest

from domain.errors import Refusal
from domain.orders import OrderKind
from exchanges.matching.refusals import Cause, RuleBrokenError
from exchanges.matching.tickets import Ticket
from tests.unit.exchanges.matching.trading_room import (
    BUY,
    LONG,
    SELL,
    SYMBOL,
    D,
    limit,
    market,
    open_account,
    stop,
    terms,
)


@pytest.mark.parametrize(
    ("ticket", "cause", "refusal"),
    [
        (limit(BUY, "1", "99.95"), Cause.OFF_TICK, Refusal.MALFORMED),
        (limit(BUY, "1", "0"), Cause.BAD_PRICE, Refusal.MALFORMED),
        (limit(BUY, "1", "NaN"), Cause.BAD_PRICE, Refusal.MALFORMED),
        (replace(limit(BUY, "1", "99"), price=None), Cause.BAD_PRICE, Refusal.MALFORMED),
        (market(BUY, "1", price=D(99)), Cause.BAD_PRICE, Refusal.MALFORMED),
        (limit(BUY, "1", "99", kind=OrderKind.STOP), Cause.BAD_PRICE, Refusal.MALFORMED),
        (market(BUY, "1.0001"), Cause.OFF_STEP, Refusal.MALFORMED),
        (market(BUY, "0"), Cause.BAD_QUANTITY, Refusal.MALFORMED),
        (market(BUY, "-1"), Cause.BAD_QUANTITY, Refusal.MALFORMED),
        (market(BUY, "1001"), Cause.QUANTITY_TOO_LARGE, Refusal.TOO_LARGE),
        (market(BUY, "0.049"), Cause.NOTIONAL_TOO_SMALL, Refusal.TOO_SMALL),
        (limit(BUY, "0.05", "99.9"), Cause.NOTIONAL_TOO_SMALL, Refusal.TOO_SMALL),
        (market(BUY, "1", ""), Cause.BAD_CLIENT_ID, Refusal.MALFORMED),
        (market(BUY, "1", "x" * 37), Cause.BAD_CLIENT_ID, Refusal.MALFORMED),
        (market(BUY, "1", "a b"), Cause.BAD_CLIENT_ID, Refusal.MALFORMED),
        (market(BUY, "1", position_side=LONG), Cause.WRONG_POSITION_SIDE, Refusal.WRONG_MODE),
        (limit(BUY, "1", "105.1"), Cause.PRICE_TOO_HIGH, Refusal.MALFORMED),
        (limit(SELL, "1", "94.9"), Cause.PRICE_TOO_LOW, Refusal.MALFORMED),
    ],
)
def test_a_ticket_that_breaks_a_rule_is_refused_and_changes_nothing(
    ticket: Ticket, cause: Cause, refusal: Refusal
) -> None:
    account = open_account()
    account.on_mark(SYMBOL, D(100), 1)
    before = account.dump()

    with pytest.raises(RuleBrokenError) as refused:
        account.place(ticket, 2)

    assert (refused.value.cause, refused.value.refusal) == (cause, refusal)
    assert account.dump() == before
    assert account.drain() == []


def test_below_the_minimum_quantity_is_too_small() -> None:
    coarse = terms()
    account = open_account(
        replace(coarse, instrument=replace(coarse.instrument, minimum_quantity=D("0.1")))
    )

    with pytest.raises(RuleBrokenError) as refused:
        account.place(market(BUY, "0.099"), 1)

    assert refused.value.cause is Cause.QUANTITY_TOO_SMALL


def test_market_orders_may_have_a_lower_maximum() -> None:
    account = open_account(terms(maximum_market_quantity=D(3)))

    with pytest.raises(RuleBrokenError) as refused:
        account.place(market(BUY, "4"), 1)
    account.place(limit(BUY, "4", "99.0"), 1)

    assert refused.value.refusal is Refusal.TOO_LARGE


@pytest.mark.parametrize(
    ("trigger", "quantity", "cause"),
    [
        ("95.05", "1", Cause.OFF_TICK),
        ("-1", "1", Cause.BAD_PRICE),
        ("95", "0.0001", Cause.OFF_STEP),
        ("95", "1001", Cause.QUANTITY_TOO_LARGE),
    ],
)
def test_conditional_tickets_are_held_to_the_same_grids(
    trigger: str, quantity: str, cause: Cause
) -> None:
    account = open_account()

    with pytest.raises(RuleBrokenError) as refused:
        account.place_conditional(stop(SELL, trigger, quantity), 1)

    assert refused.value.cause is cause


def test_a_conditional_ticket_that_opens_has_a_minimum_notional() -> None:
    account = open_account()

    with pytest.raises(RuleBrokenError) as refused:
        account.place_conditional(stop(BUY, "110", "0.001", reduce_only=False), 1)
    account.place_conditional(stop(BUY, "110", "0.001"), 1)

    assert refused.value.refusal is Refusal.TOO_SMALL


def test_limits_away_from_the_market_are_not_bounded() -> None:
    account = open_account()
    account.on_mark(SYMBOL, D(100), 1)

    account.place(limit(BUY, "1", "50.0"), 2)

    assert len(account.open_orders()) == 1
