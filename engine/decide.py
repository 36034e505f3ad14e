"""The one decision function: live, backtest, optimisation and replay all call it.

Pure: no clock, no I/O, no global. `decide` is `decide_all` of one snapshot, bit for bit; the batch
exists because scoring hundreds of pairs in one call costs little more than scoring one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.decisions import Decision, Discard
from domain.evidence import LayerName
from domain.market import MarketSnapshot, Regime
from engine.confluence import Confluence, ConfluenceParameters, abstain, combine
from layers.technical import TechnicalParameters, TechnicalScores, score_snapshots

AVAILABLE_LAYERS = frozenset({LayerName.TECHNICAL})
"""Layers that are asked; only these can be switched on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionParameters:
    """Everything a decision depends on besides the snapshot."""

    technical: TechnicalParameters = field(default_factory=TechnicalParameters)
    confluence: ConfluenceParameters = field(default_factory=ConfluenceParameters)


def decide(snapshot: MarketSnapshot, parameters: DecisionParameters) -> Decision:
    """Decide on one pair."""
    return decide_all((snapshot,), parameters)[0]


def decide_all(
    snapshots: Sequence[MarketSnapshot], parameters: DecisionParameters
) -> list[Decision]:
    """Decide on a batch of pairs; the answer for one does not depend on the others."""
    if not snapshots:
        return []
    technical = score_snapshots(snapshots, parameters.technical)
    return [
        _decide_row(snapshot, technical, row, parameters) for row, snapshot in enumerate(snapshots)
    ]


def _decide_row(
    snapshot: MarketSnapshot, technical: TechnicalScores, row: int, parameters: DecisionParameters
) -> Decision:
    direction = technical.direction(row)
    layers = (technical.layer_score(row, snapshot.as_of),)
    if direction is None:
        confluence = _abstain(snapshot, technical, row, parameters)
    else:
        confluence = combine(
            direction, layers, Regime.UNKNOWN, snapshot.as_of, parameters.confluence
        )
    return Decision(
        symbol=snapshot.instrument.symbol,
        as_of=snapshot.as_of,
        direction=direction,
        score=confluence.score,
        raw_score=confluence.raw_score,
        coverage=confluence.coverage,
        threshold=confluence.threshold,
        tier=confluence.tier,
        regime=Regime.UNKNOWN,
        close=float(technical.close[row]),
        atr=_known(technical.atr[row]),
        atr_ratio=_known(technical.atr_ratio[row]),
        layers=layers,
        layers_on=len(parameters.confluence.layers),
        discards=confluence.discards,
    )


def _abstain(
    snapshot: MarketSnapshot, technical: TechnicalScores, row: int, parameters: DecisionParameters
) -> Confluence:
    bullishness = float(technical.bullishness[row])
    has_lean = not parameters.technical.is_neutral(bullishness)
    reason = Discard.TOO_FEW_INDICATORS if has_lean else Discard.NO_DIRECTION
    coverage = float(technical.coverage[row])
    return abstain(reason, coverage, snapshot.as_of, parameters.confluence)


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
