"""`python -m bench [NAME] [--json FILE]`."""

import argparse
import importlib
import sys
from pathlib import Path

from bench.result import Result

BENCHMARKS = {
    "burst": "final candles of 400 pairs received -> all decided (also 30 and 100)",
    "technical": "the full technical layer of one pair",
    "ingest": "CPU per candle frame over a loopback socket, against ccxt.pro on the same bytes",
    "flow": "books and trades of 40 pairs from socket to features, against ccxt.pro; latency",
    "tape": "a trade on the tape of one pair, against deques and recomputation; memory",
    "texts": "a text from outside read: tone, spam, coins, fingerprint; against VADER alone",
    "execution": "press to order on the wire, fill to stop accepted, restart to all protected",
    "startup": "start of the process to the first watchlist, and `--help`",
    "memory": "resident memory with 40 streamed pairs",
    "month": "memory of what is known beyond the exchange, over a month of answers",
    "backtest": "our backtest against freqtrade with callbacks, same candles, same signals",
    "year": "a year of 50 pairs backtested by the whole command, two processes and one",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", nargs="?", choices=[*BENCHMARKS])
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    if arguments.name is None:
        for name, what in BENCHMARKS.items():
            print(f"{name:<10} {what}")
        return
    module = importlib.import_module(f"bench.{arguments.name}")
    result: Result = module.run(_on_progress)
    print(
        f"\r{result.name}: ours {result.ours_ms:.3f} ms, base {result.base_ms:.3f} ms "
        f"({result.base}), ratio {result.ratio:.1f}, {result.runs} runs"
    )
    for key, value in result.details.items():
        print(f"  {key}: {value:.4g}" if isinstance(value, float) else f"  {key}: {value}")
    if arguments.json is not None:
        result.write(arguments.json)


def _on_progress(done: int, total: int) -> None:
    bar = "#" * (done * 30 // total)
    print(f"\r[{bar:<30}] {done}/{total}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
