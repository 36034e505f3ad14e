"""The backtest as an evaluator: the same answer however it is asked."""

from datetime import datetime, timedelta

import pytest

from app.settings.strategy import Strategy
from app.walk_forward.evaluating import THRESHOLD, open_replaying
from app.walk_forward.preparing import WalkForwardOptions, prepare
from engine.walk_forward.parameters import WalkForwardParameters
from engine.walk_forward.ranges import SearchParameters
from engine.walk_forward.values import Evaluation, Values
from tests.builders.edge_markets import MARKET_START

PARAMETERS = WalkForwardParameters(train_days=4, test_days=2, step_days=2, embargo_days=0)
START, END = MARKET_START + timedelta(days=14), MARKET_START + timedelta(days=20)
STRICTER: Values = {THRESHOLD: 67.5}
ASKED = [Evaluation(values=values, start=START, end=END) for values in ({}, STRICTER)]

Trades = list[tuple[str, datetime, datetime, str]]


def trades(options: WalkForwardOptions, *ranges: str, processes: int = 1) -> list[Trades]:
    """Pair, publication, end and result of each trade, by evaluation."""
    prepared = prepare(Strategy(), PARAMETERS, SearchParameters(ranges=ranges), options)
    with open_replaying(processes) as replay_all:
        answers = prepared.evaluator(replay_all).evaluate(ASKED)
    return [
        [(each.pair, each.published_at, each.ended_at, str(each.net_r)) for each in answer]
        for answer in answers
    ]


def test_candidates_of_the_loosest_threshold_give_the_trades_of_a_stricter_one(
    options: WalkForwardOptions,
) -> None:
    loosest = trades(options, f"{THRESHOLD} 65 to 80")
    own = trades(options, "risk.lifecycle.maximum_hold_candles 4 to 8")
    assert loosest == own
    assert loosest[0] != loosest[1]
    assert len(loosest[0]) > 5


def test_values_in_force_below_all_that_is_searched_give_all_their_trades(
    options: WalkForwardOptions,
) -> None:
    (beyond, _) = trades(options, f"{THRESHOLD} 75 to 80")
    (own, _) = trades(options, "risk.lifecycle.maximum_hold_candles 4 to 8")
    assert beyond == own


def test_values_of_a_layer_are_scored_anew(options: WalkForwardOptions) -> None:
    prepared = prepare(
        Strategy(),
        PARAMETERS,
        SearchParameters(ranges=("technical.weights.rsi 0 to 1",)),
        options,
    )
    asked = [
        Evaluation(values={"technical.weights.rsi": weight}, start=START, end=END)
        for weight in (0.0, 1.0)
    ]
    without, with_it = prepared.evaluator(map).evaluate(asked)
    assert without != with_it


def test_trades_are_followed_to_their_end_beyond_the_last_close(
    options: WalkForwardOptions,
) -> None:
    (found, _) = trades(options, "risk.lifecycle.maximum_hold_candles 4 to 8")
    assert all(START <= published < END for _, published, _, _ in found)
    last = found[-1][1] + timedelta(seconds=1)
    cut = Evaluation(values={}, start=START, end=last)
    search = SearchParameters(ranges=("risk.lifecycle.maximum_hold_candles 4 to 8",))
    prepared = prepare(Strategy(), PARAMETERS, search, options)
    (again,) = prepared.evaluator(map).evaluate([cut])
    assert len(again) == len(found)


@pytest.mark.timeout(120)
def test_one_process_and_two_give_the_same_answer(options: WalkForwardOptions) -> None:
    searched = f"{THRESHOLD} 65 to 80"
    assert trades(options, searched, processes=2) == trades(options, searched)
