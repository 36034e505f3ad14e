"""Each component: where its anchors lie, what strengthens it, what is missing."""

from dataclasses import replace
from typing import Any

import pytest

from domain.evidence import LayerName
from domain.onchain import SmartMoneyReading
from layers.onchain import OnChainParameters
from layers.onchain.exchange_flow import DexScore, FlowScore
from layers.onchain.parameters import ComponentWeights
from layers.onchain.readings.parameters import WhaleWindow
from tests.unit.layers.onchain.chains import (
    AT_MS,
    component,
    make_dex,
    make_dollars,
    make_flow,
    make_onchain,
    make_whales,
    moved,
    score,
)


def of(name: str, **readings: Any) -> float:
    return component(make_onchain(**readings), name).bullishness


@pytest.mark.parametrize(
    ("withdrawn", "deposits", "row", "expected"),
    [
        (0.0, 0.0, 0, 50.0),
        (500_000.0, 0.0, 1, 62.5),
        (1_000_000.0, 0.0, 1, 75.0),
        (80_000_000.0, 0.0, 1, 75.0),
        (2_000_000.0, 2_000_000.0, 0, 50.0),
        (3_000_000.0, 1_000_000.0, 2, 62.5),
        (1_000_000.0, 0.0, 3, 90.0),
        (500_000.0, 0.0, 3, 70.0),
    ],
)
def test_withdrawals_are_bullish_and_more_so_in_a_row(
    withdrawn: float, deposits: float, row: int, expected: float
) -> None:
    whales = make_whales(withdrawn, deposits, withdrawals_in_a_row=row)
    assert of("whale_movements", whales=whales) == pytest.approx(expected)


def test_a_row_against_what_weighs_more_adds_nothing() -> None:
    whales = make_whales(1_500_000.0, 5_000_000.0, withdrawals_in_a_row=3)
    alone = make_whales(1_500_000.0, 5_000_000.0)
    assert of("whale_movements", whales=whales) == of("whale_movements", whales=alone)
    assert "in a row" not in component(make_onchain(whales=whales), "whale_movements").text


def test_a_largest_transfer_that_does_not_decide_says_by_what_it_is_outweighed() -> None:
    whales = replace(
        make_whales(4_000_000.0, 5_000_000.0),
        withdrawals=1,
        deposits=3,
        largest=moved("largest", usd=4_000_000.0, minutes_ago=3.0),
    )
    told = component(make_onchain(whales=whales), "whale_movements")
    assert told.bullishness < 50.0
    assert told.text.endswith(" left Binance 3 min ago; outweighed by 3 deposits in 30 min")


@pytest.mark.parametrize(
    ("z_score", "expected"),
    [(0.5, 50.0), (1.0, 70.0), (1.5, 80.0), (2.0, 90.0), (4.0, 100.0), (9.0, 100.0), (-2.0, 10.0)],
)
def test_what_leaves_exchanges_counts_by_how_unusual_it_is(z_score: float, expected: float) -> None:
    flow = make_flow(14e6 if z_score > 0 else -14e6, z_score)
    assert of("exchange_flow", exchange_flow=flow) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("net", "expected"), [(1e6, 50.0), (10.5e6, 60.0), (20e6, 70.0), (900e6, 70.0), (-20e6, 30.0)]
)
def test_a_flow_without_a_comparison_speaks_softly(net: float, expected: float) -> None:
    flow = make_flow(net, None, hours_known=23)
    assert of("exchange_flow", exchange_flow=flow) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("buys", "sells", "expected"),
    [(200, 200, 50.0), (3, 0, 50.0), (126, 54, 61.3636), (900, 60, 70.0), (60, 900, 30.0)],
)
def test_takers_on_dexes_push_the_flow_their_way(buys: int, sells: int, expected: float) -> None:
    assert of("exchange_flow", dex=make_dex(buys, sells)) == pytest.approx(expected, abs=1e-3)


