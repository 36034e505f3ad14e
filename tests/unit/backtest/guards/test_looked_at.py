"""Closes that were scored and not decided on: a look ahead that only drops losers is found."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from domain.candles import CLOSE
from domain.timeframes import Timeframe
from engine.backtest import candidates as searching
from engine.backtest.candidates import Candidates, find_candidates, spread_evenly
from engine.backtest.guards import Disagreement
from engine.backtest.looked_at import ScoredCloses, find_hidden, sample_closes
from engine.backtest.observations import NOTHING_OBSERVED
from layers.technical import Past, TechnicalScores, reordered, score_histories
from tests.unit.backtest.engine.walks import BLOCK_BEGINS, make_histories, make_strategy

START = BLOCK_BEGINS + timedelta(hours=6)
END = START + timedelta(hours=12)
STRATEGY = make_strategy(threshold=56.0)
HISTORIES = make_histories(("AAA", "BBB"), START, END + timedelta(hours=2), seed=7)
AHEAD = 4


def searched() -> ScoredCloses:
    return ScoredCloses(
        histories=HISTORIES,
        candidates={
            symbol: find_candidates(history, STRATEGY, START, END)
            for symbol, history in HISTORIES.items()
        },
        strategy=STRATEGY,
        observations=NOTHING_OBSERVED,
    )


def hidden_in(scored: ScoredCloses) -> list[Disagreement]:
    return find_hidden(scored, sample_closes(scored, 50))


def losers(past: Past, scores: TechnicalScores) -> Any:
    """Rows whose direction loses over the next four candles, where there are so many."""
    series = past.candles[Timeframe.M15]
    close = np.asarray(series.columns)[CLOSE]
    now = scores.indices - series.first_index
    later = np.minimum(now + AHEAD, len(close) - 1)
    return (close[later] - close[now]) * scores.signs < 0


def test_an_honest_search_agrees_with_data_that_ends_at_each_close() -> None:
    scored = searched()
    sample = sample_closes(scored, 50)
    assert len(sample) == 50
    assert {each.judged.decision.symbol for each in sample} == {"AAAUSDT", "BBBUSDT"}
    assert {each.is_candidate for each in sample} == {True, False}
    assert find_hidden(scored, sample) == []


def test_scoring_that_looks_four_candles_ahead_to_drop_losers_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def peeking(pasts: Sequence[Past], parameters: Any) -> list[TechnicalScores]:
        return [
            replace(scores, signs=np.where(losers(past, scores), 0, scores.signs))
            for past, scores in zip(pasts, score_histories(pasts, parameters), strict=True)
        ]

    monkeypatch.setattr(searching, "score_histories", peeking)
    found = hidden_in(searched())
    assert found
    assert all("direction" in each.fields or "candidate" in each.text for each in found)


def test_candidates_that_lose_and_are_left_out_afterwards_are_found() -> None:
    def without_losers(found: Candidates) -> Candidates:
        history = HISTORIES[found.symbol]
        past = Past(candles=history.candles, first=0, last=0)
        kept = np.flatnonzero(~losers(past, found.scores)).tolist()
        return replace(found, scores=reordered(found.scores, kept))

    honest = searched()
    told = {symbol: without_losers(each) for symbol, each in honest.candidates.items()}
    found = hidden_in(replace(honest, candidates=told))
    assert found
    assert {each.fields for each in found} == {("whether it is a candidate",)}


@pytest.mark.parametrize(
    ("count", "size", "places"),
    [(0, 5, []), (1, 5, [0]), (3, 5, [0, 1, 2]), (9, 5, [0, 2, 4, 6, 8]), (1000, 2, [0, 999])],
)
def test_places_are_spread_from_the_first_to_the_last(
    count: int, size: int, places: list[int]
) -> None:
    assert spread_evenly(count, size) == places
