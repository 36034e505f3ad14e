"""Forgers of records: those who change a byte, and those who compute the chain anew."""

import copy
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from domain.ledger import LedgerEntry
from engine.ledger import export_lines, next_entry
from tests.unit.verifier.made_record import make_record
from verifier import verify

Path = tuple[str | int, ...]
Content = dict[str, Any]

_INSTANTS = "2025-10-0"


class LoadedCandles(verify.CandleFolder):
    """Candles read once: a test checks many records by them."""

    def __init__(self, original: verify.CandleFolder, symbols: Sequence[str]) -> None:
        super().__init__(None)
        minutes = set(range(29_328_000, 29_332_000))
        self._rows = {symbol: original.load(symbol, minutes) for symbol in symbols}

    def load(self, symbol: str, wanted: set[int]) -> dict[int, verify.Candle]:
        return self._rows.get(symbol, {})


def contents() -> list[Content]:
    """What the made-up record tells, entry by entry, to be forged."""
    return [json.loads(entry.body)["content"] for entry in make_record().entries]


def rechained(forged: Sequence[Content], originals: Sequence[LedgerEntry] | None = None) -> bytes:
    """The record with other contents and every hash computed anew."""
    entries: list[LedgerEntry] = []
    by = make_record().entries if originals is None else originals
    for content, original in zip(forged, by, strict=True):
        # A forger's own clock may go backwards, where the engine's entries cannot.
        head = replace(entries[-1], at=original.at) if entries else None
        entries.append(next_entry(head, original.kind, original.at, content))
    return "".join(export_lines(entries)).encode("ascii")


def forgeries(content: Content, names: Sequence[str] = ()) -> Iterator[tuple[str, Content]]:
    """Every change of one figure, word or instant, or of one field of the named tables (or all)."""
    for path, value in _leaves(content):
        if names and not set(names) & set(map(str, path)):
            continue
        for other in (one for one in _others(value) if one != value):
            yield f"{'.'.join(map(str, path))}={other}", _replaced(content, path, other)
    for name in content:
        if not names or name in names:
            yield f"no {name}", {key: value for key, value in content.items() if key != name}
    yield "one more", {**content, "more": "1"}


def _leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, (*path, name))
    elif isinstance(value, list) and value:
        for number, inner in enumerate(value):
            yield from _leaves(inner, (*path, number))
    else:
        yield path, value


def _others(value: Any) -> list[Any]:
    if isinstance(value, int):
        return [value + 1, str(value)]
    if isinstance(value, str) and value.startswith(_INSTANTS):
        return [value.replace(":0", ":1", 1), value[:-2] + "7Z", value.replace("T", " ")]
    if isinstance(value, str) and value.replace(".", "").replace("-", "").isdigit():
        return [f"{value}1" if "." in value else f"{value}.1", f"-{value}", f"{value}0", None]
    if isinstance(value, str):
        return [f"{value}x", "stopped", "tp3", None, ["x"]]
    return ["2025-10-06T14:20:00.000Z", "x", [{"at": 1}], {}]


def _replaced(content: Content, path: Path, other: Any) -> Content:
    forged = copy.deepcopy(content)
    place: Any = forged
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = other
    return forged
