"""Before anything new is entered on an account, it and the books must tell the same story."""

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.accounts import OPERATOR, Account, ExecutionMode, KeyPermissions
from domain.directions import Direction
from domain.errors import AccessRefusedError, TemporaryVenueError
from domain.intents import IntentState
from domain.orders import ClientId, OrderKind, OrderReport, OrderRole, OrderState, Side
from domain.positions import PositionState
from engine.ports.broker import AnyPair
from tests.fakes.broker import hand_stop
from tests.unit.execution.desk.desk_floor import ADMIN, BTC, TAG, Floor, settled, until


@pytest.mark.parametrize(
    ("permissions", "word"),
    [
        (KeyPermissions(can_trade=True, can_withdraw=True), "withdraw"),
        (KeyPermissions(can_trade=False, can_withdraw=None), "trade"),
        (KeyPermissions(can_trade=True, can_withdraw=None), "does not tell"),
    ],
)
async def test_a_key_that_may_do_too_much_or_too_little_halts_its_account(
    permissions: KeyPermissions, word: str
) -> None:
    floor = Floor(is_live_allowed=True)
    await floor.add_admin()
    floor.venues.of(OPERATOR).permissions = permissions
    async with floor.working():
        assert floor.desk.halted() == ()
        assert word in (floor.desk.halted_account(OPERATOR) or "")
    assert [word in text for text in await floor.messages(ADMIN)] == [True]


async def test_where_there_is_nothing_to_withdraw_nobody_has_to_tell_whether_a_key_may() -> None:
    floor = Floor(is_live_allowed=True)
    floor.venues.of(OPERATOR).permissions = KeyPermissions(
        can_trade=True, can_withdraw=None, is_practice=True
    )
    async with floor.working():
        assert floor.desk.halted_account(OPERATOR) is None


async def test_a_trade_on_a_halted_account_is_refused_with_the_reason() -> None:
    floor = Floor(is_live_allowed=True)
    floor.venues.of(OPERATOR).permissions = KeyPermissions(can_trade=True, can_withdraw=True)
    async with floor.working():
        floor.desk.wake(await floor.confirm(account=OPERATOR))
        await settled()
        books = await floor.books()
    assert books.intent.state is IntentState.REFUSED
    assert "withdraw" in books.intent.reason
    assert floor.venues.of(OPERATOR).attempted == []


async def test_before_start_up_everything_is_halted() -> None:
    floor = Floor(is_live_allowed=True)
    assert floor.desk.halted() != ()
    await floor.desk.start_up()
    assert floor.desk.halted() == ()
    assert floor.desk.halted_accounts() == {}


async def test_the_mark_of_our_orders_is_chosen_once() -> None:
    floor = Floor()
    await floor.desk.start_up()
    async with floor.kept() as unit:
        assert await unit.state.get_tag() == TAG
    await floor.open_desk().start_up()


async def test_a_venue_that_cannot_be_reached_is_halted_until_it_is_compared() -> None:
    floor = Floor(is_live_allowed=True)
    broker = floor.venues.of(OPERATOR)
    broker.fail("read_permissions", TemporaryVenueError("no route"))
    await floor.desk.start_up()
    assert "compared" in (floor.desk.halted_account(OPERATOR) or "")
    async with floor.working():
        await until(lambda: floor.desk.halted_account(OPERATOR) is None)


async def test_a_missing_key_halts_only_its_account() -> None:
    floor = Floor(is_live_allowed=True)
    floor.venues.refusals[OPERATOR] = AccessRefusedError("no key in the settings")
    async with floor.working():
        await floor.trade()
    assert "no key" in floor.desk.halted_accounts()[OPERATOR]


async def test_orders_of_another_instance_halt_the_account_and_say_how_to_mend_it() -> None:
    floor = Floor(is_live_allowed=True)
    await floor.add_admin()
    broker = floor.venues.of(OPERATOR)
    broker.add_order(_order("ffffff"))
    async with floor.working():
        assert "ffffff" in (floor.desk.halted_account(OPERATOR) or "")
        assert broker.open_orders() != []
        await until(lambda: broker.is_listened_to)
        broker.orders.clear()
        broker.hint(AnyPair.STREAM_BEGAN)
        await until(lambda: floor.desk.halted_account(OPERATOR) is None)
    assert any("other instance" in text for text in await floor.messages(ADMIN))


