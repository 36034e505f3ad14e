"""Where two values differ: named as a trader would look for it, exact, and nothing left out."""

from dataclasses import replace
from decimal import Decimal
from math import inf, nan, nextafter

import pytest

from domain.evidence import Evidence, LayerName
from engine.inputs import differences
from tests.builders.signals import make_decision, make_layer, make_plan, make_signal


def one_name(stored: object, recomputed: object) -> str:
    (found,) = differences(stored, recomputed)
    return found.name


def test_equal_values_have_none() -> None:
    assert differences(make_signal(), make_signal()) == ()


def test_field_inside_a_value_is_named_with_dots() -> None:
    plan = make_plan()
    costs = replace(plan.costs, slippage=Decimal("0.0003"))
    (found,) = differences(plan, replace(plan, costs=costs))
    assert (found.name, found.stored, found.recomputed) == ("costs.slippage", "0.0002", "0.0003")


def test_layers_and_evidence_go_by_their_names() -> None:
    layers = [make_layer(), make_layer(LayerName.ORDERFLOW)]
    rsi, *others = layers[1].evidence
    changed = replace(layers[1], evidence=(replace(rsi, bullishness=82.1), *others))
    decision = make_decision(layers=layers)
    name = one_name(decision, replace(decision, layers=(layers[0], changed)))
    assert name == "layers[orderflow].evidence[rsi].bullishness"


def test_other_things_in_a_row_go_by_their_numbers() -> None:
    plan = make_plan()
    first, second, third = plan.targets
    moved = replace(plan, targets=(first, replace(second, price=Decimal(1)), third))
    assert one_name(plan, moved) == "targets[1].price"


def test_rows_of_like_names_go_by_their_numbers() -> None:
    twice = (Evidence("rsi", 1.0, 50.0, 1.0, ""), Evidence("rsi", 2.0, 50.0, 1.0, ""))
    assert one_name(twice, (twice[0], replace(twice[1], value=3.0))) == "[1].value"


@pytest.mark.parametrize(("longer", "shorter"), [("stored", "made"), ("made", "stored")])
def test_what_only_one_side_has_is_a_difference(longer: str, shorter: str) -> None:
    sides = {longer: {"a": 1, "b": 2}, shorter: {"a": 1}}
    (found,) = differences(sides["stored"], sides["made"])
    assert found.name == "b"
    assert "not there" in (found.stored, found.recomputed)


def test_last_bit_of_a_number_is_a_difference_and_is_shown() -> None:
    (found,) = differences({"score": nextafter(1 / 3, 1.0)}, {"score": 1 / 3})
    assert (found.stored, found.recomputed) == ("0.33333333333333337", "0.3333333333333333")


def test_not_a_number_equals_itself_and_the_nothing_it_is_stored_as() -> None:
    assert differences({"value": nan}, {"value": nan}) == ()
    assert differences({"value": None}, {"value": nan}) == ()
    assert one_name({"value": nan}, {"value": None}) == "value"
    assert one_name({"value": nan}, {"value": inf}) == "value"
    assert one_name({"value": 1.0}, {"value": nan}) == "value"


def test_values_of_different_kinds_are_one_difference() -> None:
    assert one_name({"tier": None}, {"tier": {"a": 1}}) == "tier"
