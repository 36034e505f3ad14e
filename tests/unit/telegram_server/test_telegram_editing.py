"""What the edit methods, deletion and pins refuse, and what they leave behind."""

import pytest

from tests.telegram_server import BotStanding, Chat, ManualClock, SimulatedUser, TelegramServer
from tests.telegram_server.direct import Ask, Refused
from tests.telegram_server.messages import Message
from tests.telegram_server.pictures import picture

KEYBOARD = {"inline_keyboard": [[{"text": "Why", "callback_data": "why:1"}]]}
NOT_MODIFIED = "Bad Request: message is not modified"


@pytest.fixture
async def text_post(ask: Ask, channel: Chat) -> Message:
    await ask("sendMessage", chat_id=channel.id, text="open", reply_markup=KEYBOARD)
    return channel.posts[-1]


@pytest.fixture
async def photo_post(ask: Ask, channel: Chat) -> Message:
    await ask("sendPhoto", chat_id=channel.id, photo=picture(), caption="open")
    return channel.posts[-1]


def place(message: Message) -> dict[str, int]:
    """Name a message in a call."""
    return {"chat_id": message.chat.id, "message_id": message.id}


async def test_same_text_and_keyboard_is_not_modified(refused: Refused, text_post: Message) -> None:
    answer = await refused(
        "editMessageText", **place(text_post), text="open", reply_markup=KEYBOARD
    )

    assert answer.startswith(NOT_MODIFIED)
    assert text_post.history == ["open"]


async def test_same_text_without_keyboard_takes_the_keyboard_away(
    ask: Ask, text_post: Message
) -> None:
    await ask("editMessageText", **place(text_post), text="open")

    assert not text_post.keyboard
    assert len(text_post.revisions) == 2


async def test_every_state_is_kept_with_its_time(
    ask: Ask, text_post: Message, clock: ManualClock
) -> None:
    clock.advance(90)

    edited = await ask("editMessageText", **place(text_post), text="closed")

    assert edited["edit_date"] - edited["date"] == 90
    assert [revision.at for revision in text_post.revisions] == [0.0, 90.0]


async def test_same_keyboard_caption_and_picture_are_not_modified(
    refused: Refused, text_post: Message, photo_post: Message
) -> None:
    assert photo_post.photo is not None
    same_media = {"type": "photo", "media": photo_post.photo.file_id, "caption": "open"}

    answers = [
        await refused("editMessageReplyMarkup", **place(text_post), reply_markup=KEYBOARD),
        await refused("editMessageReplyMarkup", **place(photo_post)),
        await refused("editMessageCaption", **place(photo_post), caption="open"),
        await refused("editMessageMedia", **place(photo_post), media=same_media),
    ]

    assert all(answer.startswith(NOT_MODIFIED) for answer in answers)


async def test_text_and_caption_are_edited_by_their_own_methods(
    refused: Refused, text_post: Message, photo_post: Message
) -> None:
    as_text = await refused("editMessageText", **place(photo_post), text="x" * 5000)
    as_caption = await refused("editMessageCaption", **place(text_post), caption="x")

    assert as_text == "Bad Request: there is no text in the message to edit"
    assert as_caption == "Bad Request: there is no caption in the message to edit"


async def test_edits_have_their_own_words_for_too_long(
    refused: Refused, text_post: Message, photo_post: Message
) -> None:
    text = await refused("editMessageText", **place(text_post), text="x" * 4097)
    caption = await refused("editMessageCaption", **place(photo_post), caption="x" * 1025)

    assert text == "Bad Request: MESSAGE_TOO_LONG"
    assert caption == "Bad Request: MEDIA_CAPTION_TOO_LONG"


async def test_missing_deleted_and_foreign_messages_are_not_edited(
    ask: Ask, refused: Refused, text_post: Message, ann: SimulatedUser
) -> None:
    foreign = ann.chat.messages[0]
    await ask("deleteMessage", **place(text_post))

    answers = [
        await refused("editMessageText", chat_id=ann.id, message_id=7, text="x"),
        await refused("editMessageText", **place(text_post), text="x"),
        await refused("editMessageText", **place(foreign), text="x"),
    ]

    assert answers == [
        "Bad Request: message to edit not found",
        "Bad Request: message to edit not found",
        "Bad Request: message can't be edited",
    ]


@pytest.mark.parametrize(
    ("media", "reason"),
    [
        ({"type": "photo"}, "can't parse InputMedia: media not found"),
        ({"type": "video", "media": "x"}, "can't parse InputMedia: this server keeps photos only"),
        ({"type": "photo", "media": "x"}, "wrong file identifier/HTTP URL specified"),
    ],
)
async def test_wrong_media_is_refused(
    refused: Refused, photo_post: Message, media: dict[str, str], reason: str
) -> None:
    answer = await refused("editMessageMedia", **place(photo_post), media=media)

    assert answer == f"Bad Request: {reason}"


async def test_message_is_deletable_for_48_hours(
    ask: Ask, refused: Refused, text_post: Message, clock: ManualClock
) -> None:
    clock.advance(48 * 3600 + 1)

    assert await refused("deleteMessage", **place(text_post)) == (
        "Bad Request: message can't be deleted for everyone"
    )
    await ask("editMessageText", **place(text_post), text="still editable")
    assert await refused("deleteMessage", chat_id=text_post.chat.id, message_id=7) == (
        "Bad Request: message to delete not found"
    )


async def test_users_message_is_deletable_in_private_but_not_by_a_plain_group_member(
    ask: Ask, refused: Refused, server: TelegramServer, ann: SimulatedUser
) -> None:
    group = server.group(-1002, "Traders")
    in_group = await ann.send("/pause", chat=group)

    await ask("deleteMessage", **place(ann.chat.messages[0]))
    answer = await refused("deleteMessage", **place(in_group))

    assert ann.chat.messages == []
    assert answer == "Bad Request: message can't be deleted"


async def test_pin_adds_a_notice_with_an_id_of_its_own(
    ask: Ask, text_post: Message, channel: Chat
) -> None:
    await ask("pinChatMessage", **place(text_post))
    await ask("pinChatMessage", **place(text_post))
    following = await ask("sendMessage", chat_id=channel.id, text="next")

    assert following["message_id"] == text_post.id + 2
    await ask("unpinChatMessage", chat_id=channel.id)
    assert channel.pinned == []


async def test_pin_needs_rights_and_a_message(
    refused: Refused, server: TelegramServer, channel: Chat
) -> None:
    group = server.group(-1002, "Traders")

    without_rights = await refused("pinChatMessage", chat_id=group.id, message_id=1)
    without_message = await refused("pinChatMessage", chat_id=channel.id, message_id=1)
    nothing_pinned = await refused("unpinChatMessage", chat_id=channel.id)
    channel.bot_standing = BotStanding.LEFT
    outside = await refused("pinChatMessage", chat_id=channel.id, message_id=1)

    assert without_rights == (
        "Bad Request: not enough rights to manage pinned messages in the chat"
    )
    assert without_message == "Bad Request: message to pin not found"
    assert nothing_pinned == "Bad Request: message to unpin not found"
    assert outside == "Forbidden: bot is not a member of the channel chat"
