"""Presses: who may find which button, and how an answer is taken."""

import pytest

from tests.telegram_server import Chat, ManualClock, NothingHappenedError, SimulatedUser
from tests.telegram_server.direct import Ask, Refused
from tests.telegram_server.messages import Message

KEYBOARD = {
    "inline_keyboard": [
        [
            {"text": "Why", "callback_data": "why:1"},
            {"text": "Open", "url": "https://q.example"},
        ]
    ]
}
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


@pytest.fixture
async def post(ask: Ask, channel: Chat) -> Message:
    await ask("sendMessage", chat_id=channel.id, text="signal", reply_markup=KEYBOARD)
    return channel.posts[-1]


async def test_button_is_found_by_label_or_data(
    channel: Chat, ann: SimulatedUser, post: Message
) -> None:
    by_label = await ann.press(channel, post.id, "Why")
    by_data = await ann.press(channel, post.id, "why:1")

    assert by_label.data == by_data.data == "why:1"
    assert by_label.id != by_data.id
    assert by_label.update_id != by_data.update_id


@pytest.mark.parametrize(
    ("wanted", "complaint"),
    [("Execute", "no button 'Execute' under"), ("Open", "sends nothing to the bot")],
)
async def test_press_of_what_is_not_there_fails_the_test(
    channel: Chat, ann: SimulatedUser, post: Message, wanted: str, complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        await ann.press(channel, post.id, wanted)


async def test_press_under_an_unknown_message_fails_the_test(
    channel: Chat, ann: SimulatedUser
) -> None:
    with pytest.raises(ValueError, match="no message #7"):
        await ann.press(channel, 7, "Why")


async def test_old_button_is_pressed_only_on_purpose(
    ask: Ask, channel: Chat, ann: SimulatedUser, post: Message
) -> None:
    await ask("editMessageText", chat_id=channel.id, message_id=post.id, text="closed")

    with pytest.raises(ValueError, match="no button"):
        await ann.press(channel, post.id, "Why")
    press = await ann.press(channel, post.id, "Why", from_old_keyboard=True)

    assert press.data == "why:1"


async def test_repeated_and_forged_presses_have_ids_of_their_own(
    ask: Ask, channel: Chat, ann: SimulatedUser, post: Message
) -> None:
    press = await ann.press(channel, post.id, "Why")
    again = await ann.press_again(press)
    forged = await ann.press_forged(channel, post.id, "go:all-in")

    updates = await ask("getUpdates", offset=press.update_id or 0)

    queries = [update["callback_query"] for update in updates]
    assert [query["data"] for query in queries] == ["why:1", "why:1", "go:all-in"]
    assert [query["id"] for query in queries] == [press.id, again.id, forged.id]
    assert len({press.id, again.id, forged.id}) == 3


async def test_message_can_be_hidden_from_the_bot(
    ask: Ask, channel: Chat, ann: SimulatedUser, post: Message
) -> None:
    press = await ann.press(channel, post.id, "Why", is_accessible=False)

    (update,) = await ask("getUpdates", offset=press.update_id or 0)

    assert update["callback_query"]["message"] == {
        "chat": channel.as_json(),
        "message_id": post.id,
        "date": 0,
    }


async def test_press_is_answered_once_and_in_time(
    ask: Ask,
    refused: Refused,
    channel: Chat,
    ann: SimulatedUser,
    post: Message,
    clock: ManualClock,
) -> None:
    answered = await ann.press(channel, post.id, "Why")
    late = await ann.press(channel, post.id, "Why")
    clock.advance(15)
    await ask("answerCallbackQuery", callback_query_id=answered.id, text="x" * 200)
    assert await refused("answerCallbackQuery", callback_query_id=answered.id) == TOO_OLD
    clock.advance(0.5)
    expired = await ann.press(channel, post.id, "Why")
    expired.expire()

    for query_id in (late.id, expired.id, "17"):
        answer = await refused("answerCallbackQuery", callback_query_id=query_id)
        assert answer == TOO_OLD
    assert (await answered.answer()).text == "x" * 200
    assert not late.is_answered


async def test_answer_is_at_most_200_units_and_opens_only_this_bot(
    ask: Ask, refused: Refused, channel: Chat, ann: SimulatedUser, post: Message
) -> None:
    press = await ann.press(channel, post.id, "Why")
    query = {"callback_query_id": press.id}

    too_long = await refused("answerCallbackQuery", **query, text="🚀" * 100 + "x")
    elsewhere = await refused("answerCallbackQuery", **query, url="https://q.example")
    await ask("answerCallbackQuery", **query, url="https://t.me/quorum_test_bot?start=link")

    assert too_long == "Bad Request: MESSAGE_TOO_LONG"
    assert elsewhere == "Bad Request: URL_INVALID"
    assert (await press.answer()).url == "https://t.me/quorum_test_bot?start=link"


async def test_waiting_for_an_answer_ends_with_what_was_missing(
    channel: Chat, ann: SimulatedUser, post: Message
) -> None:
    press = await ann.press(channel, post.id, "Why")

    with pytest.raises(NothingHappenedError, match="the press of 'why:1'"):
        await press.answer(timeout_s=0.01)
