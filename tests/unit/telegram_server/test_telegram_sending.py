"""What sendMessage and sendPhoto refuse, in Telegram's words."""

import pytest

from tests.telegram_server import BotStanding, Chat, SimulatedUser, TelegramServer
from tests.telegram_server.direct import Ask, Refused
from tests.telegram_server.pictures import picture

ROCKET = "🚀"  # two UTF-16 units


@pytest.mark.parametrize(
    ("text", "parse_mode"),
    [
        ("x" * 4096, ""),
        (ROCKET * 2048, ""),
        ("<b>" + "x" * 4096 + "</b>", "HTML"),
        ("&amp;" * 4096, "html"),
    ],
)
async def test_text_of_4096_units_after_parsing_is_taken(
    ask: Ask, channel: Chat, text: str, parse_mode: str
) -> None:
    await ask("sendMessage", chat_id=channel.id, text=text, parse_mode=parse_mode)

    assert channel.posts[0].content.formatted.length == 4096


@pytest.mark.parametrize("text", ["x" * 4097, ROCKET * 2048 + "x"])
async def test_text_of_4097_units_is_too_long(refused: Refused, channel: Chat, text: str) -> None:
    answer = await refused("sendMessage", chat_id=channel.id, text=text)

    assert answer == "Bad Request: message is too long"
    assert channel.posts == []


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({}, "message text is empty"),
        ({"text": ""}, "message text is empty"),
        ({"text": " \n "}, "text must be non-empty"),
        ({"text": "\u200b"}, "text must be non-empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": "x", "parse_mode": "MarkdownV2"}, "unsupported parse_mode"),
        ({"text": "x", "chat_id": ""}, "chat_id is empty"),
        ({"text": "x", "chat_id": 0}, "chat not found"),
        ({"text": "x", "chat_id": "@nowhere"}, "chat not found"),
        ({"text": "x", "chat_id": "nonsense"}, "chat not found"),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"text": "x", "reply_parameters": {"message_id": 9}}, "message to be replied not found"),
        ({"text": "x", "reply_parameters": {"quote": "y"}}, 'can\'t find field "message_id"'),
        (
            {"text": "x", "entities": [{"type": "bold", "offset": 5, "length": 1}]},
            "entity begins after the end of the text at UTF-16 offset 5",
        ),
        (
            {"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 9}]},
            "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 9",
        ),
        (
            {"text": ROCKET, "entities": [{"type": "bold", "offset": 1, "length": 1}]},
            "entity begins in a middle of a UTF-16 symbol at UTF-16 offset 1",
        ),
        (
            {"text": "x", "entities": [{"type": "bold", "offset": -1, "length": 1}]},
            "receive an entity with incorrect offset -1",
        ),
        (
            {"text": "x", "entities": [{"type": "blink", "offset": 0, "length": 1}]},
            "can't parse MessageEntity: Unsupported type specified",
        ),
        (
            {
                "text": "x",
                "entities": [{"type": "text_link", "offset": 0, "length": 1, "url": "y"}],
            },
            "entity URL 'y' is invalid: Wrong HTTP URL",
        ),
    ],
)
async def test_wrong_message_is_refused(
    refused: Refused, channel: Chat, parameters: dict[str, object], reason: str
) -> None:
    answer = await refused("sendMessage", **{"chat_id": channel.id} | parameters)

    assert answer == f"Bad Request: {reason}"


async def test_reply_to_a_missing_message_is_sent_alone_when_allowed(
    ask: Ask, channel: Chat
) -> None:
    reply = {"message_id": 9, "allow_sending_without_reply": True}

    message = await ask("sendMessage", chat_id=channel.id, text="x", reply_parameters=reply)

    assert "reply_to_message" not in message


async def test_surrounding_blanks_are_cut_and_formatting_moves_along(
    ask: Ask, channel: Chat
) -> None:
    message = await ask(
        "sendMessage", chat_id=channel.id, text=" \n a <b>b</b> \n", parse_mode="HTML"
    )

    assert message["text"] == "a b"
    assert message["entities"] == [{"type": "bold", "offset": 2, "length": 1}]


async def test_blanks_that_are_formatted_stay(ask: Ask, channel: Chat) -> None:
    bold = {"type": "bold", "offset": 0, "length": 6}

    message = await ask("sendMessage", chat_id=channel.id, text="  hi  ", entities=[bold])

    assert message["text"] == "  hi"
    assert message["entities"] == [bold | {"length": 4}]


