"""Our backtest against freqtrade's with callbacks: same candles, our signals as its entries.

Needs freqtrade in an environment of its own: `python3 -m venv peer && peer/bin/pip install
freqtrade`, then FREQTRADE=peer/bin/freqtrade, or freqtrade on PATH. No network is used.
"""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from app.backtest.runner import RunRequest, run_checked
from app.backtest.scoring import open_scoring
from bench.result import Result, milliseconds
from bench.walks import Real, Whole, write_walks
from domain.evidence import LayerName
from domain.signals import FollowedSignal
from domain.timeframes import Timeframe, to_ms
from engine.backtest.candidates import find_candidates
from engine.backtest.run import run_backtest
from engine.backtest.values import BacktestResult, TestedStrategy
from engine.decide import DecisionParameters
from exchanges.history import HistoryStore

_PEER = Path(__file__).parent / "peers" / "freqtrade_run.py"
_BASES = (
    *("BTC", "ETH", "SOL", "XRP", "BNB", "DOGE", "ADA", "AVAX", "LINK", "DOT"),
    *("LTC", "BCH", "NEAR", "UNI", "ATOM", "FIL", "APT", "ARB", "OP", "INJ"),
)
"""Names that freqtrade knows the leverage of."""
_DAYS = 120
_LENGTH_MS = Timeframe.M15.milliseconds
_WARM_RUNS = 3
_LOG_LINE = r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) - \S+ - \w+ - (.*)$"
_LOOP_BEGINS = "Backtesting with data"
_LOOP_ENDS = "dumping json"


class _NoProgress:
    def reading(self, done: int, total: int) -> None:
        """Nothing is shown."""

    def scored(self, done: int, total: int) -> None:
        """Nothing is shown."""

    def replayed(self, at: datetime, start: datetime, end: datetime) -> None:
        """Nothing is shown."""


@dataclass(frozen=True)
class _Trade:
    """A trade by pair and the opening of the candles of its entry and its end; its sign."""

    symbol: str
    entered_ms: int
    ended_ms: int
    is_won: bool

    @property
    def entry(self) -> tuple[str, int]:
        return self.symbol, self.entered_ms


