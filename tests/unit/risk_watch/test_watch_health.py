"""The health of the open trades: five factors, three limits."""

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.advice import Advice, AdvisedAction
from domain.candles import Candle
from domain.correlations import Correlations
from domain.directions import Direction
from domain.order_flow import OrderFlow
from domain.signals import Exit, SignalState
from risk.watch import PortfolioHealth, WatchedTrade
from risk.watch.health import advise_health, compute_health
from risk.watch.health_factors import (
    judge_calm,
    judge_concentration,
    judge_hold,
    judge_quality,
    judge_results,
)
from risk.watch.health_parameters import HealthParameters
from risk.watch.tightening import TighteningParameters
from risk.watch.values import HealthFactor
from tests.builders.order_flow import make_book, make_tape, make_window
from tests.unit.risk.trade_builders import NO_COSTS
from tests.unit.risk_watch.watching import (
    AT,
    CALM,
    LONG,
    QUIET,
    SHORT,
    Gains,
    make_minutes,
    make_open,
    make_trade,
)

DEFAULTS, TIGHTENING = HealthParameters(), TighteningParameters()
EQUITY = Decimal(10_000)


def priced(
    price: str,
    direction: Direction = LONG,
    *,
    signal_id: int = 1,
    base: str = "SOL",
    quantity: str = "100",
) -> WatchedTrade:
    """A trade without costs, 100 coins at an entry of 100: a point of price is 1 % of equity."""
    followed = make_open(direction, signal_id=signal_id, base=base)
    plan = replace(followed.signal.plan, costs=NO_COSTS, quantity=Decimal(quantity))
    followed = replace(followed, signal=replace(followed.signal, plan=plan))
    return replace(make_trade(direction=direction, followed=followed), price=Decimal(price))


def alike(value: float | None, *bases: str) -> Correlations:
    symbols = sorted(f"{base}USDT" for base in bases)
    pairs = [(a, b) for a in symbols for b in symbols if a < b]
    return Correlations(as_of=AT, values={} if value is None else dict.fromkeys(pairs, value))


def test_without_trades_everything_is_well() -> None:
    health = compute_health([], Correlations(), EQUITY, AT, DEFAULTS)
    assert (health.score, health.factors) == (100.0, ())
    assert advise_health([], health, EQUITY, AT, DEFAULTS, TIGHTENING) == ()


def test_score_is_the_sum_of_five_factors() -> None:
    trade = replace(priced("100"), minutes=())
    health = compute_health([trade], Correlations(), EQUITY, AT, DEFAULTS)
    points = {factor.name: (factor.points, factor.most) for factor in health.factors}
    assert points == {
        "results": (30.0, 30.0),
        "quality": (12.5, 25.0),
        "concentration": (20.0, 20.0),
        "hold": (15.0, 15.0),
        "calm": (5.0, 10.0),
    }
    assert health.score == 82.5


# --- the factors


@pytest.mark.parametrize(
    ("price", "share"), [("95", 0.0), ("90", 0.0), ("97.5", 0.5), ("100", 1.0), ("105", 1.0)]
)
@pytest.mark.parametrize("direction", [LONG, SHORT])
def test_results_run_from_five_percent_lost_to_none(
    direction: Direction, price: str, share: float
) -> None:
    reflected = price if direction is LONG else str(200 - Decimal(price))
    assert judge_results([priced(reflected, direction)], EQUITY, DEFAULTS)[0] == share


def test_results_of_all_trades_add_up_and_are_told() -> None:
    trades = [priced("99"), priced("98.5", signal_id=2)]
    share, text = judge_results(trades, EQUITY, DEFAULTS)
    assert share == pytest.approx(0.5)
    assert text == "open results −2.5 %"


def test_results_bear_their_costs() -> None:
    trade = make_trade()
    plan = trade.followed.signal.plan
    assert trade.open_result == -plan.quantity * plan.entry * plan.costs.round_trip


def test_results_count_only_what_is_open() -> None:
    trade = priced("98")
    first = Exit(state=SignalState.TP1, price=Decimal(103), fraction=Decimal("0.4"), at=AT)
    course = replace(trade.followed.course, exits=(first,))
    part = replace(trade, followed=replace(trade.followed, course=course))
    assert (trade.open_result, part.open_result) == (Decimal(-200), Decimal(-120))


def marks(trade: WatchedTrade) -> float:
    """Sum of the three marks."""
    return judge_quality([trade], DEFAULTS)[0] * 3


