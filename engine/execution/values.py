"""Values of execution: what to do next about a position, and what its trader is told."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from domain.accounts import ExecutionMode
from domain.intents import Intent
from domain.orders import Order, OrderReport, VenuePosition
from domain.positions import CloseReason, Position, PositionBooks
from engine.ports.broker import Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What is seen of the market and of the venue at one instant.

    `quote` is None while there is none. `held` is the venue's position on the pair in this
    direction, None when it is flat; it counts only if `is_held_known`; `is_held_new` says that it
    was not asked about before, `contradicted_seconds` (wall) for how long it has been something
    else than the books say. `data_age_seconds` is how old the newest market data of the pair
    is, None when there never was any. `patience` (1 or more) stretches spans that are about
    requests and answers: those do not get faster where the venue's time is. `watching_since` is
    when this process began to watch: waits for the venue count from there at the earliest, so that
    time spent switched off is not taken for its silence. `foreign_stops` are resting stops that
    would close this position and are not ours.
    """

    now: datetime
    quote: Quote | None = None
    held: VenuePosition | None = None
    is_held_known: bool = False
    is_held_new: bool = True
    contradicted_seconds: float = 0.0
    data_age_seconds: float | None = None
    patience: float = 1.0
    watching_since: datetime | None = None
    foreign_stops: tuple[OrderReport, ...] = ()


class NewsKind(StrEnum):
    """What a trader is told about his trade, apart from its card."""

    SENT = "sent"
    FILLED = "filled"
    PROTECTED = "protected"
    TARGETS_SET = "targets set"
    TARGET_FILLED = "target filled"
    STOP_MOVED = "stop moved"
    CLOSED = "closed"
    REFUSED = "refused"
    MISSED = "missed"
    UNPROTECTED = "unprotected"
    CHANGED_BY_HAND = "changed by hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One thing that happened. `rung` of a target, `price` where one belongs to it."""

    kind: NewsKind
    text: str = ""
    rung: int = 0
    price: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """What to do next about a position: written down as one, then sent.

    `books` are as they are to be stored: orders that are new to them are SENDING and are to be
    sent, those that have become CANCELLING are to be cancelled. `ask` are orders whose fate the
    venue is to be asked about; `resend` those that it does not know and that may safely be sent
    once more under their old id. `news` is what the trader is told.
    """

    books: PositionBooks
    place: tuple[Order, ...] = ()
    cancel: tuple[Order, ...] = ()
    ask: tuple[Order, ...] = ()
    resend: tuple[Order, ...] = ()
    news: tuple[News, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledgered:
    """A position in numbers, computed from its fills and nothing else.

    Quantities in base units; money in quote currency. `average_entry` and `average_exit` are None
    before the first fill. `realised` is of what is closed, without fees; `fees` are those paid in
    quote currency. `net_r` is what came of it per planned risk of what was entered.
    """

    entered: Decimal
    exited: Decimal
    average_entry: Decimal | None
    average_exit: Decimal | None
    realised: Decimal
    fees: Decimal
    net_r: Decimal

    @property
    def net(self) -> Decimal:
        """What was earned after fees."""
        return self.realised - self.fees


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeCard:
    """One trade as its trader sees it: the confirmation first, then how it goes, always in full.

    `numbers` is None before there is a position. `worst_loss` (at the stop, with costs), `fees`
    expected for both sides, `margin`, `notional` in quote currency, for the chosen quantity.
    """

    intent: Intent
    mode: ExecutionMode
    equity: Decimal
    notional: Decimal
    margin: Decimal
    worst_loss: Decimal
    fees: Decimal
    books: PositionBooks | None = None
    numbers: Ledgered | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPosition:
    """A line of /positions. `mark` is None without a quote; `unrealised` then too.

    `quantity` is what is open, in base units; `stop` where our newest stop rests on the exchange,
    None where none does: what is protected then is so by somebody else's.
    """

    position: Position
    mode: ExecutionMode
    numbers: Ledgered
    mark: Decimal | None
    unrealised: Decimal | None
    is_protected: bool
    quantity: Decimal
    stop: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseRequest:
    """That a position is to be closed at market, and why."""

    position_id: int
    reason: CloseReason
