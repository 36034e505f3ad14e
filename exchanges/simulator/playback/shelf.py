"""Everything a playing venue knows so far, by what it will be asked for."""

from typing import Final
from urllib.parse import parse_qsl, urlsplit

from exchanges.recordings import RecordedMessage
from exchanges.recordings.rest_answers import KLINES
from exchanges.simulator.playback.candles import CandleShelf
from exchanges.simulator.streams.names import StreamKind, parse_stream

Key = tuple[str, str, str]
"""Path, symbol and period; the last two are "" where a request has none."""

EVERYBODY: Final = ""


class Shelf:
    """The newest answer to each question, the candles, and the newest book of each pair."""

    def __init__(self) -> None:
        self.candles = CandleShelf()
        self._answers: dict[Key, bytes] = {}
        self._books: dict[str, bytes] = {}

    def take_in(self, message: RecordedMessage, at_ms: int) -> None:
        """Learn a message that arrived at an exchange time."""
        if message.is_answer:
            self._take_answer(message, at_ms)
            return
        stream = parse_stream(message.source)
        if stream is None:
            return
        if stream.kind is StreamKind.KLINE:
            self.candles.add_frame(message.body)
        elif stream.kind is StreamKind.PARTIAL_BOOK:
            self._books[stream.symbol] = message.body

    def answer(self, path: str, symbol: str = EVERYBODY, period: str = "") -> bytes | None:
        """The newest answer; None where nothing was recorded so far."""
        return self._answers.get((path, symbol, period))

    def answers(self, path: str) -> list[bytes]:
        """The newest answer on each symbol."""
        return [body for key, body in self._answers.items() if key[0] == path and key[1]]

    def book(self, symbol: str) -> bytes | None:
        """The newest frame of a pair's partial book."""
        return self._books.get(symbol)

    def _take_answer(self, message: RecordedMessage, at_ms: int) -> None:
        address = urlsplit(message.source)
        query = dict(parse_qsl(address.query))
        symbol = query.get("symbol", EVERYBODY)
        if address.path == KLINES:
            self.candles.add_answer(symbol, query.get("interval", ""), message.body, at_ms)
        else:
            self._answers[(address.path, symbol, query.get("period", ""))] = message.body
