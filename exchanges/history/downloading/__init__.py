"""Fills a store from a venue over REST: what is missing, and nothing else."""

from exchanges.history.downloading.choosing import choose_pairs
from exchanges.history.downloading.downloader import CandleReport, Span, download
from exchanges.history.downloading.source import HistorySource, Patience

__all__ = ["CandleReport", "HistorySource", "Patience", "Span", "choose_pairs", "download"]
