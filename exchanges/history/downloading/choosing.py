"""Which pairs are downloaded: the most traded ones, or those named."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

from domain.errors import ConfigurationError
from domain.instruments import Instrument
from engine.ports.market import MarketFacts

_TOP: Final = re.compile(r"top([1-9][0-9]{0,3})", re.IGNORECASE)


async def choose_pairs(facts: MarketFacts, words: str) -> tuple[Instrument, ...]:
    """The pairs of `words`: "top50" by 24-hour quote volume, or symbols with commas between.

    Raises `ConfigurationError` for a pair that is not traded now, and what `facts` raises.
    """
    instruments = await facts.fetch_instruments()
    top = _TOP.fullmatch(words.strip())
    if top is None:
        return tuple(_named(instruments, words))
    tickers = await facts.fetch_tickers()
    traded = [symbol for symbol in tickers if symbol in instruments]
    traded.sort(key=lambda symbol: (-tickers[symbol].quote_volume_24h, symbol))
    return tuple(instruments[symbol] for symbol in traded[: int(top[1])])


def _named(instruments: Mapping[str, Instrument], words: str) -> list[Instrument]:
    symbols = dict.fromkeys(word.strip().upper() for word in words.split(",") if word.strip())
    if not symbols:
        raise ConfigurationError("--pairs names no pair; give top50, or BTCUSDT,ETHUSDT")
    for symbol in symbols:
        if symbol not in instruments:
            near = ", ".join(get_close_matches(symbol, instruments)) or "top50"
            raise ConfigurationError(
                f"--pairs: {symbol} is no perpetual in USDT that is traded now; did you mean "
                f"{near}? Candles of a delisted pair can be imported from files"
            )
    return [instruments[symbol] for symbol in symbols]
