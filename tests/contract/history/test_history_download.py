"""Downloads from a simulated venue through ccxt over loopback, cut off and taken up again."""

import asyncio
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from app.history.download import DownloadOptions, run_download
from domain.errors import ConfigurationError
from domain.timeframes import Timeframe, from_ms
from exchanges.history import HistoryStore, join_candles
from exchanges.history.downloading import choose_pairs, download
from exchanges.simulator import Fault, FaultKind
from tests.contract.exchanges.live_bench import simulated_venue
from tests.contract.history.download_bench import (
    BTC,
    ETH,
    FRESH,
    history_venue,
    last_days,
    settings_for,
    venue_rows,
)

M1, M15, H1 = Timeframe.M1, Timeframe.M15, Timeframe.H1


def half_done(root: Path) -> list[Path]:
    return list(root.rglob("*.partial"))


async def test_what_is_downloaded_has_the_bits_of_the_venue(tmp_path: Path) -> None:
    store = HistoryStore(tmp_path)
    async with history_venue() as (venue, opened):
        span = last_days(opened, 2, M1, M15)
        pairs = await choose_pairs(opened.facts, f"{BTC},{ETH}")
        reports = await download(store, opened.source, pairs, span)

        assert all(report.is_complete for report in reports)
        for symbol in (BTC, ETH):
            for timeframe in (M1, M15):
                times, columns = await venue_rows(venue, symbol, timeframe, span)
                stored = store.candles(symbol, timeframe)
                assert stored.opened.tolist() == times
                assert np.array_equal(stored.columns, columns)
        history = store.read(BTC)
    assert history.instrument == pairs[0]
    assert (history.finest, history.is_inferred) == (M1, False)
    joined = join_candles(history.candles[M1], M15)
    assert joined is not None
    assert bytes(joined.columns) == bytes(history.candles[M15].columns)
    eight_hours = 8 * H1.milliseconds
    settled = range(-(-span.start_ms // eight_hours) * eight_hours, span.end_ms + 1, eight_hours)
    assert [payment.at_ms for payment in history.funding] == list(settled)
    assert any(payment.rate for payment in history.funding)


async def test_a_download_that_is_cut_off_goes_on_where_it_was(tmp_path: Path) -> None:
    store = HistoryStore(tmp_path)
    async with history_venue() as (venue, opened):
        span = last_days(opened, 1, M1, M15)
        pairs = await choose_pairs(opened.facts, f"{BTC},{ETH}")
        venue.faults.inject(
            Fault(kind=FaultKind.REST_DELAY, match="klines?symbol=ETHUSDT", count=1, seconds=30.0)
        )
        at_the_second = asyncio.Event()

        def watch(what: str, _done: int, _total: int) -> None:
            if what.startswith(ETH):
                at_the_second.set()

        work = asyncio.create_task(download(store, opened.source, pairs, span, watch))
        await asyncio.wait_for(at_the_second.wait(), 20)
        work.cancel()
        await asyncio.wait([work])
        venue.faults.clear()
        assert store.symbols() == (BTC,)
        assert len(store.candles(BTC, M1)) == 1440
        assert not half_done(tmp_path)

        fetched: Counter[str] = Counter()
        totals = []

        def count(what: str, _done: int, total: int) -> None:
            fetched[what] += 1
            totals.append(total)

        reports = await download(store, opened.source, pairs, span, count)
        assert all(report.is_complete for report in reports)
        assert f"{BTC} 1m" not in fetched
        assert set(totals) == {1440 + 96}
        for symbol in (BTC, ETH):
            times, columns = await venue_rows(venue, symbol, M1, span)
            stored = store.candles(symbol, M1)
            assert (stored.opened.tolist(), stored.columns.tobytes()) == (times, columns.tobytes())


async def test_a_venue_in_trouble_is_asked_again(tmp_path: Path) -> None:
    async with history_venue() as (venue, opened):
        pairs = await choose_pairs(opened.facts, BTC)
        venue.faults.inject(Fault(kind=FaultKind.REST_STATUS, match="klines", count=2, status=503))

        (report,) = await download(
            HistoryStore(tmp_path), opened.source, pairs, last_days(opened, 1, H1)
        )

    assert (report.is_complete, report.found) == (True, 24)


async def test_a_pair_that_cannot_be_had_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    async with history_venue() as (venue, opened):
        pairs = await choose_pairs(opened.facts, f"{BTC},{ETH}")
        venue.faults.inject(
            Fault(kind=FaultKind.REST_STATUS, match="klines?symbol=BTCUSDT", count=3, status=503)
        )

        btc, eth = await download(
            HistoryStore(tmp_path), opened.source, pairs, last_days(opened, 1, H1)
        )

    assert (btc.found, btc.expected, btc.is_complete) == (0, 24, False)
    assert "Service unavailable" in str(btc.obstacle)
    assert eth.is_complete


async def test_a_listing_within_the_span_is_told_as_such(tmp_path: Path) -> None:
    store = HistoryStore(tmp_path)
    async with history_venue() as (venue, opened):
        pairs = await choose_pairs(opened.facts, FRESH)
        listed_ms = next(one for one in venue.market.pairs if one.symbol == FRESH).bars.start_ms
        span = last_days(opened, 12, M15, H1)

        reports = await download(store, opened.source, pairs, span)

        assert all(report.is_complete for report in reports)
        assert {report.listed_ms for report in reports} == {listed_ms}
        assert reports[0].expected == (span.end_ms - listed_ms) // M15.milliseconds
        assert store.read(FRESH).listed_ms == listed_ms
        assert store.read(FRESH, from_ms(span.end_ms - H1.milliseconds)).listed_ms is None
        missing: list[int] = []
        again = await download(
            store, opened.source, pairs, span, lambda _what, _done, total: missing.append(total)
        )
        assert set(missing) == {0}
        assert again == reports


async def test_the_most_traded_pairs_are_chosen_by_their_volume() -> None:
    async with history_venue() as (_, opened):
        chosen = await choose_pairs(opened.facts, "top3")
        tickers = await opened.facts.fetch_tickers()

        volumes = [tickers[one.symbol].quote_volume_24h for one in chosen]
        assert len(chosen) == 3
        assert volumes == sorted(volumes, reverse=True)
        others = set(tickers) - {one.symbol for one in chosen}
        assert max(tickers[symbol].quote_volume_24h for symbol in others) <= volumes[-1]
        with pytest.raises(ConfigurationError, match="did you mean BTCUSDT"):
            await choose_pairs(opened.facts, "BTCUSD")
        with pytest.raises(ConfigurationError, match="names no pair"):
            await choose_pairs(opened.facts, " , ")


async def test_the_command_fills_a_folder_and_leaves_with_0_then_1_when_pairs_fail(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with simulated_venue(speed=1.0) as venue:
        options = DownloadOptions(pairs="top2", days=1, timeframes="15m,1h", root=tmp_path)
        venue.faults.inject(
            Fault(kind=FaultKind.REST_STATUS, match="ticker/24hr", count=1, status=503)
        )

        assert await run_download(options, settings_for(venue)) == 0
        told = capsys.readouterr().err

        assert len(HistoryStore(tmp_path).symbols()) == 2
        assert HistoryStore(tmp_path).timeframes(BTC) == (M15, H1)
        assert BTC in told
        assert "incomplete" not in told
        venue.faults.inject(
            Fault(kind=FaultKind.REST_STATUS, match="klines", count=1, status=400, code=-1121)
        )
        more = DownloadOptions(pairs=BTC, days=2, timeframes="1h", root=tmp_path)
        assert await run_download(more, settings_for(venue)) == 1
        assert "1 of 1 are incomplete" in capsys.readouterr().err
