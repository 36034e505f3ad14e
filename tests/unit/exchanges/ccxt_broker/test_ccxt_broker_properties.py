"""What holds for any frame, any answer and any order."""

import json
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import OrderRefusedError
from domain.instruments import Instrument
from domain.orders import OrderKind
from exchanges.ccxt_broker.account_frames import hint_of
from exchanges.ccxt_broker.filters import check_request
from exchanges.ccxt_broker.verdicts import BINANCE_VERDICTS, Fate, verdict_on
from tests.unit.exchanges.ccxt_broker.order_rows import request

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("esoaPpc") | st.text(), inner),
    max_leaves=12,
)
KINDS = st.sampled_from(["ORDER_TRADE_UPDATE", "ALGO_UPDATE", "ACCOUNT_UPDATE", "TRADE_LITE"])
PAIR = Instrument(
    symbol="BTCUSDT",
    base="BTC",
    quote="USDT",
    tick=Decimal("0.1"),
    step=Decimal("0.001"),
    minimum_quantity=Decimal("0.001"),
    minimum_notional=Decimal(100),
)
MARKET: dict[str, Any] = {"limits": {"amount": {"max": 1000.0}, "market": {"max": 120.0}}}
QUANTITIES = st.integers(1, 3).flatmap(
    lambda places: st.decimals(min_value="0.1", max_value="2000", places=places + 1)
)
PRICES = st.integers(1, 2).flatmap(
    lambda places: st.decimals(min_value="0.1", max_value="90000", places=places)
)


@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
@settings(max_examples=100)
def test_no_frame_raises(frame: bytes) -> None:
    hint_of(frame)


@given(KINDS, JSON)
@settings(max_examples=100)
def test_known_event_of_any_shape_is_a_hint(kind: str, body: object) -> None:
    frame = json.dumps({"e": kind, "o": body, "a": body, "s": "BTCUSDT"})
    assert all(symbol for symbol in hint_of(frame).venue_ids)


@given(st.integers(200, 599), st.none() | st.integers(-9999, -1).map(str))
def test_only_what_the_venue_says_outright_counts_as_not_carried_out(
    status: int, code: str | None
) -> None:
    verdict = verdict_on(BINANCE_VERDICTS, status, code)
    if verdict is Fate.NOT_DONE:
        assert code == "-1008"
    if status >= 500 and code not in BINANCE_VERDICTS:
        assert verdict is Fate.UNKNOWN


@given(QUANTITIES, PRICES, st.sampled_from([OrderKind.LIMIT, OrderKind.POST_ONLY]))
@settings(max_examples=100)
def test_whatever_is_sent_is_on_the_grid_and_within_the_limits(
    quantity: Decimal, price: Decimal, kind: OrderKind
) -> None:
    order = request(kind=kind, quantity=quantity, price=price)
    try:
        check_request(order, PAIR, MARKET)
    except OrderRefusedError:
        return
    assert PAIR.quantity(quantity) == quantity
    assert PAIR.price(price) == price
    assert PAIR.minimum_notional <= quantity * price
    assert quantity <= 1000
