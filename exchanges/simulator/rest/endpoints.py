"""What an endpoint is: a path, a weight, and a pure answer to a query."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from exchanges.simulator.rest.metering import REQUEST_WEIGHT, Pool


class VenueError(Exception):
    """An error as the venue words it: `{"code": ..., "msg": ...}` with an HTTP status."""

    def __init__(self, code: int, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


class Query:
    """The parameters of a request, read with the venue's own complaints."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def text(self, name: str) -> str | None:
        """A parameter, None when it is absent or empty."""
        return self._values.get(name) or None

    def required(self, name: str) -> str:
        """A parameter that must be there."""
        value = self.text(name)
        if value is None:
            raise VenueError(
                -1102,
                f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed.",
            )
        return value

    def integer(self, name: str) -> int | None:
        """A whole number, None when it is absent."""
        value = self.text(name)
        if value is None:
            return None
        if not value.lstrip("-").isdecimal():
            _refuse(name)
        return int(value)

    def limit(self, default: int, highest: int) -> int:
        """The `limit` parameter within [1, highest]."""
        value = self.integer("limit")
        if value is None:
            return default
        if not 1 <= value <= highest:
            _refuse("limit")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One path: `answer` returns what is encoded as JSON, or raises `VenueError`."""

    path: str
    answer: Callable[[Query], Any]
    weight: Callable[[Query], int] = lambda _: 1
    pool: Pool = REQUEST_WEIGHT
    method: str = "GET"


def _refuse(name: str) -> NoReturn:
    raise VenueError(-1130, f"Data sent for parameter '{name}' is not valid.")
