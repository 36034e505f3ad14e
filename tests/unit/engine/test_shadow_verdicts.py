"""What rules prevented or cost."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.signals import SignalState
from engine.ports.storage import ShadowResult
from engine.shadow_verdicts import LONGEST_LOOK_BACK, ReadRuleVerdicts, VerdictCounter
from engine.statistics.rates import rate
from engine.statistics.values import RuleVerdict
from tests.builders.shadows import make_followed_shadow, make_shadow
from tests.fakes.clock import AFTERNOON, HandClock
from tests.fakes.storage import InMemoryStorage

DAY = timedelta(days=1)


def trade(*rules: str, realised_r: str = "-1.2") -> ShadowResult:
    return ShadowResult(rules=rules, was_entered=True, realised_r=Decimal(realised_r))


def never_entered(*rules: str) -> ShadowResult:
    return ShadowResult(rules=rules, was_entered=False, realised_r=Decimal(0))


def judge(results: Sequence[ShadowResult]) -> tuple[RuleVerdict, ...]:
    counter = VerdictCounter()
    for result in results:
        counter.add(result)
    return counter.verdicts()


def test_nothing_followed_gives_no_verdict() -> None:
    assert judge([]) == ()


def test_rule_is_judged_by_all_that_it_stopped() -> None:
    (verdict,) = judge(
        [
            trade("revenge"),
            trade("revenge", realised_r="2.4"),
            trade("revenge", realised_r="-1.2"),
            never_entered("revenge"),
        ]
    )
    assert (verdict.rule, verdict.followed, verdict.entered, verdict.alone) == ("revenge", 4, 3, 4)
    assert verdict.wins == rate(1, 3)
    assert (verdict.total_r, verdict.mean_r) == (Decimal("0.0"), Decimal(0))


def test_shadow_with_two_rules_counts_for_both_but_for_none_alone() -> None:
    verdicts = judge([trade("LOW_SCORE", "TOO_FEW_LAYERS"), trade("LOW_SCORE")])
    assert [(each.rule, each.followed, each.alone) for each in verdicts] == [
        ("LOW_SCORE", 2, 1),
        ("TOO_FEW_LAYERS", 1, 0),
    ]


def test_rule_without_a_trade_has_no_mean() -> None:
    (verdict,) = judge([never_entered("paused")])
    assert (verdict.entered, verdict.mean_r, verdict.total_r) == (0, None, Decimal(0))
    assert verdict.wins == rate(0, 0)


def test_trade_that_earned_nothing_is_no_win() -> None:
    (verdict,) = judge([trade("paused", realised_r="0")])
    assert verdict.wins == rate(0, 1)


def test_most_trades_come_first_then_most_followed_then_names() -> None:
    results = [
        never_entered("b"),
        never_entered("a"),
        never_entered("c"),
        never_entered("c"),
        trade("d"),
    ]
    assert [each.rule for each in judge(results)] == ["d", "c", "a", "b"]


RULES = st.lists(st.sampled_from("abc"), min_size=1, unique=True)
RESULTS = st.lists(
    st.one_of(
        st.builds(lambda rules: never_entered(*rules), RULES),
        st.builds(
            lambda rules, result: trade(*rules, realised_r=result),
            RULES,
            st.decimals(-2, 5, places=6).map(str),
        ),
    ),
    max_size=12,
)


@settings(max_examples=60)
@given(RESULTS, st.integers(0, 2**32))
def test_verdicts_equal_a_naive_count_in_any_order(results: list[ShadowResult], seed: int) -> None:
    verdicts = judge(results)
    assert judge(random.Random(seed).sample(results, len(results))) == verdicts
    for verdict in verdicts:
        mine = [each for each in results if verdict.rule in each.rules]
        trades = [each for each in mine if each.was_entered]
        assert verdict.followed == len(mine)
        assert verdict.entered == len(trades) == verdict.wins.of
        assert verdict.total_r == sum((each.realised_r for each in trades), Decimal(0))
        assert verdict.alone == sum(each.rules == (verdict.rule,) for each in mine)


async def read(days: int | None, *ages: timedelta) -> int:
    """How many shadows of these ages count."""
    storage = InMemoryStorage()
    async with storage() as unit:
        shadows = [
            make_followed_shadow(SignalState.STOPPED, shadow=make_shadow(number))
            for number in range(1, len(ages) + 1)
        ]
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
