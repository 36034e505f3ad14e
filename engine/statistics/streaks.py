"""Runs of wins and of losses."""

from collections.abc import Iterable

from engine.statistics.values import Streaks, TradeResult


def streaks_of(results: Iterable[TradeResult]) -> Streaks:
    """Runs among trades in order of their end; a trade that earned nothing counts as lost."""
    longest_win = longest_loss = current = 0
    for result in results:
        if result.is_win:
            current = max(current, 0) + 1
            longest_win = max(longest_win, current)
        else:
            current = min(current, 0) - 1
            longest_loss = max(longest_loss, -current)
    return Streaks(longest_win=longest_win, longest_loss=longest_loss, current=current)
