"""Wakes the delivery worker after a use case that may have queued messages."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def waking(
    use_case: Callable[P, Awaitable[T]], wake: Callable[[], None]
) -> Callable[P, Coroutine[Any, Any, T]]:
    """The same use case; whatever comes of it, the outbox is looked at afterwards."""

    async def call(*arguments: P.args, **named: P.kwargs) -> T:
        try:
            return await use_case(*arguments, **named)
        finally:
            wake()

    return call
