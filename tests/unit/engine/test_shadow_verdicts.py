"""What rules prevented or cost."""

import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.shadows import FollowedShadow
from domain.signals import SignalState
from engine.shadow_verdicts import LONGEST_LOOK_BACK, ReadRuleVerdicts, judge_rules
from engine.statistics.rates import rate
from tests.builders.shadows import make_followed_shadow, make_shadow
from tests.fakes.clock import AFTERNOON, HandClock
from tests.fakes.storage import InMemoryStorage

DAY = timedelta(days=1)
ENDS = (SignalState.STOPPED, SignalState.TP3, SignalState.EXPIRED, SignalState.INVALIDATED)


def ended(
    *rules: str, realised_r: str = "-1.2", state: SignalState = SignalState.STOPPED, number: int = 1
) -> FollowedShadow:
    followed = make_followed_shadow(state, shadow=make_shadow(number, rules=rules))
    is_trade = followed.course.triggered_at is not None
    result = Decimal(realised_r) if is_trade else Decimal(0)
    return replace(followed, course=replace(followed.course, realised_r=result))


def test_nothing_followed_gives_no_verdict() -> None:
    assert judge_rules([]) == ()


def test_rule_is_judged_by_all_that_it_stopped() -> None:
    (verdict,) = judge_rules(
        [
            ended("revenge"),
            ended("revenge", realised_r="2.4", state=SignalState.TP3),
            ended("revenge", realised_r="-1.2"),
            ended("revenge", state=SignalState.EXPIRED),
        ]
    )
    assert (verdict.rule, verdict.followed, verdict.entered, verdict.alone) == ("revenge", 4, 3, 4)
    assert verdict.wins == rate(1, 3)
    assert (verdict.total_r, verdict.mean_r) == (Decimal("0.0"), Decimal(0))


def test_shadow_with_two_rules_counts_for_both_but_for_none_alone() -> None:
    verdicts = judge_rules([ended("LOW_SCORE", "TOO_FEW_LAYERS"), ended("LOW_SCORE")])
    assert [(each.rule, each.followed, each.alone) for each in verdicts] == [
        ("LOW_SCORE", 2, 1),
        ("TOO_FEW_LAYERS", 1, 0),
    ]


def test_rule_without_a_trade_has_no_mean() -> None:
    (verdict,) = judge_rules([ended("paused", state=SignalState.EXPIRED)])
    assert (verdict.entered, verdict.mean_r, verdict.total_r) == (0, None, Decimal(0))
    assert verdict.wins == rate(0, 0)


def test_trade_that_earned_nothing_is_no_win() -> None:
    (verdict,) = judge_rules([ended("paused", realised_r="0")])
    assert verdict.wins == rate(0, 1)


def test_most_trades_come_first_then_most_followed_then_names() -> None:
    shadows = [
        ended("b", state=SignalState.EXPIRED),
        ended("a", state=SignalState.EXPIRED),
        ended("c", state=SignalState.EXPIRED),
        ended("c", state=SignalState.EXPIRED),
        ended("d"),
    ]
    assert [each.rule for each in judge_rules(shadows)] == ["d", "c", "a", "b"]


SHADOWS = st.lists(
    st.builds(
        lambda rules, state, result: ended(*rules, state=state, realised_r=result),
        st.lists(st.sampled_from("abc"), min_size=1, unique=True),
        st.sampled_from(ENDS),
        st.decimals(-2, 5, places=6).map(str),
    ),
    max_size=12,
)


@settings(max_examples=60)
@given(SHADOWS, st.integers(0, 2**32))
def test_verdicts_equal_a_naive_count_in_any_order(
    shadows: list[FollowedShadow], seed: int
) -> None:
    verdicts = judge_rules(shadows)
    assert judge_rules(random.Random(seed).sample(shadows, len(shadows))) == verdicts
    for verdict in verdicts:
        mine = [each for each in shadows if verdict.rule in each.shadow.rules]
        trades = [each.course for each in mine if each.course.triggered_at is not None]
        assert verdict.followed == len(mine)
        assert verdict.entered == len(trades) == verdict.wins.of
        assert verdict.total_r == sum((each.realised_r for each in trades), Decimal(0))
        assert verdict.alone == sum(each.shadow.rules == (verdict.rule,) for each in mine)


async def read(days: int | None, *ages: timedelta) -> int:
    """How many shadows of these ages count."""
    storage = InMemoryStorage()
    async with storage() as unit:
        shadows = [ended("paused", number=number) for number in range(1, len(ages) + 1)]
        await unit.shadows.add(
            [
                replace(each, course=replace(each.course, ended_at=AFTERNOON - age))
                for each, age in zip(shadows, ages, strict=True)
            ]
        )
        await unit.commit()
    verdicts = await ReadRuleVerdicts(storage, HandClock())(days)
    return sum(verdict.followed for verdict in verdicts)


async def test_period_counts_back_from_now_and_each_shadow_once() -> None:
    ages = [timedelta(0), DAY / 2, DAY, 1.5 * DAY, 7 * DAY - timedelta(seconds=1), 7.1 * DAY]
    assert await read(7, *ages) == 5
    assert await read(1, *ages) == 3
    assert await read(0, timedelta(0)) == 1


async def test_all_time_reaches_back_a_year() -> None:
    inside, outside = LONGEST_LOOK_BACK - DAY, LONGEST_LOOK_BACK + DAY
    assert await read(None, timedelta(0), inside, outside) == 2
    assert await read(4000, inside, outside) == 1


async def test_what_ends_later_than_now_does_not_count() -> None:
    assert await read(None, -DAY / 2) == 0
