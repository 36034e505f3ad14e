"""Numbers of things in the sentences that people read."""

from typing import Final

NARROW_SPACE: Final = "\u202f"
"""Between thousands."""


def many(number: int, thing: str, things: str = "") -> str:
    """A number of things: "1 run", "3 runs", "1 234 runs".

    `things` is for what takes no mere s at its end, and for what goes on with a verb: "entries",
    "messages wait".
    """
    shown = f"{number:,}".replace(",", NARROW_SPACE)
    return f"{shown} {thing if number == 1 else things or f'{thing}s'}"
