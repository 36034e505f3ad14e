"""The technical layer: ten indicators, six patterns, levels and four timeframes on closed candles.

Array in, array out: the same functions score one closing candle of many pairs and a year of one
pair's candles, with identical bits.
"""

from layers.technical.parameters import TechnicalParameters
from layers.technical.scores import TechnicalScores, reordered
from layers.technical.scoring import Past, score_histories, score_history, score_snapshots

__all__ = [
    "Past",
    "TechnicalParameters",
    "TechnicalScores",
    "reordered",
    "score_histories",
    "score_history",
    "score_snapshots",
]
