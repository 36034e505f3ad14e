"""The bot as a running thing: dispatcher, polling, and a stop that lets handlers finish."""

import asyncio
import logging
from contextlib import suppress
from typing import Final

from aiogram import Bot, Dispatcher
from aiogram.exceptions import AiogramError, TelegramNotFound, TelegramUnauthorizedError

from bot.chart_desk import ChartDesk
from bot.command_menu import register_commands
from bot.middlewares.erasing import ErasingMiddleware
from bot.middlewares.in_flight import InFlightMiddleware
from bot.middlewares.throttling import ThrottlingMiddleware
from bot.middlewares.visiting import VisitorMiddleware
from bot.remembered_roles import RememberedRoles
from bot.routers.access import build_access_router
from bot.routers.admin import build_admin_router
from bot.routers.callbacks import build_callbacks_router
from bot.routers.errors import register_error_handler
from bot.routers.public import build_public_router, build_unknown_router
from bot.routers.shown_keys import build_shown_keys_router
from bot.routers.trade_presses import build_trade_presses_router
from bot.routers.trading import build_trading_router
from bot.use_cases import BotUseCases
from domain.access import Role
from domain.errors import ConfigurationError, StorageUnavailableError
from engine.ports.clock import Clock
from engine.ports.presenting import Presenter

_log = logging.getLogger(__name__)

_POLLING_SECONDS: Final = 10
_STOP_SECONDS: Final = 5.0
_FIRST_PAUSE_SECONDS: Final = 1.0
_LONGEST_PAUSE_SECONDS: Final = 30.0


class TelegramApplication:
    """Answers commands and presses until stopped. The bot's session belongs to the caller."""

    def __init__(
        self, *, bot: Bot, use_cases: BotUseCases, presenter: Presenter, clock: Clock
    ) -> None:
        self._bot = bot
        self._use_cases = use_cases
        self._in_flight = InFlightMiddleware()
        self._roles = RememberedRoles(use_cases.role_of)
        self._dispatcher = build_dispatcher(
            use_cases, presenter, clock, roles=self._roles, in_flight=self._in_flight
        )
        self._stopping = asyncio.Event()
        self._has_ended = asyncio.Event()
        self._has_ended.set()

    async def run(self) -> None:
        """Connect, then poll. Raises `ConfigurationError` when Telegram refuses the token."""
        self._has_ended.clear()
        try:
            if await self._connect():
                await self._poll_until_stopped()
        finally:
            self._has_ended.set()

    async def stop(self) -> None:
        """Fetch no more updates, for good, and wait a few seconds at most for handlers at work."""
        self._stopping.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(_STOP_SECONDS):
                # Polling first: cancelled halfway, the dispatcher would leave a poll behind.
                await self._has_ended.wait()
                await self._in_flight.wait_idle()

    async def _poll_until_stopped(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._poll(), name="telegram polling")
            try:
                await self._stopping.wait()
            finally:
                await self._stop_polling()

    async def _poll(self) -> None:
        await self._dispatcher.start_polling(
            self._bot,
            polling_timeout=_POLLING_SECONDS,
            handle_signals=False,
            close_bot_session=False,
        )

    async def _stop_polling(self) -> None:
        # Polling that has not begun, or has failed by itself, cannot be stopped.
        with suppress(RuntimeError):
            await self._dispatcher.stop_polling()

    async def _connect(self) -> bool:
        """Introduce the bot, as often as it takes; False when stopped meanwhile."""
        pause = _FIRST_PAUSE_SECONDS
        while not self._stopping.is_set():
            try:
                await self._introduce()
            except (TelegramUnauthorizedError, TelegramNotFound) as error:
                raise ConfigurationError(
                    "TELEGRAM_BOT_TOKEN was refused by Telegram: check it, or ask @BotFather for a"
                    " new one"
                ) from error
            except (AiogramError, StorageUnavailableError) as error:
                _log.warning("telegram not reachable, next try in %.0f s: %s", pause, error)
                await self._wait(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
            else:
                return True
        return False

    async def _introduce(self) -> None:
        me = await self._bot.me()
        # What was asked while the bot was down is stale: nobody waits for it any more.
        await self._bot.delete_webhook(drop_pending_updates=True)
        traders = await self._use_cases.list_traders()
        admins = await self._use_cases.list_admins()
        # Both may have to act while the database is away, and before they ever wrote anything.
        self._roles.remember(traders, Role.TRADER)
        self._roles.remember(admins, Role.ADMIN)
        await register_commands(self._bot, traders=traders, admins=admins)
        _log.info("telegram connected bot=@%s", me.username)

    async def _wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()


def build_dispatcher(
    use_cases: BotUseCases,
    presenter: Presenter,
    clock: Clock,
    *,
    roles: RememberedRoles,
    in_flight: InFlightMiddleware,
) -> Dispatcher:
    """All routers in the order in which they are asked, behind the middlewares."""
    charts = ChartDesk(use_cases.chart_data)
    throttling, visiting = ThrottlingMiddleware(clock), VisitorMiddleware(roles)
    dispatcher = Dispatcher(disable_fsm=True)
    dispatcher.update.outer_middleware(in_flight)
    for observer in (
        dispatcher.message,
        dispatcher.edited_message,
        dispatcher.channel_post,
        dispatcher.edited_channel_post,
    ):
        observer.outer_middleware(ErasingMiddleware())
    for observer in (dispatcher.message, dispatcher.callback_query):
        observer.outer_middleware(throttling)
        observer.outer_middleware(visiting)
    dispatcher.include_routers(
        build_shown_keys_router(),
        build_trading_router(use_cases),
        build_admin_router(use_cases),
        build_access_router(use_cases, charts),
        build_public_router(use_cases, presenter),
        build_trade_presses_router(use_cases),
        build_callbacks_router(use_cases, charts),
        build_unknown_router(),
    )
    register_error_handler(dispatcher)
    return dispatcher
