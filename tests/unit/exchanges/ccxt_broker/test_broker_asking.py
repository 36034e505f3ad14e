"""Finding, cancelling and listing: two books on Binance, and stops that fire."""

from decimal import Decimal

import pytest

from domain.directions import Direction
from domain.errors import OrderRefusedError, OutcomeUnknownError, Refusal
from domain.orders import OrderKind, OrderState, Side
from tests.unit.exchanges.ccxt_broker.order_rows import (
    CLIENT_ID,
    algo_row,
    limit,
    plain_row,
    request,
    stop,
)
from tests.unit.exchanges.ccxt_broker.scripted_venue import ALGO, ORDER, Failure, Several, traded

OPEN, OPEN_ALGO = "/fapi/v1/openOrders", "/fapi/v1/openAlgoOrders"
POSITIONS = "/fapi/v3/positionRisk"
FIRED = algo_row(algoStatus="TRIGGERED", actualOrderId="5005")
CANCELLED = {"algoId": 990, "clientAlgoId": "qabc123-7-s0-1", "code": "200", "msg": "success"}


async def test_plain_order_is_found_by_its_client_id() -> None:
    async with traded({f"GET {ORDER}": plain_row(status="CANCELED", executedQty="0.004")}) as at:
        report = await at.broker.find_order(limit())
        (asked,) = at.venue.terms("GET", ORDER)
    assert asked["origClientOrderId"] == CLIENT_ID
    assert "orderId" not in asked
    assert report is not None
    assert (report.state, report.filled_quantity) == (OrderState.CANCELLED, Decimal("0.004"))


@pytest.mark.parametrize("nothing", ["", "0", 0, None])
async def test_stop_that_was_cancelled_before_it_fired_has_become_no_other_order(
    nothing: object,
) -> None:
    row = algo_row(algoStatus="CANCELED", actualOrderId=nothing)
    async with traded({f"GET {ALGO}": row}) as at:
        report = await at.broker.find_order(stop())
    assert report is not None
    assert (report.state, report.engine_id) == (OrderState.CANCELLED, None)


async def test_stop_is_looked_for_in_the_second_book() -> None:
    """ccxt shows no stops without `trigger`."""
    async with traded({f"GET {ALGO}": algo_row()}) as at:
        report = await at.broker.find_order(stop())
        (asked,) = at.venue.terms("GET", ALGO)
        assert at.venue.count("GET", ORDER) == 0
    assert asked["clientAlgoId"] == "qabc123-7-s0-1"
    assert report is not None
    assert (report.state, report.engine_id) == (OrderState.RESTING, None)


@pytest.mark.parametrize(("asked", "path"), [(request(), ORDER), (stop(), ALGO)])
@pytest.mark.parametrize("code", [-2013, -2011])
async def test_order_that_the_venue_does_not_know_is_none(
    asked: object, path: str, code: int
) -> None:
    async with traded({f"GET {path}": Failure(code=code)}) as at:
        assert await at.broker.find_order(asked) is None  # type: ignore[arg-type]  # both kinds


@pytest.mark.parametrize("status", ["TRIGGERED", "FINISHED", "TRIGGERING"])
@pytest.mark.parametrize(
    ("engine_status", "state"),
    [
        ("NEW", OrderState.TRIGGERED),
        ("PARTIALLY_FILLED", OrderState.TRIGGERED),
        ("FILLED", OrderState.FILLED),
        ("CANCELED", OrderState.CANCELLED),
        ("EXPIRED", OrderState.EXPIRED),
    ],
)
async def test_fired_stop_is_what_its_engine_order_has_become(
    status: str, engine_status: str, state: OrderState
) -> None:
    """ccxt calls a triggered order closed and filled, even if the engine cancels it."""
    engine = plain_row(orderId=5005, status=engine_status, executedQty="0.007", avgPrice="18990.1")
    fired = FIRED | {"algoStatus": status}
    async with traded({f"GET {ALGO}": fired, f"GET {ORDER}": engine}) as at:
        report = await at.broker.find_order(stop())
        assert at.venue.terms("GET", ORDER)[0]["orderId"] == "5005"
    assert report is not None
    assert (report.state, report.engine_id, report.venue_id) == (state, "5005", "990")
    assert (report.filled_quantity, report.average_price) == (
        Decimal("0.007"),
        Decimal("18990.1"),
    )


