"""Recorded candles on disk: kept, imported, downloaded, checked, and read as whole histories.

Layout and rules are described in docs/history.md.
"""

from exchanges.history.integrity import Inspection, inspect_funding, inspect_store
from exchanges.history.joining import join_candles
from exchanges.history.listing import ListedPair, infer_instrument
from exchanges.history.store import HistoryStore, Written
from exchanges.history.table import CandleTable

__all__ = [
    "CandleTable",
    "HistoryStore",
    "Inspection",
    "ListedPair",
    "Written",
    "infer_instrument",
    "inspect_funding",
    "inspect_store",
    "join_candles",
]
