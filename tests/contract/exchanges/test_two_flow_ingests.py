"""ccxt.pro's feed and our own ingest, told the very same bytes, tell the same events.

They differ in what this table lists, and in nothing else; each row has its test below.

| | our ingest | ccxt.pro |
|---|---|---|
| id of a trade | the venue's | counted from 1 on |
| time of a book | the matching engine's (`T`) | when the venue sent it (`E`) |
| price that a frame omits | gone: a frame is the whole top 20 | stays: a frame is a change |
| quantity 0 | a level of 0 (never sent in a top 20) | takes the level away |
| books close together | all, unless the process lags | the last one of a tenth of a second |
| quantity of a liquidation | filled in all (`z`) | filled last (`l`) |
| first book of a pair | with the first frame | a REST snapshot |
"""

import asyncio
from dataclasses import replace

import pytest

from tests.contract.exchanges.two_ingests import PAIRS, TwoIngests, two_ingests
from tests.unit.exchanges.fakes import soon
from tests.unit.exchanges.flow_fakes import (
    AT_MS,
    LIQUIDATION,
    TRADE,
    book_frame,
    book_levels,
    changed,
    trade_frame,
)

BTC, ETH = PAIRS
WHOLE_LIQUIDATION = changed(LIQUIDATION, l="1.400")


async def test_trades_are_equal_but_for_their_ids() -> None:
    async with two_ingests() as ingests:
        await ingests.send(
            "btcusdt@aggTrade",
            TRADE,
            changed(TRADE, a=5933015, m=True),
            changed(TRADE, a=5933016, p="64210.7000", q="1200.000"),
            changed(TRADE, a=5933020, T=AT_MS + 3, q="0.001"),
        )
        await ingests.both("trades", 4)

        own, other = ingests.own.trades, ingests.other.trades
        assert [replace(trade, id=0) for _, trade in own] == [
            replace(trade, id=0) for _, trade in other
        ]
        assert [symbol for symbol, _ in own] == [symbol for symbol, _ in other] == [BTC] * 4
        assert ingests.own.trade_ids(BTC) == [5933014, 5933015, 5933016, 5933020]
        assert ingests.other.trade_ids(BTC) == [1, 2, 3, 4]


async def test_a_burst_over_both_pairs_loses_no_trade_on_either_side() -> None:
    async with two_ingests() as ingests:
        for pair in PAIRS:
            frames = [trade_frame(number, pair) for number in range(1, 301)]
            await ingests.send(f"{pair.lower()}@aggTrade", *frames)
        await ingests.send("btcusdt@aggTrade", trade_frame(301, BTC))
        await ingests.both("trades", 601)

        for pair in PAIRS:
            own = [trade for symbol, trade in ingests.own.trades if symbol == pair]
            assert own == [trade for symbol, trade in ingests.other.trades if symbol == pair]
        assert not ingests.own.gaps + ingests.other.gaps


async def test_the_last_trade_of_a_quiet_pair_needs_no_later_one_to_be_told() -> None:
    async with two_ingests() as ingests:
        await ingests.send("btcusdt@aggTrade", trade_frame(1, BTC))
        await ingests.send("ethusdt@aggTrade", trade_frame(1, ETH))
        await ingests.both("trades", 2)

        assert {symbol for symbol, _ in ingests.other.trades} == {BTC, ETH}


async def test_liquidations_are_equal() -> None:
    async with two_ingests() as ingests:
        frames = WHOLE_LIQUIDATION, changed(WHOLE_LIQUIDATION, S="BUY", s=ETH)
        for frame, pair in zip(frames, PAIRS, strict=True):
            await _send_liquidation(ingests, pair, frame)
        await ingests.both("liquidations", 2)

        assert ingests.own.liquidations == ingests.other.liquidations


async def test_a_liquidation_in_parts_differs_by_its_quantity() -> None:
    async with two_ingests() as ingests:
        await _send_liquidation(ingests, BTC, LIQUIDATION)
        await ingests.both("liquidations", 1)

        (_, own), (_, other) = ingests.own.liquidations[0], ingests.other.liquidations[0]
        assert (own.quantity, other.quantity) == (1.4, 0.5)
        assert own == replace(other, quantity=1.4)


async def test_books_are_equal_while_the_same_prices_are_listed() -> None:
    async with two_ingests() as ingests:
        for number in range(1, 4):
            await ingests.send("@depth", book_frame(number, BTC), book_frame(number, ETH))
            await ingests.both("books", 2 * number)

        own = {(symbol, at - AT_MS): sides for symbol, at, *sides in ingests.own.books}
        other = {(symbol, at - AT_MS - 4): sides for symbol, at, *sides in ingests.other.books}
        assert own == other
        assert own.keys() == {(pair, number) for pair in PAIRS for number in (1, 2, 3)}
        assert all(len(side) == 20 for sides in own.values() for side in sides)


