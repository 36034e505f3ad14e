"""Promises of the sentiment layer that hold for any readings and any answers."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.evidence import LayerScore
from domain.feeds import FeedAnswer
from domain.market_regime import Regime
from domain.sentiment import (
    FearGreed,
    MacroReading,
    MacroSeries,
    MacroState,
    RegimeReading,
    Sentiment,
    SocialReading,
)
from layers.sentiment import SentimentParameters, SentimentTracker, score_sentiment
from layers.sentiment.macro import macro_lean
from layers.sentiment.parameters import COMPONENT_NAMES
from tests.unit.layers.sentiment.felt import (
    AS_OF,
    AT_MS,
    HOUR,
    MINUTE,
    QUARTER,
    answer,
    bitcoin,
    felt,
    market_told,
    post,
    quote,
)

PARAMETERS = SentimentParameters()
EXACT = 1e-9
COINS = st.sampled_from(["BTC", "SOL"])
MIRRORED_REGIME = {
    Regime.RISK_ON: Regime.RISK_OFF,
    Regime.RISK_OFF: Regime.RISK_ON,
    Regime.CHOPPY: Regime.CHOPPY,
}
MIRRORED_STATE = {
    MacroState.POSITIVE: MacroState.NEGATIVE,
    MacroState.NEGATIVE: MacroState.POSITIVE,
    MacroState.CALM: MacroState.CALM,
}
tones = st.floats(-1.0, 1.0)
talks = st.builds(
    SocialReading,
    mentions=st.integers(0, 500),
    usual=st.none() | st.floats(0.0, 60.0),
    hours_known=st.integers(0, 168),
    tone=st.none() | tones,
    viral=st.none() | tones,
    growth=st.none() | st.floats(0.0, 10.0),
    dropped=st.integers(0, 50),
)
regimes = st.builds(
    RegimeReading,
    regime=st.sampled_from(sorted(MIRRORED_REGIME)),
    since_ms=st.integers(AT_MS - 24 * HOUR, AT_MS),
    btc_change_percent=st.floats(-20.0, 20.0),
    cap_change_percent=st.floats(-20.0, 20.0),
    dominance_change_points=st.floats(-3.0, 3.0),
)
macros = st.builds(
    MacroReading,
    state=st.sampled_from(sorted(MIRRORED_STATE)),
    since_ms=st.just(AT_MS - HOUR),
    changes=st.dictionaries(st.sampled_from(MacroSeries), st.floats(-3.0, 3.0)),
)
sentiments = st.builds(
    felt,
    index=st.none() | st.integers(0, 100),
    social=st.none() | talks,
    market=st.none() | regimes,
    outside=st.none() | macros,
)


def score(sentiment: Sentiment, asset: str = "SOL") -> LayerScore:
    return score_sentiment(sentiment, asset, AS_OF, PARAMETERS)


def negated(value: float | None) -> float | None:
    return None if value is None else -value


def mirrored(whole: Sentiment) -> Sentiment:
    index, social, market, outside = whole.fear_greed, whole.social, whole.regime, whole.macro
    return replace(
        whole,
        fear_greed=index and replace(index, value=100 - index.value),
        social=social and replace(social, tone=negated(social.tone), viral=negated(social.viral)),
        regime=market
        and replace(
            market,
            regime=MIRRORED_REGIME[market.regime],
            btc_change_percent=-market.btc_change_percent,
        ),
        macro=outside
        and replace(
            outside,
            state=MIRRORED_STATE[outside.state],
            changes={series: -change for series, change in outside.changes.items()},
        ),
    )


@settings(max_examples=150)
@given(whole=sentiments, asset=COINS)
def test_a_mirrored_mood_gets_the_mirrored_score(whole: Sentiment, asset: str) -> None:
    upright, flipped = score(whole, asset), score(mirrored(whole), asset)
    assert flipped.bullishness == pytest.approx(100.0 - upright.bullishness, abs=EXACT)
    assert flipped.coverage == pytest.approx(upright.coverage)
    for ours, theirs in zip(upright.evidence, flipped.evidence, strict=True):
        assert theirs.bullishness == pytest.approx(100.0 - ours.bullishness, abs=EXACT)


def test_a_danger_is_the_mirror_of_the_greatest_calm() -> None:
    best = {MacroSeries.SP500: 5.0, MacroSeries.DOLLAR: -5.0}
    danger, joy = (
        MacroReading(state=state, since_ms=AT_MS, changes=best, cause="x")
        for state in (MacroState.DANGER, MacroState.POSITIVE)
    )
    scores = [score(felt(outside=each)).bullishness for each in (danger, joy)]
    assert sum(scores) == pytest.approx(100.0)


@settings(max_examples=150)
@given(whole=sentiments, asset=COINS)
def test_every_number_is_in_range_and_every_reason_is_told_plainly(
    whole: Sentiment, asset: str
) -> None:
    told = score(whole, asset)
    assert 0.0 <= told.bullishness <= 100.0
    assert 0.0 <= told.coverage <= 1.0
    for item in told.evidence:
        assert 0.0 <= item.bullishness <= 100.0
        assert 0 < len(item.text) <= 110
        assert not set(item.text) & set("<>*_`\n")
        assert (item.value is None) == ("not known" in item.text and "usual" not in item.text)


@settings(max_examples=150)
@given(whole=sentiments, part=st.sampled_from(["fear_greed", "social", "regime", "macro"]))
def test_losing_a_part_moves_to_neutral_by_what_it_said(whole: Sentiment, part: str) -> None:
    lost = replace(whole, **{part: None})  # type: ignore[arg-type]  # by name
    names = ("fear_greed", "social", "regime", "macro")
    said = score(whole).evidence[names.index(part)]
    expected = score(whole).bullishness - said.weight * (said.bullishness - 50.0)
    assert score(lost).bullishness == pytest.approx(expected)
    assert score(lost).coverage <= score(whole).coverage + EXACT
    assert score(lost).evidence[COMPONENT_NAMES.index(said.name)].bullishness == 50.0


@given(values=st.tuples(st.integers(0, 100), st.integers(0, 100)))
def test_more_greed_is_never_more_bullish(values: tuple[int, int]) -> None:
    less, more = (score(felt(index=value)).bullishness for value in sorted(values))
    assert more <= less + EXACT


@given(reading=macros)
def test_the_macro_lean_is_at_most_one(reading: MacroReading) -> None:
    assert -1.0 - EXACT <= macro_lean(reading.changes, PARAMETERS.macro) <= 1.0 + EXACT


minute_steps = st.integers(0, 400)
stories = st.lists(
    st.one_of(
        st.builds(
            lambda step, value: answer(at(step), FearGreed(value=value, published_ms=at(0))),
            minute_steps,
            st.integers(0, 100),
        ),
        st.builds(
            lambda step, share, cap: market_told(at(step), share, cap * 1e12),
            minute_steps,
            st.floats(50.0, 51.0),
            st.floats(2.0, 2.1),
        ),
        st.builds(
            lambda step, late, value: answer(at(step), quote(at(step) - late * MINUTE, value)),
            minute_steps,
            st.integers(0, 30),
            st.floats(4900.0, 5100.0),
        ),
        st.builds(
            lambda step, number, good: answer(
                at(step),
                post(
                    f"solana {'bullish breakout' if good else 'crash dump'} {number}x{number}",
                    at(step),
                    id_=f"{step} {number} {good}",
                ),
                provider="posts",
            ),
            minute_steps,
            st.integers(1, 9),
            st.booleans(),
        ),
    ),
    min_size=1,
    max_size=25,
)
PRICES = bitcoin(
    AT_MS - 400 * MINUTE // QUARTER * QUARTER, [60_000.0 + 40.0 * k for k in range(20)]
)


def at(step: int) -> int:
    return AT_MS + (step - 400) * MINUTE


def heard(story: Sequence[FeedAnswer]) -> SentimentTracker:
    tracker = SentimentTracker(PARAMETERS)
    tracker.observe_bitcoin(PRICES)
    for each in story:
        tracker.observe(each)
    return tracker


def in_order(story: Sequence[FeedAnswer]) -> list[FeedAnswer]:
    return sorted(story, key=lambda each: each.answered_ms)


@settings(max_examples=15, deadline=None)
@given(story=stories, step=st.integers(380, 400))
def test_a_reading_uses_nothing_that_was_known_later(story: list[FeedAnswer], step: int) -> None:
    known = [each for each in in_order(story) if each.answered_ms <= at(step)]
    assert heard(in_order(story)).reading("SOL", at(step)) == heard(known).reading("SOL", at(step))


@settings(max_examples=15, deadline=None)
@given(story=stories)
def test_a_reading_does_not_depend_on_what_was_asked_before(story: list[FeedAnswer]) -> None:
    asked = SentimentTracker(PARAMETERS)
    asked.observe_bitcoin(PRICES)
    for each in in_order(story):
        asked.observe(each)
        asked.reading("SOL", each.answered_ms + 1)
    assert asked.reading("SOL", AT_MS) == heard(in_order(story)).reading("SOL", AT_MS)


@settings(max_examples=15, deadline=None)
@given(story=stories, data=st.data())
def test_the_order_of_answers_within_an_instant_does_not_matter(
    story: list[FeedAnswer], data: st.DataObject
) -> None:
    ours = [replace(each, answered_ms=AT_MS) for each in story]
    theirs = data.draw(st.permutations(ours))
    first, second = heard(ours), heard(theirs)
    assert first.reading("SOL", AT_MS) == second.reading("SOL", AT_MS)
    assert first.snapshot(AT_MS) == second.snapshot(AT_MS)


@settings(max_examples=15, deadline=None)
@given(noise=st.lists(st.tuples(st.floats(-3, 3), st.floats(-0.5, 0.5)), min_size=30, max_size=60))
def test_noise_never_turns_the_regime_twice_within_the_hold(
    noise: list[tuple[float, float]],
) -> None:
    tracker = SentimentTracker(PARAMETERS)
    start = AT_MS - len(noise) * 5 * MINUTE
    closes = [60_000.0 * (1 + change / 100) for change, _ in noise[: len(noise) // 3]]
    tracker.observe_bitcoin(bitcoin(start // QUARTER * QUARTER + QUARTER, closes))
    turns = []
    for step, (change, points) in enumerate(noise):
        now = start + step * 5 * MINUTE
        tracker.observe(market_told(now, 55.0 + points, 2e12 * (1 + change / 100)))
        turns.append(tracker.snapshot(now))
    changes = [
        after.regime_since_ms
        for before, after in pairwise(turns)
        if Regime.UNKNOWN not in (before.regime, after.regime) and before.regime != after.regime
    ]
    hold_ms = PARAMETERS.regime_tracking.hold * MINUTE
    assert all(after - before >= hold_ms for before, after in pairwise(changes))


@settings(max_examples=12, deadline=None)
@given(story=stories)
def test_a_restart_knows_what_snapshots_can_tell(story: list[FeedAnswer]) -> None:
    tracker = SentimentTracker(PARAMETERS)
    tracker.observe_bitcoin(PRICES)
    waiting, snapshots = in_order(story), []
    for boundary in range(at(0) // QUARTER * QUARTER + QUARTER, AT_MS + 1, QUARTER):
        while waiting and waiting[0].answered_ms <= boundary:
            tracker.observe(waiting.pop(0))
        snapshots.append(tracker.snapshot(boundary))
    restarted = SentimentTracker(PARAMETERS)
    restarted.restore(snapshots)
    ours, theirs = tracker.reading("SOL", AT_MS), restarted.reading("SOL", AT_MS)
    assert (ours.fear_greed is None) == (theirs.fear_greed is None)
    assert restarted.snapshot(AT_MS).regime is snapshots[-1].regime
    assert (ours.social is None) == (theirs.social is None)
    if ours.social is not None and theirs.social is not None:
        assert theirs.social.mentions == ours.social.mentions
        assert theirs.social.growth == ours.social.growth


@settings(max_examples=20, deadline=None)
@given(story=stories, step=st.integers(381, 400), data=st.data())
def test_a_reading_stays_what_it_was_whatever_is_told_later(
    story: list[FeedAnswer], step: int, data: st.DataObject
) -> None:
    known = data.draw(st.permutations([each for each in story if each.answered_ms <= at(step)]))
    later = data.draw(st.permutations([each for each in story if each.answered_ms > at(step)]))
    tracker = heard(known)
    before = repr(tracker.reading("SOL", at(step)))
    for each in later:
        tracker.observe(each)
    assert repr(tracker.reading("SOL", at(step))) == before
