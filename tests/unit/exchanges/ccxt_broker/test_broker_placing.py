"""What leaves for Binance when an order is placed, and what is made of the acknowledgement."""

import hashlib
import hmac
from decimal import Decimal
from urllib.parse import urlencode

import pytest

from domain.directions import Direction
from domain.errors import OrderRefusedError, Refusal
from domain.orders import OrderKind, OrderState, Side
from domain.timeframes import to_ms
from engine.execution.parameters import StopTrigger
from tests.unit.exchanges.ccxt_broker.order_rows import (
    CLIENT_ID,
    algo_row,
    limit,
    plain_row,
    request,
    stop,
)
from tests.unit.exchanges.ccxt_broker.scripted_venue import (
    ALGO,
    KEY,
    ORDER,
    SECRET,
    Failure,
    Several,
    traded,
)

HEDGE = {"GET /fapi/v1/positionSide/dual": {"dualSidePosition": True}}


async def test_market_entry_goes_out_as_given_with_our_client_id() -> None:
    async with traded({f"POST {ORDER}": plain_row()}) as at:
        await at.broker.place(request())
        (sent,) = at.venue.terms("POST", ORDER)
    assert sent["newClientOrderId"] == CLIENT_ID  # and not one with ccxt's own prefix
    assert (sent["type"], sent["side"], sent["quantity"]) == ("MARKET", "BUY", "0.012")
    assert "reduceOnly" not in sent
    assert "positionSide" not in sent


async def test_orders_are_signed_dated_by_exchange_time_and_good_for_five_seconds() -> None:
    async with traded({f"POST {ORDER}": plain_row()}) as at:
        await at.broker.place(request())
        asked = at.venue.asked[-1]
        now_ms = to_ms(at.clock.now())
    unsigned = {name: value for name, value in asked.terms.items() if name != "signature"}
    expected = hmac.new(SECRET.encode(), urlencode(unsigned).encode(), hashlib.sha256).hexdigest()
    assert asked.terms["signature"] == expected
    assert asked.headers["X-MBX-APIKEY"] == KEY
    assert int(asked.terms["timestamp"]) == now_ms
    assert asked.terms["recvWindow"] == "5000"


async def test_acknowledgement_without_average_price_leaves_it_open() -> None:
    """Since July 2026 the answer has neither avgPrice nor cumQuote."""
    filled = plain_row(status="FILLED", executedQty="0.012")
    async with traded({f"POST {ORDER}": filled}) as at:
        report = await at.broker.place(request())
    assert report.state is OrderState.FILLED
    assert report.filled_quantity == Decimal("0.012")
    assert report.average_price is None
    assert report.venue_id == "4711"


async def test_post_only_goes_out_as_gtx() -> None:
    async with traded({f"POST {ORDER}": plain_row(type="LIMIT")}) as at:
        report = await at.broker.place(limit(kind=OrderKind.POST_ONLY))
        (sent,) = at.venue.terms("POST", ORDER)
    assert (sent["type"], sent["timeInForce"], sent["price"]) == ("LIMIT", "GTX", "20000.1")
    assert report.kind is OrderKind.POST_ONLY
    assert report.state is OrderState.RESTING


async def test_limit_that_is_partly_filled_still_rests() -> None:
    row = plain_row(status="PARTIALLY_FILLED", executedQty="0.004", avgPrice="20000.1")
    async with traded({f"POST {ORDER}": row}) as at:
        report = await at.broker.place(limit())
    assert report.state is OrderState.RESTING
    assert (report.filled_quantity, report.average_price) == (Decimal("0.004"), Decimal("20000.1"))


@pytest.mark.parametrize(
    ("trigger", "word"), [(StopTrigger.MARK, "MARK_PRICE"), (StopTrigger.LAST, "CONTRACT_PRICE")]
)
async def test_stop_goes_to_the_algo_service(trigger: StopTrigger, word: str) -> None:
    """A STOP_MARKET sent to /order is answered with -4120."""
    async with traded({f"POST {ALGO}": algo_row()}, stop_trigger=trigger) as at:
        report = await at.broker.place(stop())
        (sent,) = at.venue.terms("POST", ALGO)
        assert at.venue.count("POST", ORDER) == 0
    assert (sent["type"], sent["triggerPrice"], sent["workingType"]) == (
        "STOP_MARKET",
        "19000.5",
        word,
    )
    assert (sent["reduceOnly"], sent["quantity"]) == ("true", "0.012")
    assert sent["clientAlgoId"] == "qabc123-7-s0-1"
    assert "newClientOrderId" not in sent
    assert (report.state, report.venue_id) == (OrderState.RESTING, "990")


