"""What a parameter set says of its values: how they were found, and how they did unseen."""

from collections.abc import Sequence

from domain.evidence import LayerName
from engine.walk_forward.values import Figures, WalkForwardResult


def is_recommended(result: WalkForwardResult) -> bool:
    """Whether the values stand on trades at all, where they were fitted and in the tests."""
    return bool(result.windows[-1].train.trades and result.test.trades)


def origin_of(result: WalkForwardResult) -> str:
    """Where the values come from, in a few words."""
    windows, trials = len(result.windows), result.deflation.trials
    return f"walk-forward, {_count(windows, 'window')}, {_count(trials, 'trial')}"


def note_on(result: WalkForwardResult, layers: Sequence[LayerName]) -> str:
    """What the tests said, next to the values in force; `layers` were switched on."""
    deflated = result.deflation.deflated
    return (
        f"tested on days never fitted on, {result.windows[0].window.test_start:%Y-%m-%d} to "
        f"{result.windows[-1].window.test_end:%Y-%m-%d}: {_expectancy(result.test)}, deflated "
        f"Sharpe ratio {'unknown' if deflated is None else f'{deflated:.2f}'}; the values in "
        f"force there: {_expectancy(result.unchanged)}; layers on: {', '.join(layers)}"
    )


def _expectancy(figures: Figures) -> str:
    if figures.expectancy_r is None:
        return "no trade"
    return f"{figures.expectancy_r:+.3f} R a trade over {_count(figures.trades, 'trade')}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
