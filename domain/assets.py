"""Which coin a ticker means: chains and venues wrap, multiply and rename the same thing."""

import re
from typing import Final

_MULTIPLE: Final = re.compile(r"^10{3,6}(?=[A-Z])|^1M(?=[A-Z]{3})")
"""Venues list cheap coins by the thousand or million: 1000PEPE, 1000000MOG, 1MBABYDOGE."""

_BRIDGED: Final = re.compile(r"\.[A-Z]{1,8}$")
"""Bridges mark their copy with a suffix: USDC.e, WETH.e."""

_SAME: Final = {
    "BTCB": "BTC",
    "CBBTC": "BTC",
    "TBTC": "BTC",
    "WBTC": "BTC",
    "XBT": "BTC",
    "STETH": "ETH",
    "WETH": "ETH",
    "WSTETH": "ETH",
    "WBNB": "BNB",
    "WSOL": "SOL",
    "JITOSOL": "SOL",
    "WAVAX": "AVAX",
    "WMATIC": "POL",
    "MATIC": "POL",
    "WTRX": "TRX",
    "BUSDT": "USDT",
    "USDT0": "USDT",
    "USDBC": "USDC",
}

STABLECOINS: Final = frozenset({"USDT", "USDC", "DAI", "FDUSD", "TUSD", "USDE", "PYUSD", "USDS"})
"""Coins that are worth a dollar: buying power, not something to trade."""


def units_of(ticker: str) -> int:
    """How many of its coins a ticker means: 1000 for "1000PEPE", else 1."""
    multiple = _MULTIPLE.match(ticker.strip().upper())
    if multiple is None:
        return 1
    return 1_000_000 if multiple.group() == "1M" else int(multiple.group())


def canonical_asset(ticker: str) -> str:
    """The coin that a ticker stands for, in capitals: "wbtc" is "BTC", "1000PEPE" is "PEPE"."""
    plain = _BRIDGED.sub("", ticker.strip().upper())
    plain = _MULTIPLE.sub("", plain)
    return _SAME.get(plain, plain)
