"""What a backtest came to: its figures, how far chance may move them, and two runs compared."""

from engine.backtest.metrics.comparison import compare
from engine.backtest.metrics.fingerprints import fingerprint, fingerprint_run
from engine.backtest.metrics.parameters import ReportParameters
from engine.backtest.metrics.report import measure
from engine.backtest.metrics.values import BacktestReport

__all__ = [
    "BacktestReport",
    "ReportParameters",
    "compare",
    "fingerprint",
    "fingerprint_run",
    "measure",
]
