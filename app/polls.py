"""The scheduled polls of derivatives: run one, log what failed, keep the newest result."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from engine.pair_round import PollRound
from engine.poll_derivatives import PollDerivatives

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Polls:
    """The jobs. `newest` holds the newest round of each poll by its name."""

    poll: PollDerivatives
    newest: dict[str, PollRound] = field(default_factory=dict)

    async def open_interest(self) -> None:
        """Poll the open interest of the streamed pairs."""
        await self._run("open interest", self.poll.open_interest)

    async def positioning(self) -> None:
        """Poll who is long."""
        await self._run("positioning", self.poll.positioning)

    async def funding(self) -> None:
        """Poll the funding to come."""
        await self._run("funding", self.poll.funding)

    async def _run(self, name: str, poll: Callable[[], Awaitable[PollRound]]) -> None:
        result = await poll()
        self.newest[name] = result
        if result.failed:
            _log.warning(
                "poll failed",
                poll=name,
                failed=result.failed,
                asked=result.asked,
                reason=result.reason,
            )
