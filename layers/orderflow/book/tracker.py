"""The book of one pair from update to update, and its reading as of an instant."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from domain.errors import InvalidDataError
from domain.order_book import BookReading, Level
from domain.timeframes import Timeframe
from layers.orderflow.book.flow import FlowImbalance
from layers.orderflow.book.imbalance import ImbalanceHistory, imbalances, micro_price
from layers.orderflow.book.parameters import BookParameters
from layers.orderflow.book.snapshot import Snapshot, whole_snapshot
from layers.orderflow.book.traded import TradedAt
from layers.orderflow.book.usual import UsualBook
from layers.orderflow.book.walls import BookWalls

_KEPT_EVERY_MS: Final = Timeframe.M15.milliseconds
_NEVER: Final = -1


class _Kept(NamedTuple):
    """What was known of the book at a candle boundary that updates have passed."""

    at_ms: int
    reading: BookReading | None
    problem: str


class BookTracker:
    """Keeps what depends on the path of a book; the rest is worked out when it is read.

    Readings can be had for any instant not before the newest update, and for the last 15-minute
    boundary that updates, or an interruption, have passed: decisions look at it while the market
    has moved on. Nothing later than the instant shows in a reading. Reading changes nothing.

    A crossed or incomplete update makes the book unusable until the next whole one. When whole
    updates are more than `stale_ms` apart, what was in between is unknown: velocity, flow, walls
    and spoofs start anew. Means of spread and depth are the pair's own and stay. All times are
    integer milliseconds of the exchange.
    """

    def __init__(self, parameters: BookParameters, *, traded: TradedAt, stale_ms: int) -> None:
        self._minimum_levels = parameters.minimum_levels
        self._thin_below = parameters.thin_below
        self._stale_ms = stale_ms
        self._history = ImbalanceHistory(
            parameters.velocity_readings, round(parameters.steady_seconds * 1000.0)
        )
        self._flow = FlowImbalance(parameters.flow_seconds)
        self._walls = BookWalls(parameters, traded)
        self._usual = UsualBook(parameters)
        self._book: Snapshot | None = None
        self._watched_since_ms = 0
        self._problem = "no book has arrived yet"
        self.newest_ms = _NEVER
        """Time of the newest update, usable or not; below 0 before the first."""
        self._kept = _Kept(_NEVER, None, "")
        self._next_boundary_ms = 0
        self.late_updates = 0
        """Updates that were ignored because a newer one, or the same, had come before them."""

    def update(self, exchange_ms: int, bids: Sequence[Level], asks: Sequence[Level]) -> None:
        """Take in a snapshot of the best levels of both sides, best first.

        One older than the newest, or told again by a second socket, is ignored and counted.
        """
        if exchange_ms < self.newest_ms or self._is_told_again(exchange_ms, bids, asks):
            self.late_updates += 1
            return
        if exchange_ms > self._next_boundary_ms:
            self._keep_before(exchange_ms)
        self.newest_ms = exchange_ms
        try:
            book = whole_snapshot(exchange_ms, bids, asks, self._minimum_levels)
        except InvalidDataError as error:
            self._problem = str(error)
            return
        self._apply(book)

    def invalidate(self, reason: str, at_ms: int) -> None:
        """Updates may have been missed: not usable, for this reason, until the next whole book.

        Nothing that is read as of an instant before `at_ms` knows of it.
        """
        if at_ms > self._next_boundary_ms:
            self._keep_before(at_ms)
        self._problem = reason
        self._book = None

    def reading(self, at_ms: int) -> BookReading | None:
        """The book as of an instant; None where `problem_at` tells of a problem."""
        if at_ms == self._kept.at_ms:
            return self._kept.reading
        return self._present_reading(at_ms) if at_ms >= self.newest_ms else None

    def problem_at(self, at_ms: int) -> str:
        """Why there is no reading as of an instant; empty when there is one."""
        if at_ms == self._kept.at_ms:
            return self._kept.problem
        if at_ms >= self.newest_ms:
            return self._present_problem(at_ms)
        return f"book of {_seconds(self.newest_ms - at_ms)} before the newest update is not kept"

    def _is_told_again(
        self, exchange_ms: int, bids: Sequence[Level], asks: Sequence[Level]
    ) -> bool:
        book = self._book
        return (
            book is not None
            and exchange_ms == book.exchange_ms
            and book.bids.levels == tuple(bids)
            and book.asks.levels == tuple(asks)
        )

    def _keep_before(self, exchange_ms: int) -> None:
        """Before the first event beyond a boundary: keep what the boundary may know."""
        boundary_ms = (exchange_ms - 1) // _KEPT_EVERY_MS * _KEPT_EVERY_MS
        self._kept = _Kept(
            boundary_ms, self._present_reading(boundary_ms), self._present_problem(boundary_ms)
        )
        self._next_boundary_ms = boundary_ms + _KEPT_EVERY_MS

    def _apply(self, book: Snapshot) -> None:
        before = self._book
        if before is None or book.exchange_ms - before.exchange_ms > self._stale_ms:
            self._watched_since_ms = book.exchange_ms
            self._history.clear()
            self._flow.start(book.exchange_ms)
            self._walls.clear()
        else:
            self._flow.follow(before, book)
            self._usual.hold(before, book.exchange_ms)
        self._history.add(book)
        self._walls.follow(book)
        self._book = book
        self._problem = ""

    def _present_problem(self, at_ms: int) -> str:
        if self._problem or self._book is None:
            return self._problem
        age_ms = at_ms - self._book.exchange_ms
        return f"book is {_seconds(age_ms)} old" if age_ms > self._stale_ms else ""

    def _present_reading(self, at_ms: int) -> BookReading | None:
        if self._book is None or self._present_problem(at_ms):
            return None
        return self._read(self._book, at_ms)

    def _read(self, book: Snapshot, at_ms: int) -> BookReading:
        depth_ratio = self._usual.depth_ratio(book)
        return BookReading(
            exchange_ms=book.exchange_ms,
            watched_seconds=(at_ms - self._watched_since_ms) / 1000.0,
            bids=book.bids.levels,
            asks=book.asks.levels,
            imbalances=imbalances(book),
            steady_imbalance=self._history.steady(at_ms),
            imbalance_velocity=self._history.velocity,
            micro_price=micro_price(book),
            spread_ratio=self._usual.spread_ratio(book),
            depth_ratio=depth_ratio,
            is_thin=depth_ratio is not None and depth_ratio < self._thin_below,
            walls=self._walls.walls(book, at_ms),
            broken_walls=self._walls.broken(book, at_ms),
            spoofing=self._walls.spoofing(at_ms),
            flow_imbalance=self._flow.over_window(at_ms),
            last_flow_imbalance=self._flow.last,
        )


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000.0:.0f} s"
