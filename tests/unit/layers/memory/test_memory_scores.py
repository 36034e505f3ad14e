"""What the memory layer says of known pasts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.directions import Direction
from domain.evidence import LayerName
from domain.market_regime import Regime
from domain.memory import Origin, PairClass, Setup, Trend
from layers.memory import MemoryParameters, pair_class, score_band, score_memory, trend_of
from tests.unit.layers.memory.past import AS_OF, AS_OF_MS, book, setup, trades

PARAMETERS = MemoryParameters()
OTHER_SIZE = setup(pair_class=PairClass.SMALL)
OTHER_BAND = setup(score_band=80)
OTHER_TREND = setup(trend=Trend.NONE, score_band=65)
OTHER_REGIME = setup(regime=Regime.CHOPPY, trend=Trend.DOWN)
OTHER_SIDE = setup(Direction.SHORT)


def test_like_trades_speak_by_the_mean_of_their_posterior() -> None:
    memory = book(*trades(18, 13)).as_of(AS_OF_MS)
    said = score_memory(memory, setup(), AS_OF, PARAMETERS)
    expected = (10 + 18) / (20 + 31)
    assert said.layer is LayerName.MEMORY
    assert said.bullishness == pytest.approx(50 + 100 * (expected - 0.5))
    assert (said.coverage, said.age_seconds) == (1.0, 0.0)
    (evidence,) = said.evidence
    assert evidence.value == pytest.approx(expected)
    assert evidence.bullishness == said.bullishness
    assert evidence.weight == 1.0
    assert evidence.text == (
        "31 like trades (same direction, regime, trend, score, coin size; "
        "31 live, 0 backtested): 58% won, +0.45 R each"
    )


def test_backtested_trades_count_half() -> None:
    half = [*trades(10, 10), *trades(20, 0, origin=Origin.BACKTEST)]
    said = score_memory(book(*half).as_of(AS_OF_MS), setup(), AS_OF, PARAMETERS)
    expected = (10 + 10 + 0.5 * 20) / (20 + 20 + 0.5 * 20)
    assert said.bullishness == pytest.approx(50 + 100 * (expected - 0.5))
    assert "20 live, 20 backtested" in said.evidence[0].text


@pytest.mark.parametrize("count", [0, 1, 19])
def test_too_few_like_trades_say_nothing_and_how_many_there_are(count: int) -> None:
    memory = book(*trades(count, 0)).as_of(AS_OF_MS)
    said = score_memory(memory, setup(), AS_OF, PARAMETERS)
    assert (said.bullishness, said.coverage) == (50.0, 0.0)
    assert said.evidence[0].value is None
    plural = "trade" if count == 1 else "trades"
    assert said.evidence[0].text == f"{count} like {plural} so far, 20 needed"


@pytest.mark.parametrize(
    ("others", "alike"),
    [
        (OTHER_SIZE, "direction, regime, trend, score;"),
        (OTHER_BAND, "direction, regime, trend;"),
        (OTHER_TREND, "direction, regime;"),
        (OTHER_REGIME, "direction;"),
    ],
)
def test_likeness_widens_in_a_fixed_order_until_enough_are_there(others: Setup, alike: str) -> None:
    past = [*trades(10, 0), *trades(10, 0, like=others, first=10)]
    said = score_memory(book(*past).as_of(AS_OF_MS), setup(), AS_OF, PARAMETERS)
    assert said.evidence[0].text.startswith(f"20 like trades (same {alike}")
    assert said.coverage == 1.0


def test_closest_likeness_that_is_large_enough_is_asked_and_no_wider_one() -> None:
    past = [*trades(20, 0), *trades(0, 500, like=OTHER_SIZE, first=20)]
    said = score_memory(book(*past).as_of(AS_OF_MS), setup(), AS_OF, PARAMETERS)
    assert said.bullishness == 75.0


def test_trades_the_other_way_are_never_alike() -> None:
    memory = book(*trades(100, 0, like=OTHER_SIDE)).as_of(AS_OF_MS)
    said = score_memory(memory, setup(), AS_OF, PARAMETERS)
    assert said.evidence[0].text == "0 like trades so far, 20 needed"


def test_setup_that_was_won_speaks_for_its_own_direction() -> None:
    memory = book(*trades(40, 0, like=OTHER_SIDE)).as_of(AS_OF_MS)
    said = score_memory(memory, OTHER_SIDE, AS_OF, PARAMETERS)
    assert said.bullishness < 50.0
    assert Direction.SHORT.support(said.bullishness) > 55.0


@pytest.mark.parametrize(("won", "lost", "bullishness"), [(500, 0, 80.0), (0, 500, 20.0)])
def test_memory_leans_at_most_thirty_points(won: int, lost: int, bullishness: float) -> None:
    memory = book(*trades(won, lost)).as_of(AS_OF_MS)
    assert score_memory(memory, setup(), AS_OF, PARAMETERS).bullishness == bullishness


def test_trades_that_won_often_and_lost_in_all_support_nothing() -> None:
    memory = book(*trades(30, 20, gain=0.3)).as_of(AS_OF_MS)
    said = score_memory(memory, setup(), AS_OF, PARAMETERS)
    assert (said.bullishness, said.coverage) == (50.0, 1.0)
    assert said.evidence[0].text.endswith("60% won, -0.22 R each")


def test_without_memory_or_direction_nothing_is_known() -> None:
    memory = book(*trades(40, 0)).as_of(AS_OF_MS)
    nothing = score_memory(None, setup(), AS_OF, PARAMETERS)
    aimless = score_memory(memory, None, AS_OF, PARAMETERS)
    assert (nothing.bullishness, nothing.coverage) == (50.0, 0.0)
    assert (aimless.bullishness, aimless.coverage) == (50.0, 0.0)
    assert nothing.age_seconds == AS_OF.timestamp()
    assert nothing.evidence[0].text == "Like trades not known"
    assert aimless.evidence[0].text == "Like trades not known: no direction to compare"


def test_age_is_that_of_the_count() -> None:
    memory = book(*trades(40, 0)).as_of(AS_OF_MS)
    later = score_memory(memory, setup(), AS_OF + timedelta(minutes=20), PARAMETERS)
    assert later.age_seconds == 1200.0


@pytest.mark.parametrize(
    ("asset", "size"),
    [("BTC", PairClass.MAJOR), ("SOL", PairClass.LARGE), ("WIF", PairClass.SMALL)],
)
def test_coins_are_major_large_or_small(asset: str, size: PairClass) -> None:
    assert pair_class(asset, PARAMETERS) is size


@pytest.mark.parametrize(
    ("strength", "trend"),
    [
        (None, Trend.NONE),
        (0.0, Trend.NONE),
        (0.49, Trend.NONE),
        (0.5, Trend.UP),
        (-0.49, Trend.NONE),
        (-1.0, Trend.DOWN),
    ],
)
def test_trend_is_told_only_where_it_is_clear(strength: float | None, trend: Trend) -> None:
    assert trend_of(strength, PARAMETERS) is trend


@pytest.mark.parametrize(
    ("score", "band"), [(0.0, 0), (64.999, 60), (65.0, 65), (73.2, 70), (100.0, 100)]
)
def test_score_band_is_the_lower_end_of_five_points(score: float, band: int) -> None:
    assert score_band(score) == band


def test_contradicting_parameters_are_refused() -> None:
    with pytest.raises(ValueError, match="must be above 0"):
        replace(PARAMETERS, live_weight=0.0, backtest_weight=0.0)
    with pytest.raises(ValueError, match="must not speak against"):
        replace(PARAMETERS, full=40.0)
