"""What a demo has executed on paper, in numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from app.application import Application
from app.clock import ExchangeClock
from domain.positions import PositionBooks
from engine.execution.books.accounting import ledger_of
from engine.execution.values import Ledgered, OpenPosition

_LONGEST_DEMO = timedelta(days=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperTrades:
    """Trades that were entered. Money in USDT.

    `net` is what is closed of all of them, less every fee paid so far; `unrealised` what is open
    would bring at the last prices, before the fees of closing it. `unpriced` are open without one.
    """

    closed: int = 0
    open: int = 0
    net: Decimal = Decimal(0)
    unrealised: Decimal = Decimal(0)
    unpriced: int = 0

    @property
    def executed(self) -> int:
        """How many in all."""
        return self.closed + self.open


async def read_paper_trades(application: Application, clock: ExchangeClock) -> PaperTrades:
    """Read them while the application runs; none before it was ready."""
    if not application.ready.is_set():
        return PaperTrades()
    now = clock.now()
    async with application.storage() as unit:
        ended = await unit.positions.list_closed_between(now - _LONGEST_DEMO, now)
    return add_up(ended, await application.trading.use_cases.list_positions(None))


def add_up(ended: Iterable[PositionBooks], live: Iterable[OpenPosition]) -> PaperTrades:
    """Add up what was entered; a trade that was missed is none."""
    closed = _entered(ledger_of(books) for books in ended)
    held = [one for one in live if one.numbers.entered]
    return PaperTrades(
        closed=len(closed),
        open=len(held),
        net=sum((each.net for each in (*closed, *(one.numbers for one in held))), Decimal(0)),
        unrealised=sum((one.unrealised for one in held if one.unrealised), Decimal(0)),
        unpriced=sum(one.unrealised is None for one in held),
    )


def _entered(numbers: Iterable[Ledgered]) -> list[Ledgered]:
    return [each for each in numbers if each.entered]
