"""Whale Alert: recorded shapes of API v1, refusals, changed schemas, hostile rows, and its twin."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from domain.errors import FeedError
from domain.transfers import TransferKind
from feeds.simulator.whale_alert import SimulatedWhaleAlert
from feeds.whale_alert import NAME, WhaleAlertFeed
from tests.contract.feeds.chain_world import LABELS, NOW, a_world, serving, transfers_in
from tests.contract.feeds.feed_server import FeedServer, asking, provider_of
from tests.fakes.clock import HandClock

KEY = "s3cret-key"
STATUS = {
    "result": "success",
    "blockchain_count": 3,
    "blockchains": [
        {"name": "bitcoin", "symbols": ["btc"], "status": "connected"},
        {"name": "ethereum", "symbols": ["eth", "usdt", "link"], "status": "connected"},
        {"name": "solana", "symbols": ["sol"], "status": "disconnected"},
    ],
}


def row(**changes: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "blockchain": "ethereum",
        "symbol": "USDT",
        "id": "655553158",
        "transaction_type": "transfer",
        "hash": "19a393cb0fe2cd5975a3741e43f05859877b639b1c93dd19acd4abfa08715530",
        "from": {"address": "DF38a19aa5db1f15c6df389d86175285d45fa572", "owner_type": "unknown"},
        "to": {
            "address": "28c6c06298d514db089934071355e5743bf21d60",
            "owner_type": "exchange",
            "owner": "binance",
        },
        "timestamp": NOW - 300,
        "amount": 500000,
        "amount_usd": 509513.7,
        "transaction_count": 1,
    }
    return usual | changes


def page(*rows: Any, **changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"result": "success", "cursor": "2712f286-5eafc711", "count": len(rows)}
    return found | ({"transactions": list(rows)} if rows else {}) | changes


@asynccontextmanager
async def whale_alert(
    folder: Path, *pages: Any, status: Any = STATUS
) -> AsyncIterator[tuple[FeedServer, WhaleAlertFeed]]:
    answers = {"/v1/status": status, "/v1/transactions": list(pages)}
    async with asking(answers, folder, name=NAME, secrets=(KEY,)) as (server, provider):
        yield (
            server,
            WhaleAlertFeed(
                provider,
                api_key=KEY,
                assets=lambda: frozenset({"BTC", "ETH", "SOL"}),
                labels=LABELS,
                clock=HandClock(),
            ),
        )


async def test_a_transfer_to_an_exchange_is_a_deposit(tmp_path: Path) -> None:
    async with whale_alert(tmp_path, page(row())) as (server, feed):
        (transfer,) = transfers_in(await feed.fetch())
        assert transfer.kind is TransferKind.DEPOSIT
        assert (transfer.asset, transfer.usd) == ("USDT", 509513.7)
        assert transfer.happened_ms == (NOW - 300) * 1000
        assert transfer.sender.address == "0xdf38a19aa5db1f15c6df389d86175285d45fa572"
        assert (transfer.receiver.owner, transfer.receiver.is_exchange) == ("Binance", True)
        asked = server.asked[-1].query
        assert (asked["api_key"], asked["min_value"]) == (KEY, "500000")
        assert int(asked["start"]) == NOW - 59 * 60


async def test_only_coins_that_it_watches_and_we_trade_are_watched(tmp_path: Path) -> None:
    rows = [row(symbol="link"), row(symbol="sol"), row(symbol="wbtc")]
    async with whale_alert(tmp_path, page(*rows)) as (_, feed):
        answer = await feed.fetch()
        assert answer.watched == {"BTC", "ETH", "USDT"}
        assert [transfer.asset for transfer in transfers_in(answer)] == ["BTC"]


@pytest.mark.parametrize(
    ("kind", "expected"), [("mint", TransferKind.MINT), ("burn", TransferKind.BURN)]
)
async def test_what_the_issuer_does_is_told_apart(
    tmp_path: Path, kind: str, expected: TransferKind
) -> None:
    rows = [row(transaction_type=kind), row(transaction_type="lock")]
    async with whale_alert(tmp_path, page(*rows)) as (_, feed):
        assert [transfer.kind for transfer in transfers_in(await feed.fetch())] == [expected]


async def test_nothing_found_is_an_answer(tmp_path: Path) -> None:
    async with whale_alert(tmp_path, page()) as (_, feed):
        answer = await feed.fetch()
        assert answer.observations == ()
        assert "BTC" in answer.watched


async def test_full_pages_are_followed_by_their_cursor(tmp_path: Path) -> None:
    full = page(*[row(hash=f"{number:064x}") for number in range(100)], cursor="next")
    async with whale_alert(tmp_path, full, page(row(hash="f" * 64))) as (server, feed):
        assert len((await feed.fetch()).observations) == 101
        assert server.asked[-1].query["cursor"] == "next"


async def test_a_later_question_starts_shortly_before_the_last(tmp_path: Path) -> None:
    async with whale_alert(tmp_path, page()) as (server, feed):
        await feed.fetch()
        await feed.fetch()
        assert int(server.asked[-1].query["start"]) == NOW - 600
        assert [asked.path for asked in server.asked].count("/v1/status") == 1


async def test_an_interrupted_listing_goes_on_where_it_ended(tmp_path: Path) -> None:
    full = page(*[row(timestamp=NOW - 2000) for _ in range(100)])
    async with whale_alert(tmp_path, full) as (server, feed):
        await feed.fetch()
        await feed.fetch()
        assert int(server.asked[-1].query["start"]) == NOW - 2000 - 600


@pytest.mark.parametrize("status", [STATUS, {"result": "error", "message": f"invalid {KEY}"}])
async def test_a_refusal_is_no_emptiness_and_hides_the_key(tmp_path: Path, status: Any) -> None:
    refusal = {"result": "error", "message": f"invalid api_key {KEY}"}
    async with whale_alert(tmp_path, refusal, status=status) as (_, feed):
        with pytest.raises(FeedError, match="refused: invalid") as caught:
            await feed.fetch()
        assert KEY not in str(caught.value)
        assert feed.health().malformed == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"result": "success", "bad_key": "2712e8b6", "count": 0},
        page(row(), count=2),
        page(count=1),
        page({"bad_key": "ethereum"} | {k: v for k, v in row().items() if k != "blockchain"}),
        page(row(timestamp=NOW * 1000)),
        page(row(amount_usd="a lot")),
        page(row(to={"address": "x"})),
        {"result": "maybe"},
        [[]],
    ],
)
async def test_a_changed_schema_rejects_the_answer(tmp_path: Path, changed: Any) -> None:
    async with whale_alert(tmp_path, changed) as (_, feed):
        with pytest.raises(FeedError, match="does not make sense"):
            await feed.fetch()
        assert feed.health().malformed == 1


async def test_one_odd_row_among_good_ones_is_skipped(tmp_path: Path) -> None:
    async with whale_alert(tmp_path, page(row(), row(amount_usd=-1), row())) as (_, feed):
        assert len((await feed.fetch()).observations) == 2
        assert feed.health().malformed == 1


async def test_hostile_names_are_cut_and_cleaned(tmp_path: Path) -> None:
    owner = {"address": "x\x00" * 90, "owner_type": "exchange", "owner": "<b>\u202ebin\n" * 500}
    async with whale_alert(tmp_path, page(row(to=owner))) as (_, feed):
        (transfer,) = transfers_in(await feed.fetch())
        assert len(transfer.receiver.owner) <= 40
        assert not {"\x00", "\n", "\u202e"} & set(
            transfer.receiver.owner + transfer.receiver.address
        )


async def test_adapter_and_twin_understand_each_other(tmp_path: Path) -> None:
    async with (
        serving(SimulatedWhaleAlert(a_world()), NAME) as url,
        provider_of(url, tmp_path, name=NAME) as provider,
    ):
        feed = WhaleAlertFeed(
            provider,
            api_key=KEY,
            assets=lambda: frozenset({"BTC", "ETH", "LINK", "PEPE"}),
            labels=LABELS,
            clock=HandClock(),
        )
        answer = await feed.fetch()
        assert answer.watched >= {"BTC", "ETH", "LINK", "PEPE", "USDT"}
        kinds = {transfer.kind for transfer in transfers_in(answer)}
        assert kinds >= {TransferKind.DEPOSIT, TransferKind.WITHDRAWAL}
        keys = [transfer.key for transfer in transfers_in(answer)]
        assert len(keys) == len(set(keys)) > 300
        assert all(transfer.happened_ms <= NOW * 1000 for transfer in transfers_in(answer))


@pytest.mark.parametrize(("course", "more"), [(2.0, "withdrawal"), (-2.0, "deposit")])
async def test_the_twins_whales_know_what_comes(tmp_path: Path, course: float, more: str) -> None:
    async with (
        serving(SimulatedWhaleAlert(a_world(course)), NAME) as url,
        provider_of(url, tmp_path, name=NAME) as provider,
    ):
        feed = WhaleAlertFeed(
            provider,
            api_key=KEY,
            assets=lambda: frozenset({"BTC"}),
            labels=LABELS,
            clock=HandClock(),
        )
        moved = [t for t in transfers_in(await feed.fetch()) if t.asset == "BTC"]
        counts = {kind: sum(t.kind == kind for t in moved) for kind in ("withdrawal", "deposit")}
        assert counts[more] > len(moved) / 2
        assert min(counts.values()) > 0


async def test_the_twin_wants_a_key(tmp_path: Path) -> None:
    async with (
        serving(SimulatedWhaleAlert(a_world()), NAME) as url,
        provider_of(url, tmp_path, name=NAME) as provider,
    ):
        feed = WhaleAlertFeed(
            provider, api_key="", assets=frozenset, labels=LABELS, clock=HandClock()
        )
        with pytest.raises(FeedError, match="401"):
            await feed.fetch()


async def test_nothing_is_watched_while_a_listing_is_cut_short(tmp_path: Path) -> None:
    full = page(*[row(timestamp=NOW - 2000) for _ in range(100)])
    async with whale_alert(tmp_path, full, full, full, full, page(row())) as (_, feed):
        answer = await feed.fetch()
        assert len(answer.observations) == 400
        assert answer.watched == frozenset()
        assert (await feed.fetch()).watched == {"BTC", "ETH", "USDT"}


@pytest.mark.parametrize("symbol", ["usdt", "$MYRO"])
async def test_a_listing_that_is_cut_short_always_goes_on(tmp_path: Path, symbol: str) -> None:
    def all_at(seconds_ago: int) -> dict[str, Any]:
        return page(*[row(timestamp=NOW - seconds_ago, symbol=symbol) for _ in range(100)])

    pages = [all_at(3400)] * 4 + [all_at(3300)] * 4 + [all_at(-99)] * 4 + [page()]
    async with whale_alert(tmp_path, *pages) as (server, feed):
        for _ in range(4):
            await feed.fetch()
        asked = [each.query for each in server.asked if each.path == "/v1/transactions"]
    starts = [int(query["start"]) for query in asked if "cursor" not in query]
    assert starts == [NOW - 3540, NOW - 3400, NOW - 3300, NOW - 600]


async def test_the_coin_of_an_odd_row_is_not_watched_for_an_hour(tmp_path: Path) -> None:
    clock = HandClock()
    odd = page(row(), row(), row(amount="lots"))
    answers = {"/v1/status": STATUS, "/v1/transactions": [odd, page()]}
    async with asking(answers, tmp_path, name=NAME, clock=clock) as (_, provider):
        feed = WhaleAlertFeed(
            provider,
            api_key=KEY,
            assets=lambda: frozenset({"BTC", "ETH", "SOL"}),
            labels=LABELS,
            clock=clock,
        )
        assert (await feed.fetch()).watched == {"BTC", "ETH"}
        clock.advance(3599)
        assert (await feed.fetch()).watched == {"BTC", "ETH"}
        clock.advance(1)
        assert (await feed.fetch()).watched == {"BTC", "ETH", "USDT"}


@pytest.mark.parametrize("unreadable", [{"symbol": None}, {"symbol": 5}, {"hash": 1, "symbol": []}])
async def test_a_row_of_an_unknown_coin_leaves_nothing_watched(
    tmp_path: Path, unreadable: dict[str, Any]
) -> None:
    async with whale_alert(tmp_path, page(row(), row(), row(**unreadable))) as (_, feed):
        assert (await feed.fetch()).watched == frozenset()


async def test_odd_rows_of_coins_that_nobody_watches_do_not_matter(tmp_path: Path) -> None:
    async with whale_alert(tmp_path, page(row(), *[row(symbol="$MYRO")] * 50)) as (_, feed):
        assert (await feed.fetch()).watched == {"BTC", "ETH", "USDT"}
        assert feed.health().malformed == 0


@pytest.mark.parametrize("usd", [1e16, 1e300])
async def test_more_dollars_than_there_are_make_no_sense(tmp_path: Path, usd: float) -> None:
    async with whale_alert(tmp_path, page(row(), row(), row(amount_usd=usd))) as (_, feed):
        assert len((await feed.fetch()).observations) == 2


async def test_a_coin_that_is_traded_from_now_on_is_watched_in_an_hour(tmp_path: Path) -> None:
    traded, clock = {"BTC"}, HandClock()
    answers = {"/v1/status": STATUS, "/v1/transactions": page()}
    async with asking(answers, tmp_path, name=NAME, clock=clock) as (_, provider):
        feed = WhaleAlertFeed(
            provider,
            api_key=KEY,
            assets=lambda: frozenset(traded),
            labels=LABELS,
            clock=clock,
        )
        for seconds, expected in (
            (0, {"BTC"}),
            (60, {"BTC"}),
            (3599, {"BTC"}),
            (1, {"BTC", "ETH"}),
        ):
            clock.advance(seconds)
            assert (await feed.fetch()).watched - {"USDT"} == expected
            traded.add("ETH")
