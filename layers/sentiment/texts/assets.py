"""Which coins a text names: by cashtag, by ticker, by name, or crypto as a whole."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from domain.assets import STABLECOINS, canonical_asset
from layers.sentiment.texts import names
from layers.sentiment.texts.parameters import TextParameters
from layers.sentiment.texts.phrases import PhraseTable
from layers.sentiment.texts.tokens import CASHTAG, NUMBER, PERCENT, TextParts, bare

MARKET: Final = "MARKET"
"""In place of a coin: the text is about crypto in general."""

_SHOUTED: Final = 0.6
_LONGEST_TICKER: Final = 10
_BESIDE: Final = names.TRADE_WORDS | {NUMBER, PERCENT}
_TICKERS: Final = (frozenset(names.NAMES) | names.PLAIN_TICKERS) - names.AMBIGUOUS_TICKERS


class AssetFinder:
    """Finds the coins of a text; stablecoins and long lists of coins stand for the market."""

    def __init__(self, parameters: TextParameters) -> None:
        self._most = parameters.most_assets
        self._names = PhraseTable(_coins_by_name(names.NAMES))
        self._capitalised = PhraseTable(_coins_by_name(names.CAPITALISED_NAMES))
        self._own = PhraseTable(_coins_by_name(names.OWN_NAMES))
        self._no_names = PhraseTable(dict.fromkeys(names.NO_NAMES, True))

    def named_in(self, parts: TextParts) -> frozenset[str]:
        """Canonical coins; `MARKET` alone for the trade as a whole, nothing for neither."""
        named = frozenset(map(canonical_asset, self._named(self._without_no_names(parts))))
        coins = named - STABLECOINS
        if 0 < len(coins) <= self._most:
            return coins
        is_of_the_trade = bool(named) or not names.MARKET_WORDS.isdisjoint(parts.keys)
        return frozenset({MARKET}) if is_of_the_trade else frozenset()

    def _named(self, parts: TextParts) -> Iterator[str]:
        yield from (found.meaning for found in self._names.found_in(parts.raw, parts.keys))
        yield from self._capitalised_names(parts)
        yield from self._own_names(parts)
        yield from _tickers(parts)

    def _without_no_names(self, parts: TextParts) -> TextParts:
        """The text with nothing in the places of phrases that only look like coins."""
        raw, keys = list(parts.raw), list(parts.keys)
        for found in self._no_names.found_in(parts.raw, parts.keys):
            nothing = range(found.begin, found.end)
            raw[found.begin : found.end] = ["-" for _ in nothing]
            keys[found.begin : found.end] = ["" for _ in nothing]
        return replace(parts, raw=tuple(raw), keys=tuple(keys))

    def _own_names(self, parts: TextParts) -> Iterator[str]:
        for found in self._own.found_in(parts.raw, parts.keys):
            raw = parts.raw[found.begin]
            is_name = raw[0] == "#" or bare(raw)[:1].isupper()
            if is_name or _has_trade_beside(found.begin, found.end, parts.keys):
                yield found.meaning

    def _capitalised_names(self, parts: TextParts) -> Iterator[str]:
        for found in self._capitalised.found_in(parts.raw, parts.keys):
            word = bare(parts.raw[found.end - 1])
            is_name = word[:1].isupper() and not word.isupper()
            if is_name and (
                _is_in_sentence(found.begin, parts)
                or _has_trade_beside(found.begin, found.end, parts.keys)
            ):
                yield found.meaning


def _tickers(parts: TextParts) -> Iterator[str]:
    is_shouted = _is_shouted(parts)
    for at, (raw, key) in enumerate(zip(parts.raw, parts.keys, strict=True)):
        word = bare(raw)
        if key == CASHTAG:
            yield from (tag for tag in (word.upper(),) if tag not in names.NO_COINS)
        elif raw[0] == "#":
            yield from (tag for tag in (word.upper(),) if tag in _TICKERS)
        elif word.isupper() and 1 < len(word) <= _LONGEST_TICKER + len("USDT"):
            yield from _capital_ticker(word, at, parts.keys, is_shouted=is_shouted)


def _capital_ticker(
    word: str, at: int, keys: tuple[str, ...], *, is_shouted: bool
) -> Iterator[str]:
    """Coins of a word in capitals: "SOL", "SOLUSDT", and "LINK" where the trade stands beside."""
    base = _base_of_pair(word)
    if base in _TICKERS or base != word:
        yield base
    elif word in names.AMBIGUOUS_TICKERS and not is_shouted and _has_trade_beside(at, at + 1, keys):
        yield word


def _base_of_pair(word: str) -> str:
    for quote in ("USDT", "USDC"):
        base = word.removesuffix(quote)
        if base != word and len(base) > 1:
            return base
    return word


def _has_trade_beside(begin: int, end: int, keys: tuple[str, ...]) -> bool:
    return not _BESIDE.isdisjoint((*keys[max(0, begin - 1) : begin], *keys[end : end + 1]))


def _is_in_sentence(begin: int, parts: TextParts) -> bool:
    """Whether a capital says something here: not the first word, and most words are without."""
    capitals = sum(raw[0].isupper() for raw in parts.raw)
    return begin > 0 and 2 * capitals <= len(parts.raw)


def _is_shouted(parts: TextParts) -> bool:
    return sum(raw.isupper() for raw in parts.raw) > _SHOUTED * len(parts.raw)


def _coins_by_name(coins: Mapping[str, str]) -> dict[str, str]:
    return {name.strip(): coin for coin, called in coins.items() for name in called.split(",")}
