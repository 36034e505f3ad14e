"""`python -m bench.live_path --data FOLDER`: a real recording through the live path, checked.

FOLDER is one that `bench.recording` takes. It is imported and played over a socket to the bot's own
ingest, which feeds the order-flow state that decisions read. What the state says then is compared
with sums and rows of the tables beside the recording; exits with 1 on a difference.
"""

import argparse
import asyncio
import bisect
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvloop
from pyarrow import parquet

from app.clock import ExchangeClock
from domain.order_book import BookReading, Level
from domain.timeframes import from_ms, to_ms
from engine.order_flow import OrderFlowState
from exchanges.binance.flow_stream import BinanceFlowStream
from exchanges.recordings import Recording
from exchanges.recordings.importing import import_recording
from exchanges.simulator.playback import PlaybackVenue
from layers.orderflow import OrderFlowParameters
from tests.builders.market import make_instrument

_SYMBOL = "BTCUSDT"
_SPEED = 20.0
_SAMPLE_MS = 1_000


class SampledState(OrderFlowState):
    """Reads itself, as of whole seconds, before the first book beyond each."""

    def __init__(self) -> None:
        super().__init__(OrderFlowParameters(), ExchangeClock(), speed=1.0)
        self.samples: dict[int, BookReading] = {}
        self._due_ms = 0

    def on_book(
        self, symbol: str, exchange_ms: int, bids: Sequence[Level], asks: Sequence[Level]
    ) -> None:
        due, self._due_ms = self._due_ms, exchange_ms // _SAMPLE_MS * _SAMPLE_MS + _SAMPLE_MS
        if 0 < due < exchange_ms:
            self._sample(due)
        super().on_book(symbol, exchange_ms, bids, asks)

    def _sample(self, at_ms: int) -> None:
        flow = self.order_flow(_SYMBOL, from_ms(at_ms))
        if flow is not None and flow.book is not None:
            self.samples[at_ms] = flow.book


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.live_path", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER")
    folder = parser.parse_args().data
    with tempfile.TemporaryDirectory() as scratch:
        import_recording(folder, Path(scratch), "hftbacktest", lambda _done, _total: None)
        state, stream = uvloop.run(_play(Path(scratch)))
    trades = parquet.read_table(folder / "trades.parquet").to_pydict()
    books = parquet.read_table(folder / "depth20_100ms.parquet").to_pydict()
    print(f"heard: {stream.health()}")
    print(f"state: {state.tally()}")
    equal = [_compare_trades(state, trades), _compare_books(state, books)]
    sys.exit(0 if all(equal) else 1)


async def _play(folder: Path) -> tuple[SampledState, BinanceFlowStream]:
    clock = ExchangeClock()
    venue = PlaybackVenue(
        Recording(folder),
        speed=_SPEED,
        wall=clock.monotonic,
        spawn=lambda _name, work: asyncio.create_task(work),
    )
    state = SampledState()
    state.watch([make_instrument(_SYMBOL.removesuffix("USDT"))])
    async with venue:
        venue.clock.hold()
        stream = BinanceFlowStream(clock, lambda: 0.5, base_url=venue.ws_url)
        stream.set_symbols([_SYMBOL])
        task = asyncio.create_task(stream.run(state))
        await asyncio.sleep(1.0)
        venue.clock.release()
        await asyncio.sleep(_seconds_of(folder) / _SPEED + 1.0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    return state, stream


def _seconds_of(folder: Path) -> float:
    times = [message.local_ns for message in Recording(folder).messages()]
    return (max(times) - min(times)) / 1e9


def _compare_trades(state: SampledState, table: dict[str, list[Any]]) -> bool:
    """CVD of the UTC day as of the last instant of the day that the recording holds."""
    rows = list(zip(table["trade_time_ms"], table["qty"], table["is_buyer_maker"], strict=True))
    last = datetime.fromtimestamp(rows[-1][0] / 1000, UTC)
    midnight_ms = to_ms(last.replace(hour=0, minute=0, second=0, microsecond=0))
    at_ms = rows[-1][0] if rows[0][0] >= midnight_ms else midnight_ms - 1
    expected: dict[bool, float] = {
        is_buy: sum(qty for time, qty, maker in rows if time <= at_ms and maker is not is_buy)
        for is_buy in (True, False)
    }
    flow = state.order_flow(_SYMBOL, from_ms(at_ms))
    if flow is None or flow.tape is None:
        print("the state knows no trades")
        return False
    window = flow.tape.window(900)
    print(f"bought  {window.buy_volume:.3f}, table {expected[True]:.3f}")
    print(f"sold    {window.sell_volume:.3f}, table {expected[False]:.3f}")
    print(f"CVD     {flow.tape.cvd_day:.3f}, table {expected[True] - expected[False]:.3f}")
    return (
        abs(window.buy_volume - expected[True]) < 1e-6
        and abs(window.sell_volume - expected[False]) < 1e-6
        and abs(flow.tape.cvd_day - (expected[True] - expected[False])) < 1e-6
    )


def _compare_books(state: SampledState, table: dict[str, list[Any]]) -> bool:
    """Best prices as of each second: those of the table's row of the same instant.

    A book that arrived together with the next one was dropped for it; then the state, rightly,
    stands at an earlier row than the table, which is told.
    """
    times = table["transaction_time_ms"]
    different = behind = 0
    for at_ms, book in state.samples.items():
        newest = bisect.bisect_right(times, at_ms) - 1
        row = bisect.bisect_right(times, book.exchange_ms) - 1
        behind += row < newest
        told = (times[row], table["bid_px_0"][row], table["ask_px_0"][row])
        different += told != (book.exchange_ms, book.best_bid, book.best_ask)
    print(
        f"best prices as of {len(state.samples)} whole seconds, {different} different; "
        f"{behind} of them a row behind"
    )
    return bool(state.samples) and not different


if __name__ == "__main__":
    main()
