"""The command lists a bot registers per scope and language, and which one a user sees."""

import re
from typing import Any

from tests.telegram_server.access import require_known
from tests.telegram_server.call import Call
from tests.telegram_server.chats import ChatBook, ChatType
from tests.telegram_server.people import Person
from tests.telegram_server.refusals import bad_request

COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}")
MAX_COMMANDS = 100
MAX_DESCRIPTION = 256
PLAIN_SCOPES = frozenset(
    {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
)
CHAT_SCOPES = frozenset({"chat", "chat_administrators", "chat_member"})

ScopeKey = tuple[str, int, int]
Commands = list[dict[str, Any]]


class CommandLists:
    """One list per scope and language."""

    def __init__(self, chats: ChatBook) -> None:
        """Start without commands; scopes name chats of that book."""
        self._chats = chats
        self._lists: dict[tuple[ScopeKey, str], Commands] = {}

    def replace(self, call: Call) -> None:
        """Register the list of a setMyCommands call.

        Raises:
            RefusedError: a wrong name or description, too many, or a scope of an unknown chat.
        """
        commands = call.structure("commands", "BotCommand") or []
        if len(commands) > MAX_COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            _check(command)
        self._lists[self._key(call)] = commands

    def remove(self, call: Call) -> None:
        """Forget the list of a deleteMyCommands call."""
        self._lists.pop(self._key(call), None)

    def registered(self, call: Call) -> Commands:
        """Return the list registered for exactly that scope and language."""
        return self._lists.get(self._key(call), [])

    def shown_to(self, person: Person) -> dict[str, str]:
        """Return the menu of a user in the private chat: command to description.

        The narrowest scope wins: the chat, then all private chats, then the default.
        """
        scopes: list[ScopeKey] = [
            ("chat", person.id, 0),
            ("all_private_chats", 0, 0),
            ("default", 0, 0),
        ]
        languages = [person.language_code, ""] if person.language_code else [""]
        for key in ((scope, language) for scope in scopes for language in languages):
            if self._lists.get(key):
                return {entry["command"]: entry["description"] for entry in self._lists[key]}
        return {}

    def _key(self, call: Call) -> tuple[ScopeKey, str]:
        scope = call.structure("scope", "BotCommandScope") or {"type": "default"}
        return self._scope_key(scope), call.text("language_code")

    def _scope_key(self, scope: dict[str, Any]) -> ScopeKey:
        kind = str(scope.get("type", ""))
        if kind in PLAIN_SCOPES:
            return kind, 0, 0
        if kind not in CHAT_SCOPES:
            raise bad_request("can't parse BotCommandScope: Unsupported type specified")
        chat = self._chats.named(str(scope.get("chat_id", "")))
        require_known(chat)
        if chat.type is ChatType.CHANNEL or (chat.type is ChatType.PRIVATE and kind != "chat"):
            raise bad_request(f"can't use this scope in a {chat.type.value} chat")
        return kind, chat.id, int(scope.get("user_id", 0))


def _check(command: dict[str, Any]) -> None:
    name, description = str(command.get("command", "")), str(command.get("description", ""))
    if not COMMAND_NAME.fullmatch(name.removeprefix("/")):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= MAX_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
