"""Which way a transfer went, and when two tell of the same one."""

from dataclasses import replace

import pytest

from domain.transfers import Party, TransferKind, kind_between
from tests.builders.outside import make_transfer

EXCHANGE = Party(address="0xE1", owner="Binance", is_exchange=True)
OTHER_EXCHANGE = Party(address="0xE2", owner="Kraken", is_exchange=True)
WALLET = Party(address="0xA1")
FUND = Party(address="0xA2", owner="Some fund")


@pytest.mark.parametrize(
    ("sender", "receiver", "kind"),
    [
        (WALLET, EXCHANGE, TransferKind.DEPOSIT),
        (FUND, EXCHANGE, TransferKind.DEPOSIT),
        (EXCHANGE, WALLET, TransferKind.WITHDRAWAL),
        (EXCHANGE, FUND, TransferKind.WITHDRAWAL),
        (EXCHANGE, OTHER_EXCHANGE, TransferKind.BETWEEN_EXCHANGES),
        (EXCHANGE, EXCHANGE, TransferKind.BETWEEN_EXCHANGES),
        (WALLET, FUND, TransferKind.BETWEEN_WALLETS),
    ],
)
def test_kind_follows_from_the_parties(sender: Party, receiver: Party, kind: TransferKind) -> None:
    assert kind_between(sender, receiver) is kind


def test_same_movement_has_one_key_whoever_tells_it_and_however_it_is_spelled() -> None:
    told = make_transfer("0xAbC")
    retold = replace(
        told,
        provider="etherscan",
        chain="Bitcoin",
        transaction="0xaBc",
        amount=told.amount * 1.01,
        usd=told.usd * 0.99,
        sender=EXCHANGE,
        receiver=replace(told.receiver, address=told.receiver.address.upper(), owner="Somebody"),
        happened_ms=told.happened_ms + 1,
    )
    assert retold.key == told.key


def test_movements_that_differ_have_keys_of_their_own() -> None:
    told = make_transfer("0xabc")
    others = [
        replace(told, chain="ethereum"),
        replace(told, transaction="0xabd"),
        replace(told, asset="ETH"),
        replace(told, receiver=WALLET),
    ]
    assert len({each.key for each in (told, *others)}) == 5
