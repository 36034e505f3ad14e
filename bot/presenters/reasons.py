"""Which layers spoke and why, always as support for the direction of the signal."""

from collections.abc import Iterable
from typing import Final

from bot.presenters.figures import duration, percent, score
from bot.presenters.markup import bold
from bot.presenters.page import Line
from bot.presenters.wording import LAYER_NAMES, sentence
from domain.decisions import Decision
from domain.directions import NEUTRAL, Direction
from domain.evidence import Evidence, LayerName, LayerScore

_REASONS_SHOWN: Final = 3
_REASONS_SHOWN_OF_MANY: Final = 2
_MANY: Final = 3
"""Layers from which on each tells fewer reasons: a post is read in passing."""

_OBJECTIONS_SHOWN: Final = 1


def has_spoken(layer: LayerScore) -> bool:
    """Whether any component of a layer had data."""
    return layer.coverage > 0


def spoken_summary(decision: Decision) -> str:
    """How many of the five layers spoke, and which: "1 of 5 layers spoke: technical"."""
    spoken = [LAYER_NAMES[layer.layer].lower() for layer in decision.layers if has_spoken(layer)]
    names = f": {', '.join(spoken)}" if spoken else ""
    return f"{len(spoken)} of {len(LayerName)} layers spoke{names}"


def layer_lines(decision: Decision, direction: Direction) -> list[Line]:
    """Every layer with its support and top reasons; the absent ones are named too."""
    spoken = [layer for layer in decision.layers if has_spoken(layer)]
    shown = _REASONS_SHOWN if len(spoken) < _MANY else _REASONS_SHOWN_OF_MANY
    lines = [line for layer in spoken for line in _layer_part(layer, direction, shown)]
    return [*lines, *silent_lines(decision)]


def silent_lines(decision: Decision) -> list[Line]:
    """The layers that said nothing, and why as far as it is known."""
    silent = [layer for layer in decision.layers if not has_spoken(layer)]
    present = {layer.layer for layer in decision.layers}
    absent = [name for name in LayerName if name not in present]
    # The decision counts the layers that are on but does not name them.
    unheard = "not switched on" if decision.layers_on <= len(present) else "off or without answer"
    wordless = [layer.layer for layer in silent if _own_word(layer) is None]
    parts = ((wordless, "silent, no data"), (absent, unheard))
    return [
        *(_own_line(layer, word) for layer in silent if (word := _own_word(layer)) is not None),
        *(Line(f"⚪ {_names(names)}: {why}", spare=1) for names, why in parts if names),
    ]


def age_of(layer: LayerScore) -> str:
    """How old a layer's newest datum is: "fresh", "8 min old"."""
    return "fresh" if layer.age_seconds < 1 else f"{duration(layer.age_seconds)} old"


def _own_word(layer: LayerScore) -> str | None:
    """Why a layer of a single component is silent, in its own words."""
    return layer.evidence[0].text if len(layer.evidence) == 1 else None


def _own_line(layer: LayerScore, word: str) -> Line:
    return Line(f"⚪ {LAYER_NAMES[layer.layer]}: {sentence(word)}", spare=1)


def strongest_for(layer: LayerScore, direction: Direction) -> list[Evidence]:
    """Evidence that supports the direction, the heaviest first."""
    return _ranked(item for item in layer.evidence if _push(item, direction) > 0)


def strongest_against(layer: LayerScore, direction: Direction) -> list[Evidence]:
    """Evidence that speaks against the direction, the heaviest first."""
    return _ranked(item for item in layer.evidence if _push(item, direction) < 0)


def top_reasons(decision: Decision, direction: Direction) -> list[str]:
    """The texts of all layers that support the direction, the heaviest first, not yet escaped."""
    reasons = _ranked(
        item for layer in decision.layers for item in layer.evidence if _push(item, direction) > 0
    )
    return [item.text for item in reasons]


def _ranked(evidence: Iterable[Evidence]) -> list[Evidence]:
    return sorted(evidence, key=lambda item: -abs(item.bullishness - NEUTRAL) * item.weight)


def _push(item: Evidence, direction: Direction) -> float:
    """How far an item pushes towards the direction, in weighted points of support."""
    return (direction.support(item.bullishness) - NEUTRAL) * item.weight


def _layer_part(layer: LayerScore, direction: Direction, shown: int) -> list[Line]:
    name = bold(f"{LAYER_NAMES[layer.layer]} {score(direction.support(layer.bullishness))}")
    partial = "" if layer.coverage >= 1 else f", {percent(layer.coverage * 100)} of its data"
    return [
        Line(f"🔸 {name} ({age_of(layer)}{partial})"),
        *_reason_lines(strongest_for(layer, direction)[:shown], "+", 2),
        *_reason_lines(strongest_against(layer, direction)[:_OBJECTIONS_SHOWN], "−", 3),
    ]


def _reason_lines(evidence: Iterable[Evidence], sign: str, spare: int) -> list[Line]:
    return [Line(f"   {sign} {sentence(item.text)}", spare) for item in evidence]


def _names(layers: Iterable[LayerName]) -> str:
    return ", ".join(LAYER_NAMES[layer] for layer in layers)
