"""What single texts say: words, phrases, emoji, negation, sarcasm, names."""

import pytest
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from layers.sentiment.texts import TextParameters, TextReader, lexicon
from tests.unit.layers.sentiment.texts.accuracy import headline, post, with_lexicon


@pytest.mark.parametrize(
    "text",
    [
        "BTC to the moon",
        "Bitcoin sets an all-time high",
        "short squeeze on SOL",
        "ETH up 12%",
        "ETH +12% today",
        "not bearish on ETH",
        "the hack was not a hack, no hack at all",
        "ETH is no longer weak",
        "XRP isn&#39;t weak",
        "XRP isn’t weak",
        "SOL 🚀",
        "Never been more bullish",
        "Judge throws out claims against Ripple",
    ],
)
def test_what_is_good_for_the_price_is_positive(text: str) -> None:
    assert with_lexicon(text) > 0.05


@pytest.mark.parametrize(
    "text",
    [
        "devs did a rug pull",
        "BTC 9% down",
        "BTC -9% today",
        "not bullish at all",
        "XRP fails to rally",
        "Nobody is buying",
        "Great, another hack",
        "Oh nice, withdrawals halted",
        "generational wealth, best trade ever /s",
        "this is fine, down 60%",
        "SOL 📉",
        "long squeeze wipes out traders",
        "Bulls failed to hold support",
    ],
)
def test_what_is_bad_for_the_price_is_negative(text: str) -> None:
    assert with_lexicon(text) < -0.05


@pytest.mark.parametrize(
    "text",
    [
        "Opened a long, closed a short",
        "Gas averages 14 gwei",
        "Fork of the client released",
        "Open interest in share of all perpetuals",
        "Security token standard number 12",
        "$SAFE and $FUN versus $HOT",
        "@happy_winner wrote about $SOL",
        "Neither bulls nor bears in control",
        "😂😂😂 BTC",
        "",
        "   ",
        "...",
    ],
)
def test_what_only_describes_a_market_has_no_tone(text: str) -> None:
    assert with_lexicon(text) == 0.0


def test_a_clause_ends_the_reach_of_a_negation() -> None:
    assert with_lexicon("No, gains continue") > 0.05
    assert with_lexicon("ETH did not split, buyers win") > 0.05


def test_a_phrase_does_not_reach_over_the_end_of_a_clause() -> None:
    assert with_lexicon("We know what to short. Squeeze the lemon") == 0.0


def test_an_emoji_counts_once_however_often_it_is_repeated() -> None:
    assert with_lexicon("SOL 🚀🚀🚀🚀🚀🚀") == with_lexicon("SOL 🚀")


def test_exclamation_marks_behind_a_phrase_still_count() -> None:
    assert with_lexicon("to the moon!!!") > with_lexicon("to the moon")


def test_editors_and_posters_are_heard_in_the_same_tone() -> None:
    text = "Bitcoin rallies past resistance"

    assert headline(text).tone == post(text).tone > 0


def test_the_library_keeps_its_own_lexicon_and_rules() -> None:
    before = SentimentIntensityAnalyzer()
    known = dict(before.lexicon)

    TextReader(TextParameters())

    assert before.lexicon == known == SentimentIntensityAnalyzer().lexicon
    assert SentimentIntensityAnalyzer().polarity_scores("wagmi")["compound"] == 0.0


def test_every_silenced_word_is_one_the_library_weighs() -> None:
    known = SentimentIntensityAnalyzer().lexicon

    assert {word for word in lexicon.silent() if word not in known} == set()


def test_the_lexicon_stays_on_the_scale_and_says_nothing_twice() -> None:
    words, phrases = lexicon.words(), lexicon.phrases()

    weights = [*words.values(), *phrases.values(), *lexicon.emoji().values()]
    assert all(abs(weight) <= 4 for weight in weights)
    assert not words.keys() & lexicon.silent()
    assert all(" " not in word and word == word.lower() for word in words)
