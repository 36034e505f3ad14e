"""Use cases about the mode: whether presses are executed, and with what kind of money."""

from collections.abc import Callable

from domain.accounts import ExecutionMode
from domain.counting import many
from domain.errors import ConfigurationError
from engine.breaker_alerts import alert_admins
from engine.execution.accounts.traders import LIVE_SWITCHED_OFF, read_mode
from engine.execution.requests import ModeStanding
from engine.ports.clock import Clock
from engine.ports.presenting import Presenter
from engine.ports.storage import Storage, UnitOfWork
from engine.readiness.live_gate import LiveGate
from engine.readiness.standing import HOW_TO_MEND, ReadinessStanding

_LIVE_NOT_ALLOWED = (
    "Live trading is not allowed by the settings: set LIVE_TRADING=on in the settings file and "
    "restart, then say /mode live again; both switches are needed"
)
_NOT_READY = "Nothing is traded with real money before the readiness gate is passed:"


class ReadMode:
    """The mode in force, and what stands in the way of executing in it."""

    def __init__(
        self, *, storage: Storage, live: LiveGate, halted: Callable[[], tuple[str, ...]]
    ) -> None:
        self._storage = storage
        self._live = live
        self._halted = halted

    async def __call__(self) -> ModeStanding:
        """Paper when nobody ever chose one."""
        async with self._storage() as unit:
            return await self.standing(unit, await read_mode(unit))

    async def standing(self, unit: UnitOfWork, mode: ExecutionMode) -> ModeStanding:
        """A mode as it stands; live executes nothing behind a lock of the settings."""
        readiness, halted = await self._live.look(unit), self._halted()
        if mode is ExecutionMode.LIVE:
            halted = (*self._locks(readiness), *halted)
        return ModeStanding(
            mode=mode,
            is_live_allowed=self._live.is_switched_on,
            readiness=readiness,
            halted=halted,
            live_positions=len(await unit.positions.list_live()),
        )

    def _locks(self, readiness: ReadinessStanding) -> tuple[str, ...]:
        return readiness.refusals if self._live.is_switched_on else (LIVE_SWITCHED_OFF,)


class SetMode:
    """Chooses the mode of presses to come, and tells every admin of a change.

    Open positions are not touched: they are followed to their end in the mode of their account.
    """

    def __init__(
        self,
        *,
        storage: Storage,
        presenter: Presenter,
        clock: Clock,
        live: LiveGate,
        read: ReadMode,
    ) -> None:
        self._storage = storage
        self._presenter = presenter
        self._clock = clock
        self._live = live
        self._read = read

    async def __call__(self, mode: ExecutionMode, by: str) -> ModeStanding:
        """The mode as it stands then.

        `by` is a Telegram user id, or "terminal". Raises `ConfigurationError` for live while a lock
        of the settings is shut, with every reason on a line of its own; the mode stays as it was.
        """
        async with self._storage() as unit:
            if mode is ExecutionMode.LIVE:
                await self._check_locks(unit)
            before = await read_mode(unit)
            await unit.state.set_mode(mode)
            standing = await self._read.standing(unit, mode)
            if mode is not before:
                await self._tell(unit, before, standing, by)
            await unit.commit()
        return standing

    async def _check_locks(self, unit: UnitOfWork) -> None:
        if not self._live.is_switched_on:
            raise ConfigurationError(_LIVE_NOT_ALLOWED)
        refusals = (await self._live.look(unit)).refusals
        if refusals:
            raise ConfigurationError("\n".join([_NOT_READY, *refusals, f"To mend: {HOW_TO_MEND}"]))

    async def _tell(
        self, unit: UnitOfWork, before: ExecutionMode, standing: ModeStanding, by: str
    ) -> None:
        now = self._clock.now()
        followed = many(
            standing.live_positions,
            "open position is followed to its end as it is",
            "open positions are followed to their end as they are",
        )
        text = f"mode {standing.mode}, was {before}: set by {by}. {followed}"
        alert = self._presenter.trading_alert(text)
        await alert_admins(unit, f"mode:{now.isoformat()}", alert, now)