async def test_public_channel_is_found_by_name(ask: Ask, server: TelegramServer) -> None:
    channel = server.channel(username="quorum")

    message = await ask("sendMessage", chat_id="@Quorum", text="x")

    assert message["chat"]["id"] == channel.id


async def test_message_ids_count_up_in_each_chat_from_a_start_of_its_own(
    ask: Ask, channel: Chat, ann: SimulatedUser
) -> None:
    ids = {
        chat: [(await ask("sendMessage", chat_id=chat, text="x"))["message_id"] for _ in range(3)]
        for chat in (channel.id, ann.id)
    }

    first, other = ids[channel.id][0], ids[ann.id][0]
    assert ids == {
        channel.id: [first, first + 1, first + 2],
        ann.id: [other, other + 1, other + 2],
    }
    assert not set(ids[channel.id]) & set(ids[ann.id])


@pytest.mark.parametrize(
    ("standing", "answer"),
    [
        (BotStanding.MEMBER, "Bad Request: need administrator rights in the channel chat"),
        (BotStanding.LEFT, "Forbidden: bot is not a member of the channel chat"),
        (BotStanding.KICKED, "Forbidden: bot was kicked from the channel chat"),
    ],
)
async def test_channel_without_rights_is_refused(
    refused: Refused, channel: Chat, standing: BotStanding, answer: str
) -> None:
    channel.bot_standing = standing

    assert await refused("sendMessage", chat_id=channel.id, text="x") == answer
    assert await refused("editMessageText", chat_id=channel.id, message_id=1, text="x") == answer


async def test_user_who_never_started_or_blocked_the_bot_gets_nothing(
    refused: Refused, server: TelegramServer, ann: SimulatedUser
) -> None:
    bob = server.user(1002, "Bob")
    await ann.block()

    to_bob = await refused("sendMessage", chat_id=bob.id, text="x")
    to_ann = await refused("sendMessage", chat_id=ann.id, text="x")

    assert to_bob == "Forbidden: bot can't initiate conversation with a user"
    assert to_ann == "Forbidden: bot was blocked by the user"


async def test_caption_has_a_limit_of_1024_units(ask: Ask, refused: Refused, channel: Chat) -> None:
    fits = {"chat_id": channel.id, "photo": picture(), "caption": ROCKET * 512}

    await ask("sendPhoto", **fits)
    answer = await refused("sendPhoto", **fits | {"caption": ROCKET * 512 + "x"})

    assert answer == "Bad Request: message caption is too long"


@pytest.mark.parametrize(
    ("photo", "reason"),
    [
        ("", "there is no photo in the request"),
        ("photo-9", "wrong file identifier/HTTP URL specified"),
        ("https://quorum.example/chart.png", "failed to get HTTP URL content"),
        ("attach://nothing", "wrong file identifier/HTTP URL specified"),
        (b"GIF89a", "IMAGE_PROCESS_FAILED"),
        (picture()[:-30], "IMAGE_PROCESS_FAILED"),
        (picture(suffix="GIF"), "IMAGE_PROCESS_FAILED"),
        (picture(9_550, 500), "PHOTO_INVALID_DIMENSIONS"),
        (picture(210, 10), "PHOTO_INVALID_DIMENSIONS"),
        (
            b"x" * 10_485_761,
            (
                "file of size 10485761 bytes is too big for a photo;"
                " the maximum size is 10485760 bytes"
            ),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
async def test_wrong_photo_is_refused(
    refused: Refused, channel: Chat, photo: str | bytes, reason: str
) -> None:
    answer = await refused("sendPhoto", chat_id=channel.id, photo=photo)

    assert answer == f"Bad Request: {reason}"


async def test_jpeg_is_taken_as_well(ask: Ask, channel: Chat) -> None:
    message = await ask("sendPhoto", chat_id=channel.id, photo=picture(200, 100, suffix="JPEG"))

    assert [size["width"] for size in message["photo"]] == [90, 200]


async def test_unknown_chat_action_is_refused(refused: Refused, channel: Chat) -> None:
    answer = await refused("sendChatAction", chat_id=channel.id, action="dance")

    assert answer == "Bad Request: wrong parameter action in request"
