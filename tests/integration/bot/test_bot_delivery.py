"""From the outbox into the channel through aiogram: posts, edits, replies, and every failure."""

import asyncio

from aiogram.client.telegram import TelegramAPIServer

from bot.delivery_parameters import DeliveryParameters
from domain.messages import CHANNEL, Action, Button, OutgoingMessage
from domain.signals import SignalState
from engine.issue import signal_buttons
from engine.ports.storage import OutboxState
from tests.builders.signals import make_followed, make_signal, make_step
from tests.integration.bot.telegram_room import ADMIN, Room, open_room
from tests.telegram_server import (
    CHANNEL_ID,
    AnswerPlain,
    BotStanding,
    DropConnection,
    Hang,
    Limits,
    Message,
    refuse,
    retry_after,
)


def posts(room: Room) -> list[Message]:
    return [message for message in room.server.transcript(CHANNEL_ID) if message.by_bot]


def edit_of(room: Room, state: SignalState) -> OutgoingMessage:
    return OutgoingMessage(
        key=f"signal:12:{state}:post",
        recipient=CHANNEL,
        text=room.presenter.signal_post(make_followed(state)),
        buttons=signal_buttons(12),
        edits="signal:12",
    )


def reply_of(room: Room, state: SignalState) -> OutgoingMessage:
    followed = make_followed(state)
    return OutgoingMessage(
        key=f"signal:12:{state}",
        recipient=CHANNEL,
        text=room.presenter.step_reply(followed, make_step(followed)),
        replies_to="signal:12",
    )


async def test_life_of_a_signal_is_one_post_its_edits_and_replies(room: Room) -> None:
    await room.publish(make_followed())
    async with room.delivering():
        for state in (SignalState.TRIGGERED, SignalState.TP1, SignalState.BREAKEVEN):
            await room.put(edit_of(room, state), reply_of(room, state))
            await room.until(f"signal:12:{state}", OutboxState.SENT)
    first, *answers = posts(room)
    assert "CLOSED +0.48R" in first.text
    assert first.keyboard.labels == [["🔍 Why", "📈 Chart"]]
    assert [answer.reply_to for answer in answers] == [first] * 3
    assert len(first.history) == 4


async def test_silent_message_arrives_without_a_sound(room: Room) -> None:
    await room.put(
        OutgoingMessage(key="report:1", recipient=CHANNEL, text="report", silent=True),
        OutgoingMessage(key="report:2", recipient=CHANNEL, text="report"),
    )
    async with room.delivering():
        await room.until("report:2", OutboxState.SENT)
    assert [post.is_silent for post in posts(room)] == [True, False]


async def test_edit_that_changes_nothing_counts_as_sent(room: Room) -> None:
    await room.publish(make_followed())
    async with room.delivering():
        await room.put(edit_of(room, SignalState.PUBLISHED))
        await room.until("signal:12:published:post", OutboxState.SENT)


async def test_edit_of_a_deleted_post_fails_and_later_messages_leave(room: Room) -> None:
    await room.publish(make_followed())
    owner = room.server.user(7, "Owner")
    async with room.delivering():
        await room.until("signal:12", OutboxState.SENT)
        await owner.delete(posts(room)[0])
        await room.put(edit_of(room, SignalState.TP1), reply_of(room, SignalState.TP1))
        await room.until("signal:12:tp1:post", OutboxState.FAILED)
        await room.until("signal:12:tp1", OutboxState.SENT)


async def test_kicked_from_the_channel_the_operator_is_told_and_work_goes_on(room: Room) -> None:
    operator = room.server.user(ADMIN, "Ann")
    await operator.send("/start")
    await room.server.set_bot_standing(room.channel, BotStanding.KICKED, operator)
    await room.publish(make_followed())
    async with room.delivering():
        await room.until("signal:12", OutboxState.FAILED)
        alert = await room.server.wait_for_message(operator.chat, "Not delivered")
    assert "kicked" in alert.text


