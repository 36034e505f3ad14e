"""Duplicates and reposts: which texts collapse, for how long, and in how much memory."""

from itertools import permutations

import pytest

from layers.sentiment.texts import RepeatFilter, TextParameters
from tests.unit.layers.sentiment.texts.accuracy import post

HOUR_MS = 3_600_000
NOW_MS = 1_750_000_000_000
STORY = "Bitcoin slips below $90,000 as long liquidations top one billion dollars in a day"


def counted(*texts: str) -> int:
    repeats = RepeatFilter(TextParameters())
    return sum(not repeats.is_repeat(post(text).fingerprint, NOW_MS) for text in texts)


@pytest.mark.parametrize(
    "copy",
    [
        STORY,
        STORY.upper(),
        f"RT @desk: {STORY}",
        f"{STORY} https://news.example/1?utm=2",
        f"{STORY}!!!",
        f"  {STORY.replace(' ', '  ')} ",
        f"{STORY} via @desk",
        f"{STORY} - CoinPaper",
        STORY.replace("slips", "sl\u200bips"),
        STORY.replace(" in a day", ""),
    ],
)
def test_a_copy_does_not_count_again(copy: str) -> None:
    assert counted(STORY, copy) == counted(copy, STORY) == 1


@pytest.mark.parametrize(
    "other",
    [
        STORY.replace("90,000", "85,000"),
        STORY.replace("Bitcoin slips", "Bitcoin does not slip"),
        " ".join(reversed(STORY.split())),
        "Bitcoin rises",
        "",
    ],
)
def test_another_text_counts(other: str) -> None:
    assert counted(STORY, other) == 2


def test_the_same_words_about_another_coin_count() -> None:
    assert (
        counted("$SOL looks ready to break out today", "$ETH looks ready to break out today") == 2
    )


def test_the_order_of_copies_does_not_matter() -> None:
    texts = [STORY, STORY.upper(), "Ether gains two percent", "ETHER GAINS TWO PERCENT!"]

    assert {counted(*order) for order in permutations(texts)} == {2}


def test_a_text_is_forgotten_after_its_hours_whether_older_or_newer() -> None:
    story = post(STORY).fingerprint
    within, after = 23 * HOUR_MS, 24 * HOUR_MS

    for apart, is_repeat in ((within, True), (-within, True), (after, False), (-after, False)):
        repeats = RepeatFilter(TextParameters(repeat_hours=24))
        assert not repeats.is_repeat(story, NOW_MS)
        assert repeats.is_repeat(story, NOW_MS + apart) is is_repeat


def test_a_text_copied_for_days_counts_once_in_a_window() -> None:
    repeats = RepeatFilter(TextParameters(repeat_hours=24))
    story = post(STORY).fingerprint

    new = [not repeats.is_repeat(story, NOW_MS + hour * HOUR_MS) for hour in range(72)]

    assert sum(new) == 3


def test_memory_is_bounded_by_time_and_by_number() -> None:
    repeats = RepeatFilter(TextParameters(repeat_hours=1, most_remembered=50))
    most = 0
    for number in range(500):
        fingerprint = post(f"Story number {number} about bitcoin").fingerprint
        assert not repeats.is_repeat(fingerprint, NOW_MS + number * 1000)
        most = max(most, len(repeats))
    assert most == 50

    repeats.is_repeat(post(STORY).fingerprint, NOW_MS + 100 * HOUR_MS)
    assert len(repeats) == 1
    assert len(repeats._by_key) <= TextParameters().repeat_words
