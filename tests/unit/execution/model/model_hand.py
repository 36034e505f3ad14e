"""What a person does to the position on the exchange, past the machine."""

from decimal import Decimal
from enum import StrEnum
from itertools import count
from typing import Final

from domain.accounts import PositionMode
from domain.orders import OrderKind, OrderState, Side, entry_side, exit_side
from exchanges.matching.refusals import RuleBrokenError
from exchanges.matching.tickets import ConditionalKind, ConditionalTicket, Ticket
from tests.unit.execution.model.model_venue import ModelVenue

_A_LITTLE: Final = Decimal("0.15")


class HandMade(StrEnum):
    """Something done by hand; nothing comes of it where there is nothing to do it to."""

    ADD = "add a little"
    TAKE = "take a little"
    CLOSE = "close all"
    CANCEL_STOP = "cancel a stop"
    CANCEL_TARGET = "cancel a plain order"
    OWN_STOP = "place an own stop"


class Hand:
    """Somebody who has the exchange's own app open."""

    def __init__(self, venue: ModelVenue) -> None:
        self._venue = venue
        self._names = (f"web-{number}" for number in count(1))

    def do(self, what: HandMade) -> None:
        """Do it, if it can be done; the venue may refuse."""
        self._venue.disturb()
        try:
            self._do(what)
        except RuleBrokenError:
            return
        finally:
            self._venue.note()

    def _do(self, what: HandMade) -> None:
        held, direction = self._venue.held, self._venue.direction
        match what:
            case HandMade.CANCEL_STOP:
                self._cancel_stop()
            case HandMade.CANCEL_TARGET:
                self._cancel_plain()
            case _ if held == 0:
                return
            case HandMade.ADD:
                self._trade(entry_side(direction), _A_LITTLE)
            case HandMade.TAKE:
                self._trade(exit_side(direction), min(_A_LITTLE, held))
            case HandMade.CLOSE:
                self._trade(exit_side(direction), held)
            case HandMade.OWN_STOP:
                self._place_stop(held)

    def _trade(self, side: Side, quantity: Decimal) -> None:
        is_hedged = self._venue.account.position_mode is PositionMode.HEDGE
        ticket = Ticket(
            client_id=next(self._names),
            symbol=self._venue.symbol,
            side=side,
            kind=OrderKind.MARKET,
            quantity=quantity,
            reduce_only=side is exit_side(self._venue.direction) and not is_hedged,
            position_side=self._venue.direction if is_hedged else None,
        )
        order = self._venue.account.place(ticket, self._venue.now_ms)
        assert order.state is not OrderState.RESTING

    def _cancel_stop(self) -> None:
        account = self._venue.account
        for waiting in account.open_conditionals()[:1]:
            account.cancel_conditional(self._venue.now_ms, number=waiting.number)

    def _cancel_plain(self) -> None:
        account = self._venue.account
        for order in account.open_orders()[-1:]:
            account.cancel(self._venue.symbol, self._venue.now_ms, number=order.number)

    def _place_stop(self, quantity: Decimal) -> None:
        """Two percent behind the market, as large as what is held now."""
        venue = self._venue
        is_hedged = venue.account.position_mode is PositionMode.HEDGE
        ticket = ConditionalTicket(
            client_id=next(self._names),
            symbol=venue.symbol,
            side=exit_side(venue.direction),
            kind=ConditionalKind.STOP,
            trigger=venue.price - venue.direction.sign * Decimal(2),
            quantity=quantity,
            reduce_only=not is_hedged,
            position_side=venue.direction if is_hedged else None,
        )
        venue.account.place_conditional(ticket, venue.now_ms)
