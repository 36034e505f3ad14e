"""Etherscan: recorded shapes of API V2, emptiness against refusals, fake tokens, and its twin."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from domain.errors import FeedError
from domain.transfers import Transfer, TransferKind
from feeds.etherscan import NAME, EtherscanFeed
from feeds.labels.labels import Labels
from feeds.simulator.etherscan import SimulatedEtherscan
from feeds.simulator.whale_alert import SimulatedWhaleAlert
from feeds.whale_alert import WhaleAlertFeed
from tests.contract.feeds.chain_world import (
    BINANCE,
    COINBASE,
    LABELS,
    NOW,
    STRANGER,
    a_world,
    serving,
    transfers_in,
)
from tests.contract.feeds.feed_server import FeedServer, as_response, asking, provider_of
from tests.fakes.clock import HandClock

KEY = "ETHERSCANKEY"
USDT = "0xdac17f958d2ee523a2206206994597c13d831ec7"
LINK = "0x514910771af9ca656af840dff83e8264ecf986ca"
TRADER = "0x" + "cd" * 20
NOTHING = {"status": "0", "message": "No transactions found", "result": []}
ASSETS = frozenset({"BTC", "ETH", "LINK", "PEPE", "UNI"})

TWO_WALLETS = Labels(
    wallets={
        key: LABELS.wallets[key]
        for key in LABELS.wallets
        if key[1] in {BINANCE.lower(), COINBASE.lower()}
    },
    tokens=LABELS.tokens,
)


def row(**changes: Any) -> dict[str, str]:
    usual = {
        "blockNumber": "18908900",
        "timeStamp": str(NOW - 240),
        "hash": "0x" + "1e" * 32,
        "nonce": "4",
        "from": STRANGER,
        "contractAddress": USDT,
        "to": BINANCE.lower(),
        "value": "1500000000000",
        "tokenName": "Tether USD",
        "tokenSymbol": "USDT",
        "tokenDecimal": "6",
        "confirmations": "7",
    }
    return usual | changes


def page(*rows: Mapping[str, str]) -> dict[str, Any]:
    return {"status": "1", "message": "OK", "result": list(rows)}


def by_address(answers: Mapping[str, Any]) -> Callable[[web.Request], web.Response]:
    """Answers by the address that is asked for, small letters; nothing found for others."""
    return lambda request: as_response(answers.get(request.query["address"].lower(), NOTHING))


@asynccontextmanager
async def etherscan(
    folder: Path, answer: Any, *, wallets: tuple[str, ...] = (), labels: Labels = TWO_WALLETS
) -> AsyncIterator[tuple[FeedServer, EtherscanFeed]]:
    async with asking({"/v2/api": answer}, folder, name=NAME, secrets=(KEY,)) as (server, provider):
        yield (
            server,
            EtherscanFeed(
                provider,
                api_key=KEY,
                assets=lambda: ASSETS,
                labels=labels,
                price_of={"LINK": 15.0, "BTC": 60_000.0}.get,
                clock=HandClock(),
                wallets=wallets,
            ),
        )


async def transfers(folder: Path, *rows: Mapping[str, str], **watch: Any) -> list[Transfer]:
    answer = by_address({BINANCE.lower(): page(*rows)})
    async with etherscan(folder, answer, **watch) as (_, feed):
        return transfers_in(await feed.fetch())


async def test_dollars_coming_to_an_exchange_are_a_deposit(tmp_path: Path) -> None:
    (transfer,) = await transfers(tmp_path, row())
    assert transfer.kind is TransferKind.DEPOSIT
    assert (transfer.asset, transfer.amount, transfer.usd) == ("USDT", 1.5e6, 1.5e6)
    assert transfer.receiver.owner == "Binance"
    assert transfer.transaction == "1e" * 32
    assert transfer.happened_ms == (NOW - 240) * 1000


async def test_other_tokens_are_valued_by_their_price(tmp_path: Path) -> None:
    sold = row(contractAddress=LINK, value=str(100_000 * 10**18))
    (transfer,) = await transfers(tmp_path, sold | {"from": BINANCE.lower(), "to": STRANGER})
    assert transfer.kind is TransferKind.WITHDRAWAL
    assert (transfer.asset, transfer.usd) == ("LINK", 1.5e6)


async def test_a_token_that_only_calls_itself_usdt_does_not_count(tmp_path: Path) -> None:
    assert await transfers(tmp_path, row(contractAddress="0x" + "66" * 20)) == []


async def test_unknown_prices_and_small_sums_are_left_out(tmp_path: Path) -> None:
    uni = row(contractAddress="0x1f9840a85d5af5bf1d1762f925bdaddc4201f984", value=str(10**26))
    assert await transfers(tmp_path, uni, row(value="499999000000")) == []


async def test_history_of_a_quiet_wallet_is_left_out(tmp_path: Path) -> None:
    assert await transfers(tmp_path, row(timeStamp=str(NOW - 3700))) == []


async def test_pieces_of_one_payment_are_one_transfer(tmp_path: Path) -> None:
    (transfer,) = await transfers(tmp_path, row(), row(value="500000000000"))
    assert transfer.usd == 2e6


async def test_a_transfer_between_two_watched_wallets_counts_once(tmp_path: Path) -> None:
    between = row() | {"from": COINBASE.lower()}
    answer = by_address({BINANCE.lower(): page(between), COINBASE.lower(): page(between)})
    async with etherscan(tmp_path, answer) as (_, feed):
        (transfer,) = transfers_in(await feed.fetch())
    assert (transfer.kind, transfer.usd) == (TransferKind.BETWEEN_EXCHANGES, 1.5e6)


async def test_the_operators_wallets_are_asked_for_and_count_from_less(tmp_path: Path) -> None:
    bought = row(value="20000000000") | {"to": TRADER}
    small = row(value="9000000000", hash="0x" + "2f" * 32) | {"to": TRADER}
    answer = by_address({TRADER: page(bought, small)})
    async with etherscan(tmp_path, answer, wallets=("0x" + "CD" * 20,)) as (server, feed):
        (transfer,) = transfers_in(await feed.fetch())
        assert TRADER in {request.query["address"] for request in server.asked}
    assert (transfer.receiver.address, transfer.usd) == (TRADER, 20_000.0)
    assert transfer.kind is TransferKind.BETWEEN_WALLETS


async def test_wrapped_coins_are_told_but_not_watched(tmp_path: Path) -> None:
    wbtc = row(contractAddress="0x2260fac5e5542a773aa44fbcfedf7c193bc2c599", value=str(50 * 10**8))
    async with etherscan(tmp_path, by_address({BINANCE.lower(): page(wbtc)})) as (_, feed):
        answer = await feed.fetch()
    (transfer,) = transfers_in(answer)
    assert (transfer.asset, transfer.usd) == ("BTC", 3e6)
    assert answer.watched >= {"USDT", "USDC", "LINK"}
    assert answer.watched.isdisjoint({"BTC", "ETH", "SHIB"})


async def test_a_coin_without_a_price_is_not_watched_nor_in_the_hour_after_it_had_none(
    tmp_path: Path,
) -> None:
    prices, clock = {"LINK": 15.0}, HandClock()
    async with asking({"/v2/api": NOTHING}, tmp_path, name=NAME, clock=clock) as (_, provider):
        feed = EtherscanFeed(
            provider,
            api_key=KEY,
            assets=lambda: ASSETS,
            labels=TWO_WALLETS,
            price_of=prices.get,
            clock=clock,
        )
        for seconds, is_watched in ((0, False), (0, False), (3599, False), (1, True)):
            clock.advance(seconds)
            answer = await feed.fetch()
            assert {"USDT", "LINK"} <= answer.watched
            assert ("UNI" in answer.watched) is is_watched
            prices["UNI"] = 6.0


async def test_the_next_question_starts_at_the_newest_block(tmp_path: Path) -> None:
    async with etherscan(tmp_path, by_address({BINANCE.lower(): page(row())})) as (server, feed):
        await feed.fetch()
        await feed.fetch()
        starts = [
            request.query["startblock"]
            for request in server.asked
            if request.query["address"] == BINANCE.lower()
        ]
    assert starts == ["0", "18908900"]


async def test_a_failed_round_forgets_no_transfers(tmp_path: Path) -> None:
    good = by_address({BINANCE.lower(): page(row())})
    broken = by_address({BINANCE.lower(): page(row()), COINBASE.lower(): 400})
    async with etherscan(tmp_path, broken) as (server, feed):
        with pytest.raises(FeedError):
            await feed.fetch()
        server.answers["/v2/api"] = good
        assert len((await feed.fetch()).observations) == 1


async def test_the_cut_end_of_a_full_page_is_left_out(tmp_path: Path) -> None:
    rows = [row(blockNumber=str(20_000 - n // 2), hash=f"0x{n:064x}") for n in range(1000)]
    found = await transfers(tmp_path, *rows)
    assert len(found) == 998


async def test_nothing_found_is_an_answer(tmp_path: Path) -> None:
    async with etherscan(tmp_path, NOTHING) as (_, feed):
        answer = await feed.fetch()
    assert answer.observations == ()
    assert "USDT" in answer.watched


@pytest.mark.parametrize(
    "reason", ["Max rate limit reached, please use API Key", f"Invalid API Key (#err2)|{KEY}"]
)
async def test_a_refusal_is_no_emptiness_and_hides_the_key(tmp_path: Path, reason: str) -> None:
    refusal = {"status": "0", "message": "NOTOK", "result": reason}
    async with etherscan(tmp_path, refusal) as (_, feed):
        with pytest.raises(FeedError, match="refused: ") as caught:
            await feed.fetch()
        assert KEY not in str(caught.value)
        assert feed.health().malformed == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"status": "1", "message": "OK", "result": "later"},
        {"status": "2", "message": "OK", "result": []},
        {"message": "OK", "result": []},
        page({key: text for key, text in row().items() if key != "contractAddress"}),
        page(row(value="1.5")),
        page(row(value="-1")),
        page(row(timeStamp=str(NOW * 1000))),
        page(row(to="<script>")),
        page(row(hash="0x12")),
    ],
)
async def test_a_changed_schema_rejects_the_answer(tmp_path: Path, changed: Any) -> None:
    async with etherscan(tmp_path, changed) as (_, feed):
        with pytest.raises(FeedError, match="does not make sense"):
            await feed.fetch()
        assert feed.health().malformed == 1


async def test_what_a_tokens_author_wrote_cannot_hurt(tmp_path: Path) -> None:
    hostile = row(
        contractAddress="0x" + "66" * 20,
        tokenName="<a href='x'>" * 900,
        tokenSymbol="\x00",
        tokenDecimal="many",
        value=str(2**256 - 1),
        hash="0x" + "77" * 32,
    )
    lying = row(tokenDecimal="0", tokenSymbol="BTC")
    (transfer,) = await transfers(tmp_path, hostile, lying)
    assert (transfer.asset, transfer.usd) == ("USDT", 1.5e6)


async def test_adapter_and_twin_understand_each_other(tmp_path: Path) -> None:
    world = a_world()
    prices = {"LINK": 15.0, "PEPE": 1e-5}
    traders = tuple(f"0x{number:040x}" for number in range(1, 6))
    async with (
        serving(SimulatedEtherscan(world), NAME) as url,
        provider_of(url, tmp_path, name=NAME) as provider,
    ):
        feed = EtherscanFeed(
            provider,
            api_key=KEY,
            assets=lambda: ASSETS,
            labels=LABELS,
            price_of=prices.get,
            clock=HandClock(),
            wallets=traders,
        )
        told = transfers_in(await feed.fetch())
    assert {transfer.asset for transfer in told} >= {"USDT", "USDC", "LINK", "PEPE"}
    traded = {address for t in told for address in (t.sender.address, t.receiver.address)}
    assert traded & set(traders)
    recent = [t for t in told if t.happened_ms > (NOW - 58 * 60) * 1000]
    keys = {t.key for t in recent if t.kind is TransferKind.DEPOSIT}
    assert keys <= await _keys_at_whale_alert(tmp_path)


async def _keys_at_whale_alert(folder: Path) -> set[str]:
    async with (
        serving(SimulatedWhaleAlert(a_world()), "whale_alert") as url,
        provider_of(url, folder, name="whale_alert") as provider,
    ):
        feed = WhaleAlertFeed(
            provider, api_key=KEY, assets=lambda: ASSETS, labels=LABELS, clock=HandClock()
        )
        return {transfer.key for transfer in transfers_in(await feed.fetch())}


async def test_the_twin_refuses_in_the_real_words(tmp_path: Path) -> None:
    async with (
        serving(SimulatedEtherscan(a_world()), NAME) as url,
        provider_of(url, tmp_path, name=NAME) as provider,
    ):
        feed = EtherscanFeed(
            provider,
            api_key="",
            assets=lambda: ASSETS,
            labels=TWO_WALLETS,
            price_of=lambda _: None,
            clock=HandClock(),
        )
        with pytest.raises(FeedError, match="API Key"):
            await feed.fetch()


@pytest.mark.parametrize(("seconds_ago", "is_whole"), [(3500, False), (3601, True)])
async def test_nothing_is_watched_while_a_part_of_the_hour_was_cut_off(
    tmp_path: Path, seconds_ago: int, is_whole: bool
) -> None:
    rows = [row(blockNumber=str(20_000 - n), hash=f"0x{n:064x}") for n in range(999)]
    last = row(blockNumber="1", timeStamp=str(NOW - seconds_ago))
    async with etherscan(tmp_path, by_address({BINANCE.lower(): page(*rows, last)})) as (_, feed):
        answer = await feed.fetch()
    assert ("USDT" in answer.watched) is is_whole
    assert len(answer.observations) == 999


async def test_an_odd_row_leaves_everything_unwatched(tmp_path: Path) -> None:
    answer = by_address({BINANCE.lower(): page(row(), row(hash="0x" + "2f" * 32), row(value="?"))})
    async with etherscan(tmp_path, answer) as (_, feed):
        told = await feed.fetch()
    assert len(told.observations) == 2
    assert told.watched == frozenset()


async def test_more_dollars_than_there_are_do_not_count(tmp_path: Path) -> None:
    assert await transfers(tmp_path, row(value=str(2 * 10**21))) == []
