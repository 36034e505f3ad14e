"""What can go wrong with an order on its way, each on demand and as often as was asked for."""

import asyncio
import time
from typing import Any

import ccxt
import pytest

from exchanges.simulator import Fault, FaultKind
from tests.contract.simulator.trading import BTC, Desk, until

SEND = "POST /fapi/v1/order?"
NAME = "q0000ae-1-e0-1"


def inject(desk: Desk, kind: FaultKind, match: str = SEND, **details: Any) -> None:
    desk.venue.faults.inject(Fault(kind=kind, match=match, count=1, **details))


async def found(desk: Desk) -> Any:
    return await desk.client.fapiPrivateGetOrder({"symbol": "BTCUSDT", "origClientOrderId": NAME})


async def test_an_order_can_be_carried_out_without_an_answer(desk: Desk) -> None:
    inject(desk, FaultKind.REST_ANSWER_LOST)
    with pytest.raises(ccxt.NetworkError):
        await desk.buy(clientOrderId=NAME)

    assert (await found(desk))["status"] == "FILLED"


async def test_an_order_can_be_lost_on_its_way(desk: Desk) -> None:
    inject(desk, FaultKind.REST_REQUEST_LOST)
    with pytest.raises(ccxt.NetworkError):
        await desk.buy(clientOrderId=NAME)

    with pytest.raises(ccxt.OrderNotFound, match="-2013"):
        await found(desk)


async def test_an_answer_can_stay_away_until_the_client_gives_up(desk: Desk) -> None:
    inject(desk, FaultKind.REST_ANSWER_LOST, delay_seconds=1.0)
    patience, desk.client.timeout = desk.client.timeout, 200
    try:
        with pytest.raises(ccxt.RequestTimeout):
            await desk.buy(clientOrderId=NAME)
    finally:
        desk.client.timeout = patience

    assert (await found(desk))["status"] == "FILLED"


async def test_a_request_can_arrive_after_its_sender_gave_up(desk: Desk) -> None:
    inject(desk, FaultKind.REST_DELAY, delay_seconds=0.5)
    patience, desk.client.timeout = desk.client.timeout, 200
    try:
        with pytest.raises(ccxt.RequestTimeout):
            await desk.buy(clientOrderId=NAME)
    finally:
        desk.client.timeout = patience
    with pytest.raises(ccxt.OrderNotFound):
        await found(desk)

    async def arrived() -> bool:
        return bool(desk.venue.books(desk.account.name).find_order("BTCUSDT", client_id=NAME))

    await until(arrived)


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (503, None, ccxt.ExchangeNotAvailable),
        (408, -1007, ccxt.RequestTimeout),
        (500, -1000, ccxt.OperationFailed),
    ],
)
async def test_the_outcome_can_be_told_to_be_unknown_though_all_was_done(
    desk: Desk, status: int, code: int | None, error: type[Exception]
) -> None:
    inject(desk, FaultKind.REST_ANSWER_REPLACED, status=status, code=code)
    with pytest.raises(error):
        await desk.buy(clientOrderId=NAME)

    assert (await found(desk))["status"] == "FILLED"


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (400, -2019, ccxt.InsufficientFunds),
        (400, -4131, ccxt.OperationRejected),
        (400, -1013, ccxt.BadRequest),
        (400, -2018, ccxt.InsufficientFunds),
        (408, -1007, ccxt.RequestTimeout),
        (503, -1008, ccxt.OperationFailed),
        (503, 0, ccxt.ExchangeNotAvailable),
        (429, None, ccxt.DDoSProtection),
        (418, None, ccxt.DDoSProtection),
    ],
)
async def test_an_order_can_be_refused_with_any_code(
    desk: Desk, status: int, code: int | None, error: type[Exception]
) -> None:
    inject(desk, FaultKind.REST_STATUS, status=status, code=code, retry_after_seconds=7)
    with pytest.raises(error):
        await desk.buy(clientOrderId=NAME)
    headers = {name.lower(): text for name, text in desk.client.last_response_headers.items()}

    assert headers["retry-after"] == "7"
    assert await desk.position() is None


async def test_a_fault_can_be_meant_for_one_order_alone(desk: Desk) -> None:
    inject(desk, FaultKind.REST_STATUS, f"newClientOrderId={NAME}", status=400, code=-2019)

    await desk.buy(clientOrderId="q0000ae-2-e0-1")

    with pytest.raises(ccxt.InsufficientFunds):
        await desk.buy(clientOrderId=NAME)


async def test_an_acknowledgement_can_come_after_the_fill_is_told(desk: Desk) -> None:
    inject(desk, FaultKind.REST_ANSWER_DELAY, delay_seconds=0.3)
    began = time.monotonic()
    sending = asyncio.ensure_future(desk.buy(clientOrderId=NAME))

    async def filled() -> bool:
        return bool(desk.venue.books(desk.account.name).executions("BTCUSDT"))

    await until(filled)
    assert not sending.done()
    assert (await sending)["status"] == "closed"
    assert time.monotonic() - began >= 0.3


async def test_a_market_order_can_find_too_little_in_the_book(desk: Desk) -> None:
    inject(desk, FaultKind.PARTIAL_FILL, share=0.4)
    sent = await desk.buy(0.05, clientOrderId=NAME)

    assert (sent["status"], sent["filled"]) == ("expired", 0.02)
    assert (await desk.position())["contracts"] == 0.02
    assert (await desk.buy(0.05))["filled"] == 0.05


async def test_a_stop_can_be_refused_while_orders_pass(desk: Desk) -> None:
    inject(desk, FaultKind.REST_STATUS, "POST /fapi/v1/algoOrder", status=400, code=-2021)
    price = await desk.price()
    await desk.buy()

    with pytest.raises(ccxt.OrderImmediatelyFillable):
        await desk.stop("sell", price * 0.98)

    assert await desk.client.fetch_open_orders(BTC, params={"trigger": True}) == []
