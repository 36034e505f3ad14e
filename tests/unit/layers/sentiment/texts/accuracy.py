"""How well tones agree with labels by hand: `python -m tests.unit.layers.sentiment.texts.accuracy`.

`labelled.tsv` names each text's part: `tuned` are those whose mistakes were looked at while the
lexicon was made, `held` were written with them and their mistakes were never looked at, `fresh`
were written after the lexicon was done. All are by the same hand.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from domain.sentiment import Text, TextKind
from layers.sentiment.texts import SpamKind, TextParameters, TextReader, TextVerdict

TONES = ("positive", "negative", "neutral")
SPAM = "spam"
PARTS = ("tuned", "held", "fresh")
TRAITS = ("negation", "slang", "ticker")
_LEAST_TONE = 0.05
"""From here VADER's authors call a text positive, or negative below zero."""

_READER = TextReader(TextParameters())
_PLAIN = SentimentIntensityAnalyzer()


@dataclass(frozen=True)
class Labelled:
    """A text with what it says, and its traits; of spam the kind stands in place of traits."""

    part: str
    label: str
    traits: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Agreement:
    """Share of texts with the right label, and the mean of the three labels' F1."""

    texts: int
    accuracy: float
    macro_f1: float


def labelled() -> list[Labelled]:
    lines = (Path(__file__).parent / "labelled.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines[1:])
    return [
        Labelled(part, label, tuple(filter(None, traits.split(","))), text)
        for part, label, traits, text in rows
    ]


def toned(rows: Sequence[Labelled]) -> list[Labelled]:
    return [row for row in rows if row.label != SPAM]


def unseen(rows: Sequence[Labelled]) -> list[Labelled]:
    """Texts whose mistakes the lexicon was not mended for."""
    return [row for row in rows if row.part != "tuned"]


def post(text: str) -> TextVerdict:
    return _read(text, TextKind.POST)


def headline(text: str) -> TextVerdict:
    return _read(text, TextKind.HEADLINE)


def _read(text: str, kind: TextKind) -> TextVerdict:
    return _READER.read(
        Text(provider="test", id="1", kind=kind, author="anyone", text=text, published_ms=0)
    )


def with_lexicon(text: str) -> float:
    return post(text).tone


def without_lexicon(text: str) -> float:
    return float(_PLAIN.polarity_scores(text)["compound"])


def agreement(rows: Sequence[Labelled], tone: Callable[[str], float]) -> Agreement:
    pairs = [(row.label, _label(tone(row.text))) for row in rows]
    right = sum(told == read for told, read in pairs)
    f1 = sum(_f1(pairs, label) for label in TONES) / len(TONES)
    return Agreement(len(pairs), right / len(pairs), f1)


def _label(tone: float) -> str:
    if abs(tone) < _LEAST_TONE:
        return "neutral"
    return "positive" if tone > 0 else "negative"


def _f1(pairs: Sequence[tuple[str, str]], label: str) -> float:
    hits = sum(told == read == label for told, read in pairs)
    named = sum(told == label for told, _ in pairs) + sum(read == label for _, read in pairs)
    return 2 * hits / named if named else 0.0


def caught(rows: Sequence[Labelled]) -> list[SpamKind | None]:
    return [post(row.text).spam for row in rows]


def table() -> str:
    """Agreement by part and by trait, and what the spam filter caught."""
    rows = toned(labelled())
    groups = {
        **{part: [row for row in rows if row.part == part] for part in PARTS},
        "unseen": unseen(rows),
        "all": rows,
        **{each: [row for row in unseen(rows) if each in row.traits] for each in TRAITS},
    }
    lines = [f"{'':<9} {'n':>4}  VADER alone         with our lexicon"]
    lines.append(f"{'':<9} {'':>4}  accuracy  macro-F1  accuracy  macro-F1")
    lines += [_line(name, group) for name, group in groups.items()]
    spam = [row for row in labelled() if row.label == SPAM]
    found = sum(kind is not None for kind in caught(spam))
    wrong = sum(kind is not None for kind in caught(rows))
    lines.append(f"spam caught: {found} of {len(spam)}; filtered wrongly: {wrong} of {len(rows)}")
    return "\n".join(lines) + "\n"


def _line(name: str, rows: Sequence[Labelled]) -> str:
    before, after = agreement(rows, without_lexicon), agreement(rows, with_lexicon)
    return (
        f"{name:<9} {before.texts:>4}  {before.accuracy:>8.3f}  {before.macro_f1:>8.3f}  "
        f"{after.accuracy:>8.3f}  {after.macro_f1:>8.3f}"
    )


if __name__ == "__main__":
    sys.stdout.write(table())
