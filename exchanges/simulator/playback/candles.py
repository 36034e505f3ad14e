"""Candles of a recording as known so far: history from REST, then the final frames."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

Row = list[Any]
"""The twelve columns of a kline as REST sends them."""

CLOSE_TIME: Final = 6
_ANSWER_LAG_MS: Final = 10_000
"""An answer may be so much older than its arrival: a candle that closed within that time before it
may still have been forming."""


class _Kline(msgspec.Struct):
    t: int
    T: int
    i: str
    o: str
    h: str
    l: str  # noqa: E741 - the venue's name
    c: str
    v: str
    q: str
    n: int
    V: str
    Q: str
    x: bool
    B: str = "0"

    @property
    def row(self) -> Row:
        figures = (self.o, self.h, self.l, self.c, self.v)
        return [self.t, *figures, self.T, self.q, self.n, self.V, self.Q, self.B]


class _KlineEvent(msgspec.Struct):
    symbol: str = msgspec.field(name="s")
    kline: _Kline = msgspec.field(name="k")


_decode_frame = msgspec.json.Decoder(_KlineEvent).decode
_decode_rows = msgspec.json.Decoder(list[list[int | str]]).decode


class CandleShelf:
    """Final candles by pair and interval, and the newest forming one of each."""

    def __init__(self) -> None:
        self._final: dict[tuple[str, str], dict[int, Row]] = {}
        self._forming: dict[tuple[str, str], Row] = {}

    def add_frame(self, body: bytes) -> None:
        """Take in a kline frame; one that cannot be read says nothing."""
        try:
            event = _decode_frame(body)
        except msgspec.DecodeError:
            return
        key = (event.symbol, event.kline.i)
        if event.kline.x:
            self._final.setdefault(key, {})[event.kline.t] = event.kline.row
        else:
            self._forming[key] = event.kline.row

    def add_answer(self, symbol: str, interval: str, body: bytes, at_ms: int) -> None:
        """Take in the final candles of a REST answer that arrived at an exchange time."""
        try:
            rows = _decode_rows(body)
        except msgspec.DecodeError:
            return
        known = self._final.setdefault((symbol, interval), {})
        for row in rows:
            if int(row[CLOSE_TIME]) < at_ms - _ANSWER_LAG_MS:
                known.setdefault(int(row[0]), row)

    def intervals(self, symbol: str) -> Sequence[str]:
        """The intervals of which a pair has candles."""
        return [interval for name, interval in self._final | self._forming if name == symbol]

    def rows(self, symbol: str, interval: str, now_ms: int) -> list[Row]:
        """What is known at an instant, oldest first; the last one may be forming."""
        key = (symbol, interval)
        final = self._final.get(key, {})
        rows = [final[opened] for opened in sorted(final)]
        forming = self._forming.get(key)
        if forming is not None and forming[0] not in final and forming[CLOSE_TIME] >= now_ms:
            rows.append(forming)
        return rows
