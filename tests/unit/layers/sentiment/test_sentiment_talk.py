"""What the tracker makes of texts and counts of them."""

from dataclasses import replace

import pytest

from domain.feeds import FeedAnswer
from domain.sentiment import SentimentSnapshot, SocialReading, SocialVolume, TextKind
from layers.sentiment import MARKET, SentimentParameters, SentimentTracker
from tests.unit.layers.sentiment.felt import AT_MS, DAY, HOUR, MINUTE, QUARTER, answer, post

PARAMETERS = SentimentParameters()
GOOD = "solana breakout, very bullish, new highs"
WORDS = ("alpha", "bravo", "carbon", "delta", "eagle", "forest", "garden", "hammer", "kettle")


def new_tracker() -> SentimentTracker:
    return SentimentTracker(PARAMETERS)


def about_solana(number: int) -> str:
    """Texts that are not like each other."""
    first, second = WORDS[number % 9], WORDS[number // 9 % 9]
    return f"solana {first} {second} {first}{number} {second}{number}x bullish {number}"


def posts(at_ms: int, count: int, start: int = 0) -> FeedAnswer:
    told = (post(about_solana(start + each), at_ms) for each in range(count))
    return answer(at_ms, *told, provider="posts")


def social(tracker: SentimentTracker, at_ms: int, asset: str = "SOL") -> SocialReading:
    reading = tracker.reading(asset, at_ms).social
    assert reading is not None
    return reading


def listened(hours: int, an_hour: int = 2) -> SentimentTracker:
    """Posts about one coin every half hour, up to and with AT_MS - 1 h."""
    tracker = new_tracker()
    for step in range(2 * hours + 1):
        at = AT_MS - HOUR - (2 * hours - step) * HOUR // 2
        tracker.observe(posts(at, an_hour // 2, start=1000 + step * an_hour))
    return tracker


def test_nobody_heard_is_not_silence() -> None:
    assert new_tracker().reading("SOL", AT_MS).social is None


def test_mentions_are_of_the_hour_before_the_instant() -> None:
    tracker = new_tracker()
    tracker.observe(posts(AT_MS - HOUR, 1))
    tracker.observe(posts(AT_MS - HOUR + 1, 2, start=10))
    tracker.observe(posts(AT_MS, 3, start=20))
    tracker.observe(posts(AT_MS + 1, 4, start=30))
    assert social(tracker, AT_MS).mentions == 5
    assert social(tracker, AT_MS, "ETH").mentions == 0


def test_usual_mentions_are_known_after_a_day() -> None:
    assert social(listened(10), AT_MS - HOUR).usual is None
    reading = social(listened(30), AT_MS - MINUTE)
    assert reading.usual == pytest.approx(2.0, rel=0.05)
    assert reading.hours_known >= 24


def test_hours_in_which_nobody_was_heard_do_not_lower_the_usual() -> None:
    tracker = listened(60)
    later = AT_MS + DAY
    tracker.observe(posts(later - MINUTE, 6))
    reading = social(tracker, later)
    assert reading.mentions == 6
    assert reading.usual == pytest.approx(2.0, rel=0.05)


def test_a_newly_heard_provider_makes_no_spike() -> None:
    tracker = listened(60)
    tracker.observe(posts(AT_MS - 2 * MINUTE, 1, start=50))
    assert social(tracker, AT_MS).usual is not None
    loud = (post(about_solana(each), AT_MS - MINUTE, provider="new") for each in range(40))
    tracker.observe(answer(AT_MS - MINUTE, *loud, provider="new"))
    assert social(tracker, AT_MS).usual is None


def test_growth_is_six_hours_over_the_six_before() -> None:
    tracker = listened(12)
    for step in range(24):
        at = AT_MS - HOUR + (step + 1) * QUARTER
        tracker.observe(posts(at, 1, start=step))
    reading = social(tracker, AT_MS + 5 * HOUR)
    assert reading.growth == pytest.approx(2.0, rel=0.2)


def test_spam_and_repeats_do_not_count_but_are_counted() -> None:
    tracker = new_tracker()
    tracker.observe(answer(AT_MS - 2, post(GOOD, AT_MS - 2), provider="posts"))
    again = post(GOOD, AT_MS - 1, id_="other", provider="others")
    spam = post("FREE solana airdrop giveaway! send 1 SOL get 2 SOL back, claim now", AT_MS - 1)
    tracker.observe(answer(AT_MS - 1, again, spam, provider="others"))
    reading = social(tracker, AT_MS)
    assert (reading.mentions, reading.dropped) == (1, 2)
    assert tracker.texts_dropped == {"repeat": 1, "giveaway": 1}
    assert tracker.notes()[0].startswith("texts left out: 1 ")


def test_a_text_that_is_told_again_counts_once_and_is_no_repeat() -> None:
    tracker = new_tracker()
    text = post(GOOD, AT_MS - 5 * MINUTE)
    for at in (AT_MS - 4 * MINUTE, AT_MS - 2 * MINUTE, AT_MS):
        tracker.observe(answer(at, text, provider="posts"))
    reading = social(tracker, AT_MS)
    assert (reading.mentions, reading.dropped) == (1, 0)


def test_old_texts_are_no_talk_and_future_ones_are_refused() -> None:
    tracker = new_tracker()
    old, future = post(about_solana(1), AT_MS - DAY), post(about_solana(2), AT_MS + HOUR)
    tracker.observe(answer(AT_MS, old, future, provider="posts"))
    assert social(tracker, AT_MS).mentions == 0
    assert tracker.texts_dropped == {"ahead of its time": 1}


def test_headlines_weigh_more_than_posts() -> None:
    bad = "solana crash, holders fear total collapse after hack"
    tones = []
    for kind in TextKind:
        tracker = new_tracker()
        headline = post(bad, AT_MS - 1)
        tracker.observe(
            answer(AT_MS, post(GOOD, AT_MS - 2), replace(headline, kind=kind), provider="posts")
        )
        tones.append((kind, social(tracker, AT_MS).tone or 0.0))
    told = dict(tones)
    assert told[TextKind.HEADLINE] < told[TextKind.POST]


def test_talk_about_crypto_in_general_colours_every_coin_a_little() -> None:
    tracker = new_tracker()
    tracker.observe(answer(AT_MS, post("crypto market rally, very bullish", AT_MS), provider="p"))
    general = social(tracker, AT_MS, "ETH")
    assert general.mentions == 0
    assert general.tone is not None
    assert 0.0 < general.tone < (social(tracker, AT_MS, MARKET).tone or 0.0)


def test_one_loud_text_is_no_mood_but_many_are() -> None:
    one, many = new_tracker(), new_tracker()
    one.observe(posts(AT_MS, 1))
    many.observe(posts(AT_MS, 20))
    assert 0.0 < (social(one, AT_MS).tone or 0.0) < (social(many, AT_MS).tone or 0.0)


def test_widely_read_texts_are_told_apart() -> None:
    tracker = new_tracker()
    assert social_viral(tracker, reach=99) is None
    assert (social_viral(new_tracker(), reach=100) or 0.0) > 0.0


def social_viral(tracker: SentimentTracker, reach: int) -> float | None:
    tracker.observe(answer(AT_MS, post(GOOD, AT_MS, reach=reach), provider="posts"))
    return social(tracker, AT_MS).viral


def test_a_providers_own_count_stands_in_where_texts_are_unknown() -> None:
    tracker = new_tracker()
    for hour in range(30):
        told = SocialVolume(asset="SOL", mentions=2400, tone=None)
        tracker.observe(answer(AT_MS - (30 - hour) * HOUR, told, provider="counts"))
    tracker.observe(answer(AT_MS, SocialVolume(asset="SOL", mentions=7200, tone=0.5)))
    reading = social(tracker, AT_MS)
    assert (reading.mentions, reading.usual) == (300, 100.0)
    assert (reading.tone or 0.0) > 0.2
    assert tracker.reading("ETH", AT_MS).social is None


def kept_while_listening(tracker: SentimentTracker, quarters: int) -> list[SentimentSnapshot]:
    start = AT_MS - quarters * QUARTER
    snapshots = []
    for step in range(quarters):
        at = start + (step + 1) * QUARTER
        tracker.observe(posts(at - MINUTE, 1 + step % 2, start=step * 3))
        snapshots.append(tracker.snapshot(at))
    return snapshots


def test_a_snapshot_holds_the_quarter_and_who_was_heard() -> None:
    snapshot = kept_while_listening(new_tracker(), 4)[-1]
    assert snapshot.heard == ("posts",)
    assert set(snapshot.talk) == {"SOL"}
    assert snapshot.talk["SOL"].texts == 2
    assert 0.0 < snapshot.talk["SOL"].tone < 1.0


def test_after_a_restart_talk_reads_as_if_it_had_been_listened_to() -> None:
    before, after = new_tracker(), new_tracker()
    after.restore(kept_while_listening(before, 120))
    ours, theirs = social(before, AT_MS), social(after, AT_MS)
    assert (theirs.mentions, theirs.usual, theirs.hours_known, theirs.growth) == (
        ours.mentions,
        ours.usual,
        ours.hours_known,
        ours.growth,
    )
    assert theirs.tone == pytest.approx(ours.tone)
    assert after.reading("SOL", AT_MS).answered_ms == AT_MS


def test_texts_that_an_earlier_process_counted_do_not_count_again() -> None:
    before, after = new_tracker(), new_tracker()
    after.restore(kept_while_listening(before, 8))
    after.observe(posts(AT_MS - MINUTE, 1, start=21))
    assert social(after, AT_MS).mentions == social(before, AT_MS).mentions