async def test_an_order_of_ours_that_no_book_knows_is_cancelled_and_told() -> None:
    floor = Floor(is_live_allowed=True)
    await floor.add_admin()
    broker = floor.venues.of(OPERATOR)
    broker.add_order(_order(TAG))
    await floor.desk.start_up()
    assert broker.open_orders() == []
    assert floor.desk.halted_account(OPERATOR) is None
    assert any(str(_name(TAG)) in text for text in await floor.messages(ADMIN))


@pytest.mark.parametrize("hint", [AnyPair.TIME_PASSED, AnyPair.EVENT])
async def test_a_hint_at_all_pairs_asks_for_fills_and_orders_and_compares_nothing(
    hint: AnyPair,
) -> None:
    """Where a clock hints every two seconds, a whole comparison each time would be dear."""
    floor = Floor()
    async with floor.working():
        await floor.trade()
        await until(lambda: floor.broker.is_listened_to)
        before = len(floor.broker.calls)
        floor.broker.hint(hint)
        await until(lambda: len(floor.broker.calls) >= before + 2)
        await settled()
        assert sorted(floor.broker.calls[before:]) == ["list_fills", "list_open_orders"]


async def test_a_stream_that_begins_anew_has_the_account_compared() -> None:
    floor = Floor()
    async with floor.working():
        await floor.trade()
        await until(lambda: floor.broker.is_listened_to)
        before = floor.broker.calls.count("read_permissions")
        floor.broker.hint(AnyPair.STREAM_BEGAN)
        await until(lambda: floor.broker.calls.count("read_permissions") > before)


async def test_orders_of_people_are_left_alone() -> None:
    floor = Floor(is_live_allowed=True)
    broker = floor.venues.of(OPERATOR)
    broker.add_order(hand_stop(BTC.symbol, Direction.LONG, Decimal(1), Decimal(60_000)))
    await floor.desk.start_up()
    assert len(broker.open_orders()) == 1


async def test_a_position_of_somebody_else_is_flagged_left_alone_and_bars_its_pair() -> None:
    floor = Floor(is_live_allowed=True)
    await floor.add_admin()
    broker = floor.venues.of(OPERATOR)
    broker.trade_by_hand(BTC.symbol, Side.BUY, Decimal("0.5"), Decimal(64_000))
    async with floor.working():
        assert "did not open" in (floor.desk.refused_pair(OPERATOR, BTC.symbol) or "")
        assert floor.desk.halted_account(OPERATOR) is None
        floor.desk.wake(await floor.confirm(account=OPERATOR))
        await settled()
        assert (await floor.books()).intent.state is IntentState.REFUSED
        broker.positions.clear()
        broker.hint(AnyPair.STREAM_BEGAN)
        await until(lambda: floor.desk.refused_pair(OPERATOR, BTC.symbol) is None)
    assert broker.attempted == []
    assert len(await floor.messages(ADMIN)) == 1


async def test_a_position_that_a_restored_backup_does_not_know_keeps_its_stop() -> None:
    floor = Floor(is_live_allowed=True)
    await floor.add_admin()
    broker = floor.venues.of(OPERATOR)
    broker.trade_by_hand(BTC.symbol, Side.BUY, Decimal("0.5"), Decimal(64_000))
    stop = hand_stop(BTC.symbol, Direction.LONG, Decimal("0.5"), Decimal(63_000))
    name = ClientId(tag=TAG, intent_id=77, role=OrderRole.STOP, rung=0, attempt=1)
    broker.add_order(replace(stop, client_id=str(name)))
    broker.add_order(_order(TAG))
    async with floor.working():
        assert [order.client_id for order in broker.open_orders()] == [str(name)]
        assert "63000" in (floor.desk.refused_pair(OPERATOR, BTC.symbol) or "")
        assert any(
            "kept" in text and "stop 0.5 at 63000" in text for text in await floor.messages(ADMIN)
        )
        await until(lambda: broker.is_listened_to)
        broker.positions.clear()
        broker.hint(AnyPair.STREAM_BEGAN)
        await until(lambda: broker.open_orders() == [])


async def test_a_position_that_ends_while_it_is_read_bars_nothing() -> None:
    floor = Floor(is_live_allowed=True)
    broker = floor.venues.of(OPERATOR)
    broker.trade_by_hand(BTC.symbol, Side.BUY, Decimal("0.5"), Decimal(64_000))
    broker.is_fading = True
    await floor.desk.start_up()
    assert floor.desk.refused_pair(OPERATOR, BTC.symbol) is None


