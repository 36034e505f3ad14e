"""A minute and a half of BTCUSDT as two other recorders would have written it, by hand."""

import gzip
import json
from pathlib import Path
from typing import Any

OPENED_MS = 1_767_621_600_000
"""A 5-minute boundary."""


def change(at_ms: int, first: int, last: int, previous: int, bid: list[str]) -> dict[str, Any]:
    event = {"e": "depthUpdate", "E": OPENED_MS + at_ms + 1, "T": OPENED_MS + at_ms}
    ids = {"s": "BTCUSDT", "U": first, "u": last, "pu": previous}
    return event | ids | {"b": [bid], "a": [["100.60", "2.000"]]}


def trade(at_ms: int, number: int, price: str, quantity: str, **more: Any) -> dict[str, Any]:
    event = {"e": "trade", "E": OPENED_MS + at_ms + 2, "T": OPENED_MS + at_ms, "s": "BTCUSDT"}
    return event | {"t": number, "p": price, "q": quantity, "X": "MARKET", "m": False} | more


SNAPSHOT = {
    "lastUpdateId": 105,
    "E": OPENED_MS - 30_000,
    "T": OPENED_MS - 30_000,
    "bids": [["100.10", "1.000"], ["100.00", "2.000"]],
    "asks": [["100.60", "1.000"]],
}
BEST = {"e": "bookTicker", "u": 110, "s": "BTCUSDT", "b": "100.10", "B": "3.000", "a": "100.60"}

LINES: list[tuple[str | None, dict[str, Any]]] = [
    ("btcusdt@depth@0ms", change(-30_200, 90, 100, 89, ["100.10", "9.000"])),
    ("btcusdt@depth@0ms", change(-30_100, 101, 107, 100, ["100.20", "0.500"])),
    (None, SNAPSHOT),
    ("btcusdt@trade", trade(-20_000, 1, "100.50", "0.010")),
    ("btcusdt@depth@0ms", change(0, 108, 110, 107, ["100.10", "3.000"])),
    ("btcusdt@bookTicker", BEST),
    ("btcusdt@trade", trade(10, 2, "100.60", "0.020")),
    ("btcusdt@depth@0ms", change(99, 111, 112, 110, ["100.10", "4.000"])),
    ("btcusdt@depth@0ms", change(100, 113, 114, 112, ["100.20", "0.000"])),
    ("btcusdt@trade", trade(100, 3, "100.10", "0.300", m=True)),
    ("btcusdt@trade", trade(150, 4, "90.00", "5.000", X="INSURANCE_FUND")),
    ("btcusdt@depth@0ms", change(300, 120, 121, 119, ["100.30", "1.000"])),
    ("btcusdt@depth@0ms", change(400, 122, 123, 121, ["100.40", "1.000"])),
    ("btcusdt@trade", trade(121_000, 5, "100.20", "0.100")),
]
"""A chain that breaks at 300 ms; a trade outside the market; a minute without a trade."""


def write_hftbacktest(folder: Path) -> Path:
    folder.mkdir()
    with gzip.open(folder / "raw_ws_20260105.txt.gz", "wt") as file:
        for number, (stream, event) in enumerate(LINES):
            body = event if stream is None else {"stream": stream, "data": event}
            file.write(f"{1_767_621_570_000_000_000 + number} {compact(body)}\n")
    return folder


def write_cryptofeed(folder: Path) -> Path:
    """The same with the snapshot in a file of its own, and aggregated trades."""
    folder.mkdir()
    with gzip.open(folder / "ws.txt.gz", "wt") as file:
        file.write("wss://fstream.binance.com/stream?streams=btcusdt@depth <-> 1767621570.0\n")
        for number, (stream, event) in enumerate(LINES):
            if stream is not None:
                body = _aggregated(event) if stream == "btcusdt@trade" else event
                named = "btcusdt@aggTrade" if stream == "btcusdt@trade" else stream
                text = compact({"stream": named, "data": body})
                file.write(f"1767621570.{number:06d}: {text}\n")
    with gzip.open(folder / "rest_depth.txt.gz", "wt") as file:
        url = "https://fapi.binance.com/fapi/v1/depth?symbol=BTCUSDT&limit=1000"
        file.write(f"{url} -> 1767621570.000002: {compact(SNAPSHOT)}\n")
    return folder


def compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _aggregated(event: dict[str, Any]) -> dict[str, Any]:
    number = event["t"]
    kept = {key: event[key] for key in ("E", "T", "s", "p", "q", "m")}
    return {"e": "aggTrade", "a": number, "f": number, "l": number} | kept
