"""The locks on real money that the settings hold: the switch, and the readiness gate."""

from typing import Final

from domain.readiness import CONFLUENCE
from engine.ports.clock import Clock
from engine.ports.storage import UnitOfWork
from engine.readiness.parameters import ReadinessParameters
from engine.readiness.standing import ReadinessStanding, standing

_NOT_ASKED: Final = "the readiness gate has not been asked yet"
_SHUT: Final = "the readiness gate is not passed"


class LiveGate:
    """Whether something new may be entered with real money. What is at work goes on either way.

    `strategy` is the fingerprint of the parameters in force, `stated` the operator's own reason
    to trade without a passed gate, empty for none.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        is_switched_on: bool,
        strategy: str,
        stated: str = "",
        parameters: ReadinessParameters,
        playbook: str = CONFLUENCE,
    ) -> None:
        self._clock = clock
        self._strategy = strategy
        self._stated = stated
        self._parameters = parameters
        self._playbook = playbook
        self._seen: ReadinessStanding | None = None
        self.is_switched_on = is_switched_on

    async def look(self, unit: UnitOfWork) -> ReadinessStanding:
        """How the playbook stands now; remembered for `refusal`."""
        self._seen = standing(
            await unit.readiness.find_latest(self._playbook),
            self._clock.now(),
            strategy=self._strategy,
            stated=self._stated,
            parameters=self._parameters,
        )
        return self._seen

    async def override(self, unit: UnitOfWork) -> str:
        """The operator's reason while nothing else allows live trading, empty otherwise."""
        return (await self.look(unit)).override if self.is_switched_on else ""

    def refusal(self) -> str | None:
        """Why nothing new may be entered, as it was last looked at; None when it may."""
        if self._seen is None:
            return _NOT_ASKED
        if self._seen.is_allowed:
            return None
        return f"{_SHUT}: {'; '.join(self._seen.refusals)}"
