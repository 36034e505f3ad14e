"""Statistics of the record: figures of a period, from the ledger and from nowhere else."""

from engine.statistics.breakdowns import break_down
from engine.statistics.calibration import calibrate
from engine.statistics.compute import statistics_of
from engine.statistics.equity import equity_curve
from engine.statistics.histogram import histogram
from engine.statistics.ledger_reader import LedgerReader
from engine.statistics.parameters import StatisticsParameters
from engine.statistics.performance import performance_of
from engine.statistics.rates import rate
from engine.statistics.reading import read_record
from engine.statistics.record import Record

__all__ = [
    "LedgerReader",
    "Record",
    "StatisticsParameters",
    "break_down",
    "calibrate",
    "equity_curve",
    "histogram",
    "performance_of",
    "rate",
    "read_record",
    "statistics_of",
]