def run(on_progress: Callable[[int, int], None]) -> Result:
    peer_python = _find_peer()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_candles(folder)
        on_progress(1, 5)
        result, loop_ms = _ours_in_process(folder / "store")
        (folder / "signals.json").write_text(json.dumps([_told(one) for one in result.signals]))
        on_progress(2, 5)
        _peer(peer_python, "prepare", folder)
        wholes = [_our_command(folder / "store") for _ in range(_WARM_RUNS)]
        on_progress(3, 5)
        peer_loop_ms, peer_ms = _their_command(peer_python, folder)
        on_progress(5, 5)
        ours = {one.entry: one for one in map(_our_trade, result.signals) if one is not None}
        theirs = {one.entry: one for one in _their_trades(folder)}
    ours_ms = sorted(wholes)[len(wholes) // 2]
    return Result(
        name="backtest",
        ours_ms=ours_ms,
        base_ms=peer_ms,
        ratio=peer_ms / ours_ms,
        runs=1,
        base="freqtrade with callbacks, whole command",
        details={
            "candles of 15m": f"{len(_BASES)} pairs x {_DAYS * 96}",
            "our loop ms, scoring included": loop_ms,
            "freqtrade's loop ms, its statistics included": peer_loop_ms,
            "ratio of loops": peer_loop_ms / loop_ms,
            "signals given": str(len(result.signals)),
            **_agreement(ours, theirs),
        },
    )


def _agreement(
    ours: dict[tuple[str, int], _Trade], theirs: dict[tuple[str, int], _Trade]
) -> dict[str, float | str]:
    both = [(ours[entry], theirs[entry]) for entry in ours.keys() & theirs.keys()]
    late = [(other.ended_ms - one.ended_ms) // _LENGTH_MS for one, other in both]
    return {
        "our trades": str(len(ours)),
        "its trades": str(len(theirs)),
        "same pair and candle of entry": str(len(both)),
        "of these, same candle of exit": str(late.count(0)),
        "of these, exit one candle later (freqtrade acts where a candle opens)": str(late.count(1)),
        "of these, same sign of result": str(sum(a.is_won == b.is_won for a, b in both)),
    }


def _find_peer() -> str:
    """The Python that freqtrade is installed for: the one beside its command."""
    command = os.environ.get("FREQTRADE") or shutil.which("freqtrade")
    if command is None or not Path(command).exists():
        sys.exit(
            "bench backtest: freqtrade is not there. Install it apart from Quorum: python3 -m venv "
            "peer && peer/bin/pip install freqtrade, then FREQTRADE=peer/bin/freqtrade"
        )
    return str(Path(command).absolute().parent / "python")


def _write_candles(folder: Path) -> None:
    """The same walks for us and for the peer."""
    (folder / "candles").mkdir()

    def keep(symbol: str, opened: Whole, columns: Real) -> None:
        np.save(folder / "candles" / f"{symbol}.npy", np.vstack([opened, columns[:5]]))

    write_walks(
        folder / "store", symbols=[f"{base}USDT" for base in _BASES], days=_DAYS, on_pair=keep
    )


def _ours_in_process(root: Path) -> tuple[BacktestResult, float]:
    """The result, and the time of scoring and replay in one process, without start and reading."""
    strategy = TestedStrategy()
    confluence = replace(strategy.decision.confluence, layers=(LayerName.TECHNICAL,))
    strategy = replace(strategy, decision=DecisionParameters(confluence=confluence))
    request = RunRequest(root=root, pairs="all", start=None, end=None, strategy=strategy)
    with open_scoring(1) as score:
        result = asyncio.run(run_checked(request, score, _NoProgress())).result
    store = HistoryStore(root)
    histories = {one: store.read(one, None, None) for one in store.symbols()}
    start, end = result.start, result.end

    def loop() -> None:
        found = {
            symbol: find_candidates(history, strategy, start, end)
            for symbol, history in histories.items()
        }
        asyncio.run(run_backtest(histories, found, strategy, start=start, end=end))

    return result, sorted(milliseconds(loop) for _ in range(_WARM_RUNS))[1]


def _our_command(root: Path) -> float:
    command = [sys.executable, "-m", "app", "backtest", "--root", str(root)]
    command += ["--layers", "technical", "--processes", "2"]
    return milliseconds(lambda: subprocess.run(command, check=True, capture_output=True))


def _peer(python: str, what: str, folder: Path) -> str:
    done = subprocess.run(
        [python, str(_PEER), what, str(folder)], check=False, capture_output=True, text=True
    )
    if done.returncode != 0:
        sys.exit(f"bench backtest: freqtrade failed at {what}:\n{done.stderr[-2000:]}")
    return done.stderr + done.stdout


def _their_command(python: str, folder: Path) -> tuple[float, float]:
    """Milliseconds of its loop, by the instants in its log, and of its whole command."""
    started = time.perf_counter()
    log = _peer(python, "run", folder)
    whole = (time.perf_counter() - started) * 1000.0
    stamps = {
        text: datetime.fromisoformat(stamp.replace(",", "."))
        for stamp, text in re.findall(_LOG_LINE, log, re.MULTILINE)
    }
    begin = next((at for text, at in stamps.items() if text.startswith(_LOOP_BEGINS)), None)
    end = next((at for text, at in stamps.items() if text.startswith(_LOOP_ENDS)), None)
    if begin is None or end is None:
        sys.exit(f"bench backtest: freqtrade did not tell when its loop was:\n{log[-2000:]}")
    return (end - begin).total_seconds() * 1000.0, whole


def _told(followed: FollowedSignal) -> dict[str, Any]:
    """A signal as the peer's strategy reads it; `opened_ms` is that of the candle decided on."""
    signal, plan = followed.signal, followed.signal.plan
    return {
        "id": signal.id,
        "symbol": plan.symbol,
        "opened_ms": to_ms(signal.decision.as_of) - _LENGTH_MS,
        "sign": plan.direction.sign,
        "entry": float(plan.entry),
        "stop": float(plan.stop),
        "targets": [float(one.price) for one in plan.targets],
        "stop_after_first": float(plan.stop_after_first_target(plan.break_even)),
        "trail": float(plan.atr),
    }


def _our_trade(followed: FollowedSignal) -> _Trade | None:
    course = followed.course
    if course.triggered_at is None or course.ended_at is None:
        return None
    return _Trade(
        symbol=followed.signal.plan.symbol,
        entered_ms=to_ms(followed.signal.decision.as_of),
        ended_ms=_candle_of(to_ms(course.ended_at) - 1),
        is_won=course.realised_r > 0,
    )


def _candle_of(at_ms: int) -> int:
    return at_ms // _LENGTH_MS * _LENGTH_MS


def _their_trades(folder: Path) -> list[_Trade]:
    archive = next((folder / "backtest_results").glob("*.zip"))
    with zipfile.ZipFile(archive) as file:
        name = next(n for n in file.namelist() if re.fullmatch(r"backtest-result-[\d_-]+\.json", n))
        trades = json.loads(file.read(name))["strategy"]["QuorumTrades"]["trades"]
    return [
        _Trade(
            symbol=one["pair"].partition("/")[0] + "USDT",
            entered_ms=_candle_of(one["open_timestamp"]),
            ended_ms=_candle_of(one["close_timestamp"]),
            is_won=one["profit_abs"] > 0,
        )
        for one in trades
    ]
