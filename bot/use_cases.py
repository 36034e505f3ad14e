"""What the bot may ask of the engine: one callable per command or button, wired by `app`."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.access import Role
from domain.signals import FollowedSignal
from domain.trading_state import PauseState
from engine.commands import Resumption
from engine.ports.storage import DecisionRecord
from engine.reports import (
    BreakersReport,
    ChartData,
    HealthReport,
    HeatReport,
    LedgerHead,
    Period,
    PeriodReport,
    StatusReport,
    TrackRecord,
)
from engine.statistics.values import RuleVerdict


class ResolveDelivery(Protocol):
    """Settles a message in doubt."""

    async def __call__(self, row_id: int, *, arrived: bool) -> None:
        """Leave it, or send it again. Raises `NotFoundError`, `ConflictError` when settled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BotUseCases:
    """The engine as the bot sees it. Lookups raise `NotFoundError`.

    Periods are days back from now, None for all time.
    """

    find_signal: Callable[[int], Awaitable[FollowedSignal]]
    find_decision: Callable[[str], Awaitable[DecisionRecord]]
    list_open: Callable[[], Awaitable[list[FollowedSignal]]]
    track_record: Callable[[int | None], Awaitable[TrackRecord]]
    read_report: Callable[[Period], Awaitable[PeriodReport]]
    read_head: Callable[[], Awaitable[LedgerHead]]
    read_heat: Callable[[], Awaitable[HeatReport]]
    read_breakers: Callable[[], Awaitable[BreakersReport]]
    judge_rules: Callable[[int | None], Awaitable[Sequence[RuleVerdict]]]
    read_status: Callable[[], Awaitable[StatusReport]]
    read_health: Callable[[], Awaitable[HealthReport]]
    chart_data: Callable[[int], Awaitable[ChartData]]
    pause: Callable[[str, str], Awaitable[PauseState]]
    resume: Callable[[str], Awaitable[Resumption]]
    role_of: Callable[[int], Awaitable[Role]]
    list_admins: Callable[[], Awaitable[list[int]]]
    pair_admin: Callable[[int, str], Awaitable[bool]]
    resolve_delivery: ResolveDelivery
