"""The on-chain layer: transfers, flows, dollars and smart money of one coin, read as of an instant.

The tracker turns what providers answer into readings; the modules beside it turn readings into four
components, each a bullishness with the words for it. Pure: no clock, no I/O.
"""

from layers.onchain.parameters import OnChainParameters
from layers.onchain.scoring import score_onchain
from layers.onchain.tracker import OnChainTracker

__all__ = ["OnChainParameters", "OnChainTracker", "score_onchain"]
