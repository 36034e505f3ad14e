"""What must be said next to the figures, in words, before anybody believes them."""

import math
from collections.abc import Iterator
from typing import Final

from domain.counting import many
from engine.statistics.values import FEW, FEW_DAYS
from engine.walk_forward.values import Deflation, WalkForwardResult

CONFIDENT: Final = 0.95
"""Deflated Sharpe ratio from which more than luck is likely (Bailey, López de Prado 2014)."""

_LEAST_EFFICIENCY: Final = 0.5
_WIDEST_SPREAD: Final = 0.5
_LEAST_PLATEAU: Final = 0.5
_DAYS_A_YEAR: Final = 365


def warnings_of(result: WalkForwardResult) -> tuple[str, ...]:
    """The number of trials and what it means always; the rest where it applies."""
    return (trials_in_words(result.deflation, len(result.windows)), *_weaknesses(result))


def trials_in_words(deflation: Deflation, windows: int) -> str:
    """How many trials were made, and what the best of so many shows without any edge."""
    yearly = deflation.expected_maximum * math.sqrt(_DAYS_A_YEAR)
    return (
        f"{many(deflation.trials, 'trial was', 'trials were')} made over "
        f"{many(windows, 'window')}. Without any edge the best of so many is expected to "
        f"show a Sharpe ratio of {yearly:.2f} a year by luck alone; "
        f"{_verdict(deflation)} Runs made before over the same days are not counted and weaken "
        "the evidence further."
    )


def _verdict(deflation: Deflation) -> str:
    if deflation.deflated is None:
        return "there are too few trades in the tests to say whether these results are more."
    share = f"the deflated Sharpe ratio of the tests is {deflation.deflated:.2f}"
    if deflation.deflated < CONFIDENT:
        return f"{share}, below {CONFIDENT}: no more than luck may bring."
    return f"{share}, at least {CONFIDENT}: more than luck alone would bring."


def _weaknesses(result: WalkForwardResult) -> Iterator[str]:
    yield from _refused(result)
    test = result.test
    if test.trades < FEW:
        yield f"The tests hold {many(test.trades, 'trade')}; below {FEW} their figures say little."
    if test.low_r is None or test.low_r <= 0:
        yield "No edge is shown: the interval of the expectancy in the tests is not above 0."
    elif test.traded_days < FEW_DAYS:
        yield (
            f"No edge is shown: the trades of the tests are of {many(test.traded_days, 'day')}, "
            f"and below {FEW_DAYS} an interval proves little, for trades of one day are much alike."
        )
    if result.efficiency is None:
        yield "Even where the values were fitted they earned nothing."
    elif result.efficiency < _LEAST_EFFICIENCY:
        yield (
            f"A day of the tests earned {result.efficiency:.0%} of a day that the values were "
            "fitted on: most of what they earned there was fitted, not found."
        )
    yield from _unstable(result)


def _refused(result: WalkForwardResult) -> Iterator[str]:
    refused = sum(window.refused for window in result.windows)
    if refused:
        proposed = refused + sum(window.trials for window in result.windows)
        yield (
            f"{refused} of {proposed} combinations in the ranges were refused, for they break a "
            "rule between the parameters: so much less was searched, and they count as no trials."
        )


def _unstable(result: WalkForwardResult) -> Iterator[str]:
    for each in result.stability:
        if each.spread > _WIDEST_SPREAD:
            yield (
                f"The windows disagree on {each.name}: what they chose lies {each.spread:.0%} of "
                "the range apart."
            )
    for window in result.windows:
        number = window.window.number
        if window.plateau is not None and window.plateau < _LEAST_PLATEAU:
            yield (
                f"Window {number}: only {window.plateau:.0%} of the trials nearest to the chosen "
                "values did well, too; a lonely peak is what luck looks like."
            )
