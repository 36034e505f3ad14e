"""Pictures of the track record: what each is called, says below itself, and is drawn from."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from bot.charts import draw_calibration, draw_equity, draw_r_histogram
from bot.presenters.wording import lookback
from engine.reports import TrackRecord

_log = logging.getLogger(__name__)

_DRAWING_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A PNG that is yet to be drawn: that takes CPU, see `draw_aside`."""

    name: str
    caption: str
    draw: Callable[[], bytes]


async def draw_aside(draw: Callable[[], bytes], subject: str) -> bytes | None:
    """Draw off the event loop; None, with a line in the log, where it fails or takes too long."""
    try:
        async with asyncio.timeout(_DRAWING_SECONDS):
            return await asyncio.to_thread(draw)
    except (TimeoutError, ValueError, ArithmeticError, OSError):
        _log.exception("picture failed: %s", subject)
        return None


def equity_picture(record: TrackRecord) -> Picture | None:
    """The equity curve; None without trades, for an empty picture says nothing."""
    if not record.curve:
        return None
    statistics = record.statistics
    draw = partial(draw_equity, record.curve, statistics.start, statistics.end)
    return _picture("equity", "Results of all trades, summed up", record, draw)


def calibration_picture(record: TrackRecord) -> Picture | None:
    """Scores against what became of them; None without trades."""
    if not record.statistics.results:
        return None
    draw = partial(draw_calibration, record.calibration)
    return _picture("calibration", "Score and what came of it", record, draw)


def histogram_picture(record: TrackRecord) -> Picture | None:
    """How many trades ended how well; None without trades."""
    if not record.statistics.results:
        return None
    draw = partial(draw_r_histogram, record.bins, record.statistics.performance)
    return _picture("results", "How trades ended", record, draw)


def _picture(name: str, subject: str, record: TrackRecord, draw: Callable[[], bytes]) -> Picture:
    return Picture(name=name, caption=f"{subject} · {lookback(record.days)}", draw=draw)
