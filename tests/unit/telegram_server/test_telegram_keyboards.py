"""Which buttons Telegram takes."""

from typing import Any

import pytest

from tests.telegram_server import Chat, SimulatedUser
from tests.telegram_server.direct import Ask, Refused


@pytest.mark.parametrize(
    "action",
    [
        {"callback_data": "x" * 64},
        {"callback_data": "é" * 32},
        {"url": "https://t.me/quorum_test_bot?start=abc"},
        {"url": "tg://user?id=1"},
        {"copy_text": {"text": "64000.5"}},
        {"disabled": {}},
        {"callback_data": "x", "style": "success"},
    ],
)
async def test_good_button_is_shown(ask: Ask, channel: Chat, action: dict[str, Any]) -> None:
    button = {"text": "Go"} | action

    message = await ask(
        "sendMessage",
        chat_id=channel.id,
        text="x",
        reply_markup={"inline_keyboard": [[button], []]},
    )

    assert message["reply_markup"] == {"inline_keyboard": [[button]]}


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ({"text": "Go", "callback_data": "x" * 65}, "BUTTON_DATA_INVALID"),
        ({"text": "Go", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        (
            {"text": "Go", "callback_data": ""},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "Go"},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "Go", "callback_data": "x", "url": "https://q.example"},
            (
                "can't parse inline keyboard button: exactly one action is allowed,"
                " found url, callback_data"
            ),
        ),
        ({"callback_data": "x"}, "can't parse inline keyboard button: Can't find field \"text\""),
        (
            {"text": 1, "callback_data": "x"},
            'can\'t parse inline keyboard button: Field "text" must be of type String',
        ),
        (
            {"text": "Go", "callback_data": "x", "style": "loud"},
            "can't parse inline keyboard button: Invalid button style specified",
        ),
        ("Go", "can't parse inline keyboard button: Button must be an Object"),
        ({"text": "Go", "pay": True}, "BUTTON_TYPE_INVALID"),
        ({"text": "Go", "copy_text": {"text": ""}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "Go", "copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        (
            {"text": "Go", "url": "nowhere"},
            "inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL",
        ),
        (
            {"text": "Go", "url": "ftp://q.example"},
            "inline keyboard button URL 'ftp://q.example' is invalid: Unsupported URL protocol",
        ),
    ],
)
async def test_wrong_button_is_refused(
    refused: Refused, channel: Chat, button: object, reason: str
) -> None:
    answer = await refused(
        "sendMessage", chat_id=channel.id, text="x", reply_markup={"inline_keyboard": [[button]]}
    )

    assert answer == f"Bad Request: {reason}"
    assert channel.posts == []


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ([1], "object expected as reply markup"),
        ({"inline_keyboard": "x"}, 'field "inline_keyboard" must be of type Array'),
        ({"inline_keyboard": [{}]}, 'field "inline_keyboard" must be of type Array'),
        ({"keyboard": [[{"text": "x"}]]}, "inline keyboard expected"),
        (
            {"inline_keyboard": [[{"text": "x", "callback_data": "x"}] * 8] * 13},
            "reply markup is too long",
        ),
    ],
)
async def test_wrong_markup_is_refused_in_a_channel(
    refused: Refused, channel: Chat, markup: object, reason: str
) -> None:
    answer = await refused("sendMessage", chat_id=channel.id, text="x", reply_markup=markup)

    assert answer == f"Bad Request: {reason}"


async def test_reply_keyboard_is_taken_in_private_and_shows_no_inline_buttons(
    ask: Ask, ann: SimulatedUser
) -> None:
    markup = {"keyboard": [[{"text": "Stats"}]], "resize_keyboard": True}

    message = await ask("sendMessage", chat_id=ann.id, text="x", reply_markup=markup)

    assert "reply_markup" not in message
