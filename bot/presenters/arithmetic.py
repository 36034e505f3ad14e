"""The arithmetic of a score: what each layer adds, what takes away from it, and what is left."""

from collections.abc import Iterable
from typing import Final

from bot.presenters.figures import percent, score
from bot.presenters.markup import bold, italic, preformatted
from bot.presenters.page import Line
from bot.presenters.wording import LAYER_NAMES
from domain.decisions import Decision, LayerShare
from domain.directions import NEUTRAL
from domain.market_regime import Regime

_NAME_WIDTH: Final = max(map(len, LAYER_NAMES.values()))
_HEAD: Final = f"{'':{_NAME_WIDTH}}counts weight points w/o"


def score_line(decision: Decision) -> str:
    """The score, the bar it had to reach, and the score before anything was taken away."""
    return (
        f"Score {bold(score(decision.score))} of 100, needed {score(decision.threshold)}"
        f" (raw {score(decision.raw_score)})"
    )


def arithmetic_lines(decision: Decision) -> list[Line]:
    """A table of the layers and the two steps from its sum to the score; none without shares."""
    if not decision.shares:
        return []
    covered = decision.raw_score * decision.coverage_factor
    return [
        Line(preformatted("\n".join([_HEAD, *_rows(decision.shares)]))),
        Line(
            f"Sum {decision.raw_score:.1f} × {decision.coverage_factor:.3f}"
            f" for {percent(decision.coverage * 100)} coverage = {covered:.1f}"
        ),
        Line(
            f"50 + {_signed(covered - NEUTRAL)} × {decision.regime_multiplier:.2f}"
            f" for {_regime(decision.regime)} = {bold(f'{decision.score:.1f}')}"
        ),
        Line(italic("w/o: the score had this layer been missing"), spare=3),
    ]


def _rows(shares: Iterable[LayerShare]) -> list[str]:
    return [
        f"{LAYER_NAMES[share.layer]:{_NAME_WIDTH}}"
        f"{share.fresh_support:6.1f}"
        f" {percent(share.weight * 100):>6}"
        f" {share.weight * share.fresh_support:6.1f}"
        f" {share.score_without:3.0f}"
        for share in shares
    ]


def _signed(value: float) -> str:
    """A number inside a sum: one below zero stands in brackets."""
    shown = f"{abs(value):.1f}"
    return shown if value >= 0.0 else f"(−{shown})"


def _regime(regime: Regime) -> str:
    return "an unknown regime" if regime is Regime.UNKNOWN else f"regime {regime}"