async def test_accepted_but_unanswered_post_is_not_doubled_and_the_operator_is_asked(
    room: Room,
) -> None:
    operator = room.server.user(ADMIN, "Ann")
    await operator.send("/start")
    room.server.fail("sendMessage", Hang(delivers=True))
    await room.publish(make_followed())
    async with room.delivering():
        row = await room.until("signal:12", OutboxState.UNKNOWN)
        question = await room.server.wait_for_message(operator.chat, "Did this message arrive?")
    assert len(posts(room)) == 1
    assert question.keyboard.labels == [["Resend", "It is there"]]
    assert room.server.journal.of("sendMessage", chat_id=CHANNEL_ID)[0].fault is not None
    assert row.attempts == 1


async def test_dropped_connection_and_gateway_page_leave_a_post_in_doubt(room: Room) -> None:
    failed = refuse(500, "Internal Server Error", delivers=True)
    for fault in (DropConnection(delivers=True), AnswerPlain(delivers=True), failed):
        room.server.fail("sendMessage", fault, chat=room.channel)
    for number in (1, 2, 3):
        await room.publish(make_followed(signal=make_signal(number)))
    async with room.delivering():
        for number in (1, 2, 3):
            await room.until(f"signal:{number}", OutboxState.UNKNOWN)
    assert len(posts(room)) == 3


async def test_edit_that_hangs_is_repeated(room: Room) -> None:
    await room.publish(make_followed())
    room.server.fail("editMessageText", Hang(delivers=True))
    async with room.delivering():
        await room.put(edit_of(room, SignalState.TP1))
        await room.until("signal:12:tp1:post", OutboxState.SENT)
    assert "TP1 ✓" in posts(room)[0].text
    assert len(room.server.journal.of("editMessageText")) == 2


async def test_markup_that_telegram_refuses_leaves_as_plain_text(room: Room) -> None:
    operator = room.server.user(ADMIN, "Ann")
    await operator.send("/start")
    await room.put(OutgoingMessage(key="x", recipient=CHANNEL, text="<b>1 &lt; 2 <i>x</b>"))
    async with room.delivering():
        await room.until("x", OutboxState.SENT)
        await room.server.wait_for_message(operator.chat, "Sent without formatting")
    assert [post.text for post in posts(room)] == ["1 < 2 x"]


async def test_long_pause_of_the_channel_leaves_operator_commands_answered(room: Room) -> None:
    operator = room.server.user(ADMIN, "Ann")
    room.server.fail(None, retry_after(30), chat=room.channel, times=None)
    async with room.delivering(), room.answering():
        await operator.send("/start")
        await room.publish(make_followed())
        await room.server.journal.wait("sendMessage", chat_id=CHANNEL_ID)
        await operator.send("/status")
        await room.server.wait_for_message(operator.chat, "Status")
        await room.put(OutgoingMessage(key="alert", recipient=str(ADMIN), text="alert"))
        await room.until("alert", OutboxState.SENT)
    assert await room.state("signal:12") is OutboxState.PENDING
    assert len(room.server.journal.of("sendMessage", chat_id=CHANNEL_ID)) == 1


async def test_server_that_is_not_there_yet_gets_the_post_once_it_is() -> None:
    async with open_room() as other:
        there = other.bot.session.api
        other.bot.session.api = TelegramAPIServer.from_base("http://127.0.0.1:9")
        await other.publish(make_followed())
        async with other.delivering():
            await asyncio.sleep(0.1)
            assert await other.state("signal:12") is OutboxState.PENDING
            other.bot.session.api = there
            await other.until("signal:12", OutboxState.SENT)
        assert len(posts(other)) == 1


async def test_burst_within_enforced_limits_meets_no_refusal() -> None:
    limits = Limits(chat_interval_s=0.1, chat_burst=3)
    parameters = DeliveryParameters(chat_interval=0.2, chat_burst=3)
    async with open_room(limits=limits) as room:
        for number in range(8):
            await room.publish(make_followed(signal=make_signal(number + 1)))
        async with room.delivering(parameters):
            await room.until("signal:8", OutboxState.SENT)
        assert all(entry.is_carried_out for entry in room.server.journal)
        assert len(posts(room)) == 8


async def test_question_in_the_channel_keeps_the_buttons_it_was_given(room: Room) -> None:
    buttons = (Button(label="Resend", action=Action.RESEND, subject=5),)
    await room.put(OutgoingMessage(key="q", recipient=CHANNEL, text="?", buttons=buttons))
    async with room.delivering():
        await room.until("q", OutboxState.SENT)
    assert [button.data for button in posts(room)[0].keyboard] == ["q1:resend:5"]
