"""What traders may ask of execution, as the application holds it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from domain.plans import Denied
from engine.execution.accounts.connecting import DisconnectAccount, SetLimits
from engine.execution.accounts.modes import ReadMode, SetMode
from engine.execution.desk.closing import CancelEntries, ClosePositions
from engine.execution.desk.positions import ListPositions
from engine.execution.offers.confirming import ConfirmOffer
from engine.execution.offers.offers import AdjustOffer, DeclineOffer, NewestOffer
from engine.execution.offers.press import RequestExecution
from engine.execution.requests import Connected


@dataclass(frozen=True, slots=True, kw_only=True)
class TradingUseCases:
    """One for each button and command; `request_at_once` asks nobody to confirm."""

    request: RequestExecution
    request_at_once: RequestExecution
    newest_offer: NewestOffer
    adjust: AdjustOffer
    confirm: ConfirmOffer
    decline: DeclineOffer
    close: ClosePositions
    cancel: CancelEntries
    list_positions: ListPositions
    read_mode: ReadMode
    set_mode: SetMode
    connect: Callable[[int, str, str], Awaitable[Connected | Denied]]
    disconnect: DisconnectAccount
    set_limits: SetLimits
