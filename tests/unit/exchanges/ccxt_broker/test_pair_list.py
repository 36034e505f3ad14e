"""One list of pairs for all accounts: read once, lent to the others, renewed for newcomers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from domain.errors import TemporaryVenueError, VenueRefusedError
from engine.execution.parameters import StopTrigger
from exchanges.ccxt_broker.broker import CcxtBroker
from exchanges.ccxt_broker.opening import open_ccxt_broker
from exchanges.ccxt_broker.pair_list import PairList
from exchanges.venues import BINANCE_USDM
from tests.unit.exchanges.ccxt_broker.scripted_venue import CutOff, Traded, traded
from tests.unit.exchanges.fakes import NOON

INFO = "/fapi/v1/exchangeInfo"
FILLS: dict[str, Any] = {"GET /fapi/v1/userTrades": []}


@asynccontextmanager
async def account(at: Traded, pairs: PairList, key: str) -> AsyncIterator[CcxtBroker]:
    broker = open_ccxt_broker(
        BINANCE_USDM,
        key,
        f"secret of {key}",
        clock=at.clock,
        budget=at.budget,
        rejected=at.rejected,
        pairs=pairs,
        jitter=lambda: 0.0,
        stop_trigger=StopTrigger.MARK,
        rest_url=at.url,
    )
    try:
        yield broker
    finally:
        await broker.close()


async def test_accounts_share_one_list_however_many_ask_at_once() -> None:
    pairs = PairList()
    async with traded(FILLS) as at, account(at, pairs, "A") as one, account(at, pairs, "B") as two:
        await asyncio.gather(*(each.list_fills("BTCUSDT", NOON) for each in (one, two)))

        assert at.venue.count("GET", INFO) == 1
        assert one._client.markets is two._client.markets
        assert two._client.market("BTC/USDT:USDT")["id"] == "BTCUSDT"


async def test_newcomer_is_found_though_the_list_was_lent_before_it_was_listed() -> None:
    pairs = PairList()
    async with traded(FILLS) as at, account(at, pairs, "A") as one, account(at, pairs, "B") as two:
        listed = at.venue.answers[f"GET {INFO}"]["symbols"]
        newcomer = listed.pop()
        await one.list_fills("BTCUSDT", NOON)
        listed.append(newcomer)

        assert await two.list_fills("ETHUSDT", NOON) == []
        assert await one.list_fills("ETHUSDT", NOON) == []
        assert at.venue.count("GET", INFO) == 2


async def test_pair_that_nobody_lists_is_asked_for_once_and_refused() -> None:
    async with traded(FILLS) as at, account(at, PairList(), "A") as one:
        await one.list_fills("BTCUSDT", NOON)

        with pytest.raises(VenueRefusedError):
            await one.list_fills("NOPEUSDT", NOON)

        assert at.venue.count("GET", INFO) == 2


async def test_list_that_could_not_be_read_is_read_by_the_next_account() -> None:
    pairs = PairList()
    async with traded(FILLS) as at, account(at, pairs, "A") as one, account(at, pairs, "B") as two:
        info = at.venue.answers[f"GET {INFO}"]
        at.venue.answers[f"GET {INFO}"] = CutOff
        with pytest.raises(TemporaryVenueError):
            await one.list_fills("BTCUSDT", NOON)
        at.venue.answers[f"GET {INFO}"] = info

        assert await two.list_fills("BTCUSDT", NOON) == []


async def test_list_outlives_its_reader_and_knows_nothing_of_the_readers_key() -> None:
    pairs = PairList()
    async with traded(FILLS) as at:
        async with account(at, pairs, "KEYOFTHEREADER") as one:
            await one.list_fills("BTCUSDT", NOON)
        async with account(at, pairs, "B") as two:
            assert await two.list_fills("BTCUSDT", NOON) == []

        assert pairs.newest is not None
        assert "KEYOFTHEREADER" not in repr(pairs.newest)
        assert at.venue.count("GET", INFO) == 1
