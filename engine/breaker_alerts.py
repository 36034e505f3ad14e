"""Which breakers have tripped anew: stored and told once per activation, not once per pair."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from domain.access import Role
from domain.messages import OutgoingMessage
from engine.only_writer import become_only_writer
from engine.ports.presenting import Presenter
from engine.ports.storage import BreakerEvent, DecisionRecord, UnitOfWork
from risk.breakers import AllPairsBreaker, BreakerParameters, Ruling, Telling, all_breakers

ALERT_AGAIN_AFTER: Final = timedelta(hours=1)
"""A breaker that does not know when it tripped has tripped anew when it was silent for so long."""

_LEAP: Final = timedelta(days=1)
"""An event that a clock which leapt back calls future has been told all the same."""

_BREAKERS: Final = {breaker.name: breaker for breaker in all_breakers(BreakerParameters())}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """A breaker found tripped: about which pair (None: all), and since when if that is known."""

    breaker: str
    symbol: str | None
    text: str
    since: datetime | None

    def begin(self, now: datetime) -> datetime:
        """An event at or after this tells of the same activation.

        What a clock that leapt back calls future is no time that an event could have come after.
        """
        if self.since is None or self.since > now:
            return now - ALERT_AGAIN_AFTER
        return self.since


def trips_at_once(rulings: Iterable[Ruling]) -> list[Trip]:
    """Of the breakers of all pairs, those that are told although they have denied nothing yet."""
    return [
        Trip(breaker=ruling.breaker, symbol=None, text=ruling.text, since=ruling.since)
        for ruling in rulings
        if _BREAKERS[ruling.breaker].telling is Telling.AT_ONCE
    ]


def trips_of_denials(
    records: Sequence[DecisionRecord], rulings: Iterable[Ruling] = ()
) -> list[Trip]:
    """Of the breakers that denied something; `rulings` of all pairs tell since when."""
    since = {ruling.breaker: ruling.since for ruling in rulings}
    trips: list[Trip] = []
    for record in records:
        for denial in record.denials:
            breaker = _BREAKERS.get(denial.rule)
            if breaker is None or breaker.telling is Telling.NEVER:
                continue
            covers_all = isinstance(breaker, AllPairsBreaker)
            symbol = None if covers_all else record.decision.symbol
            text = denial.text if covers_all else f"{symbol}: {denial.text}"
            known = since.get(denial.rule)
            trips.append(Trip(breaker=denial.rule, symbol=symbol, text=text, since=known))
    return trips


def find_activations(
    trips: Iterable[Trip], recent: Sequence[BreakerEvent], now: datetime
) -> list[Trip]:
    """The first trip of each breaker and pair that no recent event tells of."""
    found: dict[tuple[str, str | None], Trip] = {}
    for trip in trips:
        begin = trip.begin(now)
        is_known = any(
            (event.breaker, event.symbol) == (trip.breaker, trip.symbol) and event.at >= begin
            for event in recent
        )
        if not is_known:
            found.setdefault((trip.breaker, trip.symbol), trip)
    return list(found.values())


async def tell_activations(
    unit: UnitOfWork, presenter: Presenter, trips: Sequence[Trip], now: datetime
) -> list[BreakerEvent]:
    """Store what tripped anew and queue an alert to every admin; returns what was stored."""
    if not trips:
        return []
    await become_only_writer(unit)
    begin = min(trip.begin(now) for trip in trips)
    recent = await unit.state.list_breaker_events(begin, now + _LEAP)
    activations = find_activations(trips, recent, now)
    if not activations:
        return []
    events = [
        BreakerEvent(breaker=trip.breaker, at=now, symbol=trip.symbol, text=trip.text)
        for trip in activations
    ]
    await unit.state.add_breaker_events(events)
    for trip in activations:
        since = (trip.since or now).isoformat()
        key = f"breaker:{trip.breaker}:{trip.symbol or 'all'}:{since}"
        await alert_admins(unit, key, presenter.breaker_alert(trip.text), now)
    return events


async def alert_admins(unit: UnitOfWork, key: str, text: str, now: datetime) -> None:
    """Queue an alert to every admin; one whose key is there already goes out once."""
    admins = await unit.users.list_with(Role.ADMIN)
    alerts = [
        OutgoingMessage(key=f"{key}:{admin}", recipient=str(admin), text=text) for admin in admins
    ]
    await unit.outbox.put(alerts, at=now)
