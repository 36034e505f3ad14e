"""What a recorder asks over REST beside the streams: a bot on the recording needs the answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from domain.timeframes import ANCHORED_WINDOWS, Timeframe

EXCHANGE_INFO: Final = "/fapi/v1/exchangeInfo"
TIME: Final = "/fapi/v1/time"
KLINES: Final = "/fapi/v1/klines"
FUNDING_INFO: Final = "/fapi/v1/fundingInfo"
DAY_TICKER: Final = "/fapi/v1/ticker/24hr"
BOOK_TICKER: Final = "/fapi/v1/ticker/bookTicker"
PREMIUM_INDEX: Final = "/fapi/v1/premiumIndex"
OPEN_INTEREST: Final = "/fapi/v1/openInterest"
RATIOS: Final = (
    "/futures/data/globalLongShortAccountRatio",
    "/futures/data/topLongShortAccountRatio",
    "/futures/data/topLongShortPositionRatio",
)
RATIO_PERIOD: Final = "5m"
_RATIO_ROWS: Final = 10

ROUND_SECONDS: Final = 15.0
"""Exchange seconds between two rounds of questions."""

_EVERY_ROUND: Final = 1
_EVERY_MINUTE: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One request. `weight` is its request weight, `every` in how many rounds it is asked once."""

    path: str
    query: tuple[tuple[str, str | int], ...] = ()
    weight: float = 1.0
    every: int = _EVERY_MINUTE

    @property
    def source(self) -> str:
        """Path and query, as they are recorded."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


def opening_questions(pairs: Iterable[str]) -> list[Question]:
    """Asked once, before the streams begin: what is listed, and the candles before."""
    general = [
        Question(path=EXCHANGE_INFO),
        Question(path=FUNDING_INFO, weight=0.0),
    ]
    return [*general, *(q for pair in pairs for q in _history(pair)), *regular_questions(pairs)]


def regular_questions(pairs: Iterable[str]) -> list[Question]:
    """Asked in rounds for as long as the recording lasts."""
    return [Question(path=TIME), *(q for pair in pairs for q in _of_pair(pair))]


def recent_candles(pairs: Iterable[str]) -> list[Question]:
    """What closes the seam between the candles before and a stream that has just begun."""
    return [_candles(pair, timeframe, 99) for pair in pairs for timeframe in Timeframe]


def candle_weight(limit: int) -> int:
    """Request weight of so many candles (API documentation of USDⓈ-M futures, "Kline Data")."""
    return next((weight for below, weight in ((100, 1), (500, 2), (1001, 5)) if limit < below), 10)


def due_in(round_number: int, questions: Sequence[Question]) -> list[Question]:
    """Those whose turn it is in a round, the first of which is number 1."""
    return [question for question in questions if round_number % question.every == 0]


def _of_pair(pair: str) -> list[Question]:
    symbol = ("symbol", pair)
    period = ("period", RATIO_PERIOD)
    return [
        Question(path=OPEN_INTEREST, query=(symbol,), every=_EVERY_ROUND),
        Question(path=PREMIUM_INDEX, query=(symbol,)),
        Question(path=DAY_TICKER, query=(symbol,)),
        Question(path=BOOK_TICKER, query=(symbol,), weight=2.0),
        *(
            Question(path=path, query=(symbol, period, ("limit", _RATIO_ROWS)), weight=0.0)
            for path in RATIOS
        ),
    ]


def _history(pair: str) -> list[Question]:
    return [
        _candles(pair, timeframe, min(1500, max(499, window.depth)))
        for timeframe, window in ANCHORED_WINDOWS.items()
    ]


def _candles(pair: str, timeframe: Timeframe, limit: int) -> Question:
    query = (("symbol", pair), ("interval", timeframe.value), ("limit", limit))
    return Question(path=KLINES, query=query, weight=float(candle_weight(limit)))
