"""The one decision function: live, backtest, optimisation and replay all call it.

Pure: no clock, no I/O, no global. `decide` is `decide_all` of one snapshot, bit for bit; the batch
exists because scoring hundreds of pairs in one call costs little more than scoring one.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from domain.assets import canonical_asset
from domain.decisions import Decision, Discard
from domain.directions import Direction
from domain.evidence import LayerName, LayerScore
from domain.market import MarketSnapshot
from domain.market_regime import Regime
from domain.memory import Setup
from engine.confluence import Confluence, abstain, combine, score_of
from engine.confluence_parameters import ConfluenceParameters
from engine.market_regime import regime_multiplier
from layers.memory import MemoryParameters, pair_class, score_band, score_memory, trend_of
from layers.onchain import OnChainParameters, score_onchain
from layers.orderflow import OrderFlowParameters, score_order_flow
from layers.sentiment import (
    SentimentParameters,
    lapsed_regime_of,
    regime_of,
    score_sentiment,
)
from layers.technical import TechnicalParameters, TechnicalScores, score_snapshots

AVAILABLE_LAYERS = frozenset(LayerName)
"""Layers that are asked; only these can be switched on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionParameters:
    """Everything a decision depends on besides the snapshot."""

    technical: TechnicalParameters = field(default_factory=TechnicalParameters)
    orderflow: OrderFlowParameters = field(default_factory=OrderFlowParameters)
    onchain: OnChainParameters = field(default_factory=OnChainParameters)
    sentiment: SentimentParameters = field(default_factory=SentimentParameters)
    memory: MemoryParameters = field(default_factory=MemoryParameters)
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
    return decide_rows(snapshots, technical, range(len(snapshots)), parameters)


def decide_rows(
    snapshots: Sequence[MarketSnapshot],
    technical: TechnicalScores,
    rows: Sequence[int],
    parameters: DecisionParameters,
) -> list[Decision]:
    """Decide on rows of scores that are there already, each with the snapshot of its instant.

    For whoever has scored a whole history at once: the answer for a row is that of `decide` for its
    snapshot, bit for bit. Raises `ValueError` for more snapshots than rows or the other way round.
    """
    return [
        _Row(snapshot, technical, row, parameters).decide()
        for snapshot, row in zip(snapshots, rows, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Row:
    """One pair of the batch on its way to a decision."""

    snapshot: MarketSnapshot
    technical: TechnicalScores
    row: int
    parameters: DecisionParameters

    def decide(self) -> Decision:
        present, regime = tuple(self._present()), self._regime()
        direction = self.technical.direction(self.row)
        if direction is None:
            return self._without_direction(present, regime)
        confluence = self.parameters.confluence
        multiplier = self._multiplier(direction, regime)
        score = score_of(direction, present, multiplier, confluence)
        setup = self._setup(direction, regime, score)
        layers = (*present, *self._past(setup))
        combined = combine(direction, layers, multiplier, self.snapshot.as_of, confluence)
        return self._decision(direction, regime, setup, layers, combined)

    def _without_direction(self, present: tuple[LayerScore, ...], regime: Regime) -> Decision:
        layers = (*present, *self._past(None))
        has_lean = not self.parameters.technical.is_neutral(
            float(self.technical.bullishness[self.row])
        )
        reason = Discard.TOO_FEW_INDICATORS if has_lean else Discard.NO_DIRECTION
        abstained = abstain(reason, layers, self.snapshot.as_of, self.parameters.confluence)
        return self._decision(None, regime, None, layers, abstained)

    @property
    def _asset(self) -> str:
        return canonical_asset(self.snapshot.instrument.base)

    def _is_on(self, layer: LayerName) -> bool:
        return layer in self.parameters.confluence.layers

    def _regime(self) -> Regime:
        """State of the whole market, unknown where the layer that tells it is off."""
        is_on = self._is_on(LayerName.SENTIMENT)
        return regime_of(self.snapshot.sentiment) if is_on else Regime.UNKNOWN

    def _multiplier(self, direction: Direction, regime: Regime) -> float:
        lapsed = lapsed_regime_of(self.snapshot.sentiment)
        rules = self.parameters.confluence
        return regime_multiplier(direction, regime, self._asset, rules, lapsed)

    def _present(self) -> Iterator[LayerScore]:
        """What each layer that is switched on says of the present; memory is not one of them."""
        snapshot, as_of, parameters = self.snapshot, self.snapshot.as_of, self.parameters
        yield self.technical.layer_score(self.row, as_of)
        if self._is_on(LayerName.ORDERFLOW):
            yield score_order_flow(snapshot.order_flow, as_of, parameters.orderflow)
        if self._is_on(LayerName.ONCHAIN):
            yield score_onchain(snapshot.onchain, as_of, parameters.onchain)
        if self._is_on(LayerName.SENTIMENT):
            yield score_sentiment(snapshot.sentiment, self._asset, as_of, parameters.sentiment)

    def _past(self, setup: Setup | None) -> Iterator[LayerScore]:
        """What memory says, if it is switched on."""
        if self._is_on(LayerName.MEMORY):
            memory, as_of = self.snapshot.memory, self.snapshot.as_of
            yield score_memory(memory, setup, as_of, self.parameters.memory)

    def _setup(self, direction: Direction, regime: Regime, score: float) -> Setup:
        """What later trades are compared by; `score` is that of the layers without memory."""
        parameters = self.parameters.memory
        return Setup(
            direction=direction,
            regime=regime,
            trend=trend_of(self.technical.hour_trend(self.row), parameters),
            score_band=score_band(score),
            pair_class=pair_class(self._asset, parameters),
        )

    def _decision(
        self,
        direction: Direction | None,
        regime: Regime,
        setup: Setup | None,
        layers: tuple[LayerScore, ...],
        combined: Confluence,
    ) -> Decision:
        technical, row = self.technical, self.row
        return Decision(
            symbol=self.snapshot.instrument.symbol,
            as_of=self.snapshot.as_of,
            direction=direction,
            score=combined.score,
            raw_score=combined.raw_score,
            coverage=combined.coverage,
            threshold=combined.threshold,
            tier=combined.tier,
            regime=regime,
            close=float(technical.close[row]),
            atr=_known(technical.atr[row]),
            atr_ratio=_known(technical.atr_ratio[row]),
            layers=layers,
            layers_on=len(self.parameters.confluence.layers),
            discards=combined.discards,
            setup=setup,
            shares=combined.shares,
            coverage_factor=combined.coverage_factor,
            regime_multiplier=combined.multiplier,
        )


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
