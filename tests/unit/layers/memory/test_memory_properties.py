"""Promises of the memory layer for any past."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.directions import Direction
from domain.market_regime import Regime
from domain.memory import Origin, PairClass, PastOutcome, Setup, Trend
from layers.memory import MemoryParameters, score_memory
from tests.unit.layers.memory.past import AS_OF, AS_OF_MS, MINUTE, book

PARAMETERS = MemoryParameters(minimum_trades=3)

_MIRRORED_REGIME = {Regime.RISK_ON: Regime.RISK_OFF, Regime.RISK_OFF: Regime.RISK_ON}
_MIRRORED_TREND = {Trend.UP: Trend.DOWN, Trend.DOWN: Trend.UP}

setups = st.builds(
    Setup,
    direction=st.sampled_from(Direction),
    regime=st.sampled_from([Regime.RISK_ON, Regime.RISK_OFF, Regime.CHOPPY]),
    trend=st.sampled_from(Trend),
    score_band=st.sampled_from([65, 70]),
    pair_class=st.sampled_from(PairClass),
)
quarters = st.integers(-8, 16).map(lambda number: number / 4.0)
"""Results in R whose sums are exact, so that no order can show in the last digit."""

instants = st.integers(-6, 4).map(lambda number: AS_OF_MS + number * 15 * MINUTE)
outcomes = st.builds(
    PastOutcome,
    symbol=st.sampled_from(["BTCUSDT", "SOLUSDT"]),
    setup=setups,
    origin=st.sampled_from(Origin),
    realised_r=quarters,
    decided_ms=instants,
    known_ms=instants,
)
pasts = st.lists(outcomes, max_size=40)
undisputed_pasts = st.lists(
    outcomes, max_size=40, unique_by=lambda each: (each.origin, each.symbol, each.decided_ms)
)
"""Each trade told with one outcome."""


def mirrored_setup(one: Setup) -> Setup:
    return replace(
        one,
        direction=one.direction.opposite,
        regime=_MIRRORED_REGIME.get(one.regime, one.regime),
        trend=_MIRRORED_TREND.get(one.trend, one.trend),
    )


def mirrored(past: list[PastOutcome]) -> list[PastOutcome]:
    return [replace(each, setup=mirrored_setup(each.setup)) for each in past]


@settings(max_examples=100)
@given(past=pasts, later=pasts)
def test_nothing_known_or_decided_later_can_enter(
    past: list[PastOutcome], later: list[PastOutcome]
) -> None:
    usable = [each for each in past if each.known_ms <= AS_OF_MS and each.decided_ms < AS_OF_MS]
    unusable = [each for each in later if each.known_ms > AS_OF_MS or each.decided_ms >= AS_OF_MS]
    assert book(*usable, *unusable).as_of(AS_OF_MS) == book(*usable).as_of(AS_OF_MS)


@settings(max_examples=100)
@given(past=pasts, asked=st.lists(instants, max_size=4), data=st.data())
def test_neither_order_nor_repeats_nor_earlier_questions_matter(
    past: list[PastOutcome], asked: list[int], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(past))
    busy = book(*shuffled[::2])
    for at_ms in asked:
        busy.as_of(at_ms)
    for each in (*shuffled, *past):
        busy.add(each)
    assert busy.as_of(AS_OF_MS) == book(*past).as_of(AS_OF_MS)


@settings(max_examples=100)
@given(past=undisputed_pasts, setup=setups)
def test_mirrored_past_gives_the_mirrored_answer(past: list[PastOutcome], setup: Setup) -> None:
    upright = score_memory(book(*past).as_of(AS_OF_MS), setup, AS_OF, PARAMETERS)
    flipped = score_memory(
        book(*mirrored(past)).as_of(AS_OF_MS), mirrored_setup(setup), AS_OF, PARAMETERS
    )
    assert flipped.bullishness == 100.0 - upright.bullishness
    assert flipped.coverage == upright.coverage
    assert flipped.evidence[0].text == upright.evidence[0].text


@settings(max_examples=100)
@given(past=pasts, setup=setups)
def test_answer_is_in_range_and_neutral_unless_it_covers(
    past: list[PastOutcome], setup: Setup
) -> None:
    said = score_memory(book(*past).as_of(AS_OF_MS), setup, AS_OF, PARAMETERS)
    assert 20.0 <= said.bullishness <= 80.0
    assert said.coverage in (0.0, 1.0)
    assert said.coverage == 1.0 or said.bullishness == 50.0
    assert (said.evidence[0].value is None) is (said.coverage == 0.0)


@settings(max_examples=100)
@given(past=st.lists(outcomes, min_size=3, max_size=40), setup=setups, data=st.data())
def test_one_more_loss_never_raises_support_where_likeness_stays(
    past: list[PastOutcome], setup: Setup, data: st.DataObject
) -> None:
    same = [
        replace(each, setup=setup, decided_ms=AS_OF_MS - number - 2, known_ms=AS_OF_MS - 1)
        for number, each in enumerate(past)
    ]
    loss = replace(
        same[0], realised_r=data.draw(quarters.filter(lambda r: r <= 0.0)), symbol="XRPUSDT"
    )
    before = score_memory(book(*same).as_of(AS_OF_MS), setup, AS_OF, PARAMETERS)
    after = score_memory(book(*same, loss).as_of(AS_OF_MS), setup, AS_OF, PARAMETERS)
    support = setup.direction.support
    assert support(after.bullishness) <= support(before.bullishness) + 1e-9
