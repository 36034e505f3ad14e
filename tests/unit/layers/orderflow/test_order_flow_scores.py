"""Whole scores: weights, spoofing, coverage, age, and parameters that make no sense."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.evidence import LayerName, LayerScore
from domain.instruments import to_decimal
from domain.order_flow import OrderFlow
from domain.parameters import Parameters
from engine.ledger.canonical import to_canonical_json
from layers.orderflow import OrderFlowParameters, score_order_flow
from layers.orderflow.book_imbalance import BookImbalanceShape
from layers.orderflow.honesty import SpoofShape
from layers.orderflow.parameters import COMPONENT_NAMES, ComponentWeights
from layers.orderflow.trade_flow import TradeFlowShape
from layers.orderflow.walls import WallShape
from tests.builders.order_flow import (
    AS_OF,
    AT_MS,
    make_book,
    make_derivatives,
    make_flow,
    make_large,
    make_tape,
)

PARAMETERS = OrderFlowParameters()


def score(flow: OrderFlow | None, parameters: OrderFlowParameters = PARAMETERS) -> LayerScore:
    return score_order_flow(flow, AS_OF, parameters)


def test_weights_are_those_of_the_source() -> None:
    evidence = score(make_flow()).evidence
    assert [item.name for item in evidence] == list(COMPONENT_NAMES)
    assert [item.weight for item in evidence] == pytest.approx([0.25, 0.30, 0.15, 0.15, 0.10, 0.05])


def test_an_honest_book_does_not_dilute_the_others() -> None:
    flow = make_flow(book=make_book(0.2), tape=make_tape(0.6))
    answer = score(flow)
    leading = answer.evidence[:-1]
    mean = sum(item.weight * item.bullishness for item in leading) / 0.95
    assert answer.bullishness == pytest.approx(mean)
    assert answer.evidence[-1].bullishness == pytest.approx(mean)


def test_a_spoofed_book_takes_its_part_of_the_whole_layer() -> None:
    honest = score(make_flow(book=make_book(0.2))).bullishness - 50.0
    answer = score(make_flow(book=make_book(0.2, spoofing=1.0)))
    assert answer.evidence[-1].bullishness == 50.0
    assert answer.bullishness - 50.0 == pytest.approx(honest * 0.95 * (1.0 - 0.4))


def test_spoofing_takes_what_the_parameter_says() -> None:
    flow = make_flow(book=make_book(0.2, spoofing=1.0))
    pulled = score(flow, OrderFlowParameters(spoofing=SpoofShape(pull=1.0)))
    assert pulled.bullishness == 50.0


def test_weights_count_in_proportion() -> None:
    weights = ComponentWeights(
        book_imbalance=0.0,
        trade_flow=0.6,
        large_orders=0.0,
        funding_rate=0.0,
        open_interest=0.0,
        spoof_penalty=0.0,
    )
    answer = score(make_flow(tape=make_tape(0.75)), OrderFlowParameters(weights=weights))
    assert answer.bullishness == answer.evidence[1].bullishness
    assert answer.coverage == 1.0


@pytest.mark.parametrize(
    ("flow", "coverage"),
    [
        (make_flow(), 1.0),
        (make_flow(book=None), 0.625),
        (make_flow(tape=None), 0.625),
        (make_flow(tape=make_tape(covered_seconds=59.9)), 0.625),
        (make_flow(tape=make_tape(covered_seconds=150.0)), 0.8125),
        (make_flow(derivatives=None), 0.75),
        (make_flow(derivatives=make_derivatives(funding=None)), 0.85),
        (OrderFlow(), 0.0),
        (None, 0.0),
    ],
)
def test_coverage_is_the_share_of_the_weights_that_have_data(
    flow: OrderFlow | None, coverage: float
) -> None:
    assert score(flow).coverage == pytest.approx(coverage)


def test_without_order_flow_the_layer_is_silent() -> None:
    answer = score(None)
    assert answer.layer is LayerName.ORDERFLOW
    assert answer.bullishness == 50.0
    assert answer.coverage == 0.0
    assert [item.value for item in answer.evidence] == [None] * 6


@pytest.mark.parametrize(
    ("flow", "age"),
    [
        (make_flow(), 0.1),
        (make_flow(book=make_book(exchange_ms=AT_MS - 900)), 0.2),
        (make_flow(book=None), 0.2),
        (make_flow(book=None, tape=make_tape(last_trade_ms=AT_MS - 1_200_000)), 1200.0),
        (OrderFlow(derivatives=make_derivatives()), 8.0),
        (OrderFlow(tape=make_tape(last_trade_ms=None), derivatives=make_derivatives()), 8.0),
    ],
)
def test_age_is_that_of_the_newest_trade_or_change_of_the_book(flow: OrderFlow, age: float) -> None:
    assert score(flow).age_seconds == pytest.approx(age)


def test_age_grows_with_the_instant_asked_about() -> None:
    later = score_order_flow(make_flow(), AS_OF + timedelta(minutes=1), PARAMETERS)
    assert later.age_seconds == pytest.approx(60.1)


def test_without_any_datum_the_age_is_the_oldest_that_can_be_recorded() -> None:
    age = score(None).age_seconds
    assert age == AS_OF.timestamp()
    assert to_canonical_json(to_decimal(age)) == f'"{int(age)}"'


def test_a_book_that_is_not_whole_says_why() -> None:
    answer = score(make_flow(book=None, book_problem="crossed"))
    assert answer.evidence[0].text == "Order book not known: crossed"


def test_losing_the_book_leaves_what_trades_say() -> None:
    tape = make_tape(0.7, large=make_large(9))
    whole, lost = score(make_flow(tape=tape)), score(make_flow(book=None, tape=tape))
    assert lost.evidence[1] == whole.evidence[1]
    assert 50.0 < lost.bullishness < whole.bullishness


@pytest.mark.parametrize(
    "made_wrong",
    [
        lambda: ComponentWeights(
            book_imbalance=0, trade_flow=0, large_orders=0, funding_rate=0, open_interest=0
        ),
        lambda: BookImbalanceShape(pressure_share=0.55),
        lambda: BookImbalanceShape(full=70.0),
        lambda: TradeFlowShape(aggressive_share=0.8),
        lambda: TradeFlowShape(strong=70.0),
        lambda: TradeFlowShape(velocity_full=1.0),
        lambda: WallShape(near_percent=1.0),
        lambda: SpoofShape(pull=1.1),
    ],
)
def test_parameters_that_contradict_each_other_are_refused(
    made_wrong: Callable[[], Parameters],
) -> None:
    with pytest.raises(ValueError):
        made_wrong()
