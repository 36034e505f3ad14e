"""The strategy in force with other values in the named places."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import product
from typing import Final

from app.backtest.strategies import strategy_under_test
from app.live_parameters import deciding_groups
from app.settings.strategy import Strategy
from app.settings.threshold import tables
from domain.errors import ConfigurationError
from domain.evidence import LayerName
from engine.backtest.values import TestedStrategy
from engine.parameter_sets.applying import apply, known_names
from engine.walk_forward.ranges import DeclaredNumber, SearchRange, start_of
from engine.walk_forward.values import Values
from engine.walk_forward.windows import longest_life

_MOST_CORNERS: Final = 4096

_LIVES: Final = ("issue.entry_window_seconds", "risk.lifecycle.maximum_hold_candles")


def searchable_numbers(strategy: Strategy) -> Mapping[str, DeclaredNumber]:
    """Every number that decides on a trade: just what a parameter set may name."""
    declared = {
        ".".join(threshold.path): threshold
        for table in tables(Strategy)
        for threshold in table.thresholds
    }
    return {
        name: DeclaredNumber(value=value, low=declared[name].low, high=declared[name].high)
        for name, value in known_names(deciding_groups(strategy)).items()
    }


def with_values(strategy: Strategy, values: Values) -> Strategy:
    """The strategy with other numbers. Raises `ConfigurationError` where it refuses them."""
    return strategy.model_copy(update=apply(deciding_groups(strategy), values))


def check_together(strategy: Strategy, ranges: Sequence[SearchRange]) -> None:
    """Raises `ConfigurationError` where nothing in the ranges is allowed, and says by which rule.

    Rules between parameters are of their order, or that one is above 0: what they allow at all
    they allow at a corner. With too many corners to look at, the search itself finds out.
    """
    is_searched = start_of(ranges, searchable_numbers(strategy)) is not None
    if is_searched or 2 ** len(ranges) > _MOST_CORNERS:
        return
    complaint = ""
    for corner in product(*((each.low, each.high) for each in ranges)):
        try:
            with_values(strategy, {each.name: at for each, at in zip(ranges, corner, strict=True)})
        except ConfigurationError as error:
            complaint = str(error)
        else:
            return
    raise ConfigurationError(
        f"[search] of the strategy file: no combination in the ranges is allowed; {complaint}"
    )


def tested_with(strategy: Strategy, layers: Sequence[LayerName], values: Values) -> TestedStrategy:
    """What is tested: the strategy with other numbers and the layers that are switched on."""
    return strategy_under_test(with_values(strategy, values), layers)


def longest_life_of(strategy: Strategy, ranges: Sequence[SearchRange]) -> timedelta:
    """The longest life of a signal that any of the searched values gives it."""
    longest = {each.name: each.high for each in ranges if each.name in _LIVES}
    longer = with_values(strategy, longest)
    return longest_life(longer.issue, longer.risk.lifecycle)
