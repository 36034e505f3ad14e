"""The ways in which venues differ for one who trades on them, as far as ccxt leaves differences."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from domain.accounts import KeyPermissions, PositionMode
from domain.directions import Direction
from domain.orders import OrderKind, OrderState
from engine.execution.parameters import StopTrigger
from exchanges.ccxt_broker.verdicts import Verdicts

Row = dict[str, Any]
"""An order, position or trade as the venue tells it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderWords:
    """What the fields of an order are called in one book, and what their values mean.

    `filled` and `average` are None in a book that does not tell them, `engine_id` (the order that
    a conditional one has become) and `closes_all` (it closes whatever is open) in one without.
    The values of the fields `kind`, with a space between, begin with a key of `kinds`; the first
    that fits counts. `why` tells why an order has ended (None: its state alone does): a cancelled
    one whose reason is not among `asked_for` was ended by the venue itself, and has expired.
    """

    venue_id: str
    client_id: str
    status: str
    states: Mapping[str, OrderState]
    kind: tuple[str, ...]
    kinds: Mapping[str, OrderKind]
    quantity: str
    filled: str | None = None
    average: str | None = None
    engine_id: str | None = None
    closes_all: str | None = None
    why: str | None = None
    asked_for: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionWords:
    """What the fields of a position are called; `size` may be signed."""

    size: str
    entry_price: str
    side: str
    sides: Mapping[str, Direction | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class FillWords:
    """What the fields of a fill are called; `currency` of the fee is USDT where it is empty.

    `closed` tells how much of a position it closed, where fills do not name their leg.
    """

    trade_id: str
    venue_id: str
    price: str
    quantity: str
    fee: str
    currency: str
    is_maker: str
    at_ms: str
    closed: str | None = None


FetchRows = Callable[..., Awaitable[list[Row]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How to trade on one exchange of ccxt.

    `error_in` finds code and text of an error in an answer (None: it is none). `stop_by` are the
    venue's words for the price that fires a stop, under `stop_by_name`; `falls_or_rises` says that
    a stop has to name the way the price goes. `conditional` are the words of a second book for
    conditional orders, asked by ccxt with `second_book`; None where there is one book for all.
    `client_id_name` is the parameter by which an order is asked for and cancelled. `legs` are the
    words under `leg` for the position that an order belongs to in hedge mode.

    `find_rows(client, name, client id, is_conditional)`, `fetch_open(client, name or None,
    is_conditional)`, `fetch_positions(client)`, `fetch_fills(client, name, since ms, now ms)` (all,
    those of one millisecond oldest first), `fetch_mode(client)` and `fetch_permissions(client)` ask
    what ccxt does not unify. `funds` finds equity and free margin
    in what ccxt's balance was made of. `listens`: there is a user data stream of our own; else a
    hint is given every `hint_seconds`.
    """

    exchange_id: str
    verdicts: Verdicts
    error_in: Callable[[Row], tuple[str | None, str]]
    plain: OrderWords
    stop_by_name: str
    stop_by: Mapping[StopTrigger, str]
    client_id_name: str
    leg: str
    legs: Mapping[str, Direction]
    positions: PositionWords
    fills: FillWords
    find_rows: FetchRows
    fetch_open: FetchRows
    fetch_positions: FetchRows
    fetch_fills: FetchRows
    fetch_mode: Callable[[Any], Awaitable[PositionMode]]
    fetch_permissions: Callable[[Any], Awaitable[KeyPermissions]]
    funds: Callable[[Row], tuple[Decimal, Decimal]]
    conditional: OrderWords | None = None
    second_book: Mapping[str, bool] = field(default_factory=dict)
    falls_or_rises: bool = False
    client_options: Mapping[str, Any] = field(default_factory=dict)
    keeps_ccxt_pace: bool = False
    listens: bool = False
    hint_seconds: float = 2.0

    def words(self, *, is_conditional: bool) -> OrderWords:
        """The words of the book that an order belongs to."""
        return self.conditional or self.plain if is_conditional else self.plain

    @property
    def books(self) -> tuple[bool, ...]:
        """Whether each book is that of conditional orders."""
        return (False,) if self.conditional is None else (False, True)

    def book(self, *, is_conditional: bool) -> Mapping[str, bool]:
        """What ccxt is told besides, to ask that book."""
        return self.second_book if is_conditional else {}
