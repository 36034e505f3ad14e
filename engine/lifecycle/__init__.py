"""The life of a signal on 1-minute candles, from its post to its end (design 4.7). Pure."""

from engine.lifecycle.advance import advance, next_candle_index, start_course
from risk.lifecycle_parameters import LifecycleParameters

__all__ = ["LifecycleParameters", "advance", "next_candle_index", "start_course"]
