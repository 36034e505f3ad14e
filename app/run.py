"""`python -m app run`: the bot, until interrupted."""

import asyncio
from typing import Any

import structlog
from rich.console import Console

from app.allocator import limit_arenas
from app.application import Application
from app.assembly import Surroundings
from app.clock import ExchangeClock
from app.garbage import keep_what_is_there
from app.interrupts import Interrupts
from app.live_parameters import lay_over_live_set
from app.logging import configure_logging
from app.loop_watch import end_process
from app.outlet import OpenOutlet
from app.outlets import open_telegram_outlet, open_terminal_outlet
from app.pairing import PairingCode
from app.redaction import Redactor, redacted_errors
from app.settings import Settings, load_settings, secrets_of
from app.supervisor import Supervisor

_log = structlog.get_logger(__name__)

_STOP_SECONDS = 10.0


async def run_bot() -> None:
    """Run until Ctrl-C or SIGTERM. Raises the error of a task that failed for good."""
    limit_arenas()
    settings = load_settings()
    clock = ExchangeClock(speed=settings.exchange.clock_speed)
    redactor = configure_logging(settings.logging, now=clock.now, secrets=secrets_of(settings))
    with redacted_errors(redactor):
        await _run(settings, clock, redactor)


async def _run(settings: Settings, clock: ExchangeClock, redactor: Redactor) -> None:
    settings, parameters = await lay_over_live_set(settings)
    _log.info("parameters", version=parameters.version or "the strategy file alone")
    supervisor = Supervisor(clock)
    console = Console()
    application = Application(
        settings,
        Surroundings(
            parameters=parameters,
            clock=clock,
            supervisor=supervisor,
            wake=asyncio.Event(),
            open_outlet=_outlet(settings, console),
            on_progress=_log_progress,
            hide=redactor.learn,
            pairing=PairingCode(console) if settings.telegram.bot_token else None,
            on_hang=end_process,
        ),
    )
    interrupts = Interrupts()
    asyncio.get_running_loop().set_exception_handler(_log_loop_error)
    supervisor.spawn("start", _start(application))
    try:
        await supervisor.run_until(interrupts.stop)
    finally:
        await _stop(application)


async def _start(application: Application) -> None:
    await application.start()
    keep_what_is_there()


async def _stop(application: Application) -> None:
    try:
        await asyncio.wait_for(application.stop(), _STOP_SECONDS)
    except TimeoutError:
        _log.warning("stopped before everything had ended", wall_seconds=_STOP_SECONDS)


def _outlet(settings: Settings, console: Console) -> OpenOutlet:
    if settings.telegram.bot_token is None:
        return lambda parts: open_terminal_outlet(parts, console)
    return lambda parts: open_telegram_outlet(parts, settings.telegram, settings.strategy.delivery)


def _log_loop_error(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What a callback or a forgotten future failed with: it belongs to no task that could tell."""
    _log.error("event loop error", reason=context["message"], exc_info=context.get("exception"))


def _log_progress(done: int, total: int) -> None:
    if total and (done == total or done % 10 == 0):
        _log.info("history loaded", pairs=done, of=total)
