"""Carries moves to a tiny venue and its answers back, as a desk would; may be killed anywhere."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from domain.errors import OrderRefusedError, OutcomeUnknownError
from domain.orders import Order, OrderReport, OrderState
from domain.positions import PositionBooks
from engine.execution.books.absorbing import (
    absorb_absence,
    absorb_fills,
    absorb_refusal,
    absorb_report,
)
from engine.execution.books.moves import plan_moves
from engine.execution.values import Moves, News, Sight
from engine.ports.broker import Quote
from tests.unit.execution.books.tiny_venue import TinyVenue
from tests.unit.execution.books.trades import PARAMETERS, TAG

_SPREAD = Decimal("0.05")
Check = Callable[[PositionBooks, Moves, bool], None]
"""Takes the books before a plan, the plan, and whether the venue holds nothing."""


class KilledError(Exception):
    """The process is gone; only what was stored is left."""


class ErrandBoy:
    """`stored` is all that survives a kill; `budget` steps are left until there is one."""

    def __init__(self, venue: TinyVenue, books: PositionBooks, check: Check) -> None:
        self.venue, self.stored, self._check = venue, books, check
        self.started_at: datetime = venue.now
        self.budget: int | None = None
        self.news: list[News] = []

    def run(self, rounds: int = 40) -> bool:
        """Whether it came to rest."""
        for _ in range(rounds):
            was = self.stored
            self._look()
            moves = self.plan()
            self._store(moves.books)
            self.news += moves.news
            for order in (*moves.place, *moves.resend):
                self._place(order)
            for order in moves.cancel:
                self._cancel(order)
            for order in moves.ask:
                self._ask(order)
            if self.stored == was:
                return True
        return False

    def plan(self) -> Moves:
        venue = self.venue
        sight = Sight(
            now=venue.now,
            quote=Quote(bid=venue.price - _SPREAD, ask=venue.price + _SPREAD, age_seconds=0),
            held=venue.position(),
            is_held_known=True,
            data_age_seconds=0,
            watching_since=self.started_at,
        )
        moves = plan_moves(self.stored, sight, TAG, PARAMETERS)
        self._check(self.stored, moves, venue.held == 0)
        return moves

    def restart(self) -> None:
        self.budget, self.started_at = None, self.venue.now

    def _look(self) -> None:
        self._store(absorb_fills(self.stored, self.venue.list_fills()))
        listed = {report.client_id for report in self.venue.resting()}
        for order in self.stored.orders:
            if order.state is OrderState.RESTING and order.client_id not in listed:
                self._ask(order)

    def _place(self, order: Order) -> None:
        self._step()
        try:
            self._absorb(order, self.venue.place(order.request))
        except OutcomeUnknownError:
            return
        except OrderRefusedError as error:
            now = self.venue.now
            refused = absorb_refusal(self.stored, order.client_id, error.refusal, str(error), now)
            self._store(refused)

    def _cancel(self, order: Order) -> None:
        self._step()
        try:
            self._absorb(order, self.venue.cancel(order.request))
        except OutcomeUnknownError:
            return
        except OrderRefusedError as error:
            now = self.venue.now
            refused = absorb_refusal(self.stored, order.client_id, error.refusal, str(error), now)
            self._store(refused)

    def _ask(self, order: Order) -> None:
        self._step()
        try:
            self._absorb(order, self.venue.find_order(order.request))
        except OutcomeUnknownError:
            return

    def _absorb(self, order: Order, report: OrderReport | None) -> None:
        self._step()
        if report is None:
            now = self.venue.now
            self._store(absorb_absence(self.stored, order.client_id, now, PARAMETERS))
            return
        once = absorb_report(self.stored, order.client_id, report, self.venue.now)
        assert absorb_report(once, order.client_id, report, self.venue.now) == once
        self._store(once)

    def _store(self, books: PositionBooks) -> None:
        self._step()
        self.stored = books

    def _step(self) -> None:
        if self.budget is not None:
            self.budget -= 1
            if self.budget < 0:
                raise KilledError
