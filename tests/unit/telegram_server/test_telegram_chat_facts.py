"""What the bot is told of chats, members, commands and files."""

from typing import Any

import pytest

from tests.telegram_server import BotStanding, Chat, SimulatedUser, TelegramServer
from tests.telegram_server.direct import Ask, Refused

CHAT_NOT_FOUND = "Bad Request: chat not found"


async def test_stranger_is_no_chat_to_ask_about_or_to_give_commands(
    refused: Refused, server: TelegramServer
) -> None:
    bob = server.user(1002, "Bob")
    scope = {"type": "chat", "chat_id": bob.id}

    assert await refused("getChat", chat_id=bob.id) == CHAT_NOT_FOUND
    assert await refused("setMyCommands", commands=[], scope=scope) == CHAT_NOT_FOUND


async def test_members_are_told_only_to_an_administrator(
    refused: Refused, server: TelegramServer, ann: SimulatedUser
) -> None:
    channel = server.channel(bot_is_admin=False)
    inaccessible = "Bad Request: member list is inaccessible"

    member = await refused("getChatMember", chat_id=channel.id, user_id=ann.id)
    administrators = await refused("getChatAdministrators", chat_id=channel.id)
    channel.bot_standing = BotStanding.LEFT
    outside = await refused("getChatMember", chat_id=channel.id, user_id=ann.id)

    assert (member, administrators) == (inaccessible, inaccessible)
    assert outside == "Forbidden: bot is not a member of the channel chat"


async def test_bot_is_told_its_own_rights(
    ask: Ask, server: TelegramServer, channel: Chat, ann: SimulatedUser
) -> None:
    own = await ask("getChatMember", chat_id=channel.id, user_id=server.bot.id)
    private = await ask("getChatMember", chat_id=ann.id, user_id=ann.id)

    assert (own["status"], own["can_post_messages"]) == ("administrator", True)
    assert private["status"] == "member"


async def test_members_of_nowhere_and_nobody_are_refused(
    refused: Refused, channel: Chat, ann: SimulatedUser
) -> None:
    unknown = await refused("getChatMember", chat_id=channel.id, user_id=7)
    private = await refused("getChatAdministrators", chat_id=ann.id)

    assert unknown == "Bad Request: user not found"
    assert private == "Bad Request: there are no administrators in the private chat"


@pytest.mark.parametrize(
    ("commands", "reason"),
    [
        ([{"command": "Stats", "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "x" * 33, "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "stats", "description": ""}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "stats", "description": "x" * 257}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "stats", "description": "x"}] * 101, "BOT_COMMANDS_TOO_MUCH"),
    ],
)
async def test_wrong_command_is_refused(
    refused: Refused, commands: list[dict[str, str]], reason: str
) -> None:
    assert await refused("setMyCommands", commands=commands) == f"Bad Request: {reason}"


@pytest.mark.parametrize(
    ("scope", "reason"),
    [
        ({"type": "everywhere"}, "can't parse BotCommandScope: Unsupported type specified"),
        ({"type": "chat"}, "chat_id is empty"),
        ({"type": "chat", "chat_id": 7}, "chat not found"),
        (
            {"type": "chat_administrators", "chat_id": 1001},
            "can't use this scope in a private chat",
        ),
        ({"type": "chat", "chat_id": -1001234567890}, "can't use this scope in a channel chat"),
    ],
)
async def test_wrong_scope_is_refused(
    refused: Refused, channel: Chat, ann: SimulatedUser, scope: dict[str, Any], reason: str
) -> None:
    answer = await refused("setMyCommands", commands=[], scope=scope)

    assert answer == f"Bad Request: {reason}"


async def test_menu_prefers_the_users_language(ask: Ask, server: TelegramServer) -> None:
    carla = server.user(1003, "Carla", language_code="es")
    await ask("setMyCommands", commands=[{"command": "help", "description": "Help"}])
    await ask(
        "setMyCommands",
        commands=[{"command": "help", "description": "Ayuda"}],
        language_code="es",
    )

    assert server.commands_of(carla) == {"help": "Ayuda"}


async def test_unknown_file_is_refused(refused: Refused) -> None:
    assert await refused("getFile", file_id="photo-9") == "Bad Request: invalid file_id"


async def test_number_that_is_none_is_refused(refused: Refused, channel: Chat) -> None:
    answer = await refused("deleteMessage", chat_id=channel.id, message_id="latest")

    assert answer == 'Bad Request: field "message_id" must be a valid Number'
