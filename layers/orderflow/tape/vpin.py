"""VPIN: how one-sided the takers were, bucket by bucket of equal volume.

Easley, López de Prado, O'Hara: Flow Toxicity and Liquidity in a High-Frequency World (2012). They
cut a day into 50 buckets and average 50; here the day is the longest window, so the bucket is the
pair's own, whatever it trades, and nothing before the window has a say. Sides are the venue's, so
the volume need not be classified.
"""

import numpy as np

from layers.orderflow.tape.columns import Columns


def vpin(rows: Columns, begin: int, end: int, buckets: int) -> float:
    """Mean imbalance, 0 to 1, of the trades after row `begin` up to and with row `end`.

    A trade that reaches over the edge of a bucket is split there. Buckets are whole steps, so they
    may differ by one; their imbalances are weighted accordingly. There must be volume.
    """
    volume = np.frombuffer(rows.volume, dtype=np.int64)[begin : end + 1]
    bought = np.frombuffer(rows.bought, dtype=np.int64)[begin : end + 1]
    total = int(volume[-1] - volume[0])
    size, rest = divmod(total, buckets)
    number = np.arange(buckets + 1)
    edges = volume[0] + size * number + rest * number // buckets
    trade = volume[1:].searchsorted(edges)
    bought_at_edges = np.minimum(bought[trade + 1], bought[trade] + edges - volume[trade])
    # Bought less sold is twice what was bought less all; the difference to the edge before is a
    # bucket's.
    delta_at_edges = 2 * bought_at_edges - edges
    imbalances = np.abs(delta_at_edges[1:] - delta_at_edges[:-1])
    return int(imbalances.sum()) / total
