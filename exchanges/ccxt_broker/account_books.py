"""What an account holds, as the venue tells it: open orders of both books, positions, fills."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from domain.orders import Fill, OrderReport, VenuePosition, exit_side
from domain.timeframes import to_ms
from engine.ports.clock import Clock
from exchanges.ccxt_broker.calls import VenueCalls
from exchanges.ccxt_broker.dialect import Dialect, Row
from exchanges.ccxt_broker.listing import Listing
from exchanges.ccxt_broker.reports import fill_of, position_of, report_of_row
from exchanges.rejected_rows import RejectedRows


class AccountBooks:
    """Reads one account.

    A position or fill that cannot be read fails the whole question: what is left out here would
    count as closed, or as never traded.
    """

    def __init__(
        self,
        client: Any,
        dialect: Dialect,
        *,
        clock: Clock,
        calls: VenueCalls,
        listing: Listing,
        rejected: RejectedRows,
    ) -> None:
        self._client = client
        self._dialect = dialect
        self._clock = clock
        self._calls = calls
        self._listing = listing
        self._rejected = rejected

    async def open_orders(self, symbol: str | None) -> list[OrderReport]:
        """Open orders of both books, of a pair or of all; unreadable ones are counted.

        One that closes whatever is open has the quantity of its position.
        """
        await self._listing.load()
        name = None if symbol is None else (await self._listing.pair(symbol)).name
        reports: list[OrderReport] = []
        for is_conditional in self._dialect.books:
            reports += await self._book(name, is_conditional)
        return await self._sized(reports)

    async def positions(self) -> list[VenuePosition]:
        """Positions that are not flat, of pairs that can be traded here."""

        async def ask() -> list[VenuePosition]:
            rows = await self._dialect.fetch_positions(self._client)
            named = [(row, self._listing.symbol_of(str(row["symbol"]))) for row in rows]
            held = [position_of(row, symbol, self._dialect) for row, symbol in named if symbol]
            return [position for position in held if position is not None]

        await self._listing.load()
        return await self._calls.read("read the positions", ask)

    async def fills(self, symbol: str, since: datetime) -> list[Fill]:
        """Fills of a pair at or after an instant, oldest first, each once."""
        pair = await self._listing.pair(symbol)

        async def ask() -> list[Fill]:
            rows = await self._dialect.fetch_fills(
                self._client, pair.name, to_ms(since), to_ms(self._clock.now())
            )
            fills = [fill_of(row, symbol, self._dialect) for row in rows]
            once = {fill.trade_id: fill for fill in fills if fill.at >= since}
            return sorted(once.values(), key=lambda fill: fill.at)

        return await self._calls.read(f"read the fills of {symbol}", ask)

    async def _book(self, name: str | None, is_conditional: bool) -> list[OrderReport]:
        async def ask() -> list[Row]:
            return await self._dialect.fetch_open(self._client, name, is_conditional)

        words = self._dialect.words(is_conditional=is_conditional)
        rows = await self._calls.read("read the open orders", ask)
        named = [(row, self._listing.symbol_of(str(row.get("symbol")))) for row in rows]
        kept = [
            self._rejected.kept(
                "open order",
                row.get(words.venue_id),
                report_of_row,
                row,
                symbol,
                words,
                self._dialect,
            )
            for row, symbol in named
            if symbol is not None
        ]
        return [report for report in kept if report is not None]

    async def _sized(self, reports: list[OrderReport]) -> list[OrderReport]:
        if all(report.quantity > 0 for report in reports):
            return reports
        positions = await self.positions()
        return [
            report if report.quantity > 0 else _over_all(report, positions) for report in reports
        ]


def _over_all(report: OrderReport, positions: list[VenuePosition]) -> OrderReport:
    """An order that closes whatever is open, with the quantity that is open."""
    for position in positions:
        if position.symbol == report.symbol and exit_side(position.direction) is report.side:
            return replace(report, quantity=position.quantity)
    return replace(report, quantity=Decimal(0))
