"""What an endpoint of an account is: a path, what it needs, and an answer to one trader's query."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from exchanges.simulator.rest.endpoints import Query
from exchanges.simulator.trading.trader import Trader

Answer = Callable[[Trader, Query], Any]


class Access(Enum):
    """What a request must carry."""

    KEY = auto()
    """The key alone."""
    SIGNATURE = auto()
    """Key, time and signature, of a key that may trade futures."""
    SIGNATURE_OF_ANY_KEY = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateEndpoint:
    """One method and path of an account.

    `answer` returns what is encoded as JSON, or raises `VenueError`; the account has been brought
    up to now (`Trader.seen_ms`) before. `is_order` counts towards the limits of orders.
    """

    method: str
    path: str
    answer: Answer
    weight: Callable[[Query], int] = lambda _: 1
    access: Access = Access.SIGNATURE
    is_order: bool = False
