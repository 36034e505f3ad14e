"""Open positions in words; each lacks its capital, as it may stand behind another."""

from domain.derivatives import (
    DerivativesReading,
    OpenInterestMeaning,
    OpenInterestReading,
    Positioning,
)
from domain.directions import Direction
from layers.figures import dollars, signed_percent, span


def change_words(interest: OpenInterestReading) -> str:
    """The change of open interest, and what it means against the price."""
    told = f"open interest {signed_percent(interest.change_percent, 1)}"
    told += f" in {span(interest.span_seconds)}"
    if interest.meaning is OpenInterestMeaning.QUIET:
        return f"{told}, quiet"
    way = "up" if interest.price_change_percent > 0.0 else "down"
    return f"{told} with price {way}: {interest.meaning.value}"


def positioning_words(positioning: Positioning) -> str:
    """How many are long: "crowd 78% long, top traders 41% long"."""
    crowd, top = _share(positioning.crowd_long_share), _top_share(positioning)
    told = ((who, longs) for who, longs in (("crowd", crowd), ("top traders", top)) if longs)
    return ", ".join(f"{who} {longs} long" for who, longs in told)


def liquidation_words(reading: DerivativesReading, push: float, quiet_notional: float) -> str:
    """What was ended by force on the side that pushes, or else what would be next.

    `quiet_notional` is what must have been liquidated to be worth telling.
    """
    ended = Direction.SHORT if push > 0.0 else Direction.LONG
    is_short = ended is Direction.SHORT
    liquidated = reading.shorts_liquidated if is_short else reading.longs_liquidated
    if liquidated > quiet_notional:
        return f"{dollars(liquidated)} of {ended.value}s liquidated"
    nearest = next((each for each in reading.clusters if each.liquidated is ended), None)
    distance = "" if nearest is None else f"{nearest.distance_percent:.1f}% "
    return f"liquidation of many {ended.value}s {distance}{'above' if is_short else 'below'}"


def _top_share(positioning: Positioning) -> str:
    accounts, positions = positioning.top_accounts_long_share, positioning.top_positions_long_share
    if accounts is None or positions is None:
        return _share(positions if accounts is None else accounts)
    return _share((accounts + positions) / 2.0)


def _share(longs: float | None) -> str:
    return "" if longs is None else f"{longs:.0%}"
