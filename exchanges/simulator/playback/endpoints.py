"""REST of a playing venue: the newest recorded answers, candles and books, and its own time."""

from collections.abc import Callable, Collection
from typing import Any, Final

import msgspec

from exchanges.recordings.rest_answers import (
    BOOK_TICKER,
    DAY_TICKER,
    EXCHANGE_INFO,
    FUNDING_INFO,
    KLINES,
    OPEN_INTEREST,
    PREMIUM_INDEX,
    RATIOS,
    TIME,
    candle_weight,
)
from exchanges.simulator.clock import SimulatorClock
from exchanges.simulator.playback.candles import Row
from exchanges.simulator.playback.shelf import Shelf
from exchanges.simulator.rest.endpoints import Endpoint, Query, VenueError
from exchanges.simulator.rest.metering import FUNDING, FUTURES_DATA

_NOT_RECORDED: Final = -1000
_DEPTH: Final = "/fapi/v1/depth"
Answer = Callable[[Query], Any]


class RecordedVenue:
    """What REST answers are made from; `pairs` are those the recording is of."""

    def __init__(self, shelf: Shelf, clock: SimulatorClock, pairs: Collection[str]) -> None:
        self._shelf = shelf
        self._clock = clock
        self._pairs = pairs

    def endpoints(self) -> list[Endpoint]:
        """Every path that a recording has answers for."""
        return [
            Endpoint(path="/fapi/v1/ping", answer=lambda _: {}),
            Endpoint(path=TIME, answer=lambda _: {"serverTime": self._clock.now_ms()}),
            Endpoint(path=EXCHANGE_INFO, answer=self._exchange_info),
            Endpoint(path=KLINES, answer=self._klines, weight=_klines_weight),
            Endpoint(path=_DEPTH, answer=self._depth, weight=lambda _: 2),
            Endpoint(path=DAY_TICKER, answer=self._one_or_all(DAY_TICKER), weight=_weight(1, 40)),
            Endpoint(path=BOOK_TICKER, answer=self._one_or_all(BOOK_TICKER), weight=_weight(2, 5)),
            Endpoint(
                path=PREMIUM_INDEX, answer=self._one_or_all(PREMIUM_INDEX), weight=_weight(1, 10)
            ),
            Endpoint(path=OPEN_INTEREST, answer=self._one(OPEN_INTEREST)),
            Endpoint(path=FUNDING_INFO, answer=self._funding_info, pool=FUNDING),
            *(
                Endpoint(path=path, answer=self._history(path), pool=FUTURES_DATA)
                for path in RATIOS
            ),
        ]

    def _exchange_info(self, _: Query) -> dict[str, Any]:
        info = msgspec.json.decode(self._recorded(EXCHANGE_INFO), type=dict[str, Any])
        listed = [row for row in info["symbols"] if row["symbol"] in self._pairs]
        return info | {"serverTime": self._clock.now_ms(), "symbols": listed}

    def _funding_info(self, _: Query) -> list[dict[str, Any]]:
        body = self._shelf.answer(FUNDING_INFO)
        rows = [] if body is None else msgspec.json.decode(body, type=list[dict[str, Any]])
        return [row for row in rows if row.get("symbol") in self._pairs]

    def _klines(self, query: Query) -> list[Row]:
        symbol, interval = self._symbol(query), query.required("interval")
        if interval not in self._shelf.candles.intervals(symbol):
            raise VenueError(-1120, "Invalid interval.")
        rows = self._shelf.candles.rows(symbol, interval, self._clock.now_ms())
        begin, end = query.integer("startTime"), query.integer("endTime")
        rows = [row for row in rows if end is None or row[0] <= end]
        limit = query.limit(500, 1500)
        if begin is None:
            return rows[-limit:]
        return [row for row in rows if row[0] >= begin][:limit]

    def _depth(self, query: Query) -> dict[str, Any]:
        frame = self._shelf.book(self._symbol(query))
        if frame is None:
            raise _missing(_DEPTH)
        book, limit = msgspec.json.decode(frame, type=dict[str, Any]), query.limit(500, 1000)
        return {
            "lastUpdateId": book["u"],
            "E": book["E"],
            "T": book["T"],
            "bids": book["b"][:limit],
            "asks": book["a"][:limit],
        }

    def _one(self, path: str) -> Answer:
        return lambda query: msgspec.Raw(self._recorded(path, self._symbol(query)))

    def _one_or_all(self, path: str) -> Answer:
        def answer(query: Query) -> msgspec.Raw | list[msgspec.Raw]:
            if query.text("symbol") is not None:
                return msgspec.Raw(self._recorded(path, self._symbol(query)))
            return [msgspec.Raw(body) for body in self._shelf.answers(path)]

        return answer

    def _history(self, path: str) -> Answer:
        def answer(query: Query) -> list[msgspec.Raw]:
            body = self._recorded(path, self._symbol(query), query.required("period"))
            return msgspec.json.decode(body, type=list[msgspec.Raw])[-query.limit(30, 500) :]

        return answer

    def _symbol(self, query: Query) -> str:
        symbol = query.required("symbol")
        if symbol not in self._pairs:
            raise VenueError(-1121, "Invalid symbol.")
        return symbol

    def _recorded(self, path: str, symbol: str = "", period: str = "") -> bytes:
        body = self._shelf.answer(path, symbol, period)
        if body is None:
            raise _missing(path)
        return body


def _missing(path: str) -> VenueError:
    return VenueError(_NOT_RECORDED, f"The recording holds no answer of {path} on this yet.", 503)


def _weight(one: int, every: int) -> Callable[[Query], int]:
    return lambda query: every if query.text("symbol") is None else one


def _klines_weight(query: Query) -> int:
    return candle_weight(query.limit(500, 1500))
