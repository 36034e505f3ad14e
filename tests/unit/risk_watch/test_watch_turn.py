"""The pair turns against the trade: what is a sign, and when signs are enough."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from domain.advice import AdvisedAction, WatchWarning
from domain.directions import Direction
from domain.order_flow import OrderFlow
from domain.tape import TapeReading
from risk.watch.minutes import Minute
from risk.watch.turn import advise_turn
from risk.watch.turn_parameters import TurnParameters
from risk.watch.turn_signs import (
    TurnSign,
    find_momentum_breakdown,
    find_order_flow_flip,
    find_rejection,
    find_tape_flip,
    find_volume_reversal,
    find_volume_spike,
)
from tests.builders.order_flow import make_tape, make_window
from tests.unit.risk_watch.watching import (
    AT,
    CALM,
    DUMP,
    LONG,
    QUIET,
    SHORT,
    Gains,
    make_minutes,
    make_open,
    make_trade,
)

DEFAULTS = TurnParameters()
BOTH = pytest.mark.parametrize("direction", [LONG, SHORT])


def ask(sign: TurnSign, path: Sequence[Gains], direction: Direction = LONG) -> str | None:
    plan = make_open(direction).signal.plan
    minutes = [Minute.of(candle, plan) for candle in make_minutes(path, direction)]
    return sign(minutes, direction, DEFAULTS)


def taken(path: Sequence[tuple[float, float]], volume: float = 100.0) -> list[Gains]:
    """Minutes by their close and what takers traded against the trade, of `volume`."""
    opens = [0.0, *(close for close, _ in path[:-1])]
    return [
        Gains(open_, close, volume=volume, against=against)
        for open_, (close, against) in zip(opens, path, strict=True)
    ]


# --- when to close


def test_dump_under_a_long_is_told_with_its_signs_and_the_move() -> None:
    advice = advise_turn(make_trade([*QUIET, *DUMP]), AT, DEFAULTS)
    assert advice is not None
    assert (advice.warning, advice.action) == (WatchWarning.TURN, AdvisedAction.CLOSE)
    assert (advice.signal_id, advice.at, advice.stop) == (1, AT, None)
    assert advice.reasons == (
        "sellers outweigh buyers 3 minutes in a row, price −1.2 %",
        "3 minutes of lower highs and lower lows, closed beyond the low of the 10 minutes before",
        "price −1.2 % within 5 minutes",
    )


def test_squeeze_above_a_short_is_told_in_mirrored_words() -> None:
    advice = advise_turn(make_trade([*QUIET, *DUMP], SHORT), AT, DEFAULTS)
    assert advice is not None
    reversal, breakdown, move = advice.reasons
    assert reversal == "buyers outweigh sellers 3 minutes in a row, price +1.2 %"
    assert breakdown == (
        "3 minutes of higher lows and higher highs, closed beyond the high of the 10 minutes before"
    )
    assert move == "price +1.2 % within 5 minutes"


@BOTH
def test_the_same_dump_is_no_turn_against_a_trade_the_other_way(direction: Direction) -> None:
    trade = make_trade([*QUIET, *DUMP], direction.opposite)
    assert advise_turn(replace(trade, followed=make_open(direction)), AT, DEFAULTS) is None


def test_one_sign_alone_is_not_enough() -> None:
    honest = [replace(gains, against=75) for gains in DUMP]
    assert advise_turn(make_trade([*QUIET, *honest]), AT, DEFAULTS) is None
    one = TurnParameters(least_signs=1)
    assert advise_turn(make_trade([*QUIET, *honest]), AT, one) is not None


@pytest.mark.parametrize(("fall", "is_turn"), [(-1.0, True), (-0.99, False)])
def test_signs_without_a_move_of_one_atr_are_not_enough(fall: float, is_turn: bool) -> None:
    path = [*DUMP[:2], replace(DUMP[2], close=fall)]
    assert (advise_turn(make_trade([*QUIET, *path]), AT, DEFAULTS) is not None) is is_turn


@pytest.mark.parametrize(("held", "is_turn"), [(3, True), (2, False), (0, False)])
def test_what_happened_before_the_entry_does_not_count(held: int, is_turn: bool) -> None:
    trade = make_trade([*QUIET, *DUMP], followed=make_open(held_minutes=held))
    assert (advise_turn(trade, AT, DEFAULTS) is not None) is is_turn


@pytest.mark.parametrize(("held", "is_turn"), [(3, True), (2, False)])
def test_sign_from_before_the_entry_does_not_count(held: int, is_turn: bool) -> None:
    spike = Gains(0.0, -0.5, volume=900)
    path = [*QUIET, spike, Gains(-0.5, -1.1), Gains(-1.1, -1.6)]
    trade = make_trade(path, followed=make_open(held_minutes=held))
    assert (advise_turn(trade, AT, DEFAULTS) is not None) is is_turn


@pytest.mark.parametrize(("after", "is_turn"), [(2, True), (3, False)])
def test_signs_count_together_within_three_minutes(after: int, is_turn: bool) -> None:
    still = Gains(-1.2, -1.2, volume=100)
    trade = make_trade([*QUIET, *DUMP, *[still] * after])
    assert (advise_turn(trade, AT, DEFAULTS) is not None) is is_turn


def test_without_minutes_nothing_is_said() -> None:
    assert advise_turn(make_trade([]), AT, DEFAULTS) is None


def test_trade_that_was_not_entered_yet_is_not_judged() -> None:
    followed = make_open()
    waiting = replace(followed, course=replace(followed.course, triggered_at=None))
    assert advise_turn(make_trade([*QUIET, *DUMP], followed=waiting), AT, DEFAULTS) is None


def test_flip_of_the_tape_counts_as_a_sign() -> None:
    honest = [replace(gains, against=75) for gains in DUMP]
    flipped = OrderFlow(tape=flipping_tape())
    advice = advise_turn(make_trade([*QUIET, *honest], order_flow=flipped), AT, DEFAULTS)
    assert advice is not None
    assert advice.reasons[0] == (
        "order flow flipped: buyers led by more than 2.5 to 1, now sellers do"
    )


# --- volume reversal


@pytest.mark.parametrize(
    ("against", "is_sign"), [((60, 60, 60), True), ((60, 59, 60), False), ((90, 90, 50), False)]
)
def test_reversal_needs_each_minute_to_be_against(
    against: tuple[float, ...], is_sign: bool
) -> None:
    path = taken([(-0.1, against[0]), (-0.2, against[1]), (-0.3, against[2])])
    assert (ask(find_volume_reversal, path) is not None) is is_sign


@pytest.mark.parametrize(("fall", "is_sign"), [(-0.1, True), (-0.09, False), (0.3, False)])
def test_reversal_needs_the_price_to_follow(fall: float, is_sign: bool) -> None:
    path = taken([(0.0, 80), (0.0, 80), (fall, 80)])
    assert (ask(find_volume_reversal, path) is not None) is is_sign


def test_reversal_is_unknown_without_the_takers_side() -> None:
    plan = make_open().signal.plan
    candles = [replace(each, taker_buy_volume=float("nan")) for each in make_minutes(DUMP)]
    minutes = [Minute.of(candle, plan) for candle in candles]
    assert find_volume_reversal(minutes, LONG, DEFAULTS) is None


def test_minutes_without_a_trade_are_no_reversal() -> None:
    assert ask(find_volume_reversal, taken([(-0.1, 0), (-0.2, 0), (-0.3, 0)], volume=0)) is None


# --- volume spike


@pytest.mark.parametrize(
    ("volume", "close", "is_sign"),
    [(300, -0.31, True), (299, -0.31, False), (300, -0.3, False), (900, 0.5, False)],
)
def test_spike_needs_three_times_the_volume_and_a_fall(
    volume: float, close: float, is_sign: bool
) -> None:
    path = [*[CALM] * 20, Gains(0.0, close, volume=volume)]
    assert (ask(find_volume_spike, path) is not None) is is_sign


@BOTH
def test_spike_says_how_much(direction: Direction) -> None:
    path = [*[CALM] * 20, Gains(0.0, -0.5, volume=400)]
    sign = "−" if direction is LONG else "+"
    assert (
        ask(find_volume_spike, path, direction) == f"volume 4.0 times its mean, price {sign}0.5 %"
    )


def test_spike_is_unknown_without_a_mean() -> None:
    assert ask(find_volume_spike, [*[CALM] * 19, Gains(0.0, -0.5, volume=900)]) is None
    silent = [replace(CALM, volume=0.0)] * 20
    assert ask(find_volume_spike, [*silent, Gains(0.0, -0.5, volume=900)]) is None


# --- order flow flip


@pytest.mark.parametrize(
    ("before", "now", "volume", "is_sign"),
    [
        (20, 80, 100, True),
        (28, 72, 100, True),
        (29, 72, 100, False),
        (28, 71, 100, False),
        (20, 79.2, 99, False),
    ],
)
def test_flip_needs_both_sides_and_volume(
    before: float, now: float, volume: float, is_sign: bool
) -> None:
    path = [*[Gains(0, 0, against=before)] * 4, Gains(0, 0, volume=volume, against=now)]
    assert (ask(find_order_flow_flip, path) is not None) is is_sign


def test_flip_needs_five_minutes() -> None:
    path = [*[Gains(0, 0, against=20)] * 3, Gains(0, 0, against=80)]
    assert ask(find_order_flow_flip, path) is None


def flipping_tape(covered_seconds: float = 300.0, direction: Direction = LONG) -> TapeReading:
    """Four minutes for the trade, then one against it."""
    share = 0.2 if direction is LONG else 0.8
    # 80 of the whole minute against; of the other 400, 80 against.
    whole = (320 + 20) / 500 if direction is LONG else (80 + 80) / 500
    windows = (make_window(60, share, 100.0), make_window(300, whole, 500.0))
    return make_tape(windows=windows, covered_seconds=covered_seconds)


@BOTH
def test_flip_is_read_from_the_tape(direction: Direction) -> None:
    flow = OrderFlow(tape=flipping_tape(direction=direction))
    assert find_tape_flip(flow, direction, DEFAULTS) is not None
    assert find_tape_flip(flow, direction.opposite, DEFAULTS) is None


def test_flip_is_unknown_without_a_tape_of_five_minutes() -> None:
    assert find_tape_flip(None, LONG, DEFAULTS) is None
    assert find_tape_flip(OrderFlow(), LONG, DEFAULTS) is None
    assert find_tape_flip(OrderFlow(tape=flipping_tape(299.9)), LONG, DEFAULTS) is None


# --- momentum breakdown

FALLING = [Gains(0.0, -0.1), Gains(-0.1, -0.2), Gains(-0.2, -0.3)]


@pytest.mark.parametrize(("volume", "is_sign"), [(101, True), (100, False)])
def test_breakdown_needs_volume(volume: float, is_sign: bool) -> None:
    path = [*[CALM] * 20, *(replace(each, volume=volume) for each in FALLING)]
    assert (ask(find_momentum_breakdown, path) is not None) is is_sign


@pytest.mark.parametrize("best", [0.0, 0.01])
def test_breakdown_needs_worse_ends_each_minute(best: float) -> None:
    falling = [replace(each, volume=150) for each in FALLING]
    falling[1] = replace(falling[1], best=best)
    assert ask(find_momentum_breakdown, [*[CALM] * 20, *falling]) is None


@pytest.mark.parametrize(("low", "is_sign"), [(-0.29, True), (-0.3, False)])
def test_breakdown_closes_beyond_the_swing(low: float, is_sign: bool) -> None:
    before = [*[CALM] * 10, replace(CALM, worst=low), *[CALM] * 9]
    path = [*before, *(replace(each, volume=150) for each in FALLING)]
    assert (ask(find_momentum_breakdown, path) is not None) is is_sign


def test_breakdown_is_unknown_without_what_is_usual() -> None:
    path = [*[CALM] * 19, *(replace(each, volume=150) for each in FALLING)]
    assert ask(find_momentum_breakdown, path) is None


# --- rejection


def attempt(best: float = 1.0, volume: float = 100.0, close: float = 0.4) -> Gains:
    return Gains(0.4, close, best=best, volume=volume)


@pytest.mark.parametrize(
    ("first", "newest", "is_sign"),
    [
        (attempt(), attempt(volume=90), True),
        (attempt(), attempt(volume=100), False),
        (attempt(best=1.1), attempt(volume=90), True),
        (attempt(best=1.11), attempt(volume=90), False),
        (attempt(), attempt(best=0.9, volume=90, close=0.5), False),
    ],
)
def test_rejection_comes_back_once_more_with_less_volume(
    first: Gains, newest: Gains, is_sign: bool
) -> None:
    assert (ask(find_rejection, [CALM, first, CALM, newest]) is not None) is is_sign


def test_rejection_is_that_of_the_newest_minute() -> None:
    assert ask(find_rejection, [attempt(), CALM, attempt(volume=90), CALM]) is None
    far_from_it = Gains(0.0, 0.0, best=0.8, volume=80)
    assert ask(find_rejection, [attempt(), CALM, attempt(volume=90), far_from_it]) is None


def test_first_wick_is_no_rejection() -> None:
    assert ask(find_rejection, [CALM, CALM, attempt(volume=90)]) is None


@BOTH
def test_rejection_says_where_and_how_often(direction: Direction) -> None:
    end = "high" if direction is LONG else "low"
    assert ask(find_rejection, [attempt(), attempt(volume=90)], direction) == (
        f"rejected at the {end} in 2 attempts of falling volume, came back 0.6 %"
    )
