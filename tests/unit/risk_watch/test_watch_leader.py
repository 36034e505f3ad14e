"""The market leader moves: which trades should be closed, which get a tighter stop."""

from decimal import Decimal

import pytest

from domain.advice import Advice, AdvisedAction, WatchWarning
from domain.directions import Direction
from risk.watch import LeaderMove, find_leader_move
from risk.watch.leader import LeaderParameters, advise_leader
from risk.watch.tightening import TighteningParameters, tightened_stop
from tests.unit.risk_watch.watching import (
    AT,
    LONG,
    QUIET,
    SHORT,
    Gains,
    make_minutes,
    make_open,
    make_trade,
)

DEFAULTS, TIGHTENING = LeaderParameters(), TighteningParameters()
CLOSE, TIGHTEN = AdvisedAction.CLOSE, AdvisedAction.TIGHTEN
FELL = LeaderMove(symbol="BTCUSDT", percent=-1.6, minutes=5)
ROSE = LeaderMove(symbol="BTCUSDT", percent=1.6, minutes=5)


def advise(
    direction: Direction, correlation: float | None, move: LeaderMove = FELL, base: str = "SOL"
) -> Advice | None:
    trade = make_trade(
        QUIET,
        direction,
        followed=make_open(direction, base=base),
        leader_correlation=correlation,
    )
    return advise_leader(trade, move, AT, DEFAULTS, TIGHTENING)


@pytest.mark.parametrize(
    ("correlation", "action"),
    [
        (1.0, CLOSE),
        (0.71, CLOSE),
        (0.7, TIGHTEN),
        (0.4, TIGHTEN),
        (0.39, None),
        (0.0, None),
        (-0.9, None),
        (None, None),
    ],
)
@pytest.mark.parametrize(("direction", "move"), [(LONG, FELL), (SHORT, ROSE)])
def test_the_more_alike_the_leader_the_stronger_the_advice(
    direction: Direction, move: LeaderMove, correlation: float | None, action: AdvisedAction | None
) -> None:
    advice = advise(direction, correlation, move)
    assert (None if advice is None else advice.action) is action


@pytest.mark.parametrize(("correlation", "action"), [(-0.71, CLOSE), (-0.4, TIGHTEN)])
@pytest.mark.parametrize(("direction", "move"), [(LONG, ROSE), (SHORT, FELL)])
def test_pair_that_moves_opposite_to_the_leader_is_its_mirror(
    direction: Direction, move: LeaderMove, correlation: float, action: AdvisedAction
) -> None:
    advice = advise(direction, correlation, move)
    assert advice is not None
    assert advice.action is action


@pytest.mark.parametrize(("direction", "move"), [(LONG, ROSE), (SHORT, FELL)])
def test_move_that_helps_the_trade_is_no_danger(direction: Direction, move: LeaderMove) -> None:
    assert advise(direction, 0.9, move) is None


def test_trade_of_the_leader_itself_needs_no_correlation() -> None:
    advice = advise(LONG, None, base="BTC")
    assert advice is not None
    assert (advice.warning, advice.action) == (WatchWarning.LEADER, CLOSE)
    assert advice.reasons == ("BTCUSDT −1.6 % within 5 minutes",)
    assert advise(SHORT, None, base="BTC") is None


def test_reasons_say_how_the_pair_follows() -> None:
    together, opposite = advise(LONG, 0.83), advise(SHORT, -0.83)
    assert together is not None
    assert together.reasons == (
        "BTCUSDT −1.6 % within 5 minutes",
        "this pair moves with it: correlation 0.83 over 24 hours",
    )
    assert opposite is not None
    assert opposite.reasons[1] == (
        "this pair moves opposite to it: correlation −0.83 over 24 hours"
    )


@pytest.mark.parametrize(("direction", "stop"), [(LONG, "99.70"), (SHORT, "100.30")])
def test_tightened_stop_lies_just_beyond_the_price(direction: Direction, stop: str) -> None:
    advice = advise(direction, 0.5, FELL if direction is LONG else ROSE)
    assert advice is not None
    assert advice.stop == Decimal(stop)


@pytest.mark.parametrize(("direction", "tight"), [(LONG, "99.70"), (SHORT, "100.30")])
def test_stop_is_never_loosened(direction: Direction, tight: str) -> None:
    trade = make_trade(followed=make_open(direction, stop=tight))
    assert tightened_stop(trade, TIGHTENING) is None
    one_tick = Decimal("0.01") * direction.sign
    looser = make_open(direction, stop=str(Decimal(tight) - one_tick))
    assert tightened_stop(make_trade(followed=looser), TIGHTENING) == Decimal(tight)


def test_no_advice_to_tighten_a_stop_that_is_tight() -> None:
    trade = make_trade(followed=make_open(stop="99.9"), leader_correlation=0.5)
    assert advise_leader(trade, FELL, AT, DEFAULTS, TIGHTENING) is None


@pytest.mark.parametrize(
    ("closes", "percent"),
    [
        ((-0.3, -0.6, -0.9, -1.2, -1.5), -1.5),
        ((0.3, 0.6, 0.9, 1.2, 1.5), 1.5),
        ((-0.3, -0.6, -0.9, -1.2, -1.49), None),
        ((1.0, 1.0, 1.0, 1.0, -0.5), -1.5),
        ((0.0, 0.0, 0.0, 0.0, -1.5), -1.5),
    ],
)
def test_leader_moves_by_its_farthest_open(
    closes: tuple[float, ...], percent: float | None
) -> None:
    opens = (0.0, *closes[:-1])
    path = [Gains(open_, close) for open_, close in zip(opens, closes, strict=True)]
    move = find_leader_move(make_minutes([*QUIET, *path]), DEFAULTS)
    assert (None if move is None else round(move.percent, 9)) == percent


def test_older_minutes_and_wicks_are_no_move() -> None:
    old = [Gains(3.0, 0.0), *QUIET[:5]]
    wick = [*QUIET[:4], Gains(0.0, 0.0, worst=-3.0)]
    assert find_leader_move(make_minutes(old), DEFAULTS) is None
    assert find_leader_move(make_minutes(wick), DEFAULTS) is None
    assert find_leader_move([], DEFAULTS) is None


def test_thresholds_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="tighten_correlation"):
        LeaderParameters(tighten_correlation=0.8)
    with pytest.raises(ValueError, match="least_common_returns"):
        LeaderParameters(least_common_returns=300)
