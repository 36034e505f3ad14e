"""What the venue answers when a rule of `exchanges.matching` was broken."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from exchanges.matching.refusals import Cause, RuleBrokenError
from exchanges.simulator.rest.endpoints import VenueError

_COMPLAINTS: Final = {
    Cause.UNKNOWN_SYMBOL: (-1121, "Invalid symbol."),
    Cause.BAD_CLIENT_ID: (-4015, "Client order id is not valid."),
    Cause.BAD_QUANTITY: (-4003, "Quantity less than or equal to zero."),
    Cause.BAD_PRICE: (-4001, "Price less than 0."),
    Cause.OFF_TICK: (-4014, "Price not increased by tick size."),
    Cause.OFF_STEP: (-4023, "Quantity not increased by step size."),
    Cause.QUANTITY_TOO_SMALL: (-4004, "Quantity less than min quantity."),
    Cause.QUANTITY_TOO_LARGE: (-4005, "Quantity greater than max quantity."),
    Cause.NOTIONAL_TOO_SMALL: (
        -4164,
        "Order's notional must be no smaller than the minimum (unless you choose reduce only).",
    ),
    Cause.PRICE_TOO_HIGH: (-4016, "Limit price can't be higher than the PERCENT_PRICE filter."),
    Cause.PRICE_TOO_LOW: (-4024, "Limit price can't be lower than the PERCENT_PRICE filter."),
    Cause.NO_PRICE_NEAR_MARK: (
        -4131,
        "The counterparty's best price does not meet the PERCENT_PRICE filter limit.",
    ),
    Cause.WRONG_POSITION_SIDE: (-4061, "Order's position side does not match user's setting."),
    Cause.REDUCE_ONLY: (-2022, "ReduceOnly Order is rejected."),
    Cause.WOULD_TAKE: (
        -5022,
        "Due to the order could not be executed as maker, the Post Only order will be rejected.",
    ),
    Cause.WOULD_TRIGGER: (-2021, "Order would immediately trigger."),
    Cause.DUPLICATE_ID: (-4116, "ClientOrderId is duplicated."),
    Cause.UNKNOWN_ORDER: (-2011, "Unknown order sent."),
    Cause.TOO_MANY_ORDERS: (-2025, "Reach max open order limit."),
    Cause.TOO_MANY_CONDITIONALS: (-4045, "Reach max stop order limit."),
    Cause.SECOND_CLOSE_POSITION: (
        -4130,
        "An open stop or take profit order with closePosition in the direction is existing.",
    ),
    Cause.MARGIN: (-2019, "Margin is insufficient."),
    Cause.ABOVE_BRACKET: (-2027, "Exceeded the maximum allowable position at current leverage."),
    Cause.NOT_ISOLATED: (
        -1000,
        "The simulated venue trades on isolated margin alone: set marginType to ISOLATED first.",
    ),
    Cause.BAD_LEVERAGE: (-4028, "Leverage is not valid"),
    Cause.LEVERAGE_WITH_POSITION: (
        -4161,
        "Leverage reduction is not supported in Isolated Margin Mode with open positions",
    ),
    Cause.OPEN_ORDERS: (-4047, "Margin type cannot be changed if there exists open orders."),
    Cause.OPEN_POSITION: (-4048, "Margin type cannot be changed if there exists position."),
}


@contextmanager
def in_venue_words(**other: tuple[int, str]) -> Iterator[None]:
    """Turns broken rules into the venue's errors.

    `other` words single causes otherwise, by their name: the venue has more than one code for some.
    """
    try:
        yield
    except RuleBrokenError as broken:
        code, message = other.get(broken.cause.name, _COMPLAINTS[broken.cause])
        raise VenueError(code, message) from broken
