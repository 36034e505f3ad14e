"""The arithmetic of a score: what each layer adds, what takes away from it, and what is left."""

from collections.abc import Iterable
from typing import Final

from bot.presenters.figures import percent, score
from bot.presenters.markup import bold, italic, preformatted
from bot.presenters.page import Line
from bot.presenters.wording import LAYER_NAMES, sentence
from domain.decisions import Decision, LayerShare
from domain.directions import NEUTRAL
from domain.market_regime import Regime

_REGIME_EVIDENCE: Final = "market_regime"
_NAME_WIDTH: Final = max(map(len, LAYER_NAMES.values()))
_TENTH: Final = 0.1
_HEAD: Final = f"{'':{_NAME_WIDTH}}counts weight points w/o"


def score_line(decision: Decision) -> str:
    """The score, the bar it had to reach, and the score before anything was taken away."""
    return (
        f"Score {bold(score(decision.score))} of 100, needed {score(decision.threshold)}"
        f" (raw {score(decision.raw_score)})"
    )


def arithmetic_lines(decision: Decision) -> list[Line]:
    """A table of the layers and the two steps from its sum to the score; none without shares.

    With digits enough that whoever adds up what is shown comes to the score that is shown.
    """
    if not decision.shares:
        return []
    covered = decision.raw_score * decision.coverage_factor
    return [
        Line(preformatted("\n".join([_HEAD, *_rows(decision.shares)]))),
        Line(
            f"Sum {decision.raw_score:.2f} × {decision.coverage_factor:.4f}"
            f" for {percent(decision.coverage * 100, 1)} coverage = {covered:.2f}"
        ),
        Line(
            f"50 + {_signed(covered - NEUTRAL)} × {decision.regime_multiplier:.2f}"
            f" for {_regime(decision.regime)} = {_result(decision, covered)}"
        ),
        *_regime_lines(decision),
        Line(italic("w/o: the score had this layer been missing"), spare=3),
    ]


def _rows(shares: Iterable[LayerShare]) -> list[str]:
    return [
        f"{LAYER_NAMES[share.layer]:{_NAME_WIDTH}}"
        f"{share.fresh_support:6.1f}"
        f" {f'{share.weight * 100:.3g}%':>6}"
        f" {share.weight * share.fresh_support:6.2f}"
        f" {share.score_without:3.0f}"
        for share in shares
    ]


def _signed(value: float) -> str:
    """A number inside a sum: one below zero stands in brackets."""
    shown = f"{abs(value):.2f}"
    return shown if value >= 0.0 else f"(−{shown})"


def _result(decision: Decision, covered: float) -> str:
    """The score; where it would have left its range, what it would have been as well."""
    shown = bold(f"{decision.score:.1f}")
    told = NEUTRAL + (covered - NEUTRAL) * decision.regime_multiplier
    if abs(told - decision.score) < _TENTH:
        return shown
    return f"{told:.1f}, kept at {shown}".replace("-", "−")


def _regime_lines(decision: Decision) -> Iterable[Line]:
    """What is said of a regime that is not known: one that was against the trade still counts."""
    if decision.regime is not Regime.UNKNOWN:
        return
    for layer in decision.layers:
        for item in layer.evidence:
            if item.name == _REGIME_EVIDENCE:
                yield Line(italic(sentence(item.text)), spare=3)


def _regime(regime: Regime) -> str:
    return "an unknown regime" if regime is Regime.UNKNOWN else f"regime {regime}"
