"""Which pairs, and over which time: what was asked for against what is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from domain.errors import ConfigurationError
from domain.timeframes import ANCHORED_WINDOWS, Timeframe, from_ms
from engine.backtest.values import PairHistory
from engine.backtest.warm_up import find_closes
from engine.correlations import CorrelationParameters
from exchanges.history import HistoryStore

ALL_PAIRS: Final = "all"

_WARM_UP: Final = max(
    window.depth * timeframe.length for timeframe, window in ANCHORED_WINDOWS.items()
)
"""As far back as any anchored window reaches: about 17 days. Correlations reach further."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Which stored candles are read; None is as far as there are any."""

    first: datetime | None = None
    last: datetime | None = None

    @classmethod
    def around(
        cls, start: datetime | None, end: datetime | None, correlations: CorrelationParameters
    ) -> "Stretch":
        """What closes of a period are decided on and followed by. What is outside may have gaps."""
        reach = max(_WARM_UP, (correlations.returns + 1) * Timeframe.H1.length)
        first = None if start is None else _boundary(start) - reach
        return cls(first=first, last=None if end is None else _boundary(end))


EVERYTHING: Final = Stretch()


def select_pairs(root: Path, pairs: str) -> tuple[str, ...]:
    """Symbols from "all" or "BTCUSDT,ETHUSDT". Raises `ConfigurationError` for unknown ones."""
    stored = HistoryStore(root).symbols()
    if not stored:
        raise ConfigurationError(
            f"no candles in {root}: fetch some with `python -m app download --pairs top50 "
            "--days 180 --timeframes 1m,15m`, or take over files with `python -m app import`"
        )
    if pairs == ALL_PAIRS:
        return stored
    wanted = tuple(dict.fromkeys(name.strip().upper() for name in pairs.split(",") if name.strip()))
    unknown = [name for name in wanted if name not in stored]
    if unknown or not wanted:
        raise ConfigurationError(
            f"--pairs {pairs}: {', '.join(unknown) or 'nothing'} is not in {root}; "
            f"there are {', '.join(stored)}"
        )
    return tuple(sorted(wanted))


def settle_period(
    histories: Mapping[str, PairHistory],
    minimum_candles: int,
    start: datetime | None,
    end: datetime | None,
) -> tuple[datetime, datetime]:
    """The span of closes to decide on: what was asked, at most what can be decided on.

    It begins with the first close that any pair can be decided on: days that only warm up would
    count as days without a trade. The end is exclusive, and at most the last close of any pair.
    Raises `ConfigurationError` where nothing is left.
    """
    if not histories:
        raise ConfigurationError(
            "no candle of any pair is stored for the period asked for; `python -m app history "
            "list` shows what there is"
        )
    every = [history.candles[Timeframe.M15] for history in histories.values()]
    first = min(series.candle(0).opened_at for series in every)
    # No candle follows the last close: nothing could come of it but a part of one more UTC day.
    last = max(series.closed_at for series in every)
    begin = max(first, _boundary(start)) if start else first
    until = min(last, _boundary(end)) if end else last
    closes = (
        find_closes(history, begin, until, minimum_candles)
        for history in histories.values()
        if begin < until
    )
    decided = [one.first for one in closes if one.decided]
    if not decided:
        raise ConfigurationError(
            f"no close can be decided on from {begin:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M}: "
            f"the candles reach from {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC, and "
            "about the first 17 days of them only warm up the indicators"
        )
    return from_ms((min(decided) + 1) * Timeframe.M15.milliseconds), until


def _boundary(at: datetime) -> datetime:
    aware = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return Timeframe.M15.previous_boundary(aware)
