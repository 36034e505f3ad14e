"""Refuses what the venue would refuse, before it is sent: ccxt checks next to nothing of it."""

from decimal import Decimal
from typing import Any

from domain.errors import OrderRefusedError, Refusal
from domain.instruments import Instrument
from domain.orders import OrderKind, OrderRequest

_ENDS_AS_MARKET = (OrderKind.MARKET, OrderKind.STOP)


def check_request(request: OrderRequest, instrument: Instrument, market: dict[str, Any]) -> None:
    """Raises `OrderRefusedError` when a request breaks a filter of its pair.

    `market` is the pair as ccxt describes it. The notional of a market order is left to the venue,
    which knows the price it counts with.
    """
    _check_grids(request, instrument)
    _check_sizes(request, instrument, market)


def _check_grids(request: OrderRequest, instrument: Instrument) -> None:
    if request.quantity <= 0 or request.quantity % instrument.step != 0:
        text = f"quantity {request.quantity} is not on the step {instrument.step}"
        raise _refused(request, text, Refusal.MALFORMED)
    for price in (request.price, request.trigger):
        if price is not None and (price <= 0 or price % instrument.tick != 0):
            text = f"price {price} is not on the tick {instrument.tick}"
            raise _refused(request, text, Refusal.MALFORMED)


def _check_sizes(request: OrderRequest, instrument: Instrument, market: dict[str, Any]) -> None:
    if request.quantity < instrument.minimum_quantity:
        text = f"quantity {request.quantity} is below {instrument.minimum_quantity}"
        raise _refused(request, text, Refusal.TOO_SMALL)
    largest = _largest(request.kind, market)
    if largest is not None and request.quantity > largest:
        text = f"quantity {request.quantity} is above {largest}"
        raise _refused(request, text, Refusal.TOO_LARGE)
    if request.reduces or request.price is None:
        return
    notional = request.quantity * request.price
    if notional < instrument.minimum_notional:
        text = f"notional {notional} is below {instrument.minimum_notional}"
        raise _refused(request, text, Refusal.TOO_SMALL)


def _largest(kind: OrderKind, market: dict[str, Any]) -> Decimal | None:
    """What an order may be at most: less for one that takes what the book has."""
    limits = market["limits"]
    most = (limits.get("amount") or {}).get("max")
    if kind in _ENDS_AS_MARKET:
        most = (limits.get("market") or {}).get("max") or most
    # A contract is one unit of the base currency on every linear perpetual traded here.
    return None if not most else Decimal(str(most))


def _refused(request: OrderRequest, text: str, refusal: Refusal) -> OrderRefusedError:
    return OrderRefusedError(f"{request.symbol} {request.client_id} not sent: {text}", refusal)
