"""The random numbers of a report: the same in every run, so that a report can be made again."""

from typing import Final

import numpy as np

_SEED: Final = 20_260_105


def drawing() -> np.random.Generator:  # noqa: TID251 - app owns randomness
    """A fresh generator; each has the same numbers."""
    return np.random.default_rng(_SEED)  # noqa: TID251 - app owns randomness
