"""Storage with a boundary before and after each commit, named by what is committed."""

import re
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Final, Self

from domain.intents import Intent
from domain.messages import OutgoingMessage
from domain.orders import Order
from domain.positions import Position
from engine.ports.storage import Storage, UnitOfWork
from tests.killpoints.boundaries import Boundaries

_Words = Callable[..., list[str]]

_INTENT: Final = re.compile(r"intent:\d+")


def short_name(client_id: str) -> str:
    """The part of a client id that says what the order is for: "e0-1"."""
    return client_id.split("-", 2)[2]


def key_of_any_run(key: str) -> str:
    """A message key without the number of its intent, which is another in each run."""
    return _INTENT.sub("intent", key)


def _intent(intent: Intent, **_: object) -> list[str]:
    return [f"intent {intent.state}"]


def _position(position: Position, **_: object) -> list[str]:
    return [f"position {position.state}"]


def _orders(orders: Sequence[Order]) -> list[str]:
    return [words for order in orders for words in _order(order)]


def _order(order: Order, **_: object) -> list[str]:
    return [f"{short_name(order.client_id)} {order.state}"]


def _messages(messages: Sequence[OutgoingMessage], **_: object) -> list[str]:
    loud = [each.key for each in messages if ":card:" not in each.key]
    return [f"message {key_of_any_run(key)}" for key in loud]


_WRITES: Final[Mapping[tuple[str, str], _Words]] = {
    ("intents", "add"): _intent,
    ("intents", "save"): _intent,
    ("positions", "add"): _position,
    ("positions", "save"): _position,
    ("positions", "add_orders"): _orders,
    ("positions", "save_order"): _order,
    ("positions", "add_fills"): lambda *_: ["fills"],
    ("accounts", "save_paper"): lambda *_: ["paper account"],
    ("state", "set_tag"): lambda *_: ["mark of our orders"],
    ("outbox", "put"): _messages,
}


class MarkedStorage:
    """The same storage; whoever commits passes two boundaries."""

    def __init__(self, storage: Storage, boundaries: Boundaries) -> None:
        self._storage = storage
        self._boundaries = boundaries

    def __call__(self) -> UnitOfWork:
        unit: Any = _MarkedUnit(self._storage(), self._boundaries)
        return unit  # type: ignore[no-any-return]  # its repositories are those of the real one


class _MarkedUnit:
    def __init__(self, unit: UnitOfWork, boundaries: Boundaries) -> None:
        self._unit = unit
        self._boundaries = boundaries
        self._written: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return _NotedRepository(name, getattr(self._unit, name), self._written)

    async def commit(self) -> None:
        words = ", ".join(dict.fromkeys(self._written)) or "nothing"
        async with self._boundaries.around(f"commit {words}", "before", "after"):
            await self._unit.commit()

    async def __aenter__(self) -> Self:
        await self._unit.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._unit.__aexit__(kind, error, trace)


class _NotedRepository:
    def __init__(self, name: str, repository: object, written: list[str]) -> None:
        self._name = name
        self._repository = repository
        self._written = written

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._repository, name)
        words = _WRITES.get((self._name, name))
        if words is None:
            return method

        def noted(*arguments: Any, **named: Any) -> Any:
            self._written.extend(words(*arguments, **named))
            return method(*arguments, **named)

        return noted
