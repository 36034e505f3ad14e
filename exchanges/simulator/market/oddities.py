"""Listings that a bot for crypto perpetuals must pass over, as the venue really has them."""

from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Final

from domain.timeframes import from_ms
from exchanges.simulator.market.bars import MINUTE_MS
from exchanges.simulator.market.pairs import Pair

_DELIVERED_AFTER_MS: Final = 80 * 24 * 60 * MINUTE_MS


def odd_pairs(like: Pair, start_ms: int) -> tuple[Pair, ...]:
    """A metal, a delivery contract, a name that is not ASCII and a pair being settled.

    All trade with the bars of `like`; only what exchangeInfo says of them matters.
    """
    perpetual = like.contract
    metal = replace(
        perpetual,
        symbol="XAUUSDT",
        base="XAU",
        contract_type="TRADIFI_PERPETUAL",
        underlying_type="COMMODITY",
        minimum_notional=Decimal(5),
    )
    delivered_ms = start_ms + _DELIVERED_AFTER_MS
    delivery = replace(
        perpetual,
        symbol=f"{perpetual.symbol}_{from_ms(delivered_ms):%y%m%d}",
        contract_type="CURRENT_QUARTER",
        delivered_ms=delivered_ms,
    )
    foreign = replace(perpetual, symbol="币安人生USDT", base="币安人生")
    settling = replace(perpetual, symbol="OLDUSDT", base="OLD", settling=True)
    return tuple(Pair(contract, like.bars) for contract in (metal, delivery, foreign, settling))


@lru_cache(maxsize=8)
def coin_margined(like: Pair) -> Pair:
    """The coin-margined contract that array streams carry since both universes share them."""
    base = like.contract.base
    contract = replace(like.contract, symbol=f"{base}USD_PERP", quote="USD")
    return Pair(contract, like.bars)


def universe(pair: Pair) -> int:
    """The `st` field: 1 for USDⓈ-margined contracts, 2 for coin-margined ones."""
    return 2 if pair.contract.quote == "USD" else 1
