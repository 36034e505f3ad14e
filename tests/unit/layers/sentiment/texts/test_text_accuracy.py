"""Tones against labels written by hand, with and without the words of the trade."""

from collections import Counter

import pytest

from tests.unit.layers.sentiment.texts import accuracy
from tests.unit.layers.sentiment.texts.accuracy import (
    SPAM,
    Labelled,
    agreement,
    labelled,
    toned,
    unseen,
    with_lexicon,
    without_lexicon,
)

ROWS = labelled()


def part(name: str) -> list[Labelled]:
    return [row for row in toned(ROWS) if row.part == name]


def test_the_set_is_large_and_varied_enough() -> None:
    traits = Counter(trait for row in toned(ROWS) for trait in row.traits)
    labels = Counter(row.label for row in ROWS)

    assert len(toned(ROWS)) >= 300
    assert traits["negation"] >= 25
    assert traits["slang"] >= 25
    assert traits["ticker"] >= 20
    assert labels[SPAM] >= 30
    assert min(labels.values()) >= 40
    assert len({row.text for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize(
    ("rows", "accuracy_floor", "macro_f1_floor"),
    [
        pytest.param(toned(ROWS), 0.86, 0.86, id="all"),
        pytest.param(part("tuned"), 0.94, 0.94, id="tuned"),
        pytest.param(part("held"), 0.81, 0.81, id="held"),
        pytest.param(part("fresh"), 0.70, 0.70, id="fresh"),
        pytest.param(unseen(toned(ROWS)), 0.77, 0.77, id="unseen"),
    ],
)
def test_tones_agree_with_labels_and_better_than_without_the_lexicon(
    rows: list[Labelled], accuracy_floor: float, macro_f1_floor: float
) -> None:
    ours, plain = agreement(rows, with_lexicon), agreement(rows, without_lexicon)

    assert ours.accuracy >= accuracy_floor
    assert ours.macro_f1 >= macro_f1_floor
    assert ours.accuracy > plain.accuracy + 0.1
    assert ours.macro_f1 > plain.macro_f1 + 0.1


@pytest.mark.parametrize("trait", accuracy.TRAITS)
def test_unseen_texts_of_every_kind_read_better_with_the_lexicon(trait: str) -> None:
    rows = [row for row in unseen(toned(ROWS)) if trait in row.traits]

    assert agreement(rows, with_lexicon).accuracy > agreement(rows, without_lexicon).accuracy


def test_the_table_names_every_part_and_what_was_filtered() -> None:
    printed = accuracy.table()

    assert all(part in printed for part in accuracy.PARTS)
    assert "spam caught" in printed
