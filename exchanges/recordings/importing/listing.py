"""A minimal exchangeInfo of the symbols of a source, from what its numbers show."""

from collections.abc import Iterable
from decimal import Decimal
from math import gcd
from typing import Any, Final

import msgspec

from domain.errors import ConfigurationError

_DECIMALS: Final = 12
_QUOTES: Final = ("USDT", "USDC", "BUSD", "FDUSD", "BTC", "ETH")
_LISTED_MS: Final = 1_567_900_800_000
_NEVER_DELIVERED_MS: Final = 4_133_404_800_000
_MOST: Final = 1_000_000_000


class ObservedGrid:
    """The coarsest unit that all numbers seen so far are whole multiples of."""

    def __init__(self) -> None:
        self._common = 0

    def see(self, number: str) -> None:
        """Take in one number as the venue wrote it."""
        self._common = gcd(self._common, int(Decimal(number).scaleb(_DECIMALS)))

    @property
    def unit(self) -> str:
        """In plain decimals; 1 where nothing but zero was seen."""
        unit = Decimal(self._common).scaleb(-_DECIMALS) if self._common else Decimal(1)
        return f"{unit.normalize():f}"


class ObservedContract:
    """What a source shows of one symbol."""

    def __init__(self, symbol: str) -> None:
        self.symbol = symbol
        self.prices = ObservedGrid()
        self.quantities = ObservedGrid()

    def see(self, price: str, quantity: str) -> None:
        """Take in a level of the book or a trade."""
        self.prices.see(price)
        self.quantities.see(quantity)

    def row(self) -> dict[str, Any]:
        """The symbol as exchangeInfo lists it; everything but tick and step is made up."""
        base, quote = _split(self.symbol)
        tick, step = self.prices.unit, self.quantities.unit
        return {
            "symbol": self.symbol,
            "pair": self.symbol,
            "contractType": "PERPETUAL",
            "deliveryDate": _NEVER_DELIVERED_MS,
            "onboardDate": _LISTED_MS,
            "status": "TRADING",
            "baseAsset": base,
            "quoteAsset": quote,
            "marginAsset": quote,
            "pricePrecision": _decimals(tick),
            "quantityPrecision": _decimals(step),
            "baseAssetPrecision": 8,
            "quotePrecision": 8,
            "underlyingType": "COIN",
            "underlyingSubType": [],
            "filters": _filters(tick, step),
            "orderTypes": ["LIMIT", "MARKET", "STOP_MARKET", "TAKE_PROFIT_MARKET"],
            "timeInForce": ["GTC", "IOC", "FOK", "GTX"],
        }


def exchange_info(contracts: Iterable[ObservedContract], at_ms: int) -> bytes:
    """The answer of exchangeInfo at an exchange time."""
    return msgspec.json.encode(
        {
            "timezone": "UTC",
            "serverTime": at_ms,
            "futuresType": "U_MARGINED",
            "rateLimits": [],
            "exchangeFilters": [],
            "assets": [],
            "symbols": [contract.row() for contract in contracts],
        }
    )


def _filters(tick: str, step: str) -> list[dict[str, Any]]:
    lots = {"minQty": step, "maxQty": str(_MOST), "stepSize": step}
    return [
        {
            "filterType": "PRICE_FILTER",
            "minPrice": tick,
            "maxPrice": str(_MOST),
            "tickSize": tick,
        },
        {"filterType": "LOT_SIZE", **lots},
        {"filterType": "MARKET_LOT_SIZE", **lots},
        {"filterType": "MAX_NUM_ORDERS", "limit": 200},
        {"filterType": "MIN_NOTIONAL", "notional": "5"},
    ]


def _split(symbol: str) -> tuple[str, str]:
    for quote in _QUOTES:
        if symbol.endswith(quote) and symbol != quote:
            return symbol.removesuffix(quote), quote
    raise ConfigurationError(f"{symbol} is quoted in none of {', '.join(_QUOTES)}")


def _decimals(unit: str) -> int:
    return len(unit.partition(".")[2])
