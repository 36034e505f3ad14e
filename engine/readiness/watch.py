"""Use case: look at the readiness gate again, and tell the admins when it stops live trading."""

from domain.accounts import ExecutionMode
from engine.breaker_alerts import alert_admins
from engine.execution.accounts.traders import read_mode
from engine.ports.clock import Clock
from engine.ports.presenting import Presenter
from engine.ports.storage import Storage
from engine.readiness.live_gate import LiveGate
from engine.readiness.standing import HOW_TO_MEND, ReadinessStanding


class WatchReadiness:
    """Run it before anything is traded and again and again: a verdict grows old while it runs."""

    def __init__(
        self, *, storage: Storage, presenter: Presenter, clock: Clock, gate: LiveGate
    ) -> None:
        self._storage = storage
        self._presenter = presenter
        self._clock = clock
        self._gate = gate
        self._is_told = False

    async def __call__(self) -> bool:
        """Whether admins were told just now; they are once each time that it begins to refuse."""
        async with self._storage() as unit:
            found = await self._gate.look(unit)
            is_live = self._gate.is_switched_on and await read_mode(unit) is ExecutionMode.LIVE
            is_stopped = is_live and not found.is_allowed
            is_new = is_stopped and not self._is_told
            if is_new:
                now = self._clock.now()
                alert = self._presenter.trading_alert(_words(found))
                await alert_admins(unit, f"readiness:{now.isoformat()}", alert, now)
                await unit.commit()
        self._is_told = is_stopped
        return is_new


def _words(found: ReadinessStanding) -> str:
    return (
        "the mode is live, but the readiness gate is not passed, so nothing new is executed with "
        f"real money. Open positions are followed to their end. To mend it: {HOW_TO_MEND}. "
        f"Why: {'; '.join(found.refusals)}"
    )
