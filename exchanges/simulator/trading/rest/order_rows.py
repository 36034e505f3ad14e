"""Orders, conditional orders and fills as the venue prints them."""

from typing import Any

from exchanges.matching.records import ConditionalOrder, Execution, VenueOrder
from exchanges.simulator.trading.numbers import Numbers
from exchanges.simulator.trading.rest.words import (
    ALGO_STATES,
    CONDITIONAL_TYPES,
    ORDER_TYPES,
    POSITION_SIDES,
    TIME_IN_FORCE,
    WORKING_TYPES,
    money,
    order_status,
    plain,
    side_word,
)

Row = dict[str, Any]


def acknowledgement(order: VenueOrder, numbers: Numbers) -> Row:
    """What sending, changing or cancelling an order answers: since July 2026 without a price."""
    ticket = order.ticket
    return {
        "orderId": numbers.order(order.number),
        "symbol": ticket.symbol,
        "status": order_status(order),
        "clientOrderId": ticket.client_id,
        "price": plain(ticket.price),
        "origQty": plain(order.quantity),
        "executedQty": plain(order.filled_quantity),
        "cumQty": plain(order.filled_quantity),
        "timeInForce": TIME_IN_FORCE[ticket.kind],
        "type": ORDER_TYPES[ticket.kind],
        "reduceOnly": ticket.reduce_only,
        "closePosition": False,
        "side": side_word(ticket),
        "positionSide": POSITION_SIDES[ticket.position_side],
        "stopPrice": "0",
        "workingType": "CONTRACT_PRICE",
        "priceProtect": False,
        "origType": ORDER_TYPES[ticket.kind],
        "priceMatch": "NONE",
        "selfTradePreventionMode": "EXPIRE_MAKER",
        "goodTillDate": 0,
        "updateTime": order.updated_ms,
    }


def accepted(order: VenueOrder, numbers: Numbers) -> Row:
    """What sending an order answers where the client does not ask for the result."""
    nothing = {"status": "NEW", "executedQty": "0", "cumQty": "0"}
    return acknowledgement(order, numbers) | nothing


def order_row(order: VenueOrder, numbers: Numbers) -> Row:
    """An order as queries tell it."""
    return acknowledgement(order, numbers) | {
        "avgPrice": average_text(order),
        "cumQuote": plain(order.filled_notional),
        "time": order.created_ms,
    }


def average_text(order: VenueOrder) -> str:
    """Mean price of an order's fills, "0.00000" before the first."""
    average = order.average_price
    return "0.00000" if average is None else f"{average:.5f}"


def algo_row(
    conditional: ConditionalOrder, engine_order: VenueOrder | None, numbers: Numbers
) -> Row:
    """A conditional order; `engine_order` is the market order it has triggered, if any."""
    ticket = conditional.ticket
    return {
        "algoId": numbers.conditional(conditional.number),
        "clientAlgoId": ticket.client_id,
        "algoType": "CONDITIONAL",
        "orderType": CONDITIONAL_TYPES[ticket.kind],
        "symbol": ticket.symbol,
        "side": side_word(ticket),
        "positionSide": POSITION_SIDES[ticket.position_side],
        "timeInForce": "GTC",
        "quantity": plain(ticket.quantity),
        "algoStatus": ALGO_STATES[conditional.state],
        "actualOrderId": "" if engine_order is None else str(numbers.order(engine_order.number)),
        "actualPrice": "0.00000" if engine_order is None else average_text(engine_order),
        "triggerPrice": plain(ticket.trigger),
        "price": "0",
        "icebergQuantity": None,
        "selfTradePreventionMode": "NONE",
        "workingType": WORKING_TYPES[ticket.working],
        "priceMatch": "NONE",
        "closePosition": ticket.closes_position,
        "priceProtect": False,
        "reduceOnly": ticket.reduce_only,
        "createTime": conditional.created_ms,
        "updateTime": conditional.updated_ms,
        "triggerTime": conditional.triggered_ms or 0,
        "goodTillDate": 0,
    }


def fill_row(fill: Execution, numbers: Numbers) -> Row:
    """A fill as userTrades tells it."""
    ticket = fill.ticket
    return {
        "symbol": ticket.symbol,
        "id": numbers.fill(fill.number),
        "orderId": numbers.order(fill.order_number),
        "side": side_word(ticket),
        "price": plain(fill.price),
        "qty": plain(fill.quantity),
        "realizedPnl": money(fill.realised),
        "quoteQty": plain(fill.price * fill.quantity),
        "commission": money(fill.fee),
        "commissionAsset": fill.currency,
        "time": fill.at_ms,
        "positionSide": POSITION_SIDES[ticket.position_side],
        "buyer": side_word(ticket) == "BUY",
        "maker": fill.is_maker,
    }
