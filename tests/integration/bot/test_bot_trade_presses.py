"""Presses about trades over real sockets: traders, strangers, forged, twice, too late."""

import logging
from decimal import Decimal

import pytest

from bot.presenters.conversation import FAILED, STALE_BUTTON, STORAGE_AWAY
from bot.presenters.trade_conversation import (
    BAD_PERCENTAGE,
    CHECKING,
    CONFIRMING,
    NO_OFFER,
    PRESS_TOO_OLD,
    TRADERS_ONLY,
)
from domain.errors import StorageUnavailableError
from domain.intents import IntentState
from domain.messages import Action, Button, OutgoingMessage
from domain.plans import Denial, Denied
from engine.ports.storage import OutboxState
from tests.builders.signals import make_followed
from tests.builders.trade_cards import TRADER, make_card
from tests.integration.bot.talking import said_after, started
from tests.integration.bot.telegram_room import ADMIN, STRANGER, Room
from tests.telegram_server import DropConnection, Message, SimulatedUser

EXECUTE = "⚡ Execute"
DRIFT = Denied(
    denials=(
        Denial(rule="drift", text="the price has moved 0.41 R from the entry"),
        Denial(rule="heat", text="heat 5.9 % of at most 6 % <is left>"),
    )
)


@pytest.fixture
async def post(room: Room) -> Message:
    """A fresh signal in the channel, and a trader whom the bot knows."""
    await room.make_trader()
    await room.publish(make_followed(), is_executable=True)
    async with room.delivering():
        await room.until("signal:12", OutboxState.SENT)
    return room.channel.posts[0]


async def offered(room: Room, user: SimulatedUser) -> Message:
    """The confirmation of an offer, as the outbox brings it."""
    intent = room.trading.make_offer(user.id)
    labels = {
        Action.CONFIRM: "✅ Confirm",
        Action.HALF: "Half",
        Action.FULL: "Full",
        Action.CUSTOM: "Custom %",
        Action.DECLINE: "✖️ Decline",
    }
    await room.put(
        OutgoingMessage(
            key=f"intent:{intent.id}",
            recipient=str(user.id),
            text=room.presenter.trade_card(make_card(intent)),
            buttons=tuple(
                Button(label=label, action=action, subject=intent.id)
                for action, label in labels.items()
            ),
        )
    )
    async with room.delivering():
        await room.until(f"intent:{intent.id}", OutboxState.SENT)
    return user.chat.posts[-1]


async def test_trader_who_presses_is_answered_first_and_gets_an_offer(
    room: Room, post: Message
) -> None:
    async with room.answering():
        tom = await started(room, TRADER)
        answer = await (await tom.press(room.channel, post.id, EXECUTE)).answer()
        await room.trading.wait_for("request_execution")
    assert answer.text == CHECKING
    assert room.trading.asked("request_execution") == [(12, TRADER)]


async def test_operator_may_execute_too(room: Room, post: Message) -> None:
    async with room.answering():
        ann = await started(room, ADMIN)
        answer = await (await ann.press(room.channel, post.id, EXECUTE)).answer()
    assert answer.text == CHECKING


async def test_refusal_names_every_reason_in_private(room: Room, post: Message) -> None:
    room.trading.refusal = DRIFT
    async with room.answering():
        tom = await started(room, TRADER)
        await tom.press(room.channel, post.id, EXECUTE)
        text = await said_after(tom, 1)
    assert "the price has moved 0.41 R from the entry" in text
    assert "heat 5.9 % of at most 6 % <is left>" in text


async def test_stranger_is_refused_politely_and_logged(
    room: Room, post: Message, caplog: pytest.LogCaptureFixture
) -> None:
    bob = room.server.user(STRANGER, "Bob")
    with caplog.at_level(logging.WARNING):
        async with room.answering():
            answer = await (await bob.press(room.channel, post.id, EXECUTE)).answer()
    assert answer.show_alert
    assert answer.text == TRADERS_ONLY
    assert room.trading.calls == []
    assert f"refused press=execute user={STRANGER}" in caplog.text


