"""Which strategy it was, and which run of it: stable names for what a report is about."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from domain.instruments import to_decimal
from engine.backtest.values import BacktestParameters, TestedStrategy
from engine.ledger import to_canonical_json
from engine.readiness.fingerprint import fingerprint_of


def fingerprint(strategy: TestedStrategy) -> str:
    """The fingerprint that a live bot with the same parameters has: of all that decide on a trade.

    What only a backtest has to assume is no part of it.
    """
    return fingerprint_of(strategy.decision, strategy.risk, strategy.issuing, strategy.correlations)


def fingerprint_run(
    strategy: TestedStrategy, start: datetime, end: datetime, data: Mapping[str, str]
) -> str:
    """SHA-256 (hex) of a strategy, what is assumed, the period, and digests of the data by name."""
    run = {
        "strategy": fingerprint(strategy),
        "assumed": _canonical(strategy.assumed),
        "start": start,
        "end": end,
        "data": dict(data),
    }
    return hashlib.sha256(to_canonical_json(run).encode()).hexdigest()


def _canonical(assumed: BacktestParameters) -> dict[str, object]:
    return {name: to_decimal(number) for name, number in asdict(assumed).items()}
