"""The ccxt.pro order-flow stream over a client that wakes nobody."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress

import pytest
from structlog.testing import capture_logs

from domain.errors import ConfigurationError
from exchanges.ccxt_pro_flow import CcxtProFlowStream
from exchanges.ccxt_watched_pairs import SYMBOL_LIMIT
from exchanges.rejected_rows import RejectedRows
from exchanges.weight import WeightBudget
from tests.unit.exchanges.fake_pro_client import ABILITIES, BTC, ETH, FakeProClient
from tests.unit.exchanges.fakes import WallClock, soon
from tests.unit.exchanges.flow_fakes import HeardFlow


def flow_of(client: FakeProClient) -> CcxtProFlowStream:
    clock = WallClock()
    return CcxtProFlowStream(client, clock, WeightBudget(clock), RejectedRows(), lambda: 0.0)


@asynccontextmanager
async def listening(
    client: FakeProClient, symbols: Collection[str] = ("BTCUSDT",)
) -> AsyncIterator[tuple[CcxtProFlowStream, HeardFlow]]:
    stream, heard = flow_of(client), HeardFlow()
    stream.set_symbols(symbols)
    running = asyncio.create_task(stream.run(heard))
    try:
        yield stream, heard
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        assert client.closed


async def test_what_arrives_is_told_although_no_watch_returns() -> None:
    client = FakeProClient()
    async with listening(client) as (stream, heard):
        await soon(lambda: len(client.calls) == 3)
        client.trade(BTC)
        client.liquidate(BTC)
        client.book(BTC, 1000, [[100.0, 1.0]], [[101.0, 1.0]])
        await soon(lambda: bool(heard.trades and heard.liquidations and heard.books))

        health = stream.health()
        assert (health.books, health.trades, health.liquidations) == (1, 1, 1)
        assert {kind for kind, _ in client.calls} == {"books", "trades", "liquidations"}


async def test_new_pairs_are_subscribed_although_the_old_ones_are_silent() -> None:
    client = FakeProClient()
    async with listening(client) as (stream, _):
        await soon(lambda: len(client.calls) == 3)
        stream.set_symbols(["BTCUSDT", "ETHUSDT"])
        await soon(lambda: len(client.calls) == 6)

        assert {names for _, names in client.calls[3:]} == {(BTC, ETH)}


async def test_a_failed_watch_is_tried_again() -> None:
    import ccxt

    client = FakeProClient(failures=[ccxt.NetworkError("closed"), KeyError("odd frame")])
    async with listening(client) as (_, heard):
        await soon(lambda: len(client.calls) == 5)
        client.trade(BTC)
        await soon(lambda: bool(heard.trades))


async def test_a_socket_that_was_replaced_is_a_gap_though_no_watch_failed() -> None:
    client = FakeProClient()
    client.open_socket("books")
    client.open_socket("trades")
    async with listening(client) as (stream, heard):
        await soon(lambda: stream.health().open_connections == 2)
        assert not heard.gaps
        del client.clients["trades"]
        await soon(lambda: stream.health().open_connections == 1)
        assert not heard.gaps
        client.open_socket("trades")
        await soon(lambda: bool(heard.gaps))

        assert heard.gaps == [{"BTCUSDT"}]
        assert (stream.health().reconnects, stream.health().open_connections) == (1, 2)


async def test_without_pairs_nothing_is_watched() -> None:
    client = FakeProClient()
    async with listening(client, []):
        await asyncio.sleep(0.2)
        assert not client.calls


async def test_pairs_that_the_venue_does_not_list_are_left_out() -> None:
    client = FakeProClient()
    async with listening(client, ["XYZUSDT"]) as (stream, _):
        await asyncio.sleep(0.2)
        assert not client.calls
        stream.set_symbols(["XYZUSDT", "ETHUSDT"])
        await soon(lambda: len(client.calls) == 3)

        assert {names for _, names in client.calls} == {(ETH,)}


async def test_a_venue_without_liquidations_streams_the_rest_and_says_so_once() -> None:
    client = FakeProClient(abilities=ABILITIES[:2])
    with capture_logs() as told:
        async with listening(client):
            await soon(lambda: len(client.calls) >= 4)

    assert {kind for kind, _ in client.calls} == {"books", "trades"}
    missing = [one["missing"] for one in told if one["event"] == "flow_kinds_not_streamed"]
    assert missing == [["liquidations"]]


def test_a_venue_with_neither_books_nor_trades_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="fakevenue"):
        flow_of(FakeProClient(abilities=ABILITIES[2:]))


def test_more_pairs_than_ccxt_can_watch_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="201"):
        flow_of(FakeProClient()).set_symbols(
            [f"P{number}USDT" for number in range(1 + SYMBOL_LIMIT)]
        )