async def test_trader_who_never_started_the_bot_is_led_there_and_gets_his_offer(
    room: Room, post: Message
) -> None:
    tom = room.server.user(TRADER, "Tom")
    async with room.answering():
        answer = await (await tom.press(room.channel, post.id, EXECUTE)).answer()
        assert answer.url == "https://t.me/quorum_test_bot?start=exec-12"
        assert room.trading.calls == []
        room.trading.refusal = DRIFT
        await tom.send("/start exec-12")
        await room.server.wait_for_message(tom.chat, "0.41 R")
    assert room.trading.asked("request_execution") == [(12, TRADER)]


async def test_link_to_execute_is_worth_nothing_to_a_stranger(room: Room, post: Message) -> None:
    bob = room.server.user(STRANGER, "Bob")
    async with room.answering():
        await bob.send("/start exec-12")
        await room.server.wait_for_message(bob.chat, TRADERS_ONLY)
    assert room.trading.calls == []


async def test_second_press_is_told_that_nothing_new_was_done(room: Room, post: Message) -> None:
    async with room.answering():
        tom = await started(room, TRADER)
        await (await tom.press(room.channel, post.id, EXECUTE)).answer()
        await (await tom.press(room.channel, post.id, EXECUTE)).answer()
        text = await said_after(tom, 1)
    assert "waits for your confirmation" in text
    assert "Nothing new was done" in text


@pytest.mark.parametrize("data", ["q1:execute:12", "q1:confirm:3"])
async def test_press_that_can_no_longer_be_answered_trades_nothing(
    room: Room, post: Message, data: str
) -> None:
    async with room.answering():
        tom = await started(room, TRADER)
        room.trading.make_offer()
        press = await tom.press_forged(room.channel, post.id, data)
        press.expire()
        assert await said_after(tom, 1) == PRESS_TOO_OLD
    assert room.trading.calls == []


@pytest.mark.parametrize("data", ["q1:execute:12", "q1:confirm:3"])
async def test_press_whose_answer_gets_lost_trades_nothing(
    room: Room, post: Message, data: str
) -> None:
    async with room.answering():
        tom = await started(room, TRADER)
        room.trading.make_offer()
        room.server.fail("answerCallbackQuery", DropConnection())
        await tom.press_forged(room.channel, post.id, data)
        await tom.send("/help")
        await room.server.wait_for_message(tom.chat, "/positions")
    assert room.trading.calls == []


async def test_failure_after_the_answer_is_told_in_private(room: Room, post: Message) -> None:
    room.trading.failure = StorageUnavailableError("the database does not answer")
    async with room.answering():
        tom = await started(room, TRADER)
        answer = await (await tom.press(room.channel, post.id, EXECUTE)).answer()
        assert answer.text == CHECKING
        assert await said_after(tom, 1) == STORAGE_AWAY
        room.trading.failure = ZeroDivisionError("inner detail")
        await tom.press(room.channel, post.id, EXECUTE)
        assert await said_after(tom, 2) == FAILED


async def test_offer_has_two_rows_of_buttons(room: Room) -> None:
    await room.make_trader()
    async with room.answering():
        card = await offered(room, await started(room, TRADER))
    assert card.keyboard.labels == [["✅ Confirm", "✖️ Decline"], ["Half", "Full", "Custom %"]]


async def test_sizes_are_chosen_and_the_offer_confirmed_once(room: Room) -> None:
    await room.make_trader()
    async with room.answering():
        tom = await started(room, TRADER)
        card = await offered(room, tom)
        half = await (await tom.press(tom.chat, card.id, "Half")).answer()
        assert "0.093 BTC, 50% of the full size" in half.text
        full = await (await tom.press(tom.chat, card.id, "Full")).answer()
        assert "0.186 BTC, full size" in full.text
        confirm = await (await tom.press(tom.chat, card.id, "✅ Confirm")).answer()
        assert confirm.text == CONFIRMING
        again = await (await tom.press(tom.chat, card.id, "✅ Confirm")).answer()
        assert again.text == CONFIRMING
        assert "settled already" in await said_after(tom, 2)
        late = await (await tom.press(tom.chat, card.id, "Half")).answer()
    assert not half.show_alert
    assert late.show_alert
    assert "settled already" in late.text
    assert room.trading.offer is not None
    assert room.trading.offer.state is IntentState.CONFIRMED


