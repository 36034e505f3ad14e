"""Colours of a chart, dark like most trading screens."""

from typing import Final

Colour = tuple[int, int, int]

BACKGROUND: Final[Colour] = (19, 23, 34)
GRID: Final[Colour] = (34, 40, 54)
FRAME: Final[Colour] = (52, 60, 78)
TEXT: Final[Colour] = (222, 226, 235)
FAINT_TEXT: Final[Colour] = (134, 142, 160)

RISING: Final[Colour] = (38, 166, 154)
FALLING: Final[Colour] = (239, 83, 80)
RISING_VOLUME: Final[Colour] = (27, 78, 79)
FALLING_VOLUME: Final[Colour] = (97, 47, 53)

ENTRY: Final[Colour] = (116, 167, 255)
STOP: Final[Colour] = (255, 92, 92)
MOVED_STOP: Final[Colour] = (255, 176, 66)
TARGET: Final[Colour] = (72, 207, 133)

DRAWDOWN: Final[Colour] = (104, 40, 50)
ZERO: Final[Colour] = (110, 118, 138)

REWARD_ZONE: Final[Colour] = (20, 42, 44)
RISK_ZONE: Final[Colour] = (47, 29, 39)


def dimmed(colour: Colour) -> Colour:
    """A colour two thirds of the way to the background."""
    red, green, blue = (
        (bright + 2 * dark) // 3 for bright, dark in zip(colour, BACKGROUND, strict=True)
    )
    return red, green, blue