def test_flow_and_dexes_add_up_to_what_bullishness_can_express() -> None:
    both = of("exchange_flow", exchange_flow=make_flow(1e9, 3.0), dex=make_dex(900, 60))
    assert both == 100.0


@pytest.mark.parametrize(
    ("inflow", "outflow", "supply", "expected"),
    [
        (1e6, 0.0, 0.0, 50.0),
        (10e6, 0.0, 0.0, 75.0),
        (50e6, 0.0, 0.0, 90.0),
        (30e6, 10e6, 0.0, 50.0 + 28.75 / 2.0),
        (0.0, 50e6, 0.0, 10.0),
        (0.0, 0.0, 0.5, 60.0),
        (0.0, 0.0, -0.5, 40.0),
        (50e6, 0.0, 5.0, 100.0),
        (None, None, 0.5, 60.0),
    ],
)
def test_dollars_that_come_are_buying_power(
    inflow: float | None, outflow: float | None, supply: float, expected: float
) -> None:
    dollars = make_dollars(inflow, outflow, supply)
    assert of("stablecoin_flow", stablecoins=dollars) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("buyers", "sellers", "expected"),
    [
        (0, 0, 50.0),
        (1, 0, 70.0),
        (2, 0, 70.0),
        (3, 0, 90.0),
        (9, 1, 70.0),
        (0, 1, 30.0),
        (0, 3, 10.0),
        (4, 4, 50.0),
    ],
)
def test_followed_wallets_count_by_how_many_of_them_buy(
    buyers: int, sellers: int, expected: float
) -> None:
    smart = SmartMoneyReading(watched=12, buyers=buyers, sellers=sellers)
    assert of("smart_money", smart_money=smart) == expected


@pytest.mark.parametrize(
    ("lost", "coverage"),
    [
        ({"whales": None}, 0.7),
        ({"exchange_flow": None}, 0.82),
        ({"dex": None}, 0.88),
        ({"dex": make_dex(100, 100, liquidity_usd=100_000.0)}, 0.88),
        ({"exchange_flow": None, "dex": None}, 0.7),
        ({"stablecoins": None}, 0.8),
        ({"stablecoins": make_dollars(None, None, 0.05)}, 0.86),
        ({"stablecoins": make_dollars(0.0, 0.0, None)}, 0.94),
        ({"smart_money": None}, 0.8),
        ({"smart_money": SmartMoneyReading(watched=0, buyers=0, sellers=0)}, 0.8),
        ({}, 1.0),
    ],
)
def test_what_is_missing_lowers_coverage_and_says_nothing(
    lost: dict[str, Any], coverage: float
) -> None:
    answer = score(make_onchain(**lost))
    assert answer.coverage == pytest.approx(coverage)
    assert answer.bullishness == 50.0


def test_nothing_at_all_is_neutral_uncovered_and_as_old_as_can_be() -> None:
    answer = score(None)
    assert (answer.layer, answer.bullishness, answer.coverage) == (LayerName.ONCHAIN, 50.0, 0.0)
    assert answer.age_seconds == AT_MS / 1000.0
    assert all(item.value is None for item in answer.evidence)


def test_the_age_is_that_of_the_newest_answer() -> None:
    assert score(make_onchain(answered_ms=AT_MS - 45_000)).age_seconds == 45.0


def test_weights_are_those_of_the_design() -> None:
    assert OnChainParameters().weights.shares() == (0.3, 0.3, 0.2, 0.2)


def test_thresholds_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ValueError, match="quiet_z is 3"):
        FlowScore(quiet_z=3.0)
    with pytest.raises(ValueError, match=r"quiet is 0\.6"):
        DexScore(quiet=0.6)
    with pytest.raises(ValueError, match="fresh is 20"):
        WhaleWindow(fresh=20.0)
    with pytest.raises(ValueError, match="at least one of them"):
        ComponentWeights(whale_movements=0, exchange_flow=0, stablecoin_flow=0, smart_money=0)
