"""Why the venue says no: the reason the engine acts on, and the exact rule behind it."""

from enum import StrEnum
from typing import Final

from domain.errors import OrderRefusedError, Refusal


class Cause(StrEnum):
    """The rule that was broken: several causes lead to one `Refusal`."""

    UNKNOWN_SYMBOL = "unknown symbol"
    BAD_CLIENT_ID = "client id is not 1 to 36 of the letters allowed"
    BAD_QUANTITY = "quantity is missing or not above zero"
    BAD_PRICE = "price is missing, not above zero or not wanted"
    OFF_TICK = "price is off the tick grid"
    OFF_STEP = "quantity is off the step grid"
    QUANTITY_TOO_SMALL = "quantity below the minimum"
    QUANTITY_TOO_LARGE = "quantity above the maximum"
    NOTIONAL_TOO_SMALL = "notional below the minimum"
    PRICE_TOO_HIGH = "limit price too far above the mark price"
    PRICE_TOO_LOW = "limit price too far below the mark price"
    NO_PRICE_NEAR_MARK = "the book has no price near the mark price"
    WRONG_POSITION_SIDE = "position side does not fit the position mode"
    REDUCE_ONLY = "a reduce-only order with nothing to reduce"
    WOULD_TAKE = "a post-only order would take"
    WOULD_TRIGGER = "a conditional order would trigger at once"
    DUPLICATE_ID = "an open order has this client id"
    UNKNOWN_ORDER = "no such open order"
    TOO_MANY_ORDERS = "too many open orders on the symbol"
    TOO_MANY_CONDITIONALS = "too many conditional orders"
    SECOND_CLOSE_POSITION = "such an order that closes the position is open"
    MARGIN = "not enough margin"
    ABOVE_BRACKET = "position above the largest notional at this leverage"
    NOT_ISOLATED = "the symbol is not set to isolated margin"
    BAD_LEVERAGE = "leverage out of range"
    LEVERAGE_WITH_POSITION = "leverage of an isolated position cannot be lowered"
    OPEN_ORDERS = "not while orders are open"
    OPEN_POSITION = "not while a position is open"


_REFUSALS: Final = {
    Cause.QUANTITY_TOO_SMALL: Refusal.TOO_SMALL,
    Cause.NOTIONAL_TOO_SMALL: Refusal.TOO_SMALL,
    Cause.QUANTITY_TOO_LARGE: Refusal.TOO_LARGE,
    Cause.ABOVE_BRACKET: Refusal.TOO_LARGE,
    Cause.NO_PRICE_NEAR_MARK: Refusal.THIN_BOOK,
    Cause.WRONG_POSITION_SIDE: Refusal.WRONG_MODE,
    Cause.REDUCE_ONLY: Refusal.NOTHING_TO_REDUCE,
    Cause.WOULD_TAKE: Refusal.WOULD_TAKE,
    Cause.WOULD_TRIGGER: Refusal.WOULD_TRIGGER,
    Cause.DUPLICATE_ID: Refusal.DUPLICATE_ID,
    Cause.UNKNOWN_ORDER: Refusal.UNKNOWN_ORDER,
    Cause.TOO_MANY_ORDERS: Refusal.TOO_MANY,
    Cause.TOO_MANY_CONDITIONALS: Refusal.TOO_MANY,
    Cause.MARGIN: Refusal.MARGIN,
    Cause.SECOND_CLOSE_POSITION: Refusal.OTHER,
    Cause.NOT_ISOLATED: Refusal.OTHER,
    Cause.BAD_LEVERAGE: Refusal.OTHER,
    Cause.LEVERAGE_WITH_POSITION: Refusal.OTHER,
    Cause.OPEN_ORDERS: Refusal.OTHER,
    Cause.OPEN_POSITION: Refusal.OTHER,
}


class RuleBrokenError(OrderRefusedError):
    """The venue refused; nothing was changed. `cause` names the rule, `refusal` what to do."""

    def __init__(self, cause: Cause, detail: str) -> None:
        super().__init__(f"{cause}: {detail}", _REFUSALS.get(cause, Refusal.MALFORMED))
        self.cause = cause
