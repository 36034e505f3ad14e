"""What an endpoint is: a path, a weight, and a pure answer to a query."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
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

    def __str__(self) -> str:
        return "&".join(f"{name}={value}" for name, value in self._values.items())

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
            refuse(name)
        return int(value)

    def decimal(self, name: str) -> Decimal | None:
        """A number, None when it is absent."""
        value = self.text(name)
        if value is None:
            return None
        try:
            number = Decimal(value)
        except InvalidOperation:
            refuse(name)
        if not number.is_finite():
            refuse(name)
        return number

    def flag(self, name: str) -> bool:
        """A parameter that is true or false; False when it is absent."""
        value = (self.text(name) or "false").lower()
        if value not in ("true", "false"):
            refuse(name)
        return value == "true"

    def choice(self, name: str, choices: Collection[str], default: str | None = None) -> str:
        """One of some words; required where there is no default."""
        value = self.required(name) if default is None else self.text(name) or default
        if value not in choices:
            refuse(name)
        return value

    def limit(self, default: int, highest: int) -> int:
        """The `limit` parameter within [1, highest]."""
        value = self.integer("limit")
        if value is None:
            return default
        if not 1 <= value <= highest:
            refuse("limit")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One path: `answer` returns what is encoded as JSON, or raises `VenueError`."""

    path: str
    answer: Callable[[Query], Any]
    weight: Callable[[Query], int] = lambda _: 1
    pool: Pool = REQUEST_WEIGHT
    method: str = "GET"


def refuse(name: str) -> NoReturn:
    """Complain about a parameter that is not what it should be."""
    raise VenueError(-1130, f"Data sent for parameter '{name}' is not valid.")
