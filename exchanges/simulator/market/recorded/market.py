"""Builds a market from a directory of recorded candles."""

from decimal import Decimal
from pathlib import Path
from typing import Final

import numpy as np

from domain.errors import ConfigurationError
from domain.timeframes import from_ms
from exchanges.grids import finest_grid
from exchanges.simulator.market.bars import (
    CLOSE,
    HIGH,
    LOW,
    MINUTE_MS,
    OPEN,
    VOLUME,
    MinuteBars,
    Real,
    Whole,
)
from exchanges.simulator.market.contracts import (
    LISTED_LONG_AGO_MS,
    Contract,
    usual_minimum_notional,
)
from exchanges.simulator.market.klines import INTERVAL_MINUTES
from exchanges.simulator.market.oddities import odd_pairs
from exchanges.simulator.market.pairs import Market, Pair
from exchanges.simulator.market.randomness import symbol_key
from exchanges.simulator.market.recorded.files import RecordedCandles, read_directory
from exchanges.simulator.market.recorded.interpolation import interpolated

_QUOTE: Final = "USDT"
_DAY_MINUTES: Final = 1440


def recorded_market(
    directory: Path,
    start_ms: int,
    *,
    seed: int = 7,
    history_minutes: int = 20 * _DAY_MINUTES,
    forward_minutes: int | None = None,
) -> Market:
    """The recorded candles from `history_minutes` before `start_ms` on, as minutes.

    Candles coarser than a minute are interpolated by `seed`; the market says so in
    `interpolated_below`. Holes become candles without trades. A symbol whose candles start later
    than the others' is listed then. Raises ConfigurationError when nothing trades at `start_ms`.
    """
    start_minute = start_ms // MINUTE_MS
    until = None if forward_minutes is None else (start_minute + forward_minutes) * MINUTE_MS
    recordings = read_directory(directory)
    oldest = min(int(recording.opened[0]) for recording in recordings)
    begin = (start_minute - history_minutes) * MINUTE_MS
    cut = [_cut(recording, begin, until) for recording in recordings]
    pairs = [_pair(recording, seed, oldest) for recording in cut if recording is not None]
    if not any(pair.bars.start_ms <= start_ms < pair.bars.end_ms for pair in pairs):
        raise ConfigurationError(
            f"no candle in {directory} at {from_ms(start_ms).isoformat()}; {_span(recordings)}"
        )
    first = next((pair for pair in pairs if pair.symbol == f"BTC{_QUOTE}"), pairs[0])
    return Market(
        pairs=(*pairs, *odd_pairs(first, start_ms)),
        start_ms=start_ms,
        origin=f"recorded candles in {directory}",
        interpolated_below=_coarsest(recordings),
    )


def _span(recordings: list[RecordedCandles]) -> str:
    oldest = min(int(recording.opened[0]) for recording in recordings)
    newest = max(int(recording.opened[-1]) for recording in recordings)
    return f"start between {from_ms(oldest).isoformat()} and {from_ms(newest).isoformat()}"


def _cut(recording: RecordedCandles, begin: int, until: int | None) -> RecordedCandles | None:
    """The candles within the time asked for; None when there are none."""
    length = recording.interval * MINUTE_MS
    wanted = recording.opened >= begin // length * length
    if until is not None:
        wanted &= recording.opened < until
    if not wanted.any():
        return None
    return RecordedCandles(
        symbol=recording.symbol,
        interval=recording.interval,
        opened=recording.opened[wanted],
        table=recording.table[:, wanted],
        taker_buy=None if recording.taker_buy is None else recording.taker_buy[wanted],
    )


def _pair(recording: RecordedCandles, seed: int, oldest: int) -> Pair:
    contract = _contract(recording, oldest)
    columns = _without_holes(recording, _whole_columns(recording, contract))
    first_minute = int(recording.opened[0]) // MINUTE_MS
    if recording.interval > 1:
        key = symbol_key(recording.symbol, seed)
        columns = interpolated(columns, recording.interval, key, first_minute)
    return Pair(contract, MinuteBars(first_minute, columns))


def _contract(recording: RecordedCandles, oldest: int) -> Contract:
    base = recording.symbol.removesuffix(_QUOTE)
    listed_ms = int(recording.opened[0])
    return Contract(
        symbol=recording.symbol,
        base=base,
        tick=finest_grid(recording.table[:VOLUME]),
        step=_step(recording),
        minimum_notional=usual_minimum_notional(base),
        listed_ms=listed_ms if listed_ms > oldest else LISTED_LONG_AGO_MS,
    )


def _step(recording: RecordedCandles) -> Decimal:
    volumes = [recording.table[VOLUME]]
    if recording.taker_buy is not None:
        volumes.append(recording.taker_buy)
    return finest_grid(np.concatenate(volumes))


def _whole_columns(recording: RecordedCandles, contract: Contract) -> Whole:
    """The recorded numbers in ticks and steps, shape (6, n), taker buys guessed if unknown."""
    prices = np.rint(recording.table[:VOLUME] / contract.prices.size)
    volume = np.rint(recording.table[VOLUME] / contract.quantities.size)
    taker_buy = (
        np.rint(volume * _buying_share(recording.table))
        if recording.taker_buy is None
        else np.rint(recording.taker_buy / contract.quantities.size)
    )
    return np.vstack((prices, volume, taker_buy)).astype(np.int64)


def _buying_share(table: Real) -> Real:
    """Share of taker buys that a candle suggests: 0.2 after a full fall, 0.8 after a full rise."""
    span = np.maximum(table[HIGH] - table[LOW], np.finfo(np.float64).tiny)
    return np.asarray(0.5 + 0.3 * (table[CLOSE] - table[OPEN]) / span, dtype=np.float64)


def _without_holes(recording: RecordedCandles, columns: Whole) -> Whole:
    """Candles without trades at the last close where the recording has none."""
    places = (recording.opened - recording.opened[0]) // (recording.interval * MINUTE_MS)
    count = int(places[-1]) + 1
    if count == len(places):
        return columns
    source = np.searchsorted(places, np.arange(count), side="right") - 1
    filled = columns[:, source]
    hole = places[source] != np.arange(count)
    filled[OPEN : CLOSE + 1, hole] = filled[CLOSE, hole]
    filled[VOLUME:, hole] = 0
    return filled


def _coarsest(recordings: list[RecordedCandles]) -> str | None:
    longest = max(recording.interval for recording in recordings)
    names = {minutes: name for name, minutes in INTERVAL_MINUTES.items()}
    return names[longest] if longest > 1 else None
