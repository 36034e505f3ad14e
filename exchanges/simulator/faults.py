"""Faults on request: everything that goes wrong at a venue, each bounded by count or time."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from domain.errors import ConfigurationError


class FaultKind(StrEnum):
    """What goes wrong."""

    REST_STATUS = "rest_status"
    REST_DELAY = "rest_delay"
    REST_HTML = "rest_html"
    REST_MALFORMED = "rest_malformed"
    REST_WRONG_TYPE = "rest_wrong_type"
    REST_STALE = "rest_stale"
    REST_REQUEST_LOST = "rest_request_lost"
    REST_ANSWER_LOST = "rest_answer_lost"
    REST_ANSWER_DELAY = "rest_answer_delay"
    REST_ANSWER_REPLACED = "rest_answer_replaced"
    PARTIAL_FILL = "partial_fill"
    FRAME_LOSS = "frame_loss"
    FRAME_DELAY = "frame_delay"
    FRAME_DUPLICATE = "frame_duplicate"
    FRAME_UNPARSABLE = "frame_unparsable"
    FRAME_WRONG_TYPE = "frame_wrong_type"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault. It must end: after `count` hits, after wall `seconds`, or at exchange `to_ms`.

    `match` is a part of what it is for ("" for all): of a request such as
    `POST /fapi/v1/order?symbol=...` with the parameters of query and body, of a stream name, or of
    `<api key> ORDER_TRADE_UPDATE` and the like for events of an account. A frame's own event time
    decides whether it lies in [`from_ms`, `to_ms`).

    `status`, `code`, `text` and `retry_after_seconds` word the answers of REST_STATUS (the request
    is not carried out) and REST_ANSWER_REPLACED (it is); a `code` of 0 leaves the code away, as the
    venue's 503 with an unknown outcome does; REST_HTML takes `status` alone.
    REST_REQUEST_LOST and REST_ANSWER_LOST end the connection without an answer after
    `delay_seconds` of wall time, the latter when all was carried out. Answers under REST_STALE
    stand still at the instant of its first hit; the venue's guests know how to. Under PARTIAL_FILL
    an order finds no more than `share` of its quantity in the book.
    """

    kind: FaultKind
    match: str = ""
    count: int | None = None
    seconds: float | None = None
    from_ms: int | None = None
    to_ms: int | None = None
    status: int = 503
    code: int | None = None
    text: str | None = None
    share: float = 0.5
    retry_after_seconds: int | None = None
    delay_seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.count is None and self.seconds is None and self.to_ms is None:
            raise ConfigurationError(
                f"fault {self.kind} would last for ever; give count, seconds or to_ms"
            )

    def covers(self, subject: str, at_ms: int) -> bool:
        """Whether a request or a frame at an exchange time is meant."""
        begun = self.from_ms is None or at_ms >= self.from_ms
        over = self.to_ms is not None and at_ms >= self.to_ms
        return self.match in subject and begun and not over


class Breakable(Protocol):
    """A connection that can be broken."""

    @property
    def path(self) -> str:
        """Where the client connected."""

    def abort(self) -> None:
        """Cut it without a word."""

    def fall_silent(self) -> None:
        """Keep it open and never send again."""


class Faults:
    """The faults now at work, and the breaking of connections."""

    def __init__(
        self, wall: Callable[[], float], connections: Callable[[], list[Breakable]]
    ) -> None:
        self._wall = wall
        self._connections = connections
        self._active: list[_Active] = []

    def inject(self, fault: Fault) -> None:
        """Put a fault to work."""
        until = None if fault.seconds is None else self._wall() + fault.seconds
        self._active.append(_Active(fault, fault.count, until))

    def clear(self) -> None:
        """End all faults."""
        self._active.clear()

    def drop(self, match: str = "", count: int | None = None) -> int:
        """Cut connections whose path contains `match`; tells how many."""
        return self._break(match, count, lambda connection: connection.abort())

    def half_open(self, match: str = "", count: int | None = None) -> int:
        """Let connections fall silent without closing them; tells how many."""
        return self._break(match, count, lambda connection: connection.fall_silent())

    def take(self, kind: FaultKind, subject: str, at_ms: int) -> Fault | None:
        """The fault that hits this request or frame, if any; a hit uses up one of its count."""
        active = self._at_work(kind, subject, at_ms)
        return None if active is None else active.use(self._expire)

    def standstill(self, subject: str, at_ms: int) -> int | None:
        """The instant at which a REST_STALE fault stopped what this request asks for, if any."""
        active = self._at_work(FaultKind.REST_STALE, subject, at_ms)
        if active is None:
            return None
        active.use(self._expire)
        if active.first_hit_ms is None:
            active.first_hit_ms = at_ms
        return active.first_hit_ms

    @property
    def any(self) -> bool:
        """Whether a fault is at work (expired ones are forgotten here)."""
        if self._active:
            self._expire()
        return bool(self._active)

    @property
    def active(self) -> list[Fault]:
        """The faults at work."""
        self._expire()
        return [active.fault for active in self._active]

    def _at_work(self, kind: FaultKind, subject: str, at_ms: int) -> "_Active | None":
        for active in self._active:
            if active.fault.kind is kind and active.fault.covers(subject, at_ms):
                return active
        return None

    def _expire(self) -> None:
        now = self._wall()
        self._active = [active for active in self._active if not active.is_over(now)]

    def _break(self, match: str, count: int | None, action: Callable[[Breakable], None]) -> int:
        hit = [connection for connection in self._connections() if match in connection.path]
        for connection in hit[:count]:
            action(connection)
        return len(hit[:count])


@dataclass(slots=True)
class _Active:
    """A fault at work: hits left, wall time at which it ends, exchange time of its first hit."""

    fault: Fault
    left: int | None
    until: float | None
    first_hit_ms: int | None = None

    def is_over(self, now: float) -> bool:
        return self.left == 0 or (self.until is not None and now >= self.until)

    def use(self, expire: Callable[[], None]) -> Fault:
        if self.left is not None:
            self.left -= 1
            if self.left == 0:
                expire()
        return self.fault
