"""Promises of the on-chain tracker that hold for any answers."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.feeds import FeedAnswer
from domain.onchain import DexActivity, OnChain, StablecoinSupply
from domain.transfers import Transfer
from layers.onchain import OnChainTracker
from tests.unit.layers.onchain.any_chain import FOLLOWED, histories
from tests.unit.layers.onchain.chains import (
    AT_MS,
    HOUR,
    MINUTE,
    PARAMETERS,
    WATCHED,
    deposited,
    listened_hours,
    mirrored_transfer,
    moved,
    score,
)

EXACT = 1e-6
WALLETS = (FOLLOWED.address,)
HISTORY = listened_hours(25, [3e6, -2e6, 1e6] * 8)


def listening(answers: list[FeedAnswer]) -> OnChainTracker:
    tracker = OnChainTracker(PARAMETERS, smart_wallets=WALLETS)
    for answer in answers:
        tracker.observe(answer)
    return tracker


def read(answers: list[FeedAnswer], *, at_ms: int = AT_MS) -> OnChain:
    return listening(answers).reading("SOL", at_ms)


@settings(max_examples=60)
@given(answers=histories(), data=st.data())
def test_the_order_of_answers_does_not_matter(
    answers: list[FeedAnswer], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(answers))
    assert read([*shuffled, *HISTORY]) == read([*HISTORY, *answers])


@settings(max_examples=60)
@given(answers=histories())
def test_nothing_that_was_told_later_is_seen(answers: list[FeedAnswer]) -> None:
    known = [answer for answer in answers if answer.answered_ms <= AT_MS]
    assert read([*HISTORY, *answers]) == read([*HISTORY, *known])


@settings(max_examples=60)
@given(answers=histories())
def test_a_reading_may_be_asked_again_while_answers_go_on(answers: list[FeedAnswer]) -> None:
    known = sorted(answers, key=lambda answer: answer.answered_ms)
    tracker = OnChainTracker(PARAMETERS, smart_wallets=WALLETS)
    first = None
    for answer in known:
        if answer.answered_ms > AT_MS and first is None:
            first = tracker.reading("SOL", AT_MS)
        tracker.observe(answer)
        tracker.reading("SOL", answer.answered_ms)
    assert first is None or tracker.reading("SOL", AT_MS) == first


@settings(max_examples=60)
@given(answers=histories())
def test_nothing_that_is_read_is_later_than_the_instant(answers: list[FeedAnswer]) -> None:
    reading = read(answers)
    assert reading.at_ms == AT_MS
    assert 0 <= reading.answered_ms <= AT_MS
    if reading.whales is not None and reading.whales.largest is not None:
        assert AT_MS - 30 * MINUTE < reading.whales.largest.happened_ms <= AT_MS


@settings(max_examples=60)
@given(answers=histories())
def test_mirrored_answers_get_the_mirrored_score(answers: list[FeedAnswer]) -> None:
    upright = [*HISTORY, *_without_repeats(answers)]
    flipped = [_mirrored(answer) for answer in upright]
    ours, theirs = score(read(upright)), score(read(flipped))
    for mine, yours in zip(ours.evidence, theirs.evidence, strict=True):
        assert yours.bullishness == pytest.approx(100.0 - mine.bullishness, abs=EXACT)
    assert theirs.coverage == ours.coverage


@settings(max_examples=60)
@given(answers=histories(), told_twice=st.sampled_from([0, 1, 5]))
def test_answers_that_repeat_change_nothing_but_freshness(
    answers: list[FeedAnswer], told_twice: int
) -> None:
    tracker = listening(answers)
    for answer in answers[:told_twice]:
        assert tracker.observe(answer) == []
    assert tracker.reading("SOL", AT_MS) == read(answers)


nets = st.integers(-50, 50).map(lambda millions: millions * 1e6)


@settings(max_examples=25)
@given(flows=st.lists(nets, min_size=64, max_size=64))
def test_a_restart_reads_what_listening_on_would_have_read(flows: list[float]) -> None:
    answers = [_half_hour(back, net) for back, net in enumerate(flows)][::-1]
    through = OnChainTracker(PARAMETERS)
    written = [
        (transfer, answer.answered_ms) for answer in answers for transfer in through.observe(answer)
    ]
    restarted = OnChainTracker(PARAMETERS)
    restarted.restore(written)
    assert restarted.reading("SOL", AT_MS) == through.reading("SOL", AT_MS)
    reading = restarted.reading("SOL", AT_MS)
    assert reading.exchange_flow is not None
    assert reading.exchange_flow.z_score is not None
    for tracker in (through, restarted):
        assert tracker.observe(answers[-1]) == []
    assert restarted.reading("SOL", AT_MS) == through.reading("SOL", AT_MS)


def test_a_restart_does_not_take_hours_for_quiet_that_nobody_wrote_down() -> None:
    restarted = OnChainTracker(PARAMETERS)
    restarted.restore([(moved("x", minutes_ago=30 * 60), AT_MS - 30 * HOUR)])
    restarted.observe(_half_hour(0, 1e6))
    flow = restarted.reading("SOL", AT_MS).exchange_flow
    assert flow is not None
    assert (flow.hours_known, flow.z_score) == (0, None)


def _half_hour(back: int, net: float) -> FeedAnswer:
    """One answer in a half hour that tells of a coin and of dollars."""
    minutes_ago = 1.0 + 30.0 * back
    flow = (moved if net > 0 else deposited)(f"s{back}", usd=abs(net), minutes_ago=minutes_ago)
    dollars = deposited(f"d{back}", asset="USDT", minutes_ago=minutes_ago)
    return FeedAnswer(
        provider="whales",
        answered_ms=AT_MS - round((minutes_ago - 0.5) * MINUTE),
        observations=(flow, dollars),
        watched=WATCHED,
    )


def _without_repeats(answers: list[FeedAnswer]) -> list[FeedAnswer]:
    """A movement and its mirror have other keys; so here each has a transaction of its own."""
    return [
        replace(
            answer,
            observations=tuple(
                replace(each, transaction=f"{at}-{position}")
                if isinstance(each, Transfer)
                else each
                for position, each in enumerate(answer.observations)
            ),
        )
        for at, answer in enumerate(answers)
    ]


def _mirrored(answer: FeedAnswer) -> FeedAnswer:
    return replace(answer, observations=tuple(map(_mirrored_fact, answer.observations)))


def _mirrored_fact(fact: object) -> Transfer | DexActivity | StablecoinSupply:
    if isinstance(fact, DexActivity):
        return replace(fact, buys=fact.sells, sells=fact.buys)
    if isinstance(fact, StablecoinSupply):
        before = fact.day_ago_usd
        return fact if before is None else replace(fact, total_usd=2.0 * before - fact.total_usd)
    assert isinstance(fact, Transfer)
    return mirrored_transfer(fact)