async def test_a_price_that_is_listed_no_more_stays_in_ccxts_book() -> None:
    async with two_ingests() as ingests:
        bids, asks = book_levels(1)
        await ingests.send("btcusdt@depth", book_frame(1, b=bids[1:], a=asks))
        await ingests.both("books", 1)

        own, other = ingests.own.books[0], ingests.other.books[0]
        assert own[2] == other[2][1:]
        assert other[2][0] == (100.0, 1.0)
        assert own[3] == other[3]


async def test_a_quantity_of_0_takes_a_level_out_of_ccxts_book() -> None:
    async with two_ingests() as ingests:
        _, asks = book_levels(1)
        await ingests.send("btcusdt@depth", book_frame(1, a=[[asks[0][0], "0"], *asks[1:]]))
        await ingests.both("books", 1)

        own, other = ingests.own.books[0], ingests.other.books[0]
        assert own[3] == [(101.0, 0.0), *other[3]]
        assert own[2] == other[2]


async def test_books_in_quick_succession_are_told_as_one_by_ccxt() -> None:
    async with two_ingests() as ingests:
        await ingests.send("btcusdt@depth", *(book_frame(number) for number in range(1, 6)))
        await soon(lambda: any(at == AT_MS + 9 for _, at, _, _ in ingests.other.books))
        await soon(lambda: any(at == AT_MS + 5 for _, at, _, _ in ingests.own.books))

        assert len(ingests.other.books) <= 2
        assert ingests.own.books[-1][2:] == ingests.other.books[-1][2:]


@pytest.mark.parametrize(
    ("stream", "frame", "kind"),
    [
        ("aggTrade", trade_frame(1, "BTCUSD_PERP"), "trades"),
        ("@depth", book_frame(1, "BTCUSD_PERP"), "books"),
        ("forceOrder", changed(LIQUIDATION, s="BTCUSD_PERP", st=2), "liquidations"),
    ],
)
async def test_neither_tells_of_the_other_market(stream: str, frame: bytes, kind: str) -> None:
    async with two_ingests() as ingests:
        await ingests.send(stream, frame)
        await ingests.send("@depth", book_frame(1, BTC))
        await ingests.send("aggTrade", trade_frame(1, BTC))
        await ingests.both("trades", 1)
        await ingests.both("books", 1)

        for heard in (ingests.own, ingests.other):
            assert {row[0] for row in getattr(heard, kind)} <= {BTC}


@pytest.mark.parametrize("broken", [changed(TRADE, p="?"), TRADE[:-9], changed(TRADE, q="-1")])
async def test_a_frame_that_cannot_be_read_is_counted_and_stops_neither(broken: bytes) -> None:
    async with two_ingests() as ingests:
        await ingests.send("btcusdt@aggTrade", broken, trade_frame(2))
        await ingests.both("trades", 1)

        assert [len(one.trades) for one in (ingests.own, ingests.other)] == [1, 1]
        for stream in (ingests.own_stream, ingests.other_stream):
            assert stream.health().bad_frames == 1


async def test_lost_sockets_come_back_and_both_tell_a_gap() -> None:
    async with two_ingests() as ingests:
        before = len(ingests.venue.sockets)
        for socket in list(ingests.venue.sockets):
            await socket.close()
        await soon(lambda: len(ingests.venue.sockets) >= 2 * before, within=15.0)
        await soon(lambda: bool(ingests.own.gaps) and bool(ingests.other.gaps), within=15.0)
        # A gap is told when the line is back; the streams on it are ordered right afterwards.
        for number in range(7, 57):
            await ingests.send("ethusdt@aggTrade", trade_frame(number, ETH))
            await asyncio.sleep(0.1)
            if ingests.own.trades and ingests.other.trades:
                break
        await ingests.both("trades", 1)

        assert all(gap == set(PAIRS) for gap in ingests.own.gaps + ingests.other.gaps)
        for stream in (ingests.own_stream, ingests.other_stream):
            assert stream.health().reconnects >= 2


async def _send_liquidation(ingests: TwoIngests, pair: str, frame: bytes) -> None:
    """To our stream of all pairs, and to ccxt's of this one."""
    await ingests.send("!forceOrder", frame)
    await ingests.send(f"{pair.lower()}@forceOrder", frame)
