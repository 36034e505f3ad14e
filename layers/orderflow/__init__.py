"""The order-flow layer: book, tape and derivatives of one pair, read as of an instant.

Trackers in `book`, `tape` and `derivatives` turn events into readings; the modules beside them turn
readings into six components, each a bullishness with the words for it. Pure: no clock, no I/O.
"""

from layers.orderflow.parameters import OrderFlowParameters
from layers.orderflow.scoring import score_order_flow

__all__ = ["OrderFlowParameters", "score_order_flow"]
