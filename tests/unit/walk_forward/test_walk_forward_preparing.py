"""What was asked, what is stored and what the strategy file says become windows and studies."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from optuna.storages import InMemoryStorage

from app.settings.strategy import Strategy
from app.walk_forward.preparing import Prepared, WalkForwardOptions, prepare
from app.walk_forward.strategies import searchable_numbers, with_values
from domain.errors import ConfigurationError, InvalidDataError, NotFoundError
from domain.timeframes import Timeframe, from_ms
from engine.walk_forward.identity import study_name
from engine.walk_forward.parameters import WalkForwardParameters
from engine.walk_forward.ranges import SearchParameters, ranges_of, start_of
from engine.walk_forward.values import Evaluation
from exchanges.history import HistoryStore
from exchanges.history.table import CandleTable
from tests.builders.edge_markets import MARKET_START

SHORT = WalkForwardParameters(
    train_days=4, test_days=2, step_days=2, embargo_days=1, trials=3, least_trades=2
)
HOLD = "risk.lifecycle.maximum_hold_candles"


def prepared(
    options: WalkForwardOptions, *ranges: str, strategy: Strategy | None = None
) -> Prepared:
    search = SearchParameters(ranges=ranges or (f"{HOLD} 4 to 16",))
    return prepare(strategy or Strategy(), SHORT, search, options)


def lose_an_hour(root: Path, into: Path, first: datetime) -> None:
    lost = first + timedelta(hours=1)
    copy_candles(root, into, lambda at, _symbol: not first <= at < lost)


def copy_candles(root: Path, into: Path, keeps: Callable[[datetime, str], bool]) -> None:
    """The candles of a market, those that are kept by the time they open."""
    store, copy = HistoryStore(root), HistoryStore(into)
    for symbol in store.symbols():
        table = store.candles(symbol, Timeframe.M5)
        kept = np.array([keeps(from_ms(int(at_ms)), symbol) for at_ms in table.opened])
        rows = CandleTable(
            timeframe=Timeframe.M5, opened=table.opened[kept], columns=table.columns[:, kept]
        )
        copy.write(symbol, rows)
    copy.write_listed(dict(store.listed()))


def name_of(found: Prepared, **changes: object) -> str:
    """Name of the study of the first window; `data`, `least_trades`, `version` may differ."""
    terms = {"data": found.data, "least_trades": 2, "version": "1"} | changes
    strategy = found.evaluator(map).strategy_of({})
    return study_name(found.windows[0], strategy, found.ranges, **terms)  # type: ignore[arg-type]


def test_windows_begin_with_the_first_whole_day_that_is_decided_on(
    options: WalkForwardOptions,
) -> None:
    found = prepared(options)
    # The 200th candle of 15 minutes closes on the third day.
    assert found.windows[0].train_start == MARKET_START + timedelta(days=3)
    assert [window.number for window in found.windows] == list(range(1, 10))


def test_the_last_test_leaves_the_life_of_a_signal_before_the_candles_end(
    options: WalkForwardOptions,
) -> None:
    life = timedelta(minutes=15 + 16 * 15 + 15)
    to_the_end = prepared(options).windows[-1]
    assert to_the_end.test_end == MARKET_START + timedelta(days=26) - life
    a_day_before = prepared(replace(options, end=MARKET_START + timedelta(days=25))).windows[-1]
    assert a_day_before.test_end == MARKET_START + timedelta(days=24)


def test_candles_lost_outside_the_period_asked_for_do_not_matter(
    options: WalkForwardOptions, tmp_path: Path
) -> None:
    lose_an_hour(options.root, tmp_path, MARKET_START + timedelta(days=23))
    with pytest.raises(InvalidDataError, match="without a gap"):
        prepared(replace(options, root=tmp_path))
    asked = replace(options, end=MARKET_START + timedelta(days=22))
    holed, whole = prepared(replace(asked, root=tmp_path)), prepared(asked)
    assert holed.windows == whole.windows
    last = holed.windows[-1]
    assert last.test_end > MARKET_START + timedelta(days=21)
    evaluation = Evaluation(values={}, start=last.train_start, end=last.test_end)
    trades, same = (each.evaluator(map).evaluate([evaluation]) for each in (holed, whole))
    assert trades == same
    assert trades != [()]


def test_a_pair_without_candles_in_the_period_is_left_out_unless_it_is_named(
    options: WalkForwardOptions, tmp_path: Path
) -> None:
    begun = MARKET_START + timedelta(days=24)
    copy_candles(options.root, tmp_path, lambda at, symbol: symbol == "AAAUSDT" or at >= begun)
    asked = replace(options, root=tmp_path, end=MARKET_START + timedelta(days=22))
    assert list(prepared(asked).data) == ["AAAUSDT"]
    with pytest.raises(NotFoundError, match="no candle of BBBUSDT"):
        prepared(replace(asked, pairs="AAAUSDT,BBBUSDT"))


def test_the_command_line_beats_the_strategy_file(options: WalkForwardOptions) -> None:
    asked = replace(options, trials=9, train_days=3, test_days=1, seed=11)
    found = prepared(asked).parameters
    assert (found.trials, found.train_days, found.test_days, found.seed) == (9, 3, 1, 11)
    assert found.step_days == 1
    assert found.embargo_days == SHORT.embargo_days


def test_what_is_purged_covers_the_longest_hold_that_is_searched(
    options: WalkForwardOptions,
) -> None:
    first = prepared(options).windows[0]
    boundary = first.test_start - timedelta(days=SHORT.embargo_days)
    assert boundary - first.train_end == timedelta(minutes=15 + 16 * 15 + 15)


def test_too_short_a_history_is_one_clear_error(options: WalkForwardOptions) -> None:
    with pytest.raises(InvalidDataError, match="it has 23 whole days, and 31 are"):
        prepared(replace(options, train_days=20, test_days=10))


def test_ranges_and_days_that_cannot_be_are_refused(options: WalkForwardOptions) -> None:
    with pytest.raises(ConfigurationError, match=r"delivery\.chat_interval is no number"):
        prepared(options, "delivery.chat_interval 1 to 2")
    with pytest.raises(ConfigurationError, match="tested twice"):
        prepared(replace(options, test_days=2, step_days=1))


def test_ranges_of_which_nothing_goes_together_are_refused_before_the_search(
    options: WalkForwardOptions,
) -> None:
    with pytest.raises(ConfigurationError, match=r"no combination .* high_threshold must not be"):
        prepared(
            options, "confluence.medium_threshold 85 to 90", "confluence.high_threshold 70 to 80"
        )


def test_ranges_that_go_together_at_one_corner_only_are_searched(
    options: WalkForwardOptions,
) -> None:
    ranges = ("confluence.medium_threshold 79 to 90", "confluence.high_threshold 70 to 80")
    evaluator = prepared(options, *ranges).evaluator(map)
    names = [text.partition(" ")[0] for text in ranges]
    assert evaluator.allows(dict(zip(names, (79.0, 80.0), strict=True)))
    assert not evaluator.allows(dict(zip(names, (80.0, 79.0), strict=True)))


def test_a_study_is_another_one_where_anything_searched_is_another(
    options: WalkForwardOptions,
) -> None:
    found = prepared(options)
    other_candles = dict.fromkeys(found.data, "other candles")
    stricter = with_values(Strategy(), {"confluence.medium_threshold": 70.0})
    names = [
        name_of(found),
        name_of(found, data=other_candles),
        name_of(found, least_trades=3),
        name_of(found, version="2"),
        name_of(prepared(options, f"{HOLD} 5 to 16")),
        name_of(prepared(options, strategy=stricter)),
        name_of(prepared(replace(options, layers="technical,memory"))),
    ]
    assert len(set(names)) == len(names)
    assert name_of(found) == name_of(prepared(replace(options, trials=50, seed=9)))


def test_the_shipped_ranges_hold_the_defaults_and_go_together_at_every_corner() -> None:
    declared = searchable_numbers(Strategy())
    ranges = ranges_of(SearchParameters(), declared)
    assert start_of(ranges, declared) is not None
    for corner in product(*((each.low, each.high) for each in ranges)):
        with_values(Strategy(), {each.name: end for each, end in zip(ranges, corner, strict=True)})


def test_a_study_starts_with_the_values_of_the_strategy_file(
    options: WalkForwardOptions, market: Path
) -> None:
    found = prepared(options)
    study = found.studies(InMemoryStorage())(found.windows[0])
    (trial,) = study.ask(1)
    assert trial.values == {HOLD: 8}
