"""How many of something there are, as people say it."""

import pytest

from domain.counting import many


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0 messages wait"),
        (1, "1 message waits"),
        (2, "2 messages wait"),
        (1234, "1\u202f234 messages wait"),
    ],
)
def test_noun_and_verb_agree_with_the_number(number: int, words: str) -> None:
    assert many(number, "message waits", "messages wait") == words


def test_plural_ends_with_an_s_unless_it_is_said() -> None:
    assert [many(number, "run") for number in (1, 3)] == ["1 run", "3 runs"]
    assert many(2, "entry", "entries") == "2 entries"
