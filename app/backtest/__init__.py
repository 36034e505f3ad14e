"""Backtests from the command line: candles from disk, processes that score, reports to read."""
