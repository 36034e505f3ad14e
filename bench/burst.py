"""A closing burst: the raw final frames of 400 pairs -> every pair decided. Also 30 and 100 pairs.

Ours: typed decode, candle stores, readings of order flow, chains, sentiment and memory as of the
close, snapshots, the decision function over all pairs with all five layers. Base: json, DataFrames,
pandas-ta pair by pair, the technical layer alone.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime

import pandas as pd

from app.garbage import keep_what_is_there
from bench.flows import order_flow_state
from bench.market import BOUNDARY, instrument, series, without_last
from bench.naive import technical_score, to_frames
from bench.outsides import outside_state, tell_after_close
from bench.result import Result, interleaved, milliseconds
from domain.candles import CandleSeries
from domain.market import MarketSnapshot
from domain.timeframes import Timeframe, to_ms
from engine.decide import DecisionParameters, decide_all
from engine.order_flow import OrderFlowState
from engine.outside import OutsideState
from exchanges.back_off import BackOff
from exchanges.binance.messages import decode_event, values_of
from exchanges.pair_candles import PairCandles

_PAIRS = 400
_SMALLER = (30, 100)
_RUNS = 5


def run(on_progress: Callable[[int, int], None]) -> Result:
    total = _RUNS + len(_SMALLER)
    details: dict[str, float | str] = {}
    for done, pairs in enumerate(_SMALLER):
        on_progress(done, total)
        ours_ms, base_ms, ratio = _compare(pairs, 3, lambda: None)
        details |= {f"{pairs} pairs, ours ms": ours_ms, f"{pairs} pairs, ratio": ratio}
    runs_done = len(_SMALLER)

    def progress() -> None:
        nonlocal runs_done
        runs_done += 1
        on_progress(runs_done, total)

    ours_ms, base_ms, ratio = _compare(_PAIRS, _RUNS, progress)
    return Result(
        name="burst",
        ours_ms=ours_ms,
        base_ms=base_ms,
        ratio=ratio,
        runs=_RUNS,
        base="json, DataFrames and pandas-ta",
        details=details,
    )


def _compare(pairs: int, runs: int, on_run: Callable[[], None]) -> tuple[float, float, float]:
    history = {number: series(number, BOUNDARY) for number in range(pairs)}
    flow, outside = order_flow_state(pairs), outside_state(pairs)
    frames = [frame for number in history for frame in _final_frames(number, history[number])]

    def ours() -> float:
        stores = {f"PAIR{number}USDT": _store(number, of) for number, of in history.items()}
        tell_after_close(outside)
        return milliseconds(lambda: _decide(frames, stores, flow, outside))

    def base() -> float:
        tables = {f"PAIR{number}USDT": to_frames(_cut(of)) for number, of in history.items()}
        on_run()
        return milliseconds(lambda: _score(frames, tables))

    ours()
    keep_what_is_there()  # as the running bot does once it is ready
    return interleaved(ours, base, runs)


def _decide(
    frames: list[bytes],
    stores: Mapping[str, PairCandles],
    flow: OrderFlowState,
    outside: OutsideState,
) -> int:
    for number, frame in enumerate(frames):
        event = decode_event(frame)
        kline = event.kline
        timeframe = Timeframe(kline.interval)
        index = kline.open_ms // timeframe.milliseconds
        stores[event.symbol].on_kline(timeframe, index, values_of(kline), True, float(number))
    boundary_ms, pairs = to_ms(BOUNDARY), stores.values()
    snapshots = [
        MarketSnapshot(
            instrument=traded,
            as_of=BOUNDARY,
            candles=pair.series(boundary_ms),
            order_flow=flow.order_flow(pair.symbol, BOUNDARY),
            onchain=outside.onchain(traded, BOUNDARY),
            sentiment=outside.sentiment(traded, BOUNDARY),
            memory=outside.memory(BOUNDARY),
        )
        for traded, pair in ((instrument(number), pair) for number, pair in enumerate(pairs))
    ]
    return len(decide_all(snapshots, DecisionParameters()))


def _score(frames: list[bytes], tables: dict[str, dict[Timeframe, pd.DataFrame]]) -> int:
    for frame in frames:
        event = json.loads(frame)
        kline = event["k"]
        row = pd.DataFrame(
            [[float(kline[name]) for name in "ohlcv"]],
            index=[pd.Timestamp(kline["t"], unit="ms")],
            columns=["open", "high", "low", "close", "volume"],
        )
        of_pair, timeframe = tables[event["s"]], Timeframe(kline["i"])
        of_pair[timeframe] = pd.concat([of_pair[timeframe], row]).iloc[1:]
    return sum(technical_score(table) > 0 for table in tables.values())


def _store(number: int, of: Mapping[Timeframe, CandleSeries]) -> PairCandles:
    """A pair that lacks exactly the last candle of each timeframe that closes at the boundary."""
    pair = PairCandles(f"PAIR{number}USDT", BackOff(lambda: 0.5))
    for timeframe, candles in _cut(of).items():
        pair.confirm(timeframe, candles, 0.0)
    return pair


def _cut(of: Mapping[Timeframe, CandleSeries]) -> dict[Timeframe, CandleSeries]:
    return {timeframe: without_last(one) for timeframe, one in of.items()}


def _final_frames(number: int, of: Mapping[Timeframe, CandleSeries]) -> list[bytes]:
    return [_frame(f"PAIR{number}USDT", one, BOUNDARY) for one in of.values()]


def _frame(symbol: str, of: CandleSeries, boundary: datetime) -> bytes:
    candle, length = of.candle(-1), of.timeframe.milliseconds
    open_ms = candle.index * length
    return (
        f'{{"e":"kline","E":{to_ms(boundary)},"s":"{symbol}","k":{{"t":{open_ms},'
        f'"T":{open_ms + length - 1},"s":"{symbol}","i":"{of.timeframe}","f":1,"L":9,'
        f'"o":"{candle.open}","c":"{candle.close}","h":"{candle.high}","l":"{candle.low}",'
        f'"v":"{candle.volume}","n":9,"x":true,"q":"1.0","V":"{candle.taker_buy_volume}",'
        '"Q":"1.0","B":"0"},"st":1,"ps":"' + symbol + '"}'
    ).encode()