async def test_offer_is_declined(room: Room) -> None:
    await room.make_trader()
    async with room.answering():
        tom = await started(room, TRADER)
        card = await offered(room, tom)
        answer = await (await tom.press(tom.chat, card.id, "✖️ Decline")).answer()
    assert "declined, nothing was sent" in answer.text
    assert room.trading.offer is not None
    assert room.trading.offer.state is IntentState.DECLINED


@pytest.mark.parametrize("action", ["confirm", "half", "full", "custom", "decline"])
async def test_nobody_settles_the_offer_of_somebody_else(room: Room, action: str) -> None:
    await room.make_trader()
    await room.make_trader(TRADER + 1)
    async with room.answering():
        eve = await started(room, TRADER + 1)
        offer = room.trading.make_offer(TRADER)
        greeting = eve.chat.posts[0]
        press = await eve.press_forged(eve.chat, greeting.id, f"q1:{action}:3")
        answer = await press.answer()
        told = answer.text if action != "confirm" else await said_after(eve, 1)
    assert "somebody else's" in told or told == NO_OFFER
    assert room.trading.offer == offer


@pytest.mark.parametrize("action", ["confirm", "half", "full", "custom", "decline"])
async def test_stranger_who_forges_the_data_of_an_offer_is_refused(
    room: Room, post: Message, action: str
) -> None:
    offer = room.trading.make_offer()
    bob = room.server.user(STRANGER, "Bob")
    async with room.answering():
        press = await bob.press_forged(room.channel, post.id, f"q1:{action}:{offer.id}")
        assert (await press.answer()).text == TRADERS_ONLY
    assert room.trading.offer == offer
    assert room.trading.calls == []


async def test_forged_and_outdated_data_is_called_stale(room: Room, post: Message) -> None:
    async with room.answering():
        tom = await started(room, TRADER)
        for data in ("q0:execute:12", "q1:execute:abc", "q1:execute", "q1:buy:12"):
            press = await tom.press_forged(room.channel, post.id, data)
            assert (await press.answer()).text == STALE_BUTTON
    assert room.trading.calls == []


async def test_custom_asks_for_a_percentage_and_takes_it(room: Room) -> None:
    await room.make_trader()
    async with room.answering():
        tom = await started(room, TRADER)
        card = await offered(room, tom)
        answer = await (await tom.press(tom.chat, card.id, "Custom %")).answer()
        assert answer.show_alert
        assert "Write a percentage" in answer.text
        await tom.send("150%")
        assert await said_after(tom, 2) == BAD_PERCENTAGE
        await tom.send("12.5")
        assert "12.50% of the full size" in await said_after(tom, 3)
    assert room.trading.asked("adjust_offer") == [(3, TRADER, Decimal("0.125"))]


async def test_custom_under_an_older_offer_says_which_one_counts(room: Room) -> None:
    await room.make_trader()
    async with room.answering():
        tom = await started(room, TRADER)
        card = await offered(room, tom)
        room.trading.make_offer(intent_id=4)
        answer = await (await tom.press(tom.chat, card.id, "Custom %")).answer()
    assert "counts for your newest offer" in answer.text


async def test_percentage_without_an_offer_or_a_role_changes_nothing(room: Room) -> None:
    await room.make_trader()
    async with room.answering():
        tom = await started(room, TRADER)
        await tom.send("35%")
        assert await said_after(tom, 1) == NO_OFFER
        room.trading.make_offer()
        bob = await started(room, STRANGER)
        await bob.send("35%")
        await said_after(bob, 1)
    assert room.trading.calls == []
