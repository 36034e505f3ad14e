"""Randomness of the simulated market: one seeded generator, and noise that is a pure function.

The noise functions answer the same for the same question, whoever asks and in which order: that is
what keeps a trade tape, a book and an interpolated candle equal over REST, streams and restarts.
"""

import zlib
from typing import Final

import numpy as np
import numpy.typing as npt
from numpy.random import Generator, default_rng  # noqa: TID251 - the simulator's one seeded source

__all__ = ["Generator", "noise", "noise_array", "seeded_generator", "symbol_key"]

_MASK: Final = 0xFFFF_FFFF_FFFF_FFFF
_GOLDEN: Final = 0x9E37_79B9_7F4A_7C15
_FIRST: Final = 0xBF58_476D_1CE4_E5B9
_SECOND: Final = 0x94D0_49BB_1331_11EB
_UNIT: Final = 2.0**-53


def seeded_generator(seed: int) -> Generator:
    """The generator of a synthetic market."""
    return default_rng(seed)


def symbol_key(symbol: str, seed: int = 0) -> int:
    """A number that stands for a symbol in the noise functions."""
    return zlib.crc32(symbol.encode()) ^ (seed * 0x1_0000_0001)


def noise(key: int, counter: int) -> float:
    """Uniform in [0, 1) for a key and a counter (SplitMix64, Steele et al. 2014)."""
    state = ((key * _SECOND ^ counter) * _GOLDEN + _GOLDEN) & _MASK
    state = ((state ^ (state >> 30)) * _FIRST) & _MASK
    state = ((state ^ (state >> 27)) * _SECOND) & _MASK
    return ((state ^ (state >> 31)) >> 11) * _UNIT


def noise_array(key: int, counters: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """`noise` of many counters at once: same numbers, same shape as `counters`."""
    mixed = np.uint64(key * _SECOND & _MASK) ^ counters.astype(np.uint64)
    state = mixed * np.uint64(_GOLDEN) + np.uint64(_GOLDEN)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(_FIRST)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(_SECOND)
    return ((state ^ (state >> np.uint64(31))) >> np.uint64(11)).astype(np.float64) * _UNIT
