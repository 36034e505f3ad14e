"""Rows of an answer: an odd one is skipped and counted, but not when the answer is full of them."""

from collections.abc import Callable, Sequence
from typing import Annotated, Final, TypeVar

from pydantic import BaseModel, Field, ValidationError

from feeds.provider import Provider

Row = TypeVar("Row", bound=BaseModel)

UnixSeconds = Annotated[int, Field(ge=1_230_000_000, le=4_102_444_800)]
"""A time between bitcoin's first block and 2100: milliseconds, once sent instead, do not pass."""

Amount = Annotated[float, Field(ge=0, le=1e18, allow_inf_nan=False)]
"""Coins; of the cheapest there are some 1e15."""

MOST_USD: Final = 1e15
"""More dollars than there are: a mistake. One issuer did mint 300 trillion by accident (2025)."""

Dollars = Annotated[float, Field(ge=0, le=MOST_USD, allow_inf_nan=False)]

Count = Annotated[int, Field(ge=0, le=1_000_000_000)]
"""Of things in an hour or a day: a number without end would fit into no float."""


def sound_rows(provider: Provider, kind: type[Row], rows: Sequence[object]) -> list[Row]:
    """The rows that are what `kind` says; the others are skipped and counted.

    Raises FeedError when half of them or more are odd: then it is the schema that changed.
    """
    return sorted_rows(provider, kind, rows)[0]


def sorted_rows(
    provider: Provider, kind: type[Row], rows: Sequence[object]
) -> tuple[list[Row], list[object]]:
    """As `sound_rows`, and the odd rows as they came, for whom silence must mean something."""
    sound: list[Row] = []
    odd: list[tuple[object, str]] = []
    for row in rows:
        try:
            sound.append(kind.model_validate(row))
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            odd.append((row, f"{'.'.join(map(str, first['loc']))}: {first['msg']}"))
    if len(odd) * 2 >= max(len(rows), 1):
        raise provider.reject(repr(odd[0][0]), f"{len(odd)} of {len(rows)} rows, {odd[0][1]}")
    if odd:
        provider.skip_rows(len(odd), *odd[0])
    return sound, [row for row, _ in odd]


AssetNames = Callable[[], frozenset[str]]
"""The coins that are traded, canonical; asked anew each time, for the watchlist changes."""
