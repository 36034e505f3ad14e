"""Which pairs a venue lists, and a clear word about those that it does not."""

from collections.abc import Sequence
from difflib import get_close_matches

import msgspec

from domain.errors import ConfigurationError
from exchanges.recordings.rest_answers import EXCHANGE_INFO, Question
from exchanges.recordings.rest_source import RestSource
from exchanges.unreadable import UNREADABLE


class _Listing(msgspec.Struct):
    symbol: str


class _ExchangeInfo(msgspec.Struct):
    symbols: list[_Listing]


async def checked_pairs(source: RestSource, written: str) -> list[str]:
    """The pairs of a text such as "BTCUSDT,eth/usdt" as the venue writes them, each once.

    Raises `ConfigurationError` when one is not listed or the venue does not tell.
    """
    pairs = list(dict.fromkeys(_normalised(pair) for pair in written.split(",") if pair.strip()))
    if not pairs:
        raise ConfigurationError("--pairs is empty; give symbols such as BTCUSDT,ETHUSDT")
    listed = await _listed_pairs(source)
    unknown = [pair for pair in pairs if pair not in listed]
    if unknown:
        raise ConfigurationError(_unknown_text(unknown, listed, source))
    return pairs


def _normalised(pair: str) -> str:
    return pair.strip().upper().replace("/", "")


async def _listed_pairs(source: RestSource) -> list[str]:
    body = await source.fetch(Question(path=EXCHANGE_INFO))
    if body is None:
        raise ConfigurationError(
            f"{source.base_url} does not tell what it lists; check the network and "
            "EXCHANGE_REST_URL (`python -m app doctor` looks closer)"
        )
    try:
        return [one.symbol for one in msgspec.json.decode(body, type=_ExchangeInfo).symbols]
    except UNREADABLE as error:
        raise ConfigurationError(
            f"{source.base_url} does not speak Binance's futures protocol: {error}"
        ) from None


def _unknown_text(unknown: Sequence[str], listed: Sequence[str], source: RestSource) -> str:
    near = sorted({match for pair in unknown for match in get_close_matches(pair, listed)})
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    return f"--pairs: {source.base_url} does not list {', '.join(unknown)}{hint}"
