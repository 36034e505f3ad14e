"""What every part of the bot stands on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.clock import ExchangeClock
from app.market_data import MarketData
from app.settings import Settings
from engine.market_state import MarketState
from engine.ports.presenting import Presenter
from engine.ports.storage import Storage

Hide = Callable[[Sequence[str]], None]
"""Keeps secrets that are met on the way out of the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The settings, the state of the market, the way to the exchange, the storage and the clock.

    `wake` tells the delivery worker that something may be in the outbox.
    """

    settings: Settings
    market: MarketState
    data: MarketData
    storage: Storage
    presenter: Presenter
    clock: ExchangeClock
    wake: Callable[[], None]
    hide: Hide
