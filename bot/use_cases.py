"""What the bot may ask of the engine: one callable per command or button, wired by `app`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from domain.access import Role
from domain.signals import FollowedSignal
from domain.trading_state import PauseState
from engine.ports.storage import DecisionRecord
from engine.reports import ChartData, HealthReport, Statistics, StatusReport


class ResolveDelivery(Protocol):
    """Settles a message in doubt."""

    async def __call__(self, row_id: int, *, arrived: bool) -> None:
        """Leave it, or send it again. Raises `NotFoundError`, `ConflictError` when settled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BotUseCases:
    """The engine as the bot sees it. Lookups raise `NotFoundError`."""

    find_signal: Callable[[int], Awaitable[FollowedSignal]]
    find_decision: Callable[[str], Awaitable[DecisionRecord]]
    list_open: Callable[[], Awaitable[list[FollowedSignal]]]
    compute_statistics: Callable[[int | None], Awaitable[Statistics]]
    read_status: Callable[[], Awaitable[StatusReport]]
    read_health: Callable[[], Awaitable[HealthReport]]
    chart_data: Callable[[int], Awaitable[ChartData]]
    pause: Callable[[str, str], Awaitable[PauseState]]
    resume: Callable[[str], Awaitable[PauseState]]
    role_of: Callable[[int], Awaitable[Role]]
    list_admins: Callable[[], Awaitable[list[int]]]
    pair_admin: Callable[[int, str], Awaitable[bool]]
    resolve_delivery: ResolveDelivery
