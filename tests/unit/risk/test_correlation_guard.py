"""The correlation guard: one bet under several names, in both directions."""

from collections.abc import Mapping
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.correlations import Correlations
from domain.directions import Direction
from risk.breakers.correlation_guard import CorrelationGuardParameters
from risk.state import OpenTrade, RiskState
from tests.unit.risk.asking import rulings_of, tripped
from tests.unit.risk.trade_builders import make_open_trade, make_state

LONG, SHORT = Direction.LONG, Direction.SHORT
ETH, XRP, ADA, SOL = "ETHUSDT", "XRPUSDT", "ADAUSDT", "SOLUSDT"
GUARDED = ["correlation_guard"]


def holding(
    trades: Mapping[str, Direction], correlations: Mapping[tuple[str, str], float]
) -> RiskState:
    """Live trades by symbol, and correlations of two symbols in any order."""
    known = {(min(pair), max(pair)): value for pair, value in correlations.items()}
    return make_state(
        trades=tuple(make_open_trade(symbol, side) for symbol, side in trades.items()),
        correlations=Correlations(values=known),
    )


@pytest.mark.parametrize(
    ("live", "candidate", "correlation", "expected"),
    [
        (LONG, LONG, 0.85, []),
        (LONG, LONG, 0.851, GUARDED),
        (SHORT, SHORT, 0.851, GUARDED),
        (LONG, SHORT, 0.99, []),
        (SHORT, LONG, 0.99, []),
        (LONG, SHORT, -0.85, []),
        (LONG, SHORT, -0.851, GUARDED),
        (SHORT, LONG, -0.851, GUARDED),
        (LONG, LONG, -0.99, []),
    ],
)
def test_what_a_live_trade_does_already_is_blocked(
    live: Direction, candidate: Direction, correlation: float, expected: list[str]
) -> None:
    state = holding({ETH: live}, {(SOL, ETH): correlation})
    assert tripped(state, direction=candidate) == expected


def test_block_names_the_trade_and_the_correlation() -> None:
    (ruling,) = rulings_of(holding({ETH: SHORT}, {(SOL, ETH): -0.9}), direction=LONG)
    assert ruling.text == "correlates -0.90 with the live short on ETHUSDT"


@pytest.mark.parametrize(
    ("to_second", "expected"), [(0.69, []), (0.70, GUARDED), (-0.9, []), (0.8, GUARDED)]
)
def test_third_trade_of_a_cluster_is_blocked(to_second: float, expected: list[str]) -> None:
    known = {(SOL, ETH): 0.75, (SOL, XRP): to_second, (ETH, XRP): 0.1}
    assert tripped(holding({ETH: LONG, XRP: LONG}, known)) == expected


def test_second_trade_of_a_cluster_is_allowed() -> None:
    assert tripped(holding({ETH: LONG}, {(SOL, ETH): 0.8})) == []


def test_opposite_trades_that_win_together_are_a_cluster_too() -> None:
    known = {(SOL, ETH): -0.75, (SOL, XRP): 0.75, (ETH, XRP): -0.75}
    assert tripped(holding({ETH: SHORT, XRP: LONG}, known)) == GUARDED
    assert tripped(holding({ETH: LONG, XRP: LONG}, known)) == []


def test_links_through_another_trade_count() -> None:
    known = {(SOL, ETH): 0.75, (ETH, XRP): 0.75, (SOL, XRP): 0.1}
    (ruling,) = rulings_of(holding({ETH: LONG, XRP: LONG}, known))
    assert "trade 3 of a cluster" in ruling.text
    assert "ETHUSDT long, XRPUSDT long" in ruling.text


@pytest.mark.parametrize("candidate", list(Direction))
def test_unknown_correlation_counts_towards_the_cluster_but_does_not_block(
    candidate: Direction,
) -> None:
    assert tripped(holding({ETH: candidate}, {}), direction=candidate) == []
    assert tripped(holding({ETH: candidate, XRP: candidate}, {}), direction=candidate) == GUARDED


@pytest.mark.parametrize("unknown", [{}, {(SOL, ETH): float("nan"), (SOL, XRP): float("nan")}])
def test_unknown_correlation_with_the_opposite_direction_counts_nothing(
    unknown: dict[tuple[str, str], float],
) -> None:
    assert tripped(holding({ETH: SHORT, XRP: SHORT}, unknown), direction=LONG) == []


def test_live_trade_of_the_same_pair_is_left_to_its_own_rule() -> None:
    assert tripped(holding({SOL: LONG}, {})) == ["one_per_pair"]


def test_cluster_bound_above_the_block_is_refused() -> None:
    with pytest.raises(ValueError, match="cluster_correlation"):
        CorrelationGuardParameters(cluster_correlation=0.9)


SIDES = st.sampled_from(Direction)
KNOWN = st.dictionaries(
    st.sampled_from([(ADA, ETH), (ADA, SOL), (ADA, XRP), (ETH, SOL), (ETH, XRP), (SOL, XRP)]),
    st.floats(-1, 1),
)


@given(trades=st.dictionaries(st.sampled_from([ADA, ETH, XRP]), SIDES), known=KNOWN, side=SIDES)
def test_turning_every_trade_around_changes_nothing(
    trades: dict[str, Direction], known: dict[tuple[str, str], float], side: Direction
) -> None:
    turned = {symbol: direction.opposite for symbol, direction in trades.items()}
    assert tripped(holding(trades, known), direction=side) == tripped(
        holding(turned, known), direction=side.opposite
    )


@settings(max_examples=40)
@given(trades=st.fixed_dictionaries({ADA: SIDES, ETH: SIDES, SOL: SIDES, XRP: SIDES}), known=KNOWN)
def test_no_order_of_trades_makes_a_cluster_of_three(
    trades: dict[str, Direction], known: dict[tuple[str, str], float]
) -> None:
    for order in permutations(trades):
        taken: dict[str, Direction] = {}
        for symbol in order:
            state = holding(taken, known)
            if not tripped(state, symbol=symbol, direction=trades[symbol]):
                taken[symbol] = trades[symbol]
        assert all(alike(taken, known, symbol) <= 1 for symbol in taken)


def alike(
    taken: Mapping[str, Direction], known: Mapping[tuple[str, str], float], symbol: str
) -> int:
    """How many other trades are in one cluster with a symbol's, by links of their own."""
    count = 0
    for other, direction in taken.items():
        correlation = known.get((min(symbol, other), max(symbol, other)))
        is_same = direction is taken[symbol]
        is_linked = is_same if correlation is None else correlation * (2 * is_same - 1) >= 0.7
        count += other != symbol and is_linked
    return count


def test_no_live_trade_is_no_cluster() -> None:
    trades: tuple[OpenTrade, ...] = ()
    assert tripped(make_state(trades=trades)) == []