def test_quality_is_unknown_without_any_data() -> None:
    assert marks(make_trade([])) == pytest.approx(1.5)


def test_quality_counts_volume_of_minutes_that_went_with_the_trade() -> None:
    path = [Gains(0.0, 0.1, volume=300), Gains(0.1, 0.0, volume=100), Gains(0.0, 0.0, volume=900)]
    assert marks(make_trade(path)) == pytest.approx(0.75 + 0.5 + 0.5)
    assert marks(make_trade(path, SHORT)) == pytest.approx(0.75 + 0.5 + 0.5)


@pytest.mark.parametrize(("against", "mark"), [(30, 1.0), (20, 1.0), (50, 0.5), (70, 0.0)])
def test_quality_counts_takers_for_the_trade(against: float, mark: float) -> None:
    path = [Gains(0.0, 0.0, against=against)] * 5
    assert marks(make_trade(path)) == pytest.approx(0.5 + mark + 0.5)


def test_quality_prefers_the_tape_where_it_is_whole() -> None:
    path = [Gains(0.0, 0.0, against=70)] * 5
    windows = (make_window(60, 0.5), make_window(300, 0.8))
    whole = OrderFlow(tape=make_tape(windows=windows, covered_seconds=300.0))
    part = OrderFlow(tape=make_tape(windows=windows, covered_seconds=299.0))
    assert marks(make_trade(path, order_flow=whole)) == pytest.approx(0.5 + 1.0 + 0.5)
    assert marks(make_trade(path, order_flow=part)) == pytest.approx(0.5 + 0.0 + 0.5)


@pytest.mark.parametrize(("ratio", "mark"), [(None, 0.5), (1.3, 1.0), (0.25, 0.25), (0.0, 0.0)])
def test_quality_counts_depth_of_the_book(ratio: float | None, mark: float) -> None:
    flow = OrderFlow(book=make_book(depth_ratio=ratio))
    assert marks(make_trade([], order_flow=flow)) == pytest.approx(0.5 + 0.5 + mark)


@pytest.mark.parametrize(
    ("count", "share"), [(1, 1.0), (2, 0.75), (3, 0.5), (4, 0.25), (5, 0.0), (6, 0.0)]
)
def test_concentration_falls_with_each_trade_that_is_alike(count: int, share: float) -> None:
    bases = [f"C{number}" for number in range(count)]
    trades = [priced("100", signal_id=n, base=base) for n, base in enumerate(bases)]
    assert judge_concentration(trades, alike(0.8, *bases), DEFAULTS)[0] == share


@pytest.mark.parametrize(
    ("other", "correlation", "share"),
    [
        (LONG, 0.71, 0.75),
        (LONG, 0.7, 1.0),
        (LONG, -0.9, 1.0),
        (SHORT, 0.9, 1.0),
        (SHORT, -0.71, 0.75),
        (LONG, None, 0.875),
        (SHORT, None, 0.875),
    ],
)
def test_only_trades_that_lose_together_are_alike(
    other: Direction, correlation: float | None, share: float
) -> None:
    trades = [priced("100", base="SOL"), priced("100", other, signal_id=2, base="ETH")]
    assert judge_concentration(trades, alike(correlation, "SOL", "ETH"), DEFAULTS)[0] == share


def test_concentration_is_told_with_what_is_unknown() -> None:
    trades = [priced("100", signal_id=n, base=base) for n, base in enumerate(("A", "B", "C"))]
    known = Correlations(values={("AUSDT", "BUSDT"): 0.9})
    assert judge_concentration(trades, known, DEFAULTS)[1] == (
        "2 trades move alike, of 1 more it is unknown"
    )
    assert judge_concentration(trades[:1], known, DEFAULTS)[1] == "no two trades move alike"


@pytest.mark.parametrize(
    ("held", "share"), [(0, 1.0), (30, 1.0), (75, 0.5), (120, 0.0), (200, 0.0)]
)
def test_hold_is_judged_by_what_is_used_of_the_longest(held: float, share: float) -> None:
    trade = make_trade(followed=make_open(held_minutes=held))
    assert judge_hold([trade], AT, DEFAULTS)[0] == pytest.approx(share)


def swinging(ratio: float) -> tuple[Candle, ...]:
    wide = Gains(0.0, 0.0, best=0.05 * ratio, worst=-0.05 * ratio)
    return make_minutes([*[CALM] * 60, *[wide] * 15])


