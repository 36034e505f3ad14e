"""mempool.space: recorded shapes of payments, change, spoofed ones, changed schemas, its twin."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from domain.errors import FeedError
from domain.transfers import Transfer, TransferKind
from feeds.labels.addresses import BITCOIN
from feeds.labels.labels import Labels
from feeds.mempool import NAME, MempoolFeed, mempool_plan
from feeds.simulator.mempool import SimulatedMempool
from tests.contract.feeds.chain_world import LABELS, NOW, NOW_MS, a_world, serving, transfers_in
from tests.contract.feeds.feed_server import FeedServer, asking, provider_of
from tests.fakes.clock import HandClock

COLD = "34xp4vRoCGJym3xR7yCVPFHoCNxv4Twseo"
HOT = "bc1qm34lsc65zpw79lxes69zkqmk6ee3ewf0j77s3h"
BITFINEX = "1Kr6QSydW9bFQG1mXiPNNu6WpJGmUa9i1g"
HOLDER, HEIR = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh"

THREE = Labels(
    wallets={(BITCOIN, a): LABELS.wallets[BITCOIN, a] for a in (COLD, HOT, BITFINEX)},
    tokens={},
)
PRICES = {"time": NOW, "USD": 60_000, "EUR": 55_000}


def coins(owner: str | None, bitcoins: float) -> dict[str, Any]:
    found = {"scriptpubkey": "0014", "value": round(bitcoins * 1e8)}
    return found if owner is None else found | {"scriptpubkey_address": owner}


def payment(
    spent: Sequence[tuple[str | None, float]],
    paid: Sequence[tuple[str | None, float]],
    *,
    number: int = 1,
    **status: Any,
) -> dict[str, Any]:
    return {
        "txid": f"{number:064x}",
        "version": 2,
        "vin": [{"vout": 0, "prevout": coins(*each), "is_coinbase": False} for each in spent],
        "vout": [coins(*each) for each in paid],
        "fee": 5000,
        "status": {"confirmed": True, "block_height": 820000, "block_time": NOW - 400} | status,
    }


@asynccontextmanager
async def mempool(
    folder: Path, payments: Mapping[str, Any], *, prices: Any = PRICES
) -> AsyncIterator[tuple[FeedServer, MempoolFeed]]:
    """`payments` by address; other addresses have none."""
    answers = {"": [[]], "/api/v1/prices": prices}
    answers |= {f"/api/address/{of}/txs/chain": answer for of, answer in payments.items()}
    async with asking(answers, folder, name=NAME) as (server, provider):
        yield server, MempoolFeed(provider, labels=THREE, clock=HandClock())


async def transfers(folder: Path, *payments: Any, address: str = COLD) -> list[Transfer]:
    async with mempool(folder, {address: [list(payments)]}) as (_, feed):
        answer = await feed.fetch()
    assert answer.watched == {"BTC"}
    return transfers_in(answer)


async def test_a_deposit_leaves_the_change_out(tmp_path: Path) -> None:
    spent = [(HOLDER, 30.0), (HEIR, 20.0)]
    paid = [(COLD, 40.0), (HOLDER, 9.9), (None, 0.0)]
    (transfer,) = await transfers(tmp_path, payment(spent, paid))
    assert transfer.kind is TransferKind.DEPOSIT
    assert (transfer.asset, transfer.amount, transfer.usd) == ("BTC", 40.0, 2.4e6)
    assert (transfer.sender.address, transfer.receiver.address) == (HOLDER, COLD)
    assert transfer.happened_ms == (NOW - 400) * 1000


async def test_a_withdrawal_sums_what_leaves_the_exchange(tmp_path: Path) -> None:
    paid = [(HEIR, 12.0), (HOLDER, 8.0), (HOT, 25.0), (COLD, 4.9)]
    (transfer,) = await transfers(tmp_path, payment([(COLD, 50.0)], paid))
    assert transfer.kind is TransferKind.WITHDRAWAL
    assert (transfer.sender.owner, transfer.receiver.address) == ("Binance", HEIR)
    assert transfer.amount == 20.0


async def test_each_exchange_at_the_other_end_gets_its_own_transfer(tmp_path: Path) -> None:
    paid = [(BITFINEX, 10.0), (HOLDER, 15.0)]
    found = await transfers(tmp_path, payment([(COLD, 25.1)], paid))
    assert {transfer.kind: transfer.amount for transfer in found} == {
        TransferKind.BETWEEN_EXCHANGES: 10.0,
        TransferKind.WITHDRAWAL: 15.0,
    }
    assert len({transfer.key for transfer in found}) == 2


@pytest.mark.parametrize("swept", [1.0, 40.0])
async def test_moving_its_own_coins_is_no_transfer(tmp_path: Path, swept: float) -> None:
    sweep = payment([(HOLDER, swept), (COLD, 30.0)], [(HOT, 30.9), (HOLDER, swept)])
    assert await transfers(tmp_path, sweep) == []


async def test_a_payment_of_two_listed_addresses_counts_once(tmp_path: Path) -> None:
    both = payment([(HOLDER, 50.0)], [(COLD, 20.0), (BITFINEX, 29.0)])
    async with mempool(tmp_path, {COLD: [[both]], BITFINEX: [[both]]}) as (_, feed):
        assert len((await feed.fetch()).observations) == 2


async def test_small_old_and_newly_minted_sums_are_left_out(tmp_path: Path) -> None:
    reward = payment([(None, 0.0)], [(COLD, 50.0)], number=3)
    reward["vin"] = [{"prevout": None, "is_coinbase": True}]
    assert not await transfers(
        tmp_path,
        payment([(HOLDER, 8.4)], [(COLD, 8.3)], number=1),
        reward,
        payment([(HOLDER, 50.0)], [(COLD, 49.9)], number=4, block_time=NOW - 3700),
    )


@pytest.mark.parametrize("block_time", [None, NOW - 60])
async def test_an_unconfirmed_payment_may_be_taken_back_and_does_not_count(
    tmp_path: Path, block_time: int | None
) -> None:
    spoof = payment([(HOLDER, 5000.0)], [(COLD, 4999.9)], confirmed=False, block_time=block_time)
    assert await transfers(tmp_path, spoof) == []


async def test_a_block_whose_clock_runs_ahead_happened_now(tmp_path: Path) -> None:
    (transfer,) = await transfers(
        tmp_path, payment([(HOLDER, 50.0)], [(COLD, 49.9)], block_time=NOW + 3000)
    )
    assert transfer.happened_ms == NOW_MS


async def test_older_pages_are_asked_for_until_the_hour_is_over(tmp_path: Path) -> None:
    first = [payment([(HOLDER, 50.0)], [(COLD, 49.0)], number=n) for n in range(25)]
    last = payment([(HOLDER, 50.0)], [(COLD, 49.0)], number=99, block_time=NOW - 3500)
    pages = {COLD: [first], f"{COLD}/after": 404}
    async with mempool(tmp_path, pages) as (server, feed):
        server.answers[f"/api/address/{COLD}/txs/chain/{24:064x}"] = [[last]]
        assert len((await feed.fetch()).observations) == 26


async def test_nothing_found_is_an_answer(tmp_path: Path) -> None:
    assert await transfers(tmp_path) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"transactions": []},
        [[payment([(HOLDER, 1.0)], [(COLD, 0.9)], block_time=NOW * 1000)]],
        [[{"hash": "12"}]],
        [[payment([(HOLDER, 1.0)], [(COLD, 22e6)])]],
        [[payment([(HOLDER, 1.0)], [("x" * 5000, 1.0)])]],
    ],
)
async def test_a_changed_schema_rejects_the_answer(tmp_path: Path, changed: Any) -> None:
    async with mempool(tmp_path, {COLD: changed}) as (_, feed):
        with pytest.raises(FeedError, match="does not make sense"):
            await feed.fetch()
        assert feed.health().malformed == 1


@pytest.mark.parametrize("prices", [{"time": NOW}, {"USD": 0}, {"USD": -1}, b'{"USD": NaN}', b"{"])
async def test_without_a_price_there_is_no_answer(tmp_path: Path, prices: Any) -> None:
    async with mempool(tmp_path, {}, prices=prices) as (_, feed):
        with pytest.raises(FeedError, match="does not make sense"):
            await feed.fetch()


async def test_adapter_and_twin_understand_each_other(tmp_path: Path) -> None:
    async with (
        serving(SimulatedMempool(a_world()), NAME) as url,
        provider_of(url, tmp_path, name=NAME) as provider,
    ):
        feed = MempoolFeed(provider, labels=LABELS, clock=HandClock())
        told = transfers_in(await feed.fetch())
    assert {t.kind for t in told} == {TransferKind.DEPOSIT, TransferKind.WITHDRAWAL}
    assert all(t.usd >= 500_000 and t.happened_ms <= NOW_MS for t in told)


def deposits(numbers: range, *, seconds_ago: int = 400) -> list[Any]:
    return [
        payment([(HOLDER, 50.0)], [(COLD, 49.0)], number=number, block_time=NOW - seconds_ago)
        for number in numbers
    ]


async def test_bitcoin_is_not_watched_until_what_was_cut_off_is_an_hour_old(
    tmp_path: Path,
) -> None:
    clock = HandClock()
    everywhere = {"": [deposits(range(25))], "/api/v1/prices": PRICES}
    for other in (HOT, BITFINEX):
        everywhere[f"/api/address/{other}/txs/chain"] = [[]]
    async with asking(everywhere, tmp_path, name=NAME, clock=clock) as (_, provider):
        feed = MempoolFeed(provider, labels=THREE, clock=clock)
        assert (await feed.fetch()).watched == frozenset()
        clock.advance(3600 - 401)
        assert (await feed.fetch()).watched == frozenset()
        clock.advance(1)
        assert (await feed.fetch()).watched == {"BTC"}


async def test_what_the_last_answer_told_is_not_asked_for_again(tmp_path: Path) -> None:
    older = deposits(range(25, 50), seconds_ago=3590)
    async with mempool(tmp_path, {COLD: [deposits(range(25))]}) as (server, feed):
        server.answers[f"/api/address/{COLD}/txs/chain/{24:064x}"] = [older[:5]]
        assert (await feed.fetch()).watched == {"BTC"}
        asked = len(server.asked)
        assert (await feed.fetch()).watched == {"BTC"}
        assert len(server.asked) - asked == 4


async def test_an_odd_payment_leaves_bitcoin_unwatched(tmp_path: Path) -> None:
    rows = [*deposits(range(3)), {"txid": "odd"}]
    async with mempool(tmp_path, {COLD: [rows]}) as (_, feed):
        answer = await feed.fetch()
    assert len(answer.observations) == 3
    assert answer.watched == frozenset()


async def test_an_address_that_no_database_takes_makes_no_sense(tmp_path: Path) -> None:
    async with mempool(tmp_path, {COLD: [[payment([("a\x00b", 50.0)], [(COLD, 49.0)])]]}) as (
        _,
        feed,
    ):
        with pytest.raises(FeedError, match="does not make sense"):
            await feed.fetch()


async def test_a_page_of_swept_coins_is_not_too_large(tmp_path: Path) -> None:
    sweep = payment([(HOLDER, 0.1)] * 900, [(COLD, 89.0)])
    for spent in sweep["vin"]:
        spent["witness"] = ["ab" * 4000]
    async with asking({"": [[sweep]]}, tmp_path, name=NAME, patience=mempool_plan().patience) as (
        _,
        provider,
    ):
        assert len(await provider.get(list[object])) == 1
