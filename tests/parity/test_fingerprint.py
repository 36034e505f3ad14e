"""One hash over every decision on a fixed market. It changes on purpose, or it is a mistake."""

from collections.abc import Iterator
from difflib import unified_diff
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest

from domain.decisions import Decision
from domain.evidence import LayerName, LayerScore
from domain.market import MarketSnapshot
from domain.timeframes import Timeframe, from_ms
from engine.confluence_parameters import ConfluenceParameters
from engine.decide import DecisionParameters, decide_all
from exchanges.simulator import Market, synthetic_market
from tests.parity.recorded_stream import floor_of
from tests.parity.venue_candles import closed_at, history_of, instrument_of
from tests.parity.venue_flow import ToldFlow

pytestmark = pytest.mark.timeout(240)

FILE = Path(__file__).parent / "fingerprint.txt"
PAIRS: Final = 8
DAYS: Final = 1
TRADES_PER_MINUTE: Final = 6
_LONGEST_DIFF: Final = 30


def fixed_market() -> Market:
    return synthetic_market(pairs=PAIRS, seed=20_251_006, forward_minutes=DAYS * 1440)


def decisions_of(market: Market) -> Iterator[Decision]:
    """Every pair at every quarter of an hour, with the shipped parameters of two layers.

    A market tells its candles, books and trades; of the other layers it knows nothing.
    """
    layers = (LayerName.TECHNICAL, LayerName.ORDERFLOW)
    parameters = DecisionParameters(confluence=ConfluenceParameters(layers=layers))
    pairs = market.pairs[:PAIRS]
    floor = floor_of(market, trades_per_minute=TRADES_PER_MINUTE)
    flows = [ToldFlow(floor, pair, market.start_ms) for pair in pairs]
    end_ms = market.start_ms + DAYS * 86_400_000
    histories = [history_of(pair, market.start_ms, end_ms) for pair in pairs]
    step = Timeframe.M15.milliseconds
    for boundary_ms in range(market.start_ms + step, end_ms + 1, step):
        yield from decide_all(
            [
                MarketSnapshot(
                    instrument=instrument_of(pair),
                    as_of=from_ms(boundary_ms),
                    candles=closed_at(candles, boundary_ms),
                    order_flow=flow.at(boundary_ms),
                )
                for pair, candles, flow in zip(pairs, histories, flows, strict=True)
            ],
            parameters,
        )


def written(decision: Decision) -> str:
    """Every number of a decision to six digits; words are no part of it."""
    numbers = (
        decision.score,
        decision.raw_score,
        decision.coverage,
        decision.threshold,
        decision.close,
        decision.atr,
        decision.atr_ratio,
    )
    return " ".join(
        [
            _headline(decision),
            f"{decision.tier} {decision.regime} {decision.layers_on}",
            *map(_rounded, numbers),
            *(text for layer in decision.layers for text in _said(layer)),
        ]
    )


def _said(layer: LayerScore) -> Iterator[str]:
    yield f"{layer.layer} {_rounded(layer.bullishness)} {_rounded(layer.coverage)}"
    for evidence in layer.evidence:
        value, weight = _rounded(evidence.value), _rounded(evidence.weight)
        yield f"{evidence.name} {value} {_rounded(evidence.bullishness)} {weight}"


def _headline(decision: Decision) -> str:
    at = f"{decision.as_of:%Y-%m-%d %H:%M}"
    return f"{at} {decision.symbol} {decision.direction} {decision.score:.4f}"


def _rounded(value: float | None) -> str:
    return "-" if value is None else f"{value:.6g}"


def fingerprint() -> str:
    """The hash, the counts, and a line for each signal, so that a change can be read."""
    decisions = list(decisions_of(fixed_market()))
    signals = [decision for decision in decisions if decision.is_signal]
    everything = "\n".join(map(written, decisions))
    return "\n".join(
        [
            f"sha256 {sha256(everything.encode()).hexdigest()}",
            f"{len(decisions)} decisions, {len(signals)} signals",
            *(_headline(decision) for decision in signals),
            "",
        ]
    )


def test_signals_of_the_fixed_market_are_the_same_as_ever(pytestconfig: pytest.Config) -> None:
    found = fingerprint()
    if pytestconfig.getoption("--update-golden"):
        FILE.write_text(found, encoding="utf-8")
    expected = FILE.read_text(encoding="utf-8")
    if found != expected:
        pytest.fail(_difference(expected, found), pytrace=False)


def _difference(expected: str, found: str) -> str:
    lines = list(
        unified_diff(
            expected.splitlines(), found.splitlines(), "as agreed", "now", n=0, lineterm=""
        )
    )
    left_out = len(lines) - _LONGEST_DIFF
    return "\n".join(
        [
            "The decision function gives other signals on the same market than it used to.",
            *lines[:_LONGEST_DIFF],
            *([f"... and {left_out} lines more"] if left_out > 0 else []),
            "Where no line but the first differs, numbers behind the decisions have changed.",
            "If that is meant: pytest tests/parity --update-golden, read the diff, say why.",
        ]
    )


def test_difference_names_the_signals_that_came_and_went() -> None:
    told = _difference("sha256 a\n01:00 BTCUSDT long\n", "sha256 b\n01:00 ETHUSDT short\n")
    assert "-01:00 BTCUSDT long" in told
    assert "+01:00 ETHUSDT short" in told
    assert "--update-golden" in told


def test_long_difference_is_cut() -> None:
    many = "\n".join(str(number) for number in range(100))
    assert "lines more" in _difference("", many)
