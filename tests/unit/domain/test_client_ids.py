"""The name of an order: as Binance and Bybit take it, and always the same for the same order."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.orders import ClientId, OrderRole

BINANCE = re.compile(r"[.A-Z:/a-z0-9_-]{1,36}")
BYBIT = re.compile(r"[A-Za-z0-9_-]{1,36}")

NAMES = st.builds(
    ClientId,
    tag=st.integers(0, 16**6 - 1).map("{:06x}".format),
    intent_id=st.integers(1, 10**9 - 1),
    role=st.sampled_from(OrderRole),
    rung=st.integers(0, 9),
    attempt=st.integers(1, 10**6 - 1),
)


@given(name=NAMES)
def test_every_name_is_one_that_the_venues_take(name: ClientId) -> None:
    assert BINANCE.fullmatch(str(name))
    assert BYBIT.fullmatch(str(name))


@given(name=NAMES)
def test_what_a_name_is_made_of_can_be_read_from_it(name: ClientId) -> None:
    assert ClientId.parse(str(name)) == name


@given(one=NAMES, other=NAMES)
def test_two_orders_never_share_a_name(one: ClientId, other: ClientId) -> None:
    assert (str(one) == str(other)) is (one == other)


@pytest.mark.parametrize("text", ["", "web_abc", "qABC123-7-e0-1", "qabc123-7-x0-1", "x-cvBPrNm9"])
def test_names_of_others_are_nobodys_of_ours(text: str) -> None:
    assert ClientId.parse(text) is None
