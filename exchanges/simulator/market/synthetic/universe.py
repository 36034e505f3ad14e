"""Which pairs a synthetic market has, and how each of them behaves."""

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from exchanges.simulator.market.contracts import (
    LISTED_LONG_AGO_MS,
    Contract,
    usual_minimum_notional,
)
from exchanges.simulator.market.randomness import Generator

SECTORS: Final = 6

_FINE_TICKS_ABOVE: Final = 1000.0

_MAJORS: Final = (
    # base, price, USDT traded in a usual minute, sector
    ("BTC", 98_000.0, 9_000_000.0, 0),
    ("ETH", 3_400.0, 6_000_000.0, 0),
    ("SOL", 165.0, 2_500_000.0, 1),
    ("XRP", 2.35, 1_500_000.0, 0),
    ("DOGE", 0.178, 900_000.0, 2),
    ("BNB", 905.0, 700_000.0, 0),
    ("SUI", 2.05, 500_000.0, 1),
    ("ADA", 0.555, 350_000.0, 1),
    ("LINK", 15.2, 320_000.0, 3),
    ("AVAX", 16.9, 300_000.0, 1),
    ("LTC", 96.0, 200_000.0, 0),
    ("WIF", 0.48, 180_000.0, 2),
    ("NEAR", 2.4, 170_000.0, 4),
    ("DOT", 2.85, 150_000.0, 1),
    ("UNI", 7.6, 150_000.0, 3),
    ("AAVE", 188.0, 150_000.0, 3),
    ("TAO", 330.0, 140_000.0, 4),
    ("HBAR", 0.162, 130_000.0, 1),
    ("FIL", 2.1, 120_000.0, 5),
    ("ARB", 0.245, 120_000.0, 5),
    ("OP", 0.36, 110_000.0, 5),
    ("APT", 3.1, 100_000.0, 1),
    ("CRV", 0.46, 100_000.0, 3),
    ("INJ", 6.9, 90_000.0, 3),
    ("SEI", 0.17, 90_000.0, 1),
    ("FET", 0.27, 90_000.0, 4),
    ("RENDER", 2.3, 80_000.0, 4),
    ("TIA", 0.88, 80_000.0, 5),
    ("ATOM", 2.75, 70_000.0, 1),
    ("ICP", 5.3, 70_000.0, 5),
    ("JUP", 0.31, 70_000.0, 3),
    ("LDO", 0.79, 65_000.0, 3),
    ("STX", 0.36, 60_000.0, 5),
    ("GALA", 0.0098, 60_000.0, 2),
    ("SAND", 0.2, 50_000.0, 2),
    ("ALGO", 0.165, 50_000.0, 1),
    ("XLM", 0.27, 50_000.0, 0),
    ("ETC", 15.4, 50_000.0, 0),
    ("PENDLE", 2.6, 45_000.0, 3),
    ("CHZ", 0.031, 40_000.0, 2),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairCharacter:
    """How one pair moves: loads on the factors, own daily volatility, size.

    `own_volatility` is the standard deviation of a day's own log return; `usual_turnover` is USDT
    in a usual minute.
    """

    contract: Contract
    price: float
    usual_turnover: float
    sector: int
    market_load: float
    sector_load: float
    own_volatility: float


def characters(count: int, generator: Generator) -> list[PairCharacter]:
    """The first `count` pairs: known majors, then invented small ones."""
    return [_character(index, generator) for index in range(count)]


def invented_contract(base: str, price: float, listed_ms: int = LISTED_LONG_AGO_MS) -> Contract:
    """A USDT perpetual with steps that fit its price: a tick of at most 1 basis point."""
    digits = 5 if price > _FINE_TICKS_ABOVE else 4
    tick = Decimal(10) ** (math.floor(math.log10(price)) - digits)
    step = Decimal(10) ** min(0, max(-3, math.floor(math.log10(5.0 / price))))
    return Contract(
        symbol=f"{base}USDT",
        base=base,
        tick=tick,
        step=step,
        minimum_notional=usual_minimum_notional(base),
        listed_ms=listed_ms,
    )


def _character(index: int, generator: Generator) -> PairCharacter:
    loads = generator.uniform(size=4)
    if index < len(_MAJORS):
        base, price, turnover, sector = _MAJORS[index]
    else:
        base, sector = f"SIM{index:03d}", index % SECTORS
        price = float(10.0 ** generator.uniform(-2.5, 2.0))
        turnover = float(10.0 ** generator.uniform(3.6, 4.8))
    calm = index < 2
    return PairCharacter(
        contract=invented_contract(base, price),
        price=price,
        usual_turnover=turnover,
        sector=sector,
        market_load=1.0 if calm else 0.8 + 0.6 * float(loads[0]),
        sector_load=0.3 if calm else 0.5 + 0.7 * float(loads[1]),
        own_volatility=0.006 if calm else 0.014 + 0.018 * float(loads[2]),
    )
