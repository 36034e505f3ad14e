"""The order book of one pair: kept from snapshot to snapshot, and read as of an instant."""

from layers.orderflow.book.parameters import BookParameters
from layers.orderflow.book.slippage import BookFill, slippage_percent, walk_book
from layers.orderflow.book.tracker import BookTracker
from layers.orderflow.book.traded import TradedAt

__all__ = [
    "BookFill",
    "BookParameters",
    "BookTracker",
    "TradedAt",
    "slippage_percent",
    "walk_book",
]
