"""BinanceFlowStream against a server that says exactly what the test wants."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from exchanges.binance.flow_stream import BinanceFlowStream
from tests.integration.exchanges.scripted_venue import ScriptedVenue, patient, scripted_venue
from tests.unit.exchanges.fakes import WallClock, soon
from tests.unit.exchanges.flow_fakes import (
    AT_MS,
    LIQUIDATION,
    HeardFlow,
    book_frame,
    changed,
    trade_frame,
)

PAIRS = ("BTCUSDT", "ETHUSDT")


@asynccontextmanager
async def listening(
    symbols: Collection[str] = PAIRS, **limits: Any
) -> AsyncIterator[tuple[ScriptedVenue, BinanceFlowStream, HeardFlow]]:
    heard = HeardFlow()
    async with scripted_venue() as venue:
        quick = patient(**limits)
        stream = BinanceFlowStream(
            WallClock(), lambda: 0.5, base_url=venue.url, book_limits=quick, trade_limits=quick
        )
        stream.set_symbols(symbols)
        running = asyncio.create_task(stream.run(heard))
        try:
            await soon(lambda: not symbols or len(venue.requests) >= 2)
            yield venue, stream, heard
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running


def streams_of(*symbols: str) -> set[str]:
    lowered = [symbol.lower() for symbol in symbols]
    return {f"{one}@{kind}" for one in lowered for kind in ("depth20@100ms", "aggTrade")}


async def test_books_and_trades_come_over_their_own_routes() -> None:
    async with listening() as (venue, stream, _):
        dialled = dict(zip(venue.paths, venue.subscribed, strict=True))
        books = {name for name in streams_of(*PAIRS) if "depth" in name}

        assert dialled.keys() == {
            "/public/ws/btcusdt@depth20@100ms",
            "/market/ws/!forceOrder@arr",
        }
        assert dialled["/public/ws/btcusdt@depth20@100ms"] == books
        assert dialled["/market/ws/!forceOrder@arr"] == {
            "!forceOrder@arr",
            *streams_of(*PAIRS) - books,
        }
        await soon(lambda: stream.health().open_connections == 2)


async def test_at_a_normal_pace_every_event_arrives() -> None:
    async with listening() as (venue, stream, heard):
        for number in range(1, 61):
            await venue.send("btcusdt@depth", book_frame(number))
            await venue.send("ethusdt@aggTrade", trade_frame(number, "ETHUSDT"))
            await asyncio.sleep(0.002)
        await venue.send("forceOrder", LIQUIDATION)
        await soon(lambda: bool(heard.liquidations) and len(heard.books) == 60)

        assert [at for _, at, _, _ in heard.books] == [AT_MS + n for n in range(1, 61)]
        assert heard.trade_ids("ETHUSDT") == list(range(1, 61))
        health = stream.health()
        assert (health.books, health.trades, health.liquidations) == (60, 60, 1)
        assert (health.dropped_books, health.bad_frames, heard.gaps) == (0, 0, [])


async def test_when_the_process_lags_books_collapse_and_every_trade_arrives() -> None:
    async with listening() as (venue, stream, heard):
        books = [book_frame(n, PAIRS[n % 2]) for n in range(1, 401)]
        await venue.send("depth", *books)
        await venue.send("aggTrade", *(trade_frame(n) for n in range(1, 2001)))
        await soon(lambda: len(heard.trades) == 2000 and stream.health().books == 400)
        await soon(lambda: {book[1] for book in heard.books} >= {AT_MS + 399, AT_MS + 400})

        health = stream.health()
        assert heard.trade_ids("BTCUSDT") == list(range(1, 2001))
        assert health.dropped_books > 200
        assert len(heard.books) == 400 - health.dropped_books
        for pair in PAIRS:
            times = [at for symbol, at, _, _ in heard.books if symbol == pair]
            assert times == sorted(times)


async def test_unreadable_frames_are_counted_and_stop_nothing() -> None:
    async with listening() as (venue, stream, heard):
        await venue.send("depth", b"{", b'{"e":"depthUpdate"}', book_frame(1))
        await venue.send("aggTrade", b"[]", b'{"e":"trade","s":"BTCUSDT"}', b"{}", trade_frame(1))
        await soon(lambda: bool(heard.books) and bool(heard.trades))

        assert stream.health().bad_frames == 5


async def test_a_refused_request_is_no_bad_frame() -> None:
    async with listening() as (venue, stream, heard):
        await venue.send("aggTrade", b'{"error":{"code":2,"msg":"no"},"id":1}', trade_frame(1))
        await soon(lambda: bool(heard.trades))

        assert stream.health().bad_frames == 0


async def test_pairs_join_and_leave_on_the_open_sockets() -> None:
    async with listening() as (venue, stream, heard):
        stream.set_symbols(["ETHUSDT", "SOLUSDT"])
        await soon(lambda: len(venue.requests) >= 6)
        await venue.send("aggTrade", trade_frame(1), trade_frame(1, "SOLUSDT"))
        await venue.send("forceOrder", LIQUIDATION, changed(LIQUIDATION, s="SOLUSDT"))
        await soon(lambda: bool(heard.liquidations))

        asked = {method: set[str]() for method in ("SUBSCRIBE", "UNSUBSCRIBE")}
        for method, streams in venue.asked[2:]:
            asked[method] |= streams
        assert asked == {"SUBSCRIBE": streams_of("SOLUSDT"), "UNSUBSCRIBE": streams_of("BTCUSDT")}
        assert [symbol for symbol, _ in heard.trades] == ["SOLUSDT"]
        assert [symbol for symbol, _ in heard.liquidations] == ["SOLUSDT"]
        assert (len(venue.paths), heard.gaps) == (2, [])


async def test_without_pairs_no_connection_is_made_or_kept() -> None:
    async with listening([]) as (venue, stream, _):
        stream.set_symbols(PAIRS)
        await soon(lambda: stream.health().open_connections == 2)
        stream.set_symbols([])
        await soon(lambda: stream.health().open_connections == 0)

        assert len(venue.paths) == 2


async def test_a_lost_socket_of_trades_is_dialled_anew_and_the_gap_told() -> None:
    async with listening() as (venue, stream, heard):
        await lose(venue, "/market/")
        await soon(lambda: bool(heard.gaps))

        assert heard.gaps == [set(PAIRS)]
        assert stream.health().reconnects == 1


async def test_a_gap_is_told_before_the_first_trade_after_it() -> None:
    async with listening() as (venue, _, heard):
        await lose(venue, "/market/")
        for number in range(1, 1000):
            await venue.send("!forceOrder", trade_frame(number))
            await asyncio.sleep(0.001)
            if heard.trades:
                break

        assert heard.trades_before_gaps == [0]


async def test_a_lost_socket_of_books_costs_the_tapes_nothing() -> None:
    async with listening() as (venue, stream, heard):
        await lose(venue, "/public/")
        await soon(lambda: len(venue.requests) >= 3)
        await venue.send("ethusdt@depth", book_frame(1, "ETHUSDT"))
        await soon(lambda: bool(heard.books))

        assert not heard.gaps
        assert stream.health().reconnects == 1


async def test_a_run_after_a_crash_tells_that_trades_may_be_lost() -> None:
    heard = CrashingFlow()
    async with scripted_venue() as venue:
        stream = BinanceFlowStream(
            WallClock(),
            lambda: 0.5,
            base_url=venue.url,
            book_limits=patient(),
            trade_limits=patient(),
        )
        stream.set_symbols(PAIRS)
        async with asyncio.timeout(10):
            crashing = asyncio.create_task(stream.run(heard))
            await soon(lambda: len(venue.requests) >= 2)
            await venue.send("ethusdt@aggTrade", trade_frame(1))
            with pytest.raises(ExceptionGroup):
                await crashing
        assert not heard.gaps

        again = asyncio.create_task(stream.run(heard))
        await soon(lambda: bool(heard.gaps))
        again.cancel()
        with suppress(asyncio.CancelledError):
            await again
    assert heard.gaps == [set(PAIRS)]


class CrashingFlow(HeardFlow):
    """Cannot take a trade."""

    def on_trade(self, *_: Any) -> None:
        raise RuntimeError("crashed")


async def lose(venue: ScriptedVenue, route: str) -> None:
    """Close the socket of a route and wait until another one is there."""
    number = next(n for n, path in enumerate(venue.paths) if path.startswith(route))
    await venue.sockets[number].close()
    await soon(lambda: len(venue.paths) == 3)


async def test_a_planned_change_over_loses_nothing_and_tells_no_gap() -> None:
    async with listening(lifetime=0.4, overlap=0.2) as (venue, stream, heard):
        number = 0
        while stream.health().trades < 1 or not venue.sockets[0].closed:
            number += 1
            await venue.send("aggTrade", trade_frame(number))
            await asyncio.sleep(0.005)
            assert number < 1000
        await soon(lambda: number in heard.trade_ids("BTCUSDT"))

        ids = heard.trade_ids("BTCUSDT")
        assert set(ids) == set(range(1, number + 1))
        assert not heard.gaps


async def test_silent_books_and_trades_are_asked_for_anew_but_never_liquidations() -> None:
    async with listening(stale=0.4) as (venue, _, _):
        await soon(lambda: len(venue.requests) >= 6)

        again = set().union(*(streams for _, streams in venue.asked[2:]))
        assert again == streams_of(*PAIRS)
        assert len(venue.paths) == 2


async def test_a_scan_does_not_repeat_the_question_to_silent_streams() -> None:
    async with listening(stale=0.8) as (venue, stream, _):
        await soon(lambda: len(venue.requests) >= 4)
        for _ in range(6):
            stream.set_symbols(PAIRS)
            await asyncio.sleep(0.05)

        assert len(venue.requests) == 4


async def test_streams_beyond_the_room_of_one_connection_go_to_the_next() -> None:
    async with listening(streams=2) as (venue, stream, _):
        await soon(lambda: stream.health().open_connections == 3)

        assert sorted(map(len, venue.subscribed)) == [1, 2, 2]
