"""The life of a signal on 1-minute candles, from its post to its end (design 4.7). Pure."""

from engine.lifecycle.abandon import abandon
from engine.lifecycle.advance import (
    advance,
    followed_until,
    next_candle_index,
    start_course,
)
from engine.lifecycle.deadlines import give_up_at, is_overdue
from engine.lifecycle.moves import Move, catch_up

__all__ = [
    "Move",
    "abandon",
    "advance",
    "catch_up",
    "followed_until",
    "give_up_at",
    "is_overdue",
    "next_candle_index",
    "start_course",
]