@pytest.mark.parametrize(("ratio", "share"), [(0.4, 1.0), (1.0, 1.0), (2.0, 0.5), (4.0, 0.0)])
def test_calm_is_lost_as_ranges_grow(ratio: float, share: float) -> None:
    trade = replace(make_trade(), minutes=swinging(ratio))
    assert judge_calm([trade], DEFAULTS)[0] == pytest.approx(share)


def test_calm_is_unknown_without_enough_minutes() -> None:
    short = replace(make_trade(), minutes=swinging(2.0)[1:])
    assert judge_calm([short], DEFAULTS)[0] == 0.5
    known = replace(make_trade(), minutes=swinging(4.0))
    assert judge_calm([short, known], DEFAULTS)[0] == pytest.approx(0.0)


def test_calm_is_unknown_where_prices_stood_still() -> None:
    still = make_minutes([Gains(0.0, 0.0)] * 75)
    assert judge_calm([replace(make_trade(), minutes=still)], DEFAULTS)[0] == 0.5


# --- what follows


def health_of(score: float) -> PortfolioHealth:
    parts = [("results", score * 0.6, 60.0, "results"), ("quality", score * 0.4, 40.0, "quality")]
    return PortfolioHealth(
        factors=tuple(
            HealthFactor(name=name, points=points, most=most, text=text)
            for name, points, most, text in parts
        )
    )


TRADES = [
    priced("99", signal_id=1),
    priced("98", signal_id=2),
    priced("98.5", signal_id=3),
    priced("101", signal_id=4),
]


def advised(score: float) -> tuple[Advice, ...]:
    return advise_health(TRADES, health_of(score), EQUITY, AT, DEFAULTS, TIGHTENING)


def said(score: float) -> list[tuple[AdvisedAction, int | None]]:
    return [(each.action, each.signal_id) for each in advised(score)]


def test_good_health_advises_nothing() -> None:
    assert said(70.0) == []


def test_below_seventy_no_new_trades() -> None:
    assert said(69.9) == said(50.0) == [(AdvisedAction.NO_NEW_TRADES, None)]


def test_below_fifty_every_stop_is_tightened_too() -> None:
    tighten = [(AdvisedAction.TIGHTEN, number) for number in (1, 3, 4)]
    # The stop of a trade at its stop cannot be tightened.
    expected = [*tighten, (AdvisedAction.NO_NEW_TRADES, None)]
    at_stop = replace(TRADES[1], price=TRADES[1].followed.course.stop)
    trades = [TRADES[0], at_stop, *TRADES[2:]]
    advice = advise_health(trades, health_of(49.9), EQUITY, AT, DEFAULTS, TIGHTENING)
    assert [(each.action, each.signal_id) for each in advice] == expected
    assert [each.stop for each in advice[:3]] == [
        Decimal("98.70"),
        Decimal("98.20"),
        Decimal("100.70"),
    ]


def test_below_thirty_the_worst_two_are_closed_and_the_others_tightened() -> None:
    assert said(29.9) == [
        (AdvisedAction.CLOSE, 2),
        (AdvisedAction.CLOSE, 3),
        (AdvisedAction.TIGHTEN, 1),
        (AdvisedAction.TIGHTEN, 4),
        (AdvisedAction.NO_NEW_TRADES, None),
    ]
    assert said(30.0)[0] == (AdvisedAction.TIGHTEN, 1)


def test_reasons_name_the_score_and_the_weakest_factors() -> None:
    advice = advised(20.0)
    assert advice[0].reasons == (
        "health of the open trades 20 of 100",
        "results",
        "quality",
        "among the worst of them: −2.0 % of equity",
    )
    assert advice[-1].reasons == advice[0].reasons[:3]


def test_thresholds_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="add up to 105"):
        HealthParameters(result_points=35.0)
    with pytest.raises(ValueError, match="must rise"):
        HealthParameters(tighten_below=20.0)


def test_fresh_trades_in_a_quiet_market_are_healthy() -> None:
    trades = [priced("100", signal_id=n, base=f"C{n}") for n in range(5)]
    fresh = [replace(trade, minutes=make_minutes(QUIET)) for trade in trades]
    unlike = alike(0.5, *(f"C{n}" for n in range(5)))
    assert compute_health(fresh, unlike, EQUITY, AT, DEFAULTS).score >= 70.0
