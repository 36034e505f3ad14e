"""`python -m bench.recording --data FOLDER`: an import against tables derived from the same source.

FOLDER holds raw `<local ns> <JSON>` lines (*.gz) and the tables trades.parquet,
book_ticker.parquet and depth20_100ms.parquet that somebody else made from them. Every row is
compared with the frames that the import makes; prints the totals, exits with 1 on a difference.
"""

import argparse
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from exchanges.recordings import Recording
from exchanges.recordings.importing import import_recording

Row = tuple[Any, ...]
_LEVELS = 20


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.recording", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER")
    folder = parser.parse_args().data
    with tempfile.TemporaryDirectory() as scratch:
        imported = import_recording(folder, Path(scratch), "hftbacktest", _ignore)
        print(f"imported {imported.messages:,} messages, {dict(imported.book_faults)}")
        frames = _frames(Path(scratch))
    equal = [
        _compared("trades", frames["aggTrade"], _trade, folder / "trades.parquet", _trade_rows),
        _compared("best", frames["bookTicker"], _best, folder / "book_ticker.parquet", _best_rows),
        _compared(
            "books", frames["depth20@100ms"], _book, folder / "depth20_100ms.parquet", _book_rows
        ),
    ]
    _print_totals(frames["aggTrade"])
    _print_best_prices(frames)
    sys.exit(0 if all(equal) else 1)


def _ignore(_done: int, _total: int) -> None:
    """Progress of an import is not worth a line here."""


def _frames(folder: Path) -> dict[str, list[dict[str, Any]]]:
    frames: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for message in Recording(folder).messages():
        if not message.is_answer:
            channel = message.source.partition("@")[2]
            frames[channel].append(msgspec.json.decode(message.body))
    return frames


def _compared(
    name: str,
    frames: list[dict[str, Any]],
    row_of: Callable[[dict[str, Any]], Row],
    table: Path,
    rows_of: Callable[[dict[str, list[Any]]], Iterator[Row]],
) -> bool:
    from pyarrow import parquet

    ours = [row_of(frame) for frame in frames]
    theirs = list(rows_of(parquet.read_table(table).to_pydict()))
    different = sum(a != b for a, b in zip(ours, theirs, strict=False))
    print(f"{name:<7} {len(ours):,} frames, {len(theirs):,} rows, {different:,} different")
    return ours == theirs


def _trade(frame: dict[str, Any]) -> Row:
    return (frame["a"], frame["T"], float(frame["p"]), float(frame["q"]), frame["m"])


def _trade_rows(table: dict[str, list[Any]]) -> Iterator[Row]:
    names = ("trade_id", "trade_time_ms", "price", "qty", "is_buyer_maker")
    return zip(*(table[name] for name in names), strict=True)


def _best(frame: dict[str, Any]) -> Row:
    return (frame["u"], *(float(frame[key]) for key in ("b", "B", "a", "A")))


def _best_rows(table: dict[str, list[Any]]) -> Iterator[Row]:
    names = ("update_id", "bid_price", "bid_qty", "ask_price", "ask_qty")
    return zip(*(table[name] for name in names), strict=True)


def _book(frame: dict[str, Any]) -> Row:
    levels = [float(value) for side in ("b", "a") for level in frame[side] for value in level]
    return (frame["u"], frame["E"], frame["T"], *levels)


def _book_rows(table: dict[str, list[Any]]) -> Iterator[Row]:
    names = ["update_id", "event_time_ms", "transaction_time_ms"]
    for side in ("bid", "ask"):
        for level in range(_LEVELS):
            names += [f"{side}_px_{level}", f"{side}_qty_{level}"]
    return zip(*(table[name] for name in names), strict=True)


def _print_totals(trades: list[dict[str, Any]]) -> None:
    bought = sum((Decimal(trade["q"]) for trade in trades if not trade["m"]), Decimal(0))
    sold = sum((Decimal(trade["q"]) for trade in trades if trade["m"]), Decimal(0))
    turnover = sum((Decimal(trade["q"]) * Decimal(trade["p"]) for trade in trades), Decimal(0))
    print(f"volume  bought {bought}, sold {sold}, both {bought + sold}, delta {bought - sold}")
    print(f"turnover {turnover}")


def _print_best_prices(frames: dict[str, list[dict[str, Any]]]) -> None:
    """Best bid and ask of the rebuilt books against bookTicker at the same update id."""
    told = {frame["u"]: _best(frame)[1:] for frame in frames["bookTicker"]}
    books = [frame for frame in frames["depth20@100ms"] if frame["u"] in told]
    same = sum(
        tuple(float(value) for side in ("b", "a") for value in book[side][0]) == told[book["u"]]
        for book in books
    )
    print(f"best prices of books equal bookTicker at the same update id: {same} of {len(books)}")


if __name__ == "__main__":
    main()