async def test_a_trade_that_ended_while_we_were_away_is_brought_up_to_date() -> None:
    floor = Floor()
    async with floor.working():
        await floor.trade()
    floor.broker.trigger(floor.resting(OrderKind.STOP)[0].client_id)
    floor.open_desk()
    await floor.desk.start_up()
    assert await floor.state() is PositionState.CLOSED
    assert floor.broker.open_orders() == []


async def test_a_stop_that_vanished_while_we_were_away_is_back_before_start_up_is_over() -> None:
    floor = Floor()
    async with floor.working():
        await floor.trade()
    floor.broker.cancel_by_hand(floor.resting(OrderKind.STOP)[0].client_id)
    floor.open_desk()
    await floor.desk.start_up()
    assert floor.is_protected()


async def test_a_live_trade_is_not_entered_after_a_restart_without_the_switch() -> None:
    floor = Floor(is_live_allowed=False)
    await floor.confirm(account=OPERATOR)
    async with floor.working():
        await floor.until_closed()
        books = await floor.books()
    assert books.intent.state is IntentState.REFUSED
    assert "LIVE_TRADING" in books.intent.reason
    assert floor.venues.of(OPERATOR).attempted == []


async def test_a_live_trade_is_not_entered_after_a_restart_without_a_passed_gate() -> None:
    floor = Floor(is_live_allowed=True, live_refusal="the readiness gate is not passed")
    await floor.confirm(account=OPERATOR)
    async with floor.working():
        await floor.until_closed()
        books = await floor.books()
    assert books.intent.state is IntentState.REFUSED
    assert "readiness gate" in books.intent.reason
    assert floor.venues.of(OPERATOR).attempted == []


async def test_a_live_trade_at_work_keeps_its_stop_and_targets_when_the_gate_shuts() -> None:
    floor = Floor(is_live_allowed=True)
    async with floor.working():
        floor.desk.wake(await floor.confirm(account=OPERATOR))
        await until(lambda: len(floor.venues.of(OPERATOR).open_orders()) == 4)
    floor.live_refusal = "the readiness gate is not passed"
    floor.open_desk()
    async with floor.working():
        await until(lambda: floor.desk.is_protected(1))
        assert "readiness gate" in (floor.desk.halted_account(OPERATOR) or "")
        assert len(floor.venues.of(OPERATOR).open_orders()) == 4
        floor.live_refusal = None
        assert floor.desk.halted_account(OPERATOR) is None


async def test_two_names_for_one_account_of_the_venue_never_cancel_each_others_orders() -> None:
    floor = Floor(is_live_allowed=True)
    await floor.add_admin()
    trader = Account(name="trader:9", mode=ExecutionMode.LIVE, user_id=9)
    async with floor.working():
        broker = floor.venues.of(OPERATOR)
        floor.desk.wake(await floor.confirm(account=OPERATOR))
        await until(lambda: len(broker.open_orders()) == 4)
        floor.venues.share(OPERATOR, "trader:9")
        await floor.desk.admit(trader)
        await until(lambda: OPERATOR in (floor.desk.halted_account("trader:9") or ""))
    assert len(broker.open_orders()) == 4
    assert floor.desk.halted_account(OPERATOR) is None
    assert any("one account at the exchange" in text for text in await floor.messages(ADMIN))


async def test_an_account_with_a_new_key_is_opened_anew_and_a_dismissed_one_is_closed() -> None:
    floor = Floor(is_live_allowed=True)
    account = Account(name="trader:9", mode=ExecutionMode.LIVE, user_id=9)
    async with floor.working():
        broker = floor.venues.of("trader:9")
        await floor.desk.admit(account)
        await until(lambda: broker.is_listened_to)
        await floor.desk.admit(account)
        assert broker.is_closed
        await floor.desk.dismiss("trader:9")
        await until(lambda: not broker.is_listened_to)


def _name(tag: str) -> ClientId:
    return ClientId(tag=tag, intent_id=77, role=OrderRole.ENTRY, rung=0, attempt=1)


def _order(tag: str) -> OrderReport:
    stop = hand_stop(BTC.symbol, Direction.LONG, Decimal(1), Decimal(60_000))
    return replace(
        stop,
        client_id=str(_name(tag)),
        kind=OrderKind.LIMIT,
        state=OrderState.RESTING,
        direction=None,
        side=Side.BUY,
        reduces=False,
        price=Decimal(60_000),
        trigger=None,
    )
