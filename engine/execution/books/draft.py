"""Moves in the making: each rule of execution takes a draft and hands on a longer one."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import takewhile
from typing import Final

from domain.orders import (
    ClientId,
    Order,
    OrderKind,
    OrderRequest,
    OrderRole,
    OrderState,
    entry_side,
    exit_side,
)
from domain.positions import Position, PositionBooks
from engine.execution.books import order_marks
from engine.execution.books.accounting import is_fruitless, open_quantity
from engine.execution.parameters import ExecutionParameters
from engine.execution.values import Moves, News, NewsKind, Sight

_SLOWEST: Final = 10
"""Attempts in vain after which attempts come no slower: what has to be closed cannot wait long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is to be ordered; side, reducing and name follow from the role."""

    role: OrderRole
    kind: OrderKind
    quantity: Decimal
    rung: int = 0
    price: Decimal | None = None
    trigger: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Moves so far, and all that the rules look at. Its books hold what is already decided."""

    books: PositionBooks
    sight: Sight
    tag: str
    parameters: ExecutionParameters
    place: tuple[Order, ...] = ()
    cancel: tuple[Order, ...] = ()
    ask: tuple[Order, ...] = ()
    resend: tuple[Order, ...] = ()
    news: tuple[News, ...] = ()

    @property
    def now(self) -> datetime:
        """The instant of the decision."""
        return self.sight.now

    @property
    def position(self) -> Position:
        """The position as it is decided so far."""
        return self.books.position

    @property
    def open(self) -> Decimal:
        """What is open, in base units."""
        return open_quantity(self.books)

    def attempts(self, role: OrderRole, rung: int = 0) -> list[Order]:
        """Orders of a role and rung, oldest first."""
        return [order for order in self.books.orders if (order.role, order.rung) == (role, rung)]

    def live(self, role: OrderRole) -> list[Order]:
        """Orders of a role that something can still happen to, oldest first."""
        return [order for order in self.books.orders if order.role is role and not order.is_final]

    def may_try(self, role: OrderRole, rung: int = 0) -> bool:
        """Whether enough time has passed since attempts that came to nothing."""
        attempts = self.attempts(role, rung)
        in_a_row = takewhile(lambda order: is_fruitless(self.books, order), reversed(attempts))
        fruitless = len(list(in_a_row))
        if not fruitless:
            return True
        wait = self.answer_seconds(self.parameters.retry_seconds * min(fruitless, _SLOWEST))
        return self.now - attempts[-1].created_at >= wait

    def answer_seconds(self, seconds: float) -> timedelta:
        """A span that is about requests and answers, as long as it is here."""
        return timedelta(seconds=seconds * self.sight.patience)

    def placing(self, terms: Terms) -> "Draft":
        """The draft with one more order to be sent."""
        order = self._order(terms)
        return replace(self, books=_with_order(self.books, order), place=(*self.place, order))

    def cancelling(self, order: Order, why: str) -> "Draft":
        """The draft with one more order to be cancelled."""
        order = order_marks.cancelling(order, self.now, why)
        return replace(self, books=_with_order(self.books, order), cancel=(*self.cancel, order))

    def resending(self, order: Order) -> "Draft":
        """The draft with one more order to be sent again under its id."""
        order = order_marks.sent_again(order, self.now)
        return replace(self, books=_with_order(self.books, order), resend=(*self.resend, order))

    def telling(
        self, kind: NewsKind, text: str = "", *, rung: int = 0, price: Decimal | None = None
    ) -> "Draft":
        """The draft with one more thing to be told."""
        news = News(kind=kind, text=text, rung=rung, price=price)
        return replace(self, news=(*self.news, news))

    def at(self, position: Position) -> "Draft":
        """The draft with the position decided anew."""
        return replace(self, books=replace(self.books, position=position))

    def moves(self) -> Moves:
        """The draft as it is handed out."""
        return Moves(
            books=self.books,
            place=self.place,
            cancel=self.cancel,
            ask=self.ask,
            resend=self.resend,
            news=self.news,
        )

    def _order(self, terms: Terms) -> Order:
        position, is_entry = self.position, terms.role is OrderRole.ENTRY
        attempt = len(self.attempts(terms.role, terms.rung)) + 1
        client_id = ClientId(
            tag=self.tag,
            intent_id=position.intent_id,
            role=terms.role,
            rung=terms.rung,
            attempt=attempt,
        )
        request = OrderRequest(
            client_id=str(client_id),
            symbol=position.symbol,
            direction=position.direction,
            side=(entry_side if is_entry else exit_side)(position.direction),
            kind=terms.kind,
            quantity=terms.quantity,
            reduces=not is_entry,
            price=terms.price,
            trigger=terms.trigger,
        )
        return Order(
            request=request,
            position_id=position.id,
            account=position.account,
            role=terms.role,
            rung=terms.rung,
            attempt=attempt,
            state=OrderState.SENDING,
            created_at=self.now,
        )


def _with_order(books: PositionBooks, order: Order) -> PositionBooks:
    kept = tuple(order if each.client_id == order.client_id else each for each in books.orders)
    return replace(books, orders=kept if order in kept else (*kept, order))
