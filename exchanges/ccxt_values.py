"""ccxt's dictionaries become Quorum's values."""

from decimal import Decimal
from typing import Any

from domain.derivatives import Funding, OpenInterestObservation
from domain.errors import InvalidDataError
from domain.instruments import Instrument, to_decimal
from domain.market import Ticker
from domain.timeframes import from_ms


def symbol_of(market: dict[str, Any]) -> str:
    """The venue's own id, or base and quote where that is no plain name (a number, "BTC-USDT")."""
    own = str(market["id"])
    return own if own.isalnum() and not own.isdecimal() else f"{market['base']}{market['quote']}"


def perpetual_names(markets: dict[str, Any]) -> dict[str, str]:
    """ccxt's name of every linear perpetual, by symbol."""
    return {
        symbol_of(market): name
        for name, market in markets.items()
        if market.get("swap") and market.get("linear")
    }


def instrument_of(market: dict[str, Any]) -> Instrument:
    """A perpetual with its filters; raises `InvalidDataError` when they make no sense.

    A venue that counts contracts is converted to base units. A minimum that the venue does not
    state is one step, or a notional of 0.
    """
    contract = _positive(market.get("contractSize") or 1.0, "contract size")
    limits, precision = market["limits"], market["precision"]
    step = _positive(precision["amount"], "quantity step") * contract
    most = _optional((limits.get("market") or {}).get("max")) or _optional(limits["amount"]["max"])
    minimum = (_optional(limits["amount"]["min"]) or Decimal(0)) * contract
    if most is not None and most * contract < max(minimum, step):
        raise InvalidDataError(f"largest quantity {most} is below the smallest")
    listed_ms = market.get("created")
    return Instrument(
        symbol=symbol_of(market),
        base=market["base"],
        quote=market["quote"],
        tick=_positive(precision["price"], "price tick"),
        step=step,
        minimum_quantity=max(minimum, step),
        minimum_notional=_optional(limits["cost"]["min"]) or Decimal(0),
        maximum_quantity=None if most is None else most * contract,
        listed_at=None if listed_ms is None else from_ms(int(listed_ms)),
    )


def ticker_of(
    symbol: str, ticker: dict[str, Any], book: dict[str, Any], coins_told_as: str | None = None
) -> Ticker:
    """A ticker with the best bid and ask of `book`; raises `InvalidDataError` for nonsense.

    Where ccxt tells no turnover, the venue's own ticker tells coins traded under `coins_told_as`:
    turnover is then these times the last price.
    """
    bid, ask = _number(book, "bid"), _number(book, "ask")
    last = _number(ticker, "last")
    if not (0 < bid <= ask and last > 0):
        raise InvalidDataError(f"impossible ticker: last {last}, bid {bid}, ask {ask}")
    turnover = (
        _number(ticker, "quoteVolume")
        if coins_told_as is None
        else _number(ticker["info"], coins_told_as) * last
    )
    if turnover < 0:
        raise InvalidDataError(f"impossible turnover: {turnover}")
    return Ticker(
        symbol=symbol,
        last=last,
        bid=bid,
        ask=ask,
        quote_volume_24h=turnover,
        change_24h_percent=_number(ticker, "percentage"),
    )


def funding_of(rate: dict[str, Any]) -> Funding:
    """Funding to come; raises `InvalidDataError` when rate or time is missing."""
    next_ms = rate.get("fundingTimestamp") or rate.get("nextFundingTimestamp")
    if not next_ms:
        raise InvalidDataError("no time of the next funding")
    return Funding(rate=_number(rate, "fundingRate"), next_at=from_ms(int(next_ms)))


def open_interest_of(
    row: dict[str, Any], contract_size: float | None, period_ms: int = 0
) -> OpenInterestObservation:
    """Open interest in base units; raises `InvalidDataError` when amount or time is missing.

    `period_ms` lies between two rows of the venue, 0 where it tells the present.
    """
    quantity = _number(row, "openInterestAmount") * float(contract_size or 1.0)
    at_ms = int(_number(row, "timestamp"))
    if quantity < 0 or at_ms <= 0:
        raise InvalidDataError(f"impossible open interest: {quantity} at {at_ms} ms")
    return OpenInterestObservation(exchange_ms=at_ms, quantity=quantity, period_ms=period_ms)


def _number(row: dict[str, Any], name: str) -> float:
    value = row.get(name)
    if value is None or not abs(float(value)) < float("inf"):
        raise InvalidDataError(f"{name} is {value}")
    return float(value)


def _positive(value: Any, name: str) -> Decimal:
    number = _optional(value)
    if number is None:
        raise InvalidDataError(f"{name} is {value}")
    return number


def _optional(value: Any) -> Decimal | None:
    """A finite positive number in its shortest decimal form, else None."""
    if value is None or not 0 < float(value) < float("inf"):
        return None
    number = to_decimal(float(value))
    return number.to_integral_value() if number == number.to_integral_value() else number
