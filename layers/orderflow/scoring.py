"""From the readings of one pair to the layer's answer."""

from collections.abc import Sequence
from datetime import datetime

from domain.derivatives import DerivativesReading
from domain.directions import NEUTRAL, scale_from_neutral
from domain.evidence import LayerName, LayerScore
from domain.order_flow import OrderFlow
from domain.timeframes import to_ms
from layers.component import Component
from layers.orderflow.book_imbalance import book_imbalance
from layers.orderflow.funding import funding_rate
from layers.orderflow.honesty import spoof_penalty, trust
from layers.orderflow.large_orders import large_orders
from layers.orderflow.open_interest import open_interest
from layers.orderflow.parameters import COMPONENT_NAMES, OrderFlowParameters
from layers.orderflow.trade_flow import covered_share, trade_flow
from layers.weighing import coverage_of, evidence_of, mean_distance


def score_order_flow(
    flow: OrderFlow | None, as_of: datetime, parameters: OrderFlowParameters
) -> LayerScore:
    """Six components weighed into one bullishness, pulled to neutral by a spoofed book.

    What is missing reads neutral and lowers coverage. The age is that of the newest trade or change
    of the book, of the derivatives where neither is known; without any datum it reaches back to
    1970, the oldest that is finite, and coverage is 0.
    """
    flow = flow or OrderFlow()
    shares = parameters.weights.shares()
    leading = _leading(flow, as_of, parameters)
    lean = _mean_distance(leading, shares)
    penalty = spoof_penalty(flow.book, lean, parameters.spoofing, parameters.book)
    components = (*leading, penalty)
    bullishness = NEUTRAL + mean_distance(components, shares)
    return LayerScore(
        layer=LayerName.ORDERFLOW,
        bullishness=scale_from_neutral(bullishness, trust(flow.book, parameters.spoofing)),
        age_seconds=max(0.0, (to_ms(as_of) - _newest_ms(flow)) / 1000.0),
        coverage=coverage_of(components, shares),
        evidence=tuple(evidence_of(COMPONENT_NAMES, components, shares)),
    )


def _leading(
    flow: OrderFlow, as_of: datetime, parameters: OrderFlowParameters
) -> tuple[Component, ...]:
    """The five components that have a side of their own."""
    book, tape, derivatives = flow.book, flow.tape, flow.derivatives
    covered = covered_share(tape, parameters.trade_flow)
    funding = None if derivatives is None else derivatives.funding
    return (
        book_imbalance(book, flow.book_problem, parameters.book_imbalance, parameters.book),
        trade_flow(tape, parameters.trade_flow),
        large_orders(tape, covered, book, parameters.large_orders, parameters.book),
        funding_rate(funding, as_of, parameters.funding_rate, parameters.derivatives),
        open_interest(derivatives, parameters.open_interest, parameters.derivatives),
    )


def _mean_distance(leading: Sequence[Component], shares: Sequence[float]) -> float:
    own = shares[: len(leading)]
    return mean_distance(leading, own) / sum(own)


def _newest_ms(flow: OrderFlow) -> int:
    """Exchange time of the newest change of the book or trade, 0 when nothing is known."""
    book_ms = 0 if flow.book is None else flow.book.exchange_ms
    trade_ms = 0 if flow.tape is None else flow.tape.last_trade_ms or 0
    return max(book_ms, trade_ms) or _newest_fact_ms(flow.derivatives)


def _newest_fact_ms(derivatives: DerivativesReading | None) -> int:
    if derivatives is None:
        return 0
    interest, positioning = derivatives.open_interest, derivatives.positioning
    return max(
        0 if interest is None else interest.exchange_ms,
        derivatives.funding_exchange_ms or 0,
        0 if positioning is None else positioning.exchange_ms,
    )
