"""One account that trades: its books at the venue, its timers, what it is allowed to send."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from exchanges.matching.account import TradingAccount
from exchanges.matching.events import BalanceChanged, BalanceReason, Event
from exchanges.simulator.clock import SimulatorClock
from exchanges.simulator.rest.metering import Pool, RequestMeter
from exchanges.simulator.settings import SimulatorSettings
from exchanges.simulator.trading.accounts import SimulatedAccount
from exchanges.simulator.trading.numbers import Numbers

_TEN_SECONDS: Final = "orders per 10 s"
_MINUTE: Final = "orders per minute"


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingPaid:
    """One payment of funding: `amount` in quote currency, below 0 when it was paid away."""

    number: int
    symbol: str
    amount: Decimal
    at_ms: int


class Trader:
    """An account with everything that the venue keeps of it besides its orders and positions.

    `seen_ms` is up to when the market has been shown to its books, `countdowns` the instants at
    which the plain orders of a symbol are cancelled unless the countdown begins anew.
    """

    def __init__(
        self,
        account: SimulatedAccount,
        numbers: Numbers,
        books: TradingAccount,
        clock: SimulatorClock,
        settings: SimulatorSettings,
    ) -> None:
        self.account = account
        self.numbers = numbers
        self.books = books
        self.seen_ms = clock.now_ms()
        self.countdowns: dict[str, int] = {}
        self.funding: list[FundingPaid] = []
        self._named = 0
        self._meter = RequestMeter(clock, settings.weight_limit)
        self._pools = (
            Pool(_TEN_SECONDS, 10_000, settings.orders_per_ten_seconds),
            Pool(_MINUTE, 60_000, settings.orders_per_minute),
        )

    @property
    def symbols(self) -> set[str]:
        """Symbols on which the market can do something to it."""
        books = self.books
        return (
            {order.ticket.symbol for order in books.open_orders()}
            | {order.ticket.symbol for order in books.open_conditionals()}
            | {position.symbol for position in books.positions()}
        )

    def next_name(self) -> str:
        """A name for an order that its sender has given none."""
        self._named += 1
        return f"simulated-{self._named}"

    def charge_order(self) -> None:
        """Count one more order. Raises `LimitReachedError` when there were too many."""
        for pool in self._pools:
            self._meter.charge(pool, 1)

    @property
    def order_counts(self) -> dict[str, str]:
        """Headers that tell how many orders were sent."""
        names = ("X-MBX-ORDER-COUNT-10S", "X-MBX-ORDER-COUNT-1M")
        used = (str(self._meter.used(pool)) for pool in self._pools)
        return dict(zip(names, used, strict=True))

    def drain(self) -> list[Event]:
        """What happened to it since the last call; payments of funding are kept."""
        events = self.books.drain()
        for event in events:
            if isinstance(event, BalanceChanged) and event.reason is BalanceReason.FUNDING:
                symbol = event.position.symbol if event.position else ""
                self.funding.append(
                    FundingPaid(
                        number=event.number,
                        symbol=symbol,
                        amount=event.amount,
                        at_ms=event.at_ms,
                    )
                )
        return events
