"""Whatever a payment looks like: no coin is made up, and no transfer is without an exchange."""

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.transfers import TransferKind
from feeds.labels.addresses import BITCOIN
from feeds.labels.labels import load_labels
from feeds.mempool import Coins, Confirmation, Input, Payment, Valued, transfers_of

LABELS = load_labels()
NOW = 1_759_759_200
ADDRESSES = [*LABELS.wallets_on(BITCOIN)[:6], "1one", "1two", "1three", None]

coins = st.builds(
    lambda address, value: Coins.model_validate({"scriptpubkey_address": address, "value": value}),
    st.sampled_from(ADDRESSES),
    st.integers(0, 10**12),
)
payments = st.builds(
    lambda number, spent, paid: Payment(
        txid=f"{number:064x}",
        vin=[Input(prevout=each) for each in spent],
        vout=paid,
        status=Confirmation(confirmed=True, block_time=NOW),
    ),
    st.integers(0, 10**9),
    st.lists(coins, min_size=1, max_size=5),
    st.lists(coins, min_size=1, max_size=5),
)
ALL = Valued(labels=LABELS, price=1.0, minimum_usd=0.0, now_ms=NOW * 1000)


@given(payments)
@settings(max_examples=200, deadline=None)
def test_no_coin_is_made_up(payment: Payment) -> None:
    told = transfers_of([payment], ALL)
    paid = sum(coins.value for coins in payment.vout) / 1e8
    assert sum(transfer.amount for transfer in told) <= paid * (1.0 + 1e-12)
    assert len({transfer.key for transfer in told}) == len(told)


@given(payments)
@settings(max_examples=200, deadline=None)
def test_an_exchange_has_part_in_every_transfer_and_never_pays_itself(payment: Payment) -> None:
    for transfer in transfers_of([payment], ALL):
        assert transfer.kind is not TransferKind.BETWEEN_WALLETS
        assert transfer.sender.owner != transfer.receiver.owner
        assert transfer.sender.address != transfer.receiver.address


@given(payments, st.floats(0.0, 1e5))
@settings(max_examples=100, deadline=None)
def test_a_higher_minimum_only_takes_away(payment: Payment, minimum: float) -> None:
    strict = Valued(labels=LABELS, price=1.0, minimum_usd=minimum, now_ms=NOW * 1000)
    everything = transfers_of([payment], ALL)
    assert transfers_of([payment], strict) == [t for t in everything if t.usd >= minimum]
