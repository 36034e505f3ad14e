"""What an account earned and paid, item by item."""

from decimal import Decimal
from typing import Any

from exchanges.simulator.trading.rest.words import money
from exchanges.simulator.trading.trader import Trader

Row = dict[str, Any]


def income_rows(trader: Trader) -> list[Row]:
    """Realised profits and fees of fills, and payments of funding, oldest first."""
    rows: list[Row] = []
    for fill in trader.books.executions():
        trade, symbol = str(trader.numbers.fill(fill.number)), fill.ticket.symbol
        if fill.realised:
            rows.append(_row("REALIZED_PNL", symbol, fill.realised, fill.at_ms, trade))
        rows.append(_row("COMMISSION", symbol, -fill.fee, fill.at_ms, trade))
    rows.extend(
        _row("FUNDING_FEE", paid.symbol, paid.amount, paid.at_ms, f"f{paid.number}")
        for paid in trader.funding
    )
    return sorted(rows, key=lambda row: row["time"])


def _row(kind: str, symbol: str, amount: Decimal, at_ms: int, trade: str) -> Row:
    return {
        "symbol": symbol,
        "incomeType": kind,
        "income": money(amount),
        "asset": "USDT",
        "info": kind,
        "time": at_ms,
        "tranId": f"{at_ms}{trade}",
        "tradeId": "" if kind == "FUNDING_FEE" else trade,
    }