async def test_fired_stop_without_an_engine_order_yet_is_filled_with_nothing() -> None:
    async with traded({f"GET {ALGO}": algo_row(algoStatus="TRIGGERING")}) as at:
        report = await at.broker.find_order(stop())
    assert report is not None
    assert (report.state, report.filled_quantity) == (OrderState.TRIGGERED, Decimal(0))


@pytest.mark.parametrize("status", ["TRIGGERED", "FINISHED"])
async def test_fired_stop_whose_engine_order_is_unknown_stays_triggered(status: str) -> None:
    fired = FIRED | {"algoStatus": status}
    async with traded({f"GET {ALGO}": fired, f"GET {ORDER}": Failure(code=-2013)}) as at:
        report = await at.broker.find_order(stop())
    assert report is not None
    assert (report.state, report.engine_id) == (OrderState.TRIGGERED, "5005")


async def test_stop_that_the_engine_would_not_have_is_over() -> None:
    async with traded({f"GET {ALGO}": algo_row(algoStatus="REJECTED")}) as at:
        report = await at.broker.find_order(stop())
    assert report is not None
    assert report.state is OrderState.EXPIRED


async def test_order_that_would_have_met_our_own_is_over_with_what_was_filled() -> None:
    """By default the venue ends the resting one of two orders of an account that meet."""
    row = plain_row(type="LIMIT", status="EXPIRED_IN_MATCH", executedQty="0.004")
    async with traded({f"GET {ORDER}": row}) as at:
        report = await at.broker.find_order(limit())
    assert report is not None
    assert (report.state, report.filled_quantity) == (OrderState.EXPIRED, Decimal("0.004"))


async def test_cancelled_order_is_told_with_what_was_filled() -> None:
    row = plain_row(type="LIMIT", status="CANCELED", executedQty="0.004")
    async with traded({f"DELETE {ORDER}": row}) as at:
        report = await at.broker.cancel(limit())
        (asked,) = at.venue.terms("DELETE", ORDER)
    assert asked["origClientOrderId"] == CLIENT_ID
    assert (report.state, report.filled_quantity) == (OrderState.CANCELLED, Decimal("0.004"))


async def test_cancelled_stop_is_asked_for_as_the_answer_names_no_state() -> None:
    found = algo_row(algoStatus="CANCELED")
    async with traded({f"DELETE {ALGO}": CANCELLED, f"GET {ALGO}": found}) as at:
        report = await at.broker.cancel(stop())
        assert at.venue.terms("DELETE", ALGO)[0]["clientAlgoId"] == "qabc123-7-s0-1"
        assert at.venue.count("DELETE", ORDER) == 0
    assert (report.state, report.venue_id) == (OrderState.CANCELLED, "990")


async def test_cancelled_stop_that_is_gone_at_once_was_cancelled() -> None:
    gone = Failure(code=-2013)
    async with traded({f"DELETE {ALGO}": CANCELLED, f"GET {ALGO}": gone}) as at:
        assert (await at.broker.cancel(stop())).state is OrderState.CANCELLED


async def test_cancelled_stop_that_cannot_be_asked_for_is_unknown() -> None:
    away = Failure(status=502)
    async with traded({f"DELETE {ALGO}": CANCELLED, f"GET {ALGO}": away}) as at:
        with pytest.raises(OutcomeUnknownError):
            await at.broker.cancel(stop())


@pytest.mark.parametrize(("asked", "path"), [(limit(), ORDER), (stop(), ALGO)])
async def test_cancelling_what_is_not_open_is_refused(asked: object, path: str) -> None:
    async with traded({f"DELETE {path}": Failure(code=-2011)}) as at:
        with pytest.raises(OrderRefusedError) as refused:
            await at.broker.cancel(asked)  # type: ignore[arg-type]  # both kinds
    assert refused.value.refusal is Refusal.UNKNOWN_ORDER


