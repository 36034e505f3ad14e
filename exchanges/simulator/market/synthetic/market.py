"""Builds a synthetic market from a seed."""

from dataclasses import replace
from typing import Final

from exchanges.simulator.market.bars import MINUTE_MS, MinuteBars
from exchanges.simulator.market.oddities import odd_pairs
from exchanges.simulator.market.pairs import Market, Pair
from exchanges.simulator.market.randomness import Generator, seeded_generator
from exchanges.simulator.market.synthetic.bars import pair_bars
from exchanges.simulator.market.synthetic.regimes import FactorPath, factor_path
from exchanges.simulator.market.synthetic.universe import (
    SECTORS,
    PairCharacter,
    characters,
    invented_contract,
)

DAY_MINUTES: Final = 1440
DEFAULT_START_MS: Final = 1_767_571_200_000  # 2026-01-05 00:00 UTC, a Monday
_MARKET_VOLATILITY: Final = 0.016
_SECTOR_VOLATILITY: Final = 0.011
_NEW_LISTING_MINUTES: Final = 36 * 60


def synthetic_market(
    *,
    pairs: int = 40,
    seed: int = 7,
    start_ms: int = DEFAULT_START_MS,
    history_minutes: int = 18 * DAY_MINUTES,
    forward_minutes: int = 3 * DAY_MINUTES,
) -> Market:
    """A market of `pairs` crypto perpetuals, one fresh listing, and what a bot must pass over.

    The same arguments give the same market. `start_ms` is rounded down to a minute; bars reach
    from `history_minutes` before it to `forward_minutes` after it.
    """
    generator = seeded_generator(seed)
    start_minute = start_ms // MINUTE_MS
    first_minute = start_minute - history_minutes
    minutes = history_minutes + forward_minutes
    market = factor_path(minutes, _MARKET_VOLATILITY, generator, crashes=True)
    sectors = [factor_path(minutes, _SECTOR_VOLATILITY, generator) for _ in range(SECTORS)]
    cast = characters(pairs, generator)
    streams = generator.spawn(pairs + 1)
    traded = [
        _pair(character, market, sectors, first_minute, stream)
        for character, stream in zip(cast, streams[:-1], strict=True)
    ]
    fresh = _fresh_listing(cast[-1], market, sectors, first_minute, streams[-1])
    fresh = _listed_late(fresh, max(0, history_minutes - _NEW_LISTING_MINUTES))
    return Market(
        pairs=(*traded, fresh, *odd_pairs(traded[0], start_minute * MINUTE_MS)),
        start_ms=start_minute * MINUTE_MS,
        origin=f"synthetic market, seed {seed}",
    )


def _pair(
    character: PairCharacter,
    market: FactorPath,
    sectors: list[FactorPath],
    first_minute: int,
    generator: Generator,
) -> Pair:
    sector = sectors[character.sector]
    bars = pair_bars(character, market, sector, first_minute, generator)
    return Pair(character.contract, bars)


def _fresh_listing(
    like: PairCharacter,
    market: FactorPath,
    sectors: list[FactorPath],
    first_minute: int,
    generator: Generator,
) -> Pair:
    character = replace(like, contract=invented_contract("FRESH", 0.42), price=0.42)
    return _pair(character, market, sectors, first_minute, generator)


def _listed_late(pair: Pair, skipped_minutes: int) -> Pair:
    """The pair without its first minutes: its listing is where its bars begin."""
    first_minute = pair.bars.first_minute + skipped_minutes
    bars = MinuteBars(first_minute, pair.bars.columns[:, skipped_minutes:].copy())
    return Pair(replace(pair.contract, listed_ms=bars.start_ms), bars)
