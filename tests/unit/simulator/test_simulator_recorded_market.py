"""Recorded candles become a market: exact, gap-free, honest about what was made up."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from domain.errors import ConfigurationError, InvalidDataError
from exchanges.grids import finest_grid
from exchanges.simulator import recorded_market
from exchanges.simulator.market.bars import MINUTE_MS, MinuteBars
from exchanges.simulator.market.klines import closed_klines
from exchanges.simulator.market.recorded.interpolation import interpolated
from tests.unit.simulator.conftest import random_bars

START_MS = 1_758_000_000_000
FIVE_MS = 5 * MINUTE_MS


def write(
    directory: Path, name: str, opened: list[int], *, digits: int = 2, **extra: list[Any]
) -> dict[str, np.ndarray[Any, Any]]:
    generator = np.random.default_rng(len(opened))
    bars = random_bars(generator, len(opened), 0).columns
    prices = {
        key: np.round(bars[row] * 10.0**-digits, digits)
        for row, key in enumerate(("open", "high", "low", "close"))
    }
    columns = prices | {"volume": np.round((bars[4] + 1) * 0.1, 1)}
    names = {"timestamp": opened} if not extra else {"open_time": opened}
    parquet.write_table(pa.table(names | columns | extra), directory / f"{name}.parquet")
    return columns


def steps(count: int, begin: int = START_MS - 400 * FIVE_MS, length: int = FIVE_MS) -> list[int]:
    return [begin + number * length for number in range(count)]


@given(seed=st.integers(0, 10_000), factor=st.sampled_from([3, 5, 15, 60]))
@settings(max_examples=60)
def test_made_up_minutes_join_to_exactly_the_candle(seed: int, factor: int) -> None:
    candles = random_bars(np.random.default_rng(seed), 50, 0).columns
    minutes = interpolated(candles, factor, key=seed, first_minute=29_000_000)
    MinuteBars(29_000_000, minutes)

    inside = minutes.reshape(6, 50, factor)
    assert (inside[0, :, 0] == candles[0]).all()
    assert (inside[1].max(axis=1) == candles[1]).all()
    assert (inside[2].min(axis=1) == candles[2]).all()
    assert (inside[3, :, -1] == candles[3]).all()
    assert (inside[4].sum(axis=1) == candles[4]).all()
    assert (inside[5].sum(axis=1) == candles[5]).all()
    assert (inside[0, :, 1:] == inside[3, :, :-1]).all()


def test_made_up_minutes_depend_on_time_and_seed_not_on_what_was_loaded() -> None:
    candles = random_bars(np.random.default_rng(1), 50, 0).columns
    whole = interpolated(candles, 5, key=8, first_minute=1000)
    tail = interpolated(candles[:, 20:], 5, key=8, first_minute=1100)
    other = interpolated(candles, 5, key=9, first_minute=1000)

    assert (whole[:, 100:] == tail).all()
    assert (whole != other).any()


def test_recorded_candles_come_back_unchanged(tmp_path: Path) -> None:
    columns = write(tmp_path, "AAAUSDT", steps(800))
    market = recorded_market(tmp_path, START_MS)
    pair = market.by_symbol["AAAUSDT"]
    klines = closed_klines(pair, 5, 0, 10**9)

    assert market.interpolated_below == "5m"
    assert len(klines) == 800
    price, quantity = pair.contract.prices.text, pair.contract.quantities.text
    for name in ("open", "high", "low", "close"):
        told = [float(price(getattr(kline, name))) for kline in klines]
        assert told == columns[name].tolist()
    assert [float(quantity(kline.volume)) for kline in klines] == columns["volume"].tolist()


def test_only_the_time_asked_for_is_loaded(tmp_path: Path) -> None:
    write(tmp_path, "AAAUSDT", steps(800))
    market = recorded_market(tmp_path, START_MS, history_minutes=100, forward_minutes=50)

    assert market.begin_ms == START_MS - 100 * MINUTE_MS
    assert market.end_ms == START_MS + 50 * MINUTE_MS


def test_holes_become_candles_without_trades(tmp_path: Path) -> None:
    opened = steps(800)
    columns = write(tmp_path, "AAAUSDT", opened[:100] + opened[103:])
    pair = recorded_market(tmp_path, START_MS).by_symbol["AAAUSDT"]
    hole = closed_klines(pair, 5, opened[100] // FIVE_MS, opened[102] // FIVE_MS)

    last = float(columns["close"][99])
    assert [kline.volume for kline in hole] == [0, 0, 0]
    assert {pair.contract.prices.text(k.high) for k in hole} == {f"{last:.2f}"}
    assert {kline.low for kline in hole} == {kline.high for kline in hole}


def test_a_later_start_is_a_listing_and_an_early_end_is_kept(tmp_path: Path) -> None:
    write(tmp_path, "AAAUSDT", steps(800))
    write(tmp_path, "NEWUSDT", steps(300, START_MS + 10 * FIVE_MS))
    write(tmp_path, "OUTUSDT", steps(410))
    market = recorded_market(tmp_path, START_MS)

    new, gone = market.by_symbol["NEWUSDT"], market.by_symbol["OUTUSDT"]
    assert new.contract.listed_ms == new.bars.start_ms == START_MS + 10 * FIVE_MS
    assert gone.bars.end_ms == START_MS + 10 * FIVE_MS < market.end_ms
    assert market.by_symbol["AAAUSDT"].contract.listed_ms < market.begin_ms


def test_minute_files_of_the_venues_layout_keep_their_taker_volume(tmp_path: Path) -> None:
    opened = steps(90, START_MS - 60 * MINUTE_MS, MINUTE_MS)
    buys = [0.0] * 90
    write(tmp_path, "AAAUSDT-1m-2025-09", opened, taker_buy_volume=buys)
    later = [at + 90 * MINUTE_MS for at in opened]
    write(tmp_path, "AAAUSDT-1m-2025-10", later, taker_buy_volume=buys)
    market = recorded_market(tmp_path, START_MS)

    assert market.interpolated_below is None
    bars = market.by_symbol["AAAUSDT"].bars
    assert len(bars) == 180
    assert bars.columns[5].sum() == 0 < bars.columns[4].sum()


def test_a_candle_recorded_twice_counts_once(tmp_path: Path) -> None:
    opened = steps(500)
    columns = write(tmp_path, "AAAUSDT", [*opened[:50], *opened[51:], opened[-1]])
    pair = recorded_market(tmp_path, START_MS).by_symbol["AAAUSDT"]
    klines = closed_klines(pair, 5, 0, 10**9)

    assert [kline.open_ms for kline in klines] == opened
    assert klines[50].volume == 0
    told = [float(pair.contract.prices.text(kline.high)) for kline in klines[51:-1]]
    assert told == columns["high"][50:-2].tolist()


def test_a_start_outside_the_recording_is_refused_with_its_span(tmp_path: Path) -> None:
    write(tmp_path, "AAAUSDT", steps(100))
    with pytest.raises(ConfigurationError, match="start between 2025-09-14T"):
        recorded_market(tmp_path, START_MS)


def test_an_empty_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no Parquet file.*timestamp"):
        recorded_market(tmp_path, START_MS)


def test_files_with_other_columns_or_odd_spacing_are_refused(tmp_path: Path) -> None:
    parquet.write_table(pa.table({"timestamp": [1], "open": [1.0]}), tmp_path / "AUSDT.parquet")
    with pytest.raises(InvalidDataError, match="lacks the columns"):
        recorded_market(tmp_path, START_MS)

    write(tmp_path, "AUSDT", steps(10, START_MS, 7 * MINUTE_MS))
    with pytest.raises(InvalidDataError, match="7 minutes apart"):
        recorded_market(tmp_path, START_MS)


@given(
    unit=st.sampled_from(["0.1", "0.01", "0.5", "0.00001", "1", "10", "1E-7"]),
    numbers=st.lists(st.integers(1, 10**6), min_size=1, max_size=30),
)
def test_the_grid_found_is_the_coarsest_that_fits(unit: str, numbers: list[int]) -> None:
    values = np.array([float(f"{number * float(unit):.10g}") for number in numbers])
    found = finest_grid(values)

    whole = values / float(found)
    assert np.allclose(whole, np.rint(whole), rtol=0, atol=1e-6)
    assert np.gcd.reduce(np.rint(whole).astype(np.int64)) == 1


def test_numbers_off_any_grid_are_refused() -> None:
    with pytest.raises(InvalidDataError, match="decimals"):
        finest_grid(np.array([1 / 3]))
