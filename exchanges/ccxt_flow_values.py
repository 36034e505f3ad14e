"""ccxt's trades, liquidations and books become Quorum's values."""

from typing import Any

from domain.derivatives import Liquidation
from domain.directions import Direction
from domain.errors import InvalidDataError
from domain.order_book import Level
from domain.tape import Trade


def trade_of(number: int, trade: dict[str, Any], contract_size: float) -> Trade:
    """A taker's trade with a number of ours for its id; raises `InvalidDataError` for nonsense.

    ccxt tells quantities in contracts; `contract_size` is the base units of one.
    """
    return Trade(
        id=number,
        exchange_ms=_milliseconds(trade),
        price=_above_0(trade, "price"),
        quantity=_base_units(trade, "amount", contract_size),
        is_buy=_is_buy(trade),
    )


def liquidation_of(liquidation: dict[str, Any], contract_size: float) -> Liquidation:
    """A forced order, whose sale ends a long; raises `InvalidDataError` for nonsense."""
    return Liquidation(
        exchange_ms=_milliseconds(liquidation),
        price=_above_0(liquidation, "price"),
        quantity=_base_units(liquidation, "contracts", contract_size),
        liquidated=Direction.SHORT if _is_buy(liquidation) else Direction.LONG,
    )


def levels_of(side: list[list[Any]], count: int, contract_size: float) -> list[Level]:
    """The best levels of one side of a book, at most `count`, in base units.

    Raises `InvalidDataError` when one of them is no level.
    """
    levels = [(float(price), float(amount) * contract_size) for price, amount, *_ in side[:count]]
    for price, quantity in levels:
        if not (0 < price < float("inf") and 0 <= quantity < float("inf")):
            raise InvalidDataError(f"a level of {quantity} at {price}")
    return levels


def _is_buy(row: dict[str, Any]) -> bool:
    side = row.get("side")
    if side not in ("buy", "sell"):
        raise InvalidDataError(f"side is {side}")
    return bool(side == "buy")


def _milliseconds(row: dict[str, Any]) -> int:
    at = row.get("timestamp")
    if not isinstance(at, int):
        raise InvalidDataError(f"timestamp is {at}")
    return at


def _above_0(row: dict[str, Any], name: str) -> float:
    value = row.get(name)
    if value is None or not 0 < float(value) < float("inf"):
        raise InvalidDataError(f"{name} is {value}")
    return float(value)


def _base_units(row: dict[str, Any], name: str, contract_size: float) -> float:
    quantity = _above_0(row, name) * contract_size
    if not 0 < quantity < float("inf"):
        raise InvalidDataError(f"{name} is {row[name]} contracts of {contract_size}")
    return quantity
