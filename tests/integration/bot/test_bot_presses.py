"""Presses over real sockets: everybody, operators, strangers, forged, stale, twice."""

from bot.presenters.conversation import (
    ADMIN_ONLY,
    ALREADY_SETTLED,
    CHART_ON_ITS_WAY,
    MARKED_ARRIVED,
    NOT_FOUND,
    RESEND_QUEUED,
    STALE_BUTTON,
    TOO_FAST,
    TRY_LATER,
)
from domain.errors import TemporaryVenueError
from domain.messages import Action, Button, OutgoingMessage
from engine.ports.storage import OutboxState
from tests.builders.signals import make_followed
from tests.integration.bot.telegram_room import ADMIN, STRANGER, Room
from tests.telegram_server import Hang, Message, SimulatedUser

WHY, CHART = "🔍 Why", "📈 Chart"


async def published(room: Room) -> Message:
    """A signal's post in the channel."""
    await room.publish(make_followed())
    async with room.delivering():
        await room.until("signal:12", OutboxState.SENT)
    return room.channel.posts[0]


async def in_doubt(room: Room) -> tuple[SimulatedUser, Message]:
    """The operator, and the question to him about a post that got lost on its way."""
    ann = room.server.user(ADMIN, "Ann")
    await ann.send("/start")
    room.server.fail("sendMessage", Hang(delivers=False), chat=room.channel)
    await room.publish(make_followed())
    async with room.delivering():
        await room.until("signal:12", OutboxState.UNKNOWN)
        return ann, await room.server.wait_for_message(ann.chat, "Did this message arrive?")


async def test_why_shows_the_top_reasons_to_whoever_presses(room: Room) -> None:
    post = await published(room)
    bob = room.server.user(STRANGER, "Bob")
    async with room.answering():
        answer = await (await bob.press(room.channel, post.id, WHY)).answer()
    assert answer.show_alert
    assert "RSI 28, oversold in an uptrend" in answer.text


async def test_chart_goes_to_the_private_chat_of_whoever_presses(room: Room) -> None:
    post = await published(room)
    bob = room.server.user(STRANGER, "Bob")
    async with room.answering():
        await bob.send("/start")
        answer = await (await bob.press(room.channel, post.id, CHART)).answer()
        picture = await bob.chat.wait(lambda posts: next((p for p in posts if p.photo), None))
    assert answer.text == CHART_ON_ITS_WAY
    assert picture.photo is not None
    assert (picture.photo.width, picture.photo.height) == (1000, 600)
    assert "LONG BTC/USDT #12" in picture.text


async def test_whoever_never_started_the_bot_is_led_there_and_gets_his_chart(room: Room) -> None:
    post = await published(room)
    bob = room.server.user(STRANGER, "Bob")
    async with room.answering():
        answer = await (await bob.press(room.channel, post.id, CHART)).answer()
        assert answer.url == "https://t.me/quorum_test_bot?start=chart_12"
        await bob.send("/start chart_12")
        await bob.chat.wait(lambda posts: next((p for p in posts if p.photo), None))
        await bob.send("/start why_12")
        await room.server.wait_for_message(bob.chat, "Why 🟢 LONG")


async def test_chart_that_cannot_be_had_is_told_in_private(room: Room) -> None:
    post = await published(room)
    bob = room.server.user(STRANGER, "Bob")
    room.failure = TemporaryVenueError("candles are late")
    async with room.answering():
        await bob.send("/start")
        await (await bob.press(room.channel, post.id, CHART)).answer()
        await room.server.wait_for_message(bob.chat, TRY_LATER)


async def test_press_on_a_message_that_telegram_no_longer_shows_is_answered(room: Room) -> None:
    post = await published(room)
    bob = room.server.user(STRANGER, "Bob")
    async with room.answering():
        press = await bob.press(room.channel, post.id, WHY, is_accessible=False)
        assert "LONG BTC/USDT" in (await press.answer()).text


