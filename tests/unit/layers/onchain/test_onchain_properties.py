"""Promises of the on-chain layer that hold for any readings."""

import math
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.evidence import LayerScore
from domain.onchain import OnChain
from layers.onchain.parameters import COMPONENT_NAMES
from tests.unit.layers.onchain.any_chain import onchains
from tests.unit.layers.onchain.chains import component, mirrored, score
from tests.unit.layers.onchain.scenes import SCENES

EXACT = 1e-9
OWNERS = {
    "whales": "whale_movements",
    "exchange_flow": "exchange_flow",
    "dex": "exchange_flow",
    "stablecoins": "stablecoin_flow",
    "smart_money": "smart_money",
}


@settings(max_examples=100)
@given(onchain=onchains())
def test_a_mirrored_chain_gets_the_mirrored_score(onchain: OnChain) -> None:
    upright, flipped = score(onchain), score(mirrored(onchain))
    assert flipped.bullishness == pytest.approx(100.0 - upright.bullishness, abs=EXACT)
    assert (flipped.coverage, flipped.age_seconds) == (upright.coverage, upright.age_seconds)
    for ours, theirs in zip(upright.evidence, flipped.evidence, strict=True):
        assert theirs.bullishness == pytest.approx(100.0 - ours.bullishness, abs=EXACT)
        assert (theirs.value is None) == (ours.value is None)


@settings(max_examples=100)
@given(onchain=onchains())
def test_every_number_stays_in_its_range(onchain: OnChain) -> None:
    check_ranges(score(onchain))


@settings(max_examples=100)
@given(onchain=onchains())
def test_every_component_is_told_in_short_plain_words(onchain: OnChain) -> None:
    for item in score(onchain).evidence:
        assert 0 < len(item.text) <= 100
        assert item.text.isprintable()
        assert not item.text[0].islower()
        assert not set(item.text) & set("<>&*_`\n")
        assert item.value is not None or "not known" in item.text


@settings(max_examples=100)
@given(onchain=onchains(), part=st.sampled_from(sorted(OWNERS)))
def test_losing_a_part_never_raises_coverage_nor_helps_the_side_that_it_took(
    onchain: OnChain, part: str
) -> None:
    lost = _without(onchain, part)
    assert score(lost).coverage <= score(onchain).coverage
    alone = onchain
    for other in OWNERS.keys() - {part}:
        alone = _without(alone, other)
    if component(alone, OWNERS[part]).bullishness >= 50.0:
        assert score(lost).bullishness <= score(onchain).bullishness + EXACT


@settings(max_examples=100)
@given(onchain=onchains(), more=st.floats(0.0, 1e9))
def test_more_that_is_bullish_never_lowers_a_score(onchain: OnChain, more: float) -> None:
    for changed in _more_bullish(onchain, more):
        assert score(changed).bullishness >= score(onchain).bullishness - EXACT


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_not_finite_do_not_leak(bad: float) -> None:
    poisoned = list(_each_number_replaced(SCENES["coins leave"], bad))
    assert len(poisoned) >= 10
    for onchain in poisoned:
        check_ranges(score(onchain))


def _without(onchain: OnChain, part: str) -> OnChain:
    nothing: dict[str, Any] = {part: None}
    return replace(onchain, **nothing)


def check_ranges(answer: LayerScore) -> None:
    assert 0.0 <= answer.bullishness <= 100.0
    assert 0.0 <= answer.coverage <= 1.0
    assert 0.0 <= answer.age_seconds < math.inf
    assert tuple(item.name for item in answer.evidence) == COMPONENT_NAMES
    assert sum(item.weight for item in answer.evidence) == pytest.approx(1.0)
    for item in answer.evidence:
        assert 0.0 <= item.bullishness <= 100.0
        assert item.value is None or math.isfinite(item.value)
        assert item.value is not None or item.bullishness == 50.0


def _more_bullish(onchain: OnChain, more: float) -> Iterator[OnChain]:
    whales, flow, dex = onchain.whales, onchain.exchange_flow, onchain.dex
    if whales is not None:
        withdrawn = whales.withdrawn_usd + more
        yield replace(onchain, whales=replace(whales, withdrawn_usd=withdrawn))
    if flow is not None:
        z_score = None if flow.z_score is None else flow.z_score + more / 1e8
        net = flow.net_usd + more
        yield replace(onchain, exchange_flow=replace(flow, net_usd=net, z_score=z_score))
    if dex is not None:
        yield replace(onchain, dex=replace(dex, buys=dex.buys + round(more / 1e6)))
    dollars = onchain.stablecoins
    if dollars is not None and dollars.to_exchanges_usd is not None:
        inflow = dollars.to_exchanges_usd + more
        yield replace(onchain, stablecoins=replace(dollars, to_exchanges_usd=inflow))


def _each_number_replaced(value: Any, bad: float) -> Iterator[Any]:
    """Copies of a reading with one of its numbers replaced, one copy for each number."""
    if isinstance(value, float):
        yield bad
    elif is_dataclass(value) and not isinstance(value, type):
        for declared in fields(value):
            for changed in _each_number_replaced(getattr(value, declared.name), bad):
                yield replace(value, **{declared.name: changed})
