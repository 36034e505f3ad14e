"""Results that are reinvested: each trade sized on what the ones before it left."""

from collections.abc import Iterable


def growth(percents: Iterable[float]) -> tuple[float, ...]:
    """What was earned in percent of the first equity, before the first trade and after each.

    Trades count one after the other in the order given; where several are open at once this is an
    approximation. What has lost everything stays there.
    """
    equity, earned = 1.0, [0.0]
    for percent in percents:
        equity *= max(0.0, 1.0 + percent / 100.0)
        earned.append((equity - 1.0) * 100.0)
    return tuple(earned)
