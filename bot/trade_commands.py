"""Commands about trades, answered as HTML: the same for Telegram and for a terminal.

Who may use them is for the caller to check.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.presenters.closing_report import CLOSE_USAGE, render_closing
from bot.presenters.connecting import (
    DISCONNECTED,
    LIMITS_USAGE,
    NOT_CONNECTED,
    render_limits,
    render_not_disconnected,
)
from bot.presenters.positions_report import render_positions
from bot.presenters.trade_wording import explained
from bot.presenters.trading_mode import MODE_USAGE, render_mode, render_mode_refused
from bot.terminal_operator import TERMINAL_OPERATOR_ID
from bot.trade_arguments import parse_limits, parse_mode, parse_symbol
from bot.use_cases import BotUseCases
from domain.errors import ConfigurationError, ConflictError, NotFoundError

_log = logging.getLogger(__name__)

_OWN: Final = "Your trades"
_EVERYBODY: Final = "Everything, on all accounts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """A trader by his numeric id; `is_admin` may see and close what is not his own."""

    user_id: int
    is_admin: bool

    @property
    def name(self) -> str:
        """What is noted about who did something: a Telegram user id, or "terminal"."""
        return "terminal" if self.user_id == TERMINAL_OPERATOR_ID else str(self.user_id)


AskAs = Callable[[Asker, str | None], Awaitable[str]]
"""Answers what stands behind a command."""


class TradeCommands:
    """The commands of traders, and the one of operators, by name."""

    def __init__(self, use_cases: BotUseCases) -> None:
        self._use_cases = use_cases

    @property
    def for_traders(self) -> Mapping[str, AskAs]:
        """What traders may ask, but for /connect, whose message needs more care."""
        return {
            "positions": self.positions,
            "close": self.close,
            "close_all": self.close_all,
            "cancel": self.cancel,
            "limits": self.limits,
            "disconnect": self.disconnect,
        }

    @property
    def for_operators(self) -> Mapping[str, AskAs]:
        """What operators may ask besides."""
        return {"mode": self.mode}

    async def positions(self, asker: Asker, _arguments: str | None) -> str:
        """A trader's own; of an operator, everybody's."""
        owner = None if asker.is_admin else asker.user_id
        return render_positions(await self._use_cases.list_positions(owner))

    async def close(self, asker: Asker, arguments: str | None) -> str:
        """The asker's own position on a pair."""
        symbol = parse_symbol(arguments)
        if symbol is None:
            return CLOSE_USAGE
        _log.info("close user=%s symbol=%s", asker.user_id, symbol)
        return render_closing(await self._use_cases.close_positions(asker.user_id, symbol), _OWN)

    async def close_all(self, asker: Asker, _arguments: str | None) -> str:
        """Everything of the asker's own; of an operator, everybody's."""
        _log.warning("close all user=%s everybody=%s", asker.user_id, asker.is_admin)
        closing = await self._use_cases.close_positions(
            asker.user_id, None, everybody=asker.is_admin
        )
        return render_closing(closing, _EVERYBODY if asker.is_admin else _OWN)

    async def cancel(self, asker: Asker, _arguments: str | None) -> str:
        """Entries and offers of the asker's own."""
        _log.info("cancel entries user=%s", asker.user_id)
        return render_closing(await self._use_cases.cancel_entries(asker.user_id), _OWN)

    async def limits(self, asker: Asker, arguments: str | None) -> str:
        """How much the asker's own trades may risk."""
        limits = parse_limits(arguments)
        if limits is None:
            return LIMITS_USAGE
        try:
            account = await self._use_cases.set_limits(
                asker.user_id, limits.risk_share, limits.maximum_positions
            )
        except ConfigurationError as error:
            return f"{LIMITS_USAGE}\n{explained(str(error))}"
        except NotFoundError:
            return NOT_CONNECTED
        _log.info("limits user=%s account=%s", asker.user_id, account.name)
        return render_limits(account)

    async def disconnect(self, asker: Asker, _arguments: str | None) -> str:
        """Erase the asker's key."""
        try:
            was_connected = await self._use_cases.disconnect(asker.user_id)
        except ConflictError as error:
            return render_not_disconnected(str(error))
        _log.info("disconnect user=%s was_connected=%s", asker.user_id, was_connected)
        return DISCONNECTED if was_connected else NOT_CONNECTED

    async def mode(self, asker: Asker, arguments: str | None) -> str:
        """Without an argument how things stand, with one a change."""
        if not (arguments or "").strip():
            return render_mode(await self._use_cases.read_mode())
        mode = parse_mode(arguments)
        if mode is None:
            return MODE_USAGE
        try:
            standing = await self._use_cases.set_mode(mode, asker.name)
        except ConfigurationError as error:
            _log.warning("mode refused mode=%s user=%s: %s", mode, asker.user_id, error)
            return render_mode_refused(str(error))
        _log.warning("mode=%s user=%s", mode, asker.user_id)
        return render_mode(standing)
