"""Which closes of a pair could become a signal: scored over whole arrays, once for all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np

from domain.decisions import Discard
from domain.evidence import LayerName
from engine.backtest.observations import NOTHING_OBSERVED, Observations, observed_at
from engine.backtest.reach import reach_of
from engine.backtest.soundness import check_history
from engine.backtest.values import PairHistory, TestedStrategy
from engine.backtest.warm_up import Closes, find_closes
from layers.technical import Past, TechnicalScores, reordered, score_histories

Mask = np.ndarray[Any, np.dtype[np.bool_]]

_OBSERVED_LAYERS: Final = {
    LayerName.ORDERFLOW: "order_flow",
    LayerName.ONCHAIN: "onchain",
    LayerName.SENTIMENT: "sentiment",
}
"""What an observation has to hold for a layer to say anything."""

_SAMPLED_CLOSES: Final = 50
"""Of each pair: enough for a run over one pair alone."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Candidates:
    """Closes of one pair that enter the event loop, and what became of all the others.

    `scores` has a row for each candidate, oldest first; `scores.closed_at(row)` is its boundary.
    `decided` counts the closes that could be decided on, candidates among them, `warming_up` those
    whose anchored windows reach back beyond the history. `discards` counts, over closes that are
    no candidates, the reasons that are proven without asking the other layers. `layers_known` are
    layers of which an observation told something at any close. `sample` has the rows of some
    closes, candidates or not, spread evenly over all that were scored.
    """

    symbol: str
    scores: TechnicalScores
    sample: TechnicalScores
    decided: int
    warming_up: int
    discards: Mapping[Discard, int]
    layers_known: frozenset[LayerName]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Search:
    """Where candidates are looked for: closes of a pair with start <= close < end."""

    history: PairHistory
    strategy: TestedStrategy
    start: datetime
    end: datetime
    observed: Observations = NOTHING_OBSERVED


def find_candidates(
    history: PairHistory,
    strategy: TestedStrategy,
    start: datetime,
    end: datetime,
    observed: Observations = NOTHING_OBSERVED,
) -> Candidates:
    """Score all closes of a pair with start <= close < end, and keep those that matter.

    Pure, and the answer can be pickled: pairs may be scored in processes of their own. No close
    that `decide` makes a signal of is left out, whatever memory says of it. Raises
    `InvalidDataError` for candles that cannot be, and for an observation from the future.
    """
    search = Search(history=history, strategy=strategy, start=start, end=end, observed=observed)
    return find_all_candidates([search])[0]


def find_all_candidates(searches: Sequence[Search]) -> list[Candidates]:
    """The same for several pairs under one strategy, in their order.

    Scored together they take a fraction of the time, with the same bits.
    """
    for search in searches:
        check_history(search.history)
    parameters = searches[0].strategy.decision.technical
    closes = [
        find_closes(each.history, each.start, each.end, parameters.minimum_candles)
        for each in searches
    ]
    pasts = [
        Past(candles=each.history.candles, first=found.first, last=found.last)
        for each, found in zip(searches, closes, strict=True)
    ]
    scored = score_histories(pasts, parameters)
    return [_keep(*each) for each in zip(searches, closes, scored, strict=True)]


def _keep(search: Search, closes: Closes, scores: TechnicalScores) -> Candidates:
    """Those closes that could become a signal, and why all the others could not."""
    symbol, rules = search.history.symbol, search.strategy.decision.confluence
    sample = reordered(scores, spread_evenly(len(scores), _SAMPLED_CLOSES))
    leaning = np.flatnonzero(scores.signs)
    discards = _without_direction(scores, search.strategy)
    scores = reordered(scores, leaning.tolist())
    may_speak = _may_speak(symbol, scores, search.strategy, search.observed)
    proofs = reach_of(scores, may_speak, rules).proofs(rules)
    is_hopeless = np.any(list(proofs.values()), axis=0)
    discards |= {reason: int(mask.sum()) for reason, mask in proofs.items()}
    return Candidates(
        symbol=symbol,
        scores=reordered(scores, np.flatnonzero(~is_hopeless).tolist()),
        sample=sample,
        decided=closes.decided,
        warming_up=closes.warming_up,
        discards={reason: count for reason, count in discards.items() if count},
        layers_known=frozenset(layer for layer, mask in may_speak.items() if mask.any()),
    )


def spread_evenly(count: int, size: int) -> list[int]:
    """At most `size` places of `count`, the first and the last among them; all where they fit."""
    places = np.linspace(0, count - 1, min(size, count)).astype(int)
    return [int(place) for place in places]


def _without_direction(scores: TechnicalScores, strategy: TestedStrategy) -> dict[Discard, int]:
    bullishness = scores.bullishness[scores.signs == 0].tolist()
    neutral = sum(map(strategy.decision.technical.is_neutral, bullishness))
    return {
        Discard.NO_DIRECTION: neutral,
        Discard.TOO_FEW_INDICATORS: len(bullishness) - neutral,
    }


def _may_speak(
    symbol: str, scores: TechnicalScores, strategy: TestedStrategy, observed: Observations
) -> dict[LayerName, Mask]:
    """By layer that is switched on, the rows in which it may have something to say."""
    layers_on = strategy.decision.confluence.layers
    asked = {layer: part for layer, part in _OBSERVED_LAYERS.items() if layer in layers_on}
    speaks = {layer: np.zeros(len(scores), dtype=np.bool_) for layer in asked}
    rows = range(len(scores)) if asked and observed is not NOTHING_OBSERVED else ()
    for row in rows:
        found = observed_at(observed, symbol, scores.closed_at(row))
        for layer, part in asked.items():
            speaks[layer][row] = getattr(found, part, None) is not None
    if LayerName.MEMORY in layers_on:
        speaks[LayerName.MEMORY] = np.ones(len(scores), dtype=np.bool_)
    return speaks
