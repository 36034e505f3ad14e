"""Tells admins of trouble with accounts, orders and positions, each trouble once."""

import logging
from collections.abc import Callable

from domain.errors import QuorumError
from engine.breaker_alerts import alert_admins
from engine.ports.clock import Clock
from engine.ports.presenting import Presenter
from engine.ports.storage import Storage

_log = logging.getLogger(__name__)


class Alarms:
    """Remembers what it told, as long as the trouble lasts."""

    def __init__(
        self, *, storage: Storage, presenter: Presenter, clock: Clock, wake: Callable[[], None]
    ) -> None:
        self._storage = storage
        self._presenter = presenter
        self._clock = clock
        self._wake = wake
        self._lasting: set[str] = set()

    async def raise_once(self, subject: str, text: str) -> None:
        """Tell of a trouble unless it lasts since it was told of."""
        if subject in self._lasting:
            return
        _log.error("%s: %s", subject, text)
        try:
            await self._queue(subject, text)
        except QuorumError as error:
            _log.warning("the alert about %s waits: %s", subject, error)
            return
        self._lasting.add(subject)

    def is_over(self, subject: str) -> None:
        """The trouble is over; if it comes again, it is told again."""
        self._lasting.discard(subject)

    async def _queue(self, subject: str, text: str) -> None:
        now = self._clock.now()
        async with self._storage() as unit:
            key = f"trading:{subject}:{now.isoformat()}"
            await alert_admins(unit, key, self._presenter.trading_alert(text), now)
            await unit.commit()
        self._wake()
