"""The memory layer: what became of setups like this one.

The book of outcomes counts what was known at an instant; the score is a Beta posterior over the
trades that are alike enough. Pure: no clock, no I/O.
"""

from layers.memory.outcomes import OutcomeBook
from layers.memory.parameters import MemoryParameters
from layers.memory.scoring import score_memory
from layers.memory.setups import pair_class, score_band, trend_of

__all__ = [
    "MemoryParameters",
    "OutcomeBook",
    "pair_class",
    "score_band",
    "score_memory",
    "trend_of",
]
