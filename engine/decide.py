"""The one decision function: live, backtest, optimisation and replay all call it.

Pure: no clock, no I/O, no global. `decide` is `decide_all` of one snapshot, bit for bit; the batch
exists because scoring hundreds of pairs in one call costs little more than scoring one.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from domain.decisions import Decision, Discard
from domain.evidence import LayerName, LayerScore
from domain.market import MarketSnapshot
from domain.market_regime import Regime
from engine.confluence import abstain, combine
from engine.confluence_parameters import ConfluenceParameters
from layers.orderflow import OrderFlowParameters, score_order_flow
from layers.technical import TechnicalParameters, TechnicalScores, score_snapshots

AVAILABLE_LAYERS = frozenset({LayerName.TECHNICAL, LayerName.ORDERFLOW})
"""Layers that are asked; only these can be switched on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionParameters:
    """Everything a decision depends on besides the snapshot."""

    technical: TechnicalParameters = field(default_factory=TechnicalParameters)
    orderflow: OrderFlowParameters = field(default_factory=OrderFlowParameters)
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
    layers = tuple(_layer_scores(snapshot, technical, row, parameters))
    if direction is None:
        reason = _why_no_direction(technical, row, parameters)
        confluence = abstain(reason, layers, snapshot.as_of, parameters.confluence)
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


def _layer_scores(
    snapshot: MarketSnapshot, technical: TechnicalScores, row: int, parameters: DecisionParameters
) -> Iterator[LayerScore]:
    """What each layer that is switched on says."""
    yield technical.layer_score(row, snapshot.as_of)
    if LayerName.ORDERFLOW in parameters.confluence.layers:
        yield score_order_flow(snapshot.order_flow, snapshot.as_of, parameters.orderflow)


def _why_no_direction(
    technical: TechnicalScores, row: int, parameters: DecisionParameters
) -> Discard:
    has_lean = not parameters.technical.is_neutral(float(technical.bullishness[row]))
    return Discard.TOO_FEW_INDICATORS if has_lean else Discard.NO_DIRECTION


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
