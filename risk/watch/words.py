"""Words of the watch: each has a mirror for the other direction."""

from domain.directions import Direction

_AGAINST = {Direction.LONG: "sellers", Direction.SHORT: "buyers"}
_EXTREMES = {Direction.LONG: "low", Direction.SHORT: "high"}


def takers_against(direction: Direction) -> str:
    """Those whose trades go against a trade."""
    return _AGAINST[direction]


def takers_for(direction: Direction) -> str:
    """Those whose trades go with a trade."""
    return _AGAINST[direction.opposite]


def extreme_against(direction: Direction) -> str:
    """The side of a price range that a trade loses at."""
    return _EXTREMES[direction]


def extreme_for(direction: Direction) -> str:
    """The side of a price range that a trade earns at."""
    return _EXTREMES[direction.opposite]


def worse(direction: Direction) -> str:
    """What a price is that has moved against a trade."""
    return "lower" if direction is Direction.LONG else "higher"


def price_change(gain_percent: float, direction: Direction) -> str:
    """How the price has moved: "−0.6 %" is a gain of -0.6 for a long and of 0.6 for a short."""
    return signed_percent(gain_percent * direction.sign)


def signed_percent(value: float) -> str:
    """With its sign and one decimal."""
    return f"{value:+.1f} %".replace("-", "−")
