"""The life of a signal on 1-minute candles, from its post to its end (design 4.7). Pure."""

from engine.lifecycle.abandon import abandon, is_overdue
from engine.lifecycle.advance import advance, next_candle_index, start_course

__all__ = ["abandon", "advance", "is_overdue", "next_candle_index", "start_course"]
