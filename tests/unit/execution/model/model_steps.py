"""What may happen to a trade of the model, as Hypothesis draws it."""

from hypothesis import strategies as st

from domain.accounts import PositionMode
from domain.directions import Direction
from domain.intents import EntryStyle
from tests.unit.execution.model.model_broker import Fault
from tests.unit.execution.model.model_hand import HandMade
from tests.unit.execution.model.model_venue import Hints
from tests.unit.execution.model.model_world import (
    Depth,
    Kill,
    Move,
    Terms,
    Trouble,
    Wait,
    Wish,
)

_PRICES = ["97.5", "98.50", "99.9", "100", "100.3", "102.25", "102.4", "103.75", "105", "106.2"]
_TARGETS = ["102.25", "102.4", "103.75"]
_REQUESTS = ["place", "place", "cancel", "find_order", "list_fills", "list_open_orders", "prepare"]

_STEP = st.one_of(
    st.builds(Wait, st.sampled_from([0.01, 0.05, 0.3, 1.0, 3.5, 7.0, 20.0])),
    st.builds(Move, st.sampled_from(_PRICES), st.booleans()),
    st.builds(Move, st.sampled_from(_TARGETS), st.booleans()),
    st.builds(Trouble, st.sampled_from(_REQUESTS), st.sampled_from(Fault)),
    st.builds(Trouble, st.just("place"), st.sampled_from(Fault)),
    st.builds(Depth, st.sampled_from(["0.2", "0.35", "1000"])),
    st.sampled_from(Hints),
    st.sampled_from(HandMade),
    st.sampled_from(Wish),
    st.builds(Kill, st.none() | st.integers(0, 40), st.booleans(), st.sampled_from([0.0, 2.0])),
)
TERMS = st.builds(
    Terms,
    direction=st.sampled_from(Direction),
    style=st.sampled_from(EntryStyle),
    mode=st.sampled_from(PositionMode),
    is_begun=st.booleans(),
    depth=st.sampled_from(["0.35", "1000"]),
)
STEPS = st.lists(_STEP, max_size=14)
