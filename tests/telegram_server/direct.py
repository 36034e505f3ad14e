"""Calls the methods without a socket, for tests of the server's own rules."""

import json
from collections.abc import Awaitable
from typing import Any, Protocol

from tests.telegram_server.call import Call
from tests.telegram_server.methods import carry_out
from tests.telegram_server.refusals import RefusedError
from tests.telegram_server.server import TelegramServer


class Ask(Protocol):
    """Calls a method and returns its result."""

    def __call__(self, method: str, **parameters: Any) -> Awaitable[Any]:
        """Send values as JSON sends them, and bytes as an upload."""


class Refused(Protocol):
    """Calls a method that must be refused, and returns the description."""

    def __call__(self, method: str, **parameters: Any) -> Awaitable[str]:
        """Send as `Ask` does."""


def asking(server: TelegramServer) -> Ask:
    """Return a way to call the server's methods."""

    def ask(method: str, **parameters: Any) -> Awaitable[Any]:
        return carry_out(server.world, _as_call(method, parameters))

    return ask


def expecting_refusal(server: TelegramServer) -> Refused:
    """Return a way to call methods that must be refused."""
    ask = asking(server)

    async def refused(method: str, **parameters: Any) -> str:
        try:
            result = await ask(method, **parameters)
        except RefusedError as error:
            return error.refusal.description
        message = f"{method} was not refused: {result}"
        raise AssertionError(message)

    return refused


def _as_call(method: str, parameters: dict[str, Any]) -> Call:
    """Sort parameters into texts and files."""
    files = {name: value for name, value in parameters.items() if isinstance(value, bytes)}
    texts = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in parameters.items()
        if name not in files
    }
    return Call(method=method, parameters=texts, files=files)
