"""The result of a day, for any price: a short mirrors a long, and closing there changes nothing."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.directions import Direction
from domain.signals import Exit, FollowedSignal, SignalState
from engine.lifecycle.results import compute_net_percent
from risk.day import compute_trade
from tests.builders.signals import CLOSED_AT
from tests.unit.risk.trade_builders import make_live

EQUITY = Decimal(10_000)
ENTRY = Decimal(100)
A_ROUNDING = Decimal("0.00001")
"""A course keeps its net result to six places, of a notional that is 1.2 times the equity."""

gains = st.integers(min_value=-5000, max_value=5000).map(lambda cents: Decimal(cents) / 100)
fractions = st.sampled_from(["0", "0.4", "0.8"])


def open_trade(direction: Direction, closed: str) -> FollowedSignal:
    """Of which a part was closed 3 above (or below) the entry."""
    live = make_live(direction, closed=closed)
    exits = tuple(replace(leg, price=ENTRY + 3 * direction.sign) for leg in live.course.exits)
    return with_exits(live, exits)


def with_exits(followed: FollowedSignal, exits: tuple[Exit, ...]) -> FollowedSignal:
    net = compute_net_percent(followed.signal.plan, exits)
    return replace(followed, course=replace(followed.course, exits=exits, realised_percent=net))


@given(gains, fractions)
@settings(max_examples=60)
def test_a_short_is_worth_what_its_mirrored_long_is(gain: Decimal, closed: str) -> None:
    long = compute_trade(open_trade(Direction.LONG, closed), EQUITY, ENTRY + gain)
    short = compute_trade(open_trade(Direction.SHORT, closed), EQUITY, ENTRY - gain)
    assert long == short


@given(st.sampled_from(Direction), gains, fractions)
@settings(max_examples=60)
def test_closing_what_is_open_at_the_newest_price_changes_no_result(
    direction: Direction, gain: Decimal, closed: str
) -> None:
    price = ENTRY + direction.sign * gain
    live = open_trade(direction, closed)
    rest = Exit(
        state=SignalState.MAX_HOLD,
        price=price,
        fraction=1 - live.course.closed_fraction,
        at=CLOSED_AT,
    )
    ended = with_exits(live, (*live.course.exits, rest))
    ended = replace(
        ended,
        course=replace(ended.course, state=SignalState.MAX_HOLD, ended_at=CLOSED_AT),
    )
    before = compute_trade(live, EQUITY, price)
    after = compute_trade(ended, EQUITY, None)
    assert abs(after.total_percent - before.total_percent) <= A_ROUNDING
    assert after.open_percent == 0
    assert after.is_priced
