"""Signatures are those that Binance's documentation shows, and nothing else passes for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchanges.simulator.trading.signing import is_signed, signature_of

# Binance's own example of a signed request (SIGNED endpoint examples for POST /fapi/v1/order).
DOCUMENTED_SECRET = "2b5eb11e18796d12d88f13dc27dbbd02c2cc51ff7059765ed9821957d82bb4d9"
DOCUMENTED_PAYLOAD = (
    "symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=1&price=9000&timeInForce=GTC&recvWindow=5000"
    "&timestamp=1591702613943"
)
DOCUMENTED_SIGNATURE = "3c661234138461fcc7a7d8746c6558c9842d4e10870d2ecbedf7777cad694af9"


def test_the_documented_example_has_the_documented_signature() -> None:
    assert signature_of(DOCUMENTED_PAYLOAD, DOCUMENTED_SECRET) == DOCUMENTED_SIGNATURE


@pytest.mark.parametrize("split", [0, 20, 60, None])
def test_a_request_may_be_split_between_query_and_body(split: int | None) -> None:
    sent = f"{DOCUMENTED_PAYLOAD}&signature={DOCUMENTED_SIGNATURE}"
    query, body = (sent, "") if split is None else (sent[:split], sent[split:])

    assert is_signed(query, body, DOCUMENTED_SECRET)


@given(
    st.text(alphabet="abc=&%019", max_size=40),
    st.text(min_size=1, max_size=10),
    st.integers(0, 200),
)
def test_a_changed_request_is_not_signed(payload: str, secret: str, place: int) -> None:
    sent = f"{payload}&signature={signature_of(payload, secret)}"
    place %= len(sent)
    changed = sent[:place] + ("x" if sent[place] != "x" else "y") + sent[place + 1 :]

    assert is_signed(sent, "", secret)
    assert not is_signed(changed, "", secret)


@pytest.mark.parametrize("sent", ["", "a=1", "a=1&signature=", "signature=00"])
def test_a_request_without_a_signature_is_not_signed(sent: str) -> None:
    assert not is_signed(sent, "", "secret")
