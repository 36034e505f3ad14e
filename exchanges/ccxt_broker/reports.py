"""The venue's rows become Quorum's orders, positions and fills.

Values are read from the venue's own words, for ccxt takes a triggered stop for a filled one.
Anything missing or unknown surfaces as LookupError, TypeError, ValueError or ArithmeticError.
"""

from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from domain.directions import Direction
from domain.orders import (
    Fill,
    OrderKind,
    OrderReport,
    OrderRequest,
    OrderState,
    Side,
    VenuePosition,
    exit_side,
)
from domain.timeframes import from_ms
from exchanges.ccxt_broker.dialect import Dialect, OrderWords, Row

_YES: Final = (True, "true", "True", "1", 1)
_FEE_CURRENCY: Final = "USDT"
_NO_ID: Final = ("", "0")


def report_of_request(request: OrderRequest, row: Row, words: OrderWords) -> OrderReport:
    """An order of ours; an answer that names no state acknowledges a resting order."""
    state = OrderState.RESTING if row.get(words.status) is None else _state(row, words)
    return OrderReport(
        symbol=request.symbol,
        client_id=request.client_id,
        venue_id=str(row[words.venue_id]),
        state=state,
        direction=request.direction,
        side=request.side,
        kind=request.kind,
        quantity=request.quantity,
        reduces=request.reduces,
        price=request.price,
        trigger=request.trigger,
        filled_quantity=_filled(row, words),
        average_price=_price(row, words.average),
        engine_id=_engine_id(row, words, state),
    )


def report_of_row(row: Row, symbol: str, words: OrderWords, dialect: Dialect) -> OrderReport:
    """Any order, also one that somebody else has placed.

    In one-way mode only an order that reduces tells which position it belongs to. One that closes
    whatever is open has quantity 0.
    """
    side = Side(str(row["side"]).lower())
    leg = dialect.legs.get(str(row.get(dialect.leg)))
    closes_all = words.closes_all is not None and row.get(words.closes_all) in _YES
    reduces = closes_all or row.get("reduceOnly") in _YES
    if leg is not None:
        reduces = side is exit_side(leg)
    elif reduces:
        leg = Direction.LONG if side is Side.SELL else Direction.SHORT
    state = _state(row, words)
    return OrderReport(
        symbol=symbol,
        client_id=str(row.get(words.client_id) or ""),
        venue_id=str(row[words.venue_id]),
        state=state,
        direction=leg,
        side=side,
        kind=_kind(row, words),
        quantity=Decimal(0) if closes_all else _amount(row[words.quantity]),
        reduces=reduces,
        price=_price(row, "price"),
        trigger=_price(row, "triggerPrice"),
        filled_quantity=_filled(row, words),
        average_price=_price(row, words.average),
        engine_id=_engine_id(row, words, state),
    )


def as_its_engine_order(report: OrderReport, row: Row, words: OrderWords) -> OrderReport:
    """A triggered order with what became of the plain order it has turned into."""
    state = _state(row, words)
    return replace(
        report,
        state=OrderState.TRIGGERED if state is OrderState.RESTING else state,
        filled_quantity=_filled(row, words),
        average_price=_price(row, words.average),
    )


def position_of(row: Row, symbol: str, dialect: Dialect) -> VenuePosition | None:
    """A position; None when it is flat."""
    words = dialect.positions
    size = _finite(row[words.size])
    if size == 0:
        return None
    direction = words.sides[str(row[words.side])]
    if direction is None:  # one for both ways: the sign tells
        direction = Direction.LONG if size > 0 else Direction.SHORT
    leverage = row.get("leverage")
    return VenuePosition(
        symbol=symbol,
        direction=direction,
        quantity=abs(size),
        entry_price=_amount(row[words.entry_price]),
        liquidation_price=_price(row, "liquidationPrice") or _price(row, "liqPrice"),
        leverage=int(Decimal(str(leverage))) if leverage else None,
    )


def fill_of(row: Row, symbol: str, dialect: Dialect) -> Fill:
    """An execution."""
    words = dialect.fills
    side, quantity = Side(str(row["side"]).lower()), _above_0(row[words.quantity])
    return Fill(
        trade_id=str(row[words.trade_id]),
        venue_id=str(row[words.venue_id]),
        symbol=symbol,
        direction=_leg_of_fill(row, side, quantity, dialect),
        side=side,
        price=_above_0(row[words.price]),
        quantity=quantity,
        fee=_finite(row[words.fee]),
        fee_currency=str(row.get(words.currency) or _FEE_CURRENCY),
        is_maker=row[words.is_maker] in _YES,
        at=from_ms(int(row[words.at_ms])),
    )


def _leg_of_fill(row: Row, side: Side, quantity: Decimal, dialect: Dialect) -> Direction | None:
    """The leg that a fill belongs to, named or by what it closed; None where neither is told.

    One that closes less than it is, as in one-way mode, is of both: it turns a position round.
    """
    told = row.get(dialect.fills.closed) if dialect.fills.closed else None
    if told in (None, ""):
        return dialect.legs.get(str(row.get(dialect.leg)))
    closed = _amount(told)
    if 0 < closed < quantity:
        return None
    opened = Direction.LONG if side is Side.BUY else Direction.SHORT
    return opened.opposite if closed else opened


def _state(row: Row, words: OrderWords) -> OrderState:
    state = words.states[str(row[words.status])]
    if state is not OrderState.CANCELLED or words.why is None:
        return state
    why = str(row.get(words.why) or "")
    return state if why in words.asked_for else OrderState.EXPIRED


def _kind(row: Row, words: OrderWords) -> OrderKind:
    text = " ".join(str(row.get(name) or "") for name in words.kind)
    for beginning, kind in words.kinds.items():
        if text.startswith(beginning):
            return kind
    raise LookupError(f"unknown kind of order {text!r}")


def _filled(row: Row, words: OrderWords) -> Decimal:
    return _amount(row.get(words.filled) or 0) if words.filled else Decimal(0)


def _price(row: dict[str, Any], name: str | None) -> Decimal | None:
    """A price above 0; venues write 0 or nothing where there is none."""
    value = _finite(row.get(name) or 0) if name else Decimal(0)
    return value if value > 0 else None


def _above_0(told: Any) -> Decimal:
    value = _finite(told)
    if value <= 0:
        raise ValueError(f"{value} is not above 0")
    return value


def _amount(told: Any) -> Decimal:
    value = _finite(told)
    if value < 0:
        raise ValueError(f"{value} is below 0")
    return value


def _finite(told: Any) -> Decimal:
    """A number as a venue writes one: Decimal also takes "NaN" and "Infinity"."""
    value = Decimal(str(told))
    if not value.is_finite():
        raise ValueError(f"{value} is no number to count with")
    return value


def _engine_id(row: Row, words: OrderWords, state: OrderState) -> str | None:
    if words.engine_id is None or state is OrderState.RESTING:
        return None
    engine_id = str(row.get(words.engine_id) or "")
    return engine_id if engine_id not in _NO_ID else None