async def test_protection_is_never_attached_to_the_entry() -> None:
    """ccxt posts `stopLoss` as text in a form field, and nothing protects."""
    async with traded({f"POST {ORDER}": plain_row()}) as at:
        await at.broker.place(request())
        (sent,) = at.venue.terms("POST", ORDER)
    assert not {"stopLoss", "takeProfit", "stopLossPrice", "takeProfitPrice"} & set(sent)


@pytest.mark.parametrize(
    ("direction", "side", "leg"),
    [(Direction.LONG, Side.SELL, "LONG"), (Direction.SHORT, Side.BUY, "SHORT")],
)
async def test_hedge_mode_names_the_position_and_never_says_reduce_only(
    direction: Direction, side: Side, leg: str
) -> None:
    """reduceOnly cannot be sent in hedge mode."""
    answers = HEDGE | {f"POST {ORDER}": plain_row(), f"POST {ALGO}": algo_row()}
    async with traded(answers) as at:
        await at.broker.place(request(direction=direction, side=side, reduces=True))
        await at.broker.place(stop(direction=direction, side=side))
        sent = at.venue.terms("POST", ORDER) + at.venue.terms("POST", ALGO)
    assert [one["positionSide"] for one in sent] == [leg, leg]
    assert not any("reduceOnly" in one for one in sent)


async def test_hedge_mode_entry_names_the_position_it_opens() -> None:
    async with traded(HEDGE | {f"POST {ORDER}": plain_row()}) as at:
        await at.broker.place(request(direction=Direction.SHORT, side=Side.SELL))
        assert at.venue.terms("POST", ORDER)[0]["positionSide"] == "SHORT"


async def test_position_mode_is_asked_once_and_again_after_it_was_wrong() -> None:
    wrong = Several([plain_row(), Failure(code=-4061), plain_row()])
    async with traded({f"POST {ORDER}": wrong}) as at:
        await at.broker.place(request())
        with pytest.raises(OrderRefusedError) as refused:
            await at.broker.place(request())
        assert at.venue.count("GET", "/fapi/v1/positionSide/dual") == 1
        await at.broker.place(request())
        assert at.venue.count("GET", "/fapi/v1/positionSide/dual") == 2
    assert refused.value.refusal is Refusal.WRONG_MODE


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        (request(quantity=Decimal("0.0125")), Refusal.MALFORMED),
        (limit(price="20000.15"), Refusal.MALFORMED),
        (stop(trigger="19000.55"), Refusal.MALFORMED),
        (request(quantity=Decimal("120.001")), Refusal.TOO_LARGE),
        (stop(quantity=Decimal("120.001")), Refusal.TOO_LARGE),
        (limit(quantity=Decimal("1000.001")), Refusal.TOO_LARGE),
        (limit(quantity=Decimal("0.004")), Refusal.TOO_SMALL),
        (request(symbol="NOPEUSDT"), Refusal.OTHER),
    ],
)
async def test_what_breaks_a_filter_is_refused_before_it_is_sent(
    asked: object, refusal: Refusal
) -> None:
    """ccxt checks no notional and no largest quantity, and rounds off the rest."""
    async with traded({f"POST {ORDER}": plain_row(), f"POST {ALGO}": algo_row()}) as at:
        with pytest.raises(OrderRefusedError) as refused:
            await at.broker.place(asked)  # type: ignore[arg-type]  # requests of all kinds
        assert at.venue.count("POST", ORDER) + at.venue.count("POST", ALGO) == 0
    assert refused.value.refusal is refusal


async def test_reduce_only_may_be_below_the_smallest_notional() -> None:
    async with traded({f"POST {ORDER}": plain_row(type="LIMIT")}) as at:
        await at.broker.place(limit(quantity=Decimal("0.001"), side=Side.SELL, reduces=True))
        assert at.venue.terms("POST", ORDER)[0]["quantity"] == "0.001"


async def test_limit_above_the_largest_market_quantity_is_sent() -> None:
    async with traded({f"POST {ORDER}": plain_row(type="LIMIT")}) as at:
        await at.broker.place(limit(quantity=Decimal(500)))
        assert at.venue.terms("POST", ORDER)[0]["quantity"] == "500"
