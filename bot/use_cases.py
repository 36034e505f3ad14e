"""What the bot may ask of the engine: one callable per command or button, wired by `app`."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from domain.access import Role
from domain.accounts import Account, ExecutionMode
from domain.intents import Intent
from domain.plans import Denied
from domain.signals import FollowedSignal
from domain.trading_state import PauseState
from engine.commands import Resumption
from engine.execution.requests import Closing, Connected, ModeStanding, Pressed
from engine.execution.values import OpenPosition
from engine.parameter_sets.configuration import ConfigurationReport
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


class ClosePositions(Protocol):
    """Closes positions at market."""

    async def __call__(
        self, user_id: int, symbol: str | None, *, everybody: bool = False
    ) -> Closing:
        """Those of a user on a pair, on all pairs (None), or those of everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BotUseCases:
    """The engine as the bot sees it. Lookups raise `NotFoundError`.

    Periods are days back from now, None for all time. What traders ask takes the subject's id
    first, if there is one, and then the asker's user id; an intent of somebody else is denied.
    `adjust_offer` takes a share in (0, 1] of the full size, `list_positions` None for those of
    everybody. `set_mode` takes the mode and who says so, and raises `ConfigurationError` in words
    where the mode is not allowed. `connect` takes user id, key and secret; `set_limits` a share in
    (0, 1] of the operator's risk and the most positions at once.
    """

    find_signal: Callable[[int], Awaitable[FollowedSignal]]
    find_decision: Callable[[str], Awaitable[DecisionRecord]]
    list_open: Callable[[], Awaitable[list[FollowedSignal]]]
    track_record: Callable[[int | None], Awaitable[TrackRecord]]
    read_report: Callable[[Period], Awaitable[PeriodReport]]
    read_configuration: Callable[[], Awaitable[ConfigurationReport]]
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
    request_execution: Callable[[int, int], Awaitable[Pressed | Denied]]
    newest_offer: Callable[[int], Awaitable[Intent | None]]
    adjust_offer: Callable[[int, int, Decimal], Awaitable[Intent | Denied]]
    confirm_offer: Callable[[int, int], Awaitable[Intent | Denied]]
    decline_offer: Callable[[int, int], Awaitable[Intent | Denied]]
    close_positions: ClosePositions
    cancel_entries: Callable[[int], Awaitable[Closing]]
    list_positions: Callable[[int | None], Awaitable[list[OpenPosition]]]
    read_mode: Callable[[], Awaitable[ModeStanding]]
    set_mode: Callable[[ExecutionMode, str], Awaitable[ModeStanding]]
    connect: Callable[[int, str, str], Awaitable[Connected | Denied]]
    disconnect: Callable[[int], Awaitable[bool]]
    set_limits: Callable[[int, Decimal, int | None], Awaitable[Account]]
    list_traders: Callable[[], Awaitable[list[int]]]
