"""Wires automatic execution, where the settings ask for it."""

from collections.abc import Callable

import structlog

from app.clock import ExchangeClock
from app.settings import Settings
from app.trading import Trading
from bot.presenters.denials import render_not_executed
from bot.terminal_operator import TERMINAL_OPERATOR_ID
from domain.errors import QuorumError
from domain.messages import OutgoingMessage
from domain.plans import Denied
from domain.signals import FollowedSignal
from engine.execution.offers.automatic import ExecuteAutomatically
from engine.execution.requests import Pressed
from engine.ports.storage import Storage

_log = structlog.get_logger(__name__)


def build_automatic(
    settings: Settings,
    trading: Trading,
    storage: Storage,
    clock: ExchangeClock,
    wake: Callable[[], None],
) -> ExecuteAutomatically | None:
    """For the first administrator, or the operator at the terminal; None where it is off."""
    if not settings.trading.auto:
        return None
    user_id = (*settings.telegram.admin_ids, TERMINAL_OPERATOR_ID)[0]

    async def tell(followed: FollowedSignal, outcome: Pressed | Denied | QuorumError) -> None:
        signal_id = followed.signal.id
        if isinstance(outcome, Denied):
            await _tell_denied(storage, clock, user_id, followed, outcome)
        elif isinstance(outcome, QuorumError):
            _log.error("signal not executed", signal=signal_id, reason=str(outcome))
        else:
            _log.info("signal executed", signal=signal_id, intent=outcome.intent.id)
        wake()

    return ExecuteAutomatically(trading.use_cases.request_at_once, user_id, tell)


async def _tell_denied(
    storage: Storage,
    clock: ExchangeClock,
    user_id: int,
    followed: FollowedSignal,
    denied: Denied,
) -> None:
    message = OutgoingMessage(
        key=f"automatic:{followed.signal.id}",
        recipient=str(user_id),
        text=render_not_executed(followed, denied),
        silent=True,
    )
    async with storage() as unit:
        await unit.outbox.put([message], at=clock.now())
        await unit.commit()
