"""Where messages go, and what a place for them is built from."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from app.clock import ExchangeClock
from bot.delivery_parameters import DeliveryParameters
from bot.messenger import Messenger
from bot.presenters.html_presenter import HtmlPresenter
from bot.use_cases import BotUseCases


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """Where messages go: who carries them, how fast, and what has to run for it."""

    messenger: Messenger
    delivery: DeliveryParameters
    tasks: dict[str, Callable[[], Awaitable[None]]] = field(default_factory=dict)
    close: Callable[[], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletParts:
    """What an outlet is built from."""

    use_cases: BotUseCases
    presenter: HtmlPresenter
    clock: ExchangeClock


OpenOutlet = Callable[[OutletParts], Outlet]