async def test_forged_and_outdated_data_is_called_stale(room: Room) -> None:
    post = await published(room)
    bob = room.server.user(STRANGER, "Bob")
    async with room.answering():
        for data in ("q0:why:12", "q1:buy:12", "q1:why:abc", "garbage", "q1:why"):
            press = await bob.press_forged(room.channel, post.id, data)
            assert (await press.answer()).text == STALE_BUTTON


async def test_id_that_no_database_can_hold_is_called_stale(room: Room) -> None:
    post = await published(room)
    bob = room.server.user(STRANGER, "Bob")
    async with room.answering():
        for data in (f"q1:why:{2**64}", "q1:chart:-1", "q1:execute:0", f"q1:confirm:{2**31}"):
            press = await bob.press_forged(room.channel, post.id, data)
            assert (await press.answer()).text == STALE_BUTTON


async def test_forged_signal_is_unknown(room: Room) -> None:
    post = await published(room)
    bob = room.server.user(STRANGER, "Bob")
    async with room.answering():
        for data in ("q1:why:999", "q1:chart:999"):
            press = await bob.press_forged(room.channel, post.id, data)
            assert (await press.answer()).text == NOT_FOUND


async def test_every_press_of_an_impatient_thumb_is_answered(room: Room) -> None:
    post = await published(room)
    bob = room.server.user(STRANGER, "Bob")
    async with room.answering():
        presses = [await bob.press(room.channel, post.id, WHY) for _ in range(9)]
        texts = [(await press.answer()).text for press in presses]
    assert texts[-1] == TOO_FAST
    assert "LONG BTC/USDT" in texts[0]


async def test_press_that_is_too_old_has_no_effect_on_the_bot(room: Room) -> None:
    post = await published(room)
    bob = room.server.user(STRANGER, "Bob")
    async with room.answering():
        press = await bob.press(room.channel, post.id, WHY)
        press.expire()
        again = await bob.press(room.channel, post.id, WHY)
        assert "LONG BTC/USDT" in (await again.answer()).text


async def test_operator_has_a_message_in_doubt_sent_again_once(room: Room) -> None:
    ann, question = await in_doubt(room)
    async with room.answering(), room.delivering():
        press = await ann.press(ann.chat, question.id, "Resend")
        assert (await press.answer()).text == RESEND_QUEUED
        await room.until("signal:12", OutboxState.SENT)
        await ann.chat.wait(lambda _: not question.keyboard)
        again = await ann.press(ann.chat, question.id, "Resend", from_old_keyboard=True)
        assert (await again.answer()).text == ALREADY_SETTLED
    assert len(room.channel.posts) == 1


async def test_operator_says_that_a_message_is_there(room: Room) -> None:
    ann, question = await in_doubt(room)
    async with room.answering(), room.delivering():
        press = await ann.press(ann.chat, question.id, "It is there")
        assert (await press.answer()).text == MARKED_ARRIVED
    assert room.channel.posts == []
    assert await room.state("signal:12") not in (OutboxState.UNKNOWN, OutboxState.PENDING)


async def test_nobody_else_settles_a_message_in_doubt(room: Room) -> None:
    _, question = await in_doubt(room)
    bob = room.server.user(STRANGER, "Bob")
    async with room.answering():
        await bob.send("/start")
        greeting = await room.server.wait_for_message(bob.chat, "Quorum")
        for data in ("q1:resend:1", "q1:arrived:1"):
            press = await bob.press_forged(bob.chat, greeting.id, data)
            assert (await press.answer()).text == ADMIN_ONLY
    assert await room.state("signal:12") is OutboxState.UNKNOWN
    assert question.keyboard


async def test_operator_settles_in_private_only(room: Room) -> None:
    ann, _ = await in_doubt(room)
    buttons = (Button(label="Resend", action=Action.RESEND, subject=1),)
    await room.put(OutgoingMessage(key="q", recipient="channel", text="?", buttons=buttons))
    async with room.answering(), room.delivering():
        await room.until("q", OutboxState.SENT)
        press = await ann.press(room.channel, room.channel.posts[-1].id, "Resend")
        assert (await press.answer()).text == ADMIN_ONLY
    assert await room.state("signal:12") is OutboxState.UNKNOWN
