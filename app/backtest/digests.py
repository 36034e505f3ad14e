"""A short text for the candles of a pair: equal only where every number is."""

import hashlib

import numpy as np

from engine.backtest.values import PairHistory


def digest_of(history: PairHistory) -> str:
    """SHA-256 (hex) over timeframe, place and columns of each series, and over funding."""
    digest = hashlib.sha256(history.symbol.encode())
    for timeframe, series in sorted(history.candles.items()):
        digest.update(f"{timeframe} {series.first_index} {len(series)}".encode())
        digest.update(np.ascontiguousarray(np.asarray(series.columns)).tobytes())
    for payment in history.funding:
        digest.update(f"{payment.at_ms} {payment.rate!r}".encode())
    return digest.hexdigest()
