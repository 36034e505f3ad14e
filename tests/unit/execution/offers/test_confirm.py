"""A confirmation: everything is checked once more, and a position is stored or nothing is."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.access import Role
from domain.accounts import ExecutionMode
from domain.errors import ConflictError, StorageUnavailableError, TemporaryVenueError
from domain.intents import Intent, IntentState
from domain.plans import Denied
from domain.positions import PositionState
from domain.signals import SignalState
from domain.trading_state import PauseState
from engine.execution.telling.cards import trade_card
from tests.fakes.clock import AFTERNOON
from tests.unit.engine.failing_storage import FailingStorage
from tests.unit.execution.offers.filling import close_trade, open_trade
from tests.unit.execution.offers.trading_floor import (
    ANN,
    Floor,
    make_signal_on,
    rules_of,
)


async def offered() -> Floor:
    floor = await Floor().begin()
    await floor.offer()
    return floor


def confirmed(found: Intent | Denied) -> Intent:
    assert isinstance(found, Intent), found
    assert found.state is IntentState.CONFIRMED
    return found


async def test_confirmed_offer_becomes_a_position_to_be_opened() -> None:
    floor = await offered()
    intent = confirmed(await floor.confirm())
    (books,) = await floor.positions()
    position = books.position
    assert books.intent == intent
    assert (position.state, books.orders, books.fills) == (PositionState.OPENING, (), ())
    assert (position.intent_id, position.signal_id, position.account) == (1, 1, "paper:11")
    assert (position.plan, position.stop) == (intent.plan, intent.plan.stop)
    assert position.exits.maximum_hold == make_signal_on("SOL").signal.rules.maximum_hold
    assert position.exits.data_loss_seconds is None
    assert floor.clock.now() - position.watched_from == timedelta(seconds=2)
    assert floor.desk.woken == [position.id]


async def test_fills_of_a_trade_that_has_just_ended_are_not_those_of_the_next_one() -> None:
    floor = await Floor().begin(make_signal_on("SOL"), make_signal_on("SOL", 2))
    await open_trade(floor, 1)
    floor.clock.advance(1.0)
    await close_trade(floor, 1, "100")
    ended_at = floor.clock.now()
    floor.clock.advance(0.5)
    intent = await floor.offer(2)
    confirmed(await floor.confirm(intent.id))
    (books,) = await floor.positions()
    assert books.position.watched_from == ended_at + timedelta(milliseconds=1)


async def test_confirmed_card_has_no_buttons() -> None:
    floor = await offered()
    intent = confirmed(await floor.confirm())
    edit = (await floor.messages())[-1]
    assert (edit.key, edit.edits, edit.buttons) == ("intent:1:card:offer-1", "intent:1", ())
    assert edit.text == f"confirmed {intent.quantity} on paper"


async def test_chosen_share_is_what_is_confirmed() -> None:
    floor = await offered()
    half = await floor.adjust("0.5")
    assert isinstance(half, Intent)
    intent = confirmed(await floor.confirm())
    assert (intent.quantity, intent.share) == (half.quantity, Decimal("0.5"))


async def test_confirmations_at_once_open_one_position() -> None:
    floor = await offered()
    floor.take_turns()
    results = await asyncio.gather(*(floor.confirm() for _ in range(5)))
    assert [isinstance(each, Intent) for each in results].count(True) == 1
    assert {rule for each in results if isinstance(each, Denied) for rule in rules_of(each)} == {
        "settled"
    }
    assert len(await floor.positions()) == len(floor.desk.woken) == 1


async def test_account_that_has_lost_meanwhile_gets_no_more_than_is_allowed_now() -> None:
    floor = await offered()
    floor.broker.equity = Decimal(5000)
    intent = confirmed(await floor.confirm())
    assert Decimal("74.9") < intent.plan.risk_amount <= 75
    assert (intent.quantity, intent.share) == (intent.plan.quantity, Decimal(1))
    (books,) = await floor.positions()
    assert books.position.plan == intent.plan


async def test_account_that_has_won_meanwhile_gets_what_it_was_shown() -> None:
    floor = await offered()
    offer = await floor.find()
    floor.broker.equity = Decimal(50_000)
    intent = confirmed(await floor.confirm())
    assert offer is not None
    assert (intent.quantity, intent.share) == (offer.quantity, offer.share)
    assert intent.plan.risk_amount == offer.plan.risk_amount
    assert intent.plan.risk_percent == Decimal("0.29998288")


async def test_half_that_still_fits_tells_the_risk_of_the_equity_of_now() -> None:
    floor = await offered()
    await floor.adjust("0.5")
    floor.broker.equity = Decimal(6000)
    intent = confirmed(await floor.confirm())
    card = trade_card(intent)
    assert (intent.quantity, intent.share) == (Decimal("34.72"), Decimal("0.5"))
    assert round(card.worst_loss, 2) == Decimal("75.00")
    assert round(card.worst_loss / card.equity * 100, 2) == Decimal("1.25")


async def test_price_that_moved_meanwhile_is_in_the_worst_loss_that_is_confirmed() -> None:
    floor = await offered()
    await floor.adjust("0.5")
    floor.quotes.set("SOLUSDT", "100.48", "100.50")
    card = trade_card(confirmed(await floor.confirm()))
    # 34.72 units lose 2.50 each on the way to 98, and 0.15 % of 100.50 in costs.
    assert round(card.worst_loss, 2) == Decimal("92.03")
    assert round(card.notional, 2) == Decimal("3489.36")


async def test_cut_since_the_offer_is_said_in_words() -> None:
    floor = await offered()
    floor.broker.equity = Decimal(5000)
    intent = confirmed(await floor.confirm())
    assert intent.plan.shrinks == (
        "34.72 instead of 69.44 SOL: less is allowed now than when it was offered",
    )


async def test_margin_that_was_used_meanwhile_raises_the_leverage() -> None:
    floor = await offered()
    offer = await floor.find()
    assert offer is not None
    assert offer.leverage == 4
    floor.broker.available = Decimal(1000)
    intent = confirmed(await floor.confirm())
    assert (intent.quantity, intent.leverage) == (offer.quantity, 7)


async def pause(floor: Floor) -> None:
    async with floor.storage() as unit:
        await unit.state.set_pause(PauseState(is_paused=True, by="1", reason="news"))
        await unit.commit()


async def test_what_trips_meanwhile_refuses_the_offer_for_good_and_says_why_on_the_card() -> None:
    floor = await offered()
    await pause(floor)
    assert rules_of(await floor.confirm()) == ["paused"]
    intent = await floor.find()
    assert intent is not None
    assert intent.state is IntentState.REFUSED
    assert "paused" in intent.reason
    edit = (await floor.messages())[-1]
    assert (edit.edits, edit.buttons) == ("intent:1", ())
    assert "paused" in edit.text
    assert await floor.positions() == []
    assert floor.desk.woken == []


@pytest.mark.parametrize("trouble", ["venue", "halted", "quote"])
async def test_what_cannot_be_judged_for_now_leaves_the_offer_to_be_confirmed_later(
    trouble: str,
) -> None:
    floor = await offered()
    if trouble == "venue":
        floor.broker.failure = TemporaryVenueError("time-out")
    elif trouble == "halted":
        floor.desk.reasons = ("reconnecting",)
    else:
        floor.quotes.known.clear()
    assert isinstance(await floor.confirm(), Denied)
    assert await floor.state_of() is IntentState.OFFERED
    assert len(await floor.messages()) == 1
    floor.broker.failure, floor.desk.reasons = None, ()
    floor.quotes.set("SOLUSDT", "99.99", "100.01")
    confirmed(await floor.confirm())


async def test_late_confirmation_lapses_the_offer_without_asking_the_venue() -> None:
    floor = await offered()
    offer = await floor.find()
    assert offer is not None
    floor.clock.set(offer.expires_at)
    asked = floor.broker.asked
    assert rules_of(await floor.confirm()) == ["too_late"]
    assert await floor.state_of() is IntentState.LAPSED
    assert floor.broker.asked == asked


async def test_signal_that_ended_meanwhile_refuses() -> None:
    floor = await offered()
    followed = make_signal_on("SOL")
    async with floor.storage() as unit:
        await unit.signals.save_course(1, replace(followed.course, state=SignalState.STOPPED))
        await unit.commit()
    assert rules_of(await floor.confirm()) == ["not_fresh"]
    assert await floor.state_of() is IntentState.REFUSED


async def test_price_that_ran_away_meanwhile_refuses() -> None:
    floor = await offered()
    floor.quotes.set("SOLUSDT", "101", "101")
    assert rules_of(await floor.confirm()) == ["drift"]
    assert await floor.state_of() is IntentState.REFUSED


@pytest.mark.parametrize(
    ("mode", "rule"),
    [(ExecutionMode.OFF, "mode_off"), (ExecutionMode.LIVE, "account_changed")],
)
async def test_mode_that_was_changed_meanwhile_never_confirms_with_other_money(
    mode: ExecutionMode, rule: str
) -> None:
    floor = Floor(is_live_allowed=True)
    await floor.begin()
    await floor.offer()
    await floor.set_mode(mode)
    assert rules_of(await floor.confirm()) == [rule]
    assert await floor.state_of() is IntentState.REFUSED
    assert await floor.positions() == []


async def test_gate_that_shut_meanwhile_refuses_a_live_offer() -> None:
    floor = Floor(is_live_allowed=True)
    await floor.begin()
    await floor.set_mode(ExecutionMode.LIVE)
    await floor.offer()
    floor.override = ""
    assert rules_of(await floor.confirm()) == ["not_ready"]
    assert await floor.state_of() is IntentState.REFUSED
    assert await floor.positions() == []


async def test_trader_who_is_none_any_more_confirms_nothing() -> None:
    floor = await offered()
    async with floor.storage() as unit:
        await unit.users.grant(ANN, Role.GUEST, at=AFTERNOON, how="settings")
        await unit.commit()
    assert rules_of(await floor.confirm()) == ["not_a_trader"]
    assert await floor.state_of() is IntentState.OFFERED


async def test_two_confirmations_of_one_account_share_the_heat() -> None:
    floor = Floor()
    await floor.begin(*(make_signal_on(f"C{number}", number) for number in range(1, 6)))
    for number in range(1, 6):
        await floor.offer(number)
    floor.take_turns()
    results = await asyncio.gather(*(floor.confirm(number) for number in range(1, 6)))
    assert [isinstance(each, Intent) for each in results].count(True) == 4
    heat = sum(
        books.intent.plan.risk_amount * books.intent.quantity / books.intent.plan.quantity
        for books in await floor.positions()
    )
    assert heat <= 600


async def test_lost_race_is_run_again() -> None:
    floor = await offered()
    sound = floor.storage
    steps = await steps_of_a_confirmation()
    floor.storage = FailingStorage(
        sound, steps.index("commit"), ConflictError("somebody was faster")
    ).storage
    confirmed(await floor.confirm())
    floor.storage = sound
    assert len(await floor.positions()) == 1


async def steps_of_a_confirmation() -> list[str]:
    floor = await offered()
    counted = FailingStorage(floor.storage)
    floor.storage = counted.storage
    await floor.confirm()
    return counted.steps


async def test_storage_that_fails_at_any_step_leaves_the_offer_as_it_was() -> None:
    for number in range(len(await steps_of_a_confirmation())):
        floor = await offered()
        sound = floor.storage
        floor.storage = FailingStorage(sound, number).storage
        with pytest.raises(StorageUnavailableError):
            await floor.confirm()
        floor.storage = sound
        assert await floor.state_of() is IntentState.OFFERED
        assert (await floor.positions(), floor.desk.woken) == ([], [])
        assert len(await floor.messages()) == 1