async def test_open_orders_are_those_of_both_books() -> None:
    """Asking for open orders once leaves out every stop."""
    resting = plain_row(type="LIMIT", price="20000.1", timeInForce="GTX")
    async with traded({f"GET {OPEN}": [resting], f"GET {OPEN_ALGO}": [algo_row()]}) as at:
        entry, protection = await at.broker.list_open_orders("BTCUSDT")
    assert (entry.kind, entry.price, entry.reduces) == (
        OrderKind.POST_ONLY,
        Decimal("20000.1"),
        False,
    )
    assert (protection.kind, protection.trigger) == (OrderKind.STOP, Decimal("19000.5"))
    assert (protection.reduces, protection.direction) == (True, Direction.LONG)


async def test_open_orders_of_all_pairs_are_asked_without_a_symbol() -> None:
    async with traded({f"GET {OPEN}": [], f"GET {OPEN_ALGO}": []}) as at:
        assert await at.broker.list_open_orders() == []
        assert "symbol" not in at.venue.terms("GET", OPEN_ALGO)[0]


async def test_orders_of_pairs_that_are_not_traded_here_are_left_out() -> None:
    """Coin-margined symbols turn up beside ours."""
    foreign = plain_row(symbol="BTCUSD_PERP", type="LIMIT")
    async with traded({f"GET {OPEN}": [foreign], f"GET {OPEN_ALGO}": []}) as at:
        assert await at.broker.list_open_orders() == []


async def test_foreign_take_profit_is_no_stop() -> None:
    row = algo_row(orderType="TAKE_PROFIT_MARKET", triggerPrice="25000")
    async with traded({f"GET {OPEN}": [], f"GET {OPEN_ALGO}": [row]}) as at:
        (report,) = await at.broker.list_open_orders("BTCUSDT")
    assert report.kind is not OrderKind.STOP


async def test_foreign_order_of_an_unknown_kind_is_counted_and_the_others_kept() -> None:
    odd = algo_row(orderType="NEW_FANGLED", algoId=1)
    async with traded({f"GET {OPEN}": [], f"GET {OPEN_ALGO}": [odd, algo_row()]}) as at:
        assert len(await at.broker.list_open_orders("BTCUSDT")) == 1
        assert at.rejected.counts["open order"] == 1


async def test_foreign_stop_that_closes_everything_covers_what_is_open() -> None:
    whole = algo_row(closePosition=True, quantity="0", reduceOnly=False)
    held = {"symbol": "BTCUSDT", "positionSide": "BOTH", "positionAmt": "0.3", "entryPrice": "2"}
    answers = {f"GET {OPEN}": [], f"GET {OPEN_ALGO}": [whole], f"GET {POSITIONS}": [held]}
    async with traded(answers) as at:
        (report,) = await at.broker.list_open_orders("BTCUSDT")
    assert (report.quantity, report.reduces) == (Decimal("0.3"), True)


async def test_hedge_mode_order_tells_its_position_and_whether_it_reduces() -> None:
    opens = plain_row(type="LIMIT", side="SELL", positionSide="SHORT", price="20000.1")
    closes = algo_row(side="BUY", positionSide="SHORT", reduceOnly=False)
    async with traded({f"GET {OPEN}": [opens], f"GET {OPEN_ALGO}": [closes]}) as at:
        entry, protection = await at.broker.list_open_orders("BTCUSDT")
    assert (entry.direction, entry.reduces) == (Direction.SHORT, False)
    assert (protection.direction, protection.reduces) == (Direction.SHORT, True)
    assert protection.side is Side.BUY


async def test_lookup_right_after_an_unknown_outcome_finds_what_was_placed() -> None:
    answers = {f"POST {ORDER}": Failure(status=503), f"GET {ORDER}": Several([plain_row()])}
    async with traded(answers) as at:
        with pytest.raises(OutcomeUnknownError):
            await at.broker.place(request())
        report = await at.broker.find_order(request())
    assert report is not None
    assert report.state is OrderState.RESTING
