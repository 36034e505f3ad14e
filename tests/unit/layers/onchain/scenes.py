"""Chains that a subscriber would read about, by what happens on them."""

from domain.onchain import OnChain, SmartMoneyReading
from domain.transfers import Party
from tests.unit.layers.onchain.chains import (
    AT_MS,
    make_dex,
    make_dollars,
    make_flow,
    make_onchain,
    make_whales,
    mirrored,
    moved,
)

LEAVING = make_onchain(
    whales=make_whales(4.1e6, withdrawals=3, withdrawals_in_a_row=3),
    exchange_flow=make_flow(14e6, 2.4),
    dex=make_dex(230, 140),
    stablecoins=make_dollars(42e6, 3e6, 0.31),
    smart_money=SmartMoneyReading(watched=12, buyers=3, sellers=0),
)

SCENES: dict[str, OnChain] = {
    "nothing moves": make_onchain(),
    "coins leave": LEAVING,
    "coins come": mirrored(LEAVING),
    "one whale": make_onchain(whales=make_whales(920_000.0)),
    "whales of both kinds": make_onchain(
        whales=make_whales(3e6, 1.4e6, withdrawals=4, deposits=2, withdrawals_in_a_row=1)
    ),
    "a name that means harm": make_onchain(
        whales=make_whales(
            2e6,
            largest=moved(
                "x",
                sender=Party(
                    address="0xb",
                    owner="<b>\u202eFree\nAirdrop</b> at example.com",
                    is_exchange=True,
                ),
                asset="*SOL*",
                minutes_ago=0.5,
            ),
        ),
    ),
    "an exchange without a name": make_onchain(
        whales=make_whales(
            2e6,
            largest=moved("x", sender=Party(address="0xb", is_exchange=True), minutes_ago=0.5),
        ),
    ),
    "less leaves than usual": make_onchain(exchange_flow=make_flow(2e6, -1.3)),
    "a provider just begun": make_onchain(exchange_flow=make_flow(12e6, None, 5)),
    "a token that only DEXes tell of": OnChain(
        at_ms=AT_MS,
        answered_ms=AT_MS - 90_000,
        dex=make_dex(640, 210),
        stablecoins=make_dollars(None, None, 0.12),
        smart_money=SmartMoneyReading(watched=0, buyers=0, sellers=0),
    ),
    "a token in small pools": OnChain(
        at_ms=AT_MS, answered_ms=AT_MS - 90_000, dex=make_dex(640, 210, liquidity_usd=40_000.0)
    ),
    "wallets disagree": make_onchain(
        smart_money=SmartMoneyReading(watched=12, buyers=1, sellers=2)
    ),
    "nothing known": OnChain(at_ms=AT_MS),
}
