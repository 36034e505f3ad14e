"""Watches the venue for what must never be: two entries, or a position without a stop for long."""

from decimal import Decimal
from typing import Final

from domain.orders import ClientId, OrderRole
from engine.ports.clock import Clock
from exchanges.matching.records import VenueOrder
from tests.unit.execution.model.model_broker import Weather
from tests.unit.execution.model.model_venue import ModelVenue

STATED_SECONDS: Final = 9.0
"""A look of the watchdog, and then as long as a stop may take before the position is closed."""

PER_FAULT: Final = 4.0
"""What a request that goes wrong may cost beyond that: its own time and the pause after it."""


class Guard:
    """`is_down` is set while no process runs: nobody can protect anything then."""

    def __init__(self, venue: ModelVenue, weather: Weather, clock: Clock, wanted: Decimal) -> None:
        self._venue = venue
        self._weather = weather
        self._clock = clock
        self._wanted = wanted
        self._allowed_until: float | None = None
        self._met = 0
        self.is_down = False
        venue.watchers.append(self.look)

    def look(self) -> None:
        """Look at the venue now."""
        entries = [order for order in self._orders() if role_of(order) is OrderRole.ENTRY]
        if len([each for each in entries if each.is_open]) > 1:
            self._venue.tell_broken("two entries are live")
        if sum(each.filled_quantity for each in entries) > self._wanted:
            self._venue.tell_broken("it was entered twice")
        self._watch_protection()

    def _orders(self) -> list[VenueOrder]:
        return self._venue.account.orders()

    def _watch_protection(self) -> None:
        now = self._clock.monotonic()
        if self._venue.covered >= self._venue.held or self.is_down:
            self._allowed_until = None
            return
        if self._allowed_until is None:
            self._allowed_until, self._met = now + STATED_SECONDS, self._weather.met
        self._allowed_until += (self._weather.met - self._met) * PER_FAULT
        self._met = self._weather.met
        if now > self._allowed_until:
            self._venue.tell_broken("a position has no stop for too long")


def role_of(order: VenueOrder) -> OrderRole | None:
    """What an order of ours is for; None for anybody else's."""
    name = ClientId.parse(order.ticket.client_id)
    return None if name is None else name.role
