"""Stop, targets, break-even and reward to risk of a trade (design 4.5)."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from domain.directions import Direction
from domain.instruments import Instrument, to_decimal
from domain.parameters import Parameters, parameter
from domain.plans import Denial, Target, TradingCosts
from risk.percentages import exact, percent_of, share_of
from risk.rounding import rounded_against, rounded_in_favour

_TWO_PLACES = Decimal("0.01")
"""Grid of ratios: they are rounded down onto it before anything is compared or shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelParameters(Parameters):
    """Distances of stop and targets, and what they must be worth."""

    stop_atr_multiple: float = parameter(
        1.5, doc="distance of the stop", unit="ATR(14, 15m)", source="design 4.5", low=0.1, high=10
    )
    minimum_stop_percent: float = parameter(
        0.3,
        doc="floor of the stop distance",
        unit="percent of entry",
        source="design 4.5",
        low=0.05,
        high=5,
    )
    maximum_stop_percent: float = parameter(
        3.0,
        doc="a wider stop is too volatile for a scalp and gives no trade",
        unit="percent of entry",
        source="design 4.5",
        low=0.1,
        high=10,
    )
    target_multiples: tuple[float, float, float] = parameter(
        (1.5, 2.5, 4.0),
        doc="distances of the three targets, rising",
        unit="R",
        source="design 4.5",
        low=0.1,
        high=9,
    )
    closing_percents: tuple[float, float, float] = parameter(
        (40.0, 40.0, 20.0),
        doc="what closes at each target; together 100",
        unit="percent of the position",
        source="design 4.5",
        low=1,
        high=98,
    )
    trail_atr_multiple: float = parameter(
        1.0,
        doc="distance at which the stop trails the best price after the second target",
        unit="ATR(14, 15m)",
        source="design 4.5",
        low=0.1,
        high=10,
    )
    minimum_gross_reward_to_risk: float = parameter(
        2.0,
        doc="least reward to risk at the second target before costs",
        unit="ratio",
        source="design 4.5",
        low=0,
        high=9,
    )
    minimum_net_reward_to_risk: float = parameter(
        1.5,
        doc="least reward to risk at the second target after costs",
        unit="ratio",
        source="design 4.5",
        low=0,
        high=9,
    )

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        if self.minimum_stop_percent >= self.maximum_stop_percent:
            raise ValueError(
                f"minimum_stop_percent is {self.minimum_stop_percent}; it must be below "
                f"maximum_stop_percent, {self.maximum_stop_percent}"
            )
        if list(self.target_multiples) != sorted(set(self.target_multiples)):
            raise ValueError(
                f"target_multiples is {self.target_multiples}; each must be above the one before"
            )
        if sum(to_decimal(percent) for percent in self.closing_percents) != 100:
            raise ValueError(f"closing_percents is {self.closing_percents}; the sum must be 100")


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """Where a trade begins and ends. Prices on the tick grid, distances in price.

    `loss_per_unit` is what one base unit loses at the stop, costs included.
    """

    entry: Decimal
    stop: Decimal
    stop_distance: Decimal
    targets: tuple[Target, Target, Target]
    break_even: Decimal
    trail: Decimal
    loss_per_unit: Decimal
    gross_reward_to_risk: Decimal
    net_reward_to_risk: Decimal


def compute_levels(
    direction: Direction,
    instrument: Instrument,
    entry: Decimal,
    atr: Decimal,
    costs: TradingCosts,
    parameters: LevelParameters,
) -> Levels:
    """Levels of a trade at `entry`, a price on the tick grid; `atr` is a price distance >= 0.

    Every rounding is to the trade's disadvantage: the stop away from entry (the size shrinks with
    it), targets towards it, break-even beyond the costs. All that depends on the stop's distance is
    computed from the distance that is left after the floor and the rounding.
    """
    stop = _stop(direction, instrument, entry, atr, parameters)
    distance = abs(entry - stop)
    targets = _targets(direction, instrument, entry, distance, parameters)
    cost = entry * costs.round_trip
    reward = abs(targets[1].price - entry)
    return Levels(
        entry=entry,
        stop=stop,
        stop_distance=distance,
        targets=targets,
        break_even=rounded_in_favour(instrument, direction, entry + direction.sign * cost),
        trail=instrument.price_above(atr * exact(parameters.trail_atr_multiple)),
        loss_per_unit=distance + cost,
        gross_reward_to_risk=_rounded_down(reward / distance),
        net_reward_to_risk=_rounded_down((reward - cost) / (distance + cost)),
    )


def check_levels(levels: Levels, parameters: LevelParameters) -> tuple[Denial, ...]:
    """Every reason why levels give no trade; empty when they do."""
    return (
        *_check_stop(levels, parameters),
        *_check_ratio(
            "gross_reward_to_risk",
            "before",
            levels.gross_reward_to_risk,
            parameters.minimum_gross_reward_to_risk,
        ),
        *_check_ratio(
            "net_reward_to_risk",
            "after",
            levels.net_reward_to_risk,
            parameters.minimum_net_reward_to_risk,
        ),
    )


def _stop(
    direction: Direction,
    instrument: Instrument,
    entry: Decimal,
    atr: Decimal,
    parameters: LevelParameters,
) -> Decimal:
    wanted = atr * exact(parameters.stop_atr_multiple)
    floor = entry * share_of(parameters.minimum_stop_percent)
    return rounded_against(instrument, direction, entry - direction.sign * max(wanted, floor))


def _targets(
    direction: Direction,
    instrument: Instrument,
    entry: Decimal,
    distance: Decimal,
    parameters: LevelParameters,
) -> tuple[Target, Target, Target]:
    reward = direction.sign * distance

    def target(number: int) -> Target:
        multiple = exact(parameters.target_multiples[number])
        return Target(
            price=rounded_against(instrument, direction, entry + reward * multiple),
            multiple=multiple,
            fraction=share_of(parameters.closing_percents[number]),
        )

    return target(0), target(1), target(2)


def _check_stop(levels: Levels, parameters: LevelParameters) -> tuple[Denial, ...]:
    percent = percent_of(levels.stop_distance, levels.entry)
    if percent <= exact(parameters.maximum_stop_percent):
        return ()
    shown = percent.quantize(_TWO_PLACES, rounding=ROUND_CEILING)
    text = f"stop {shown} % away, more than {parameters.maximum_stop_percent:g} %"
    return (Denial(rule="stop_too_wide", text=text),)


def _check_ratio(rule: str, when: str, ratio: Decimal, minimum: float) -> tuple[Denial, ...]:
    if ratio >= exact(minimum):
        return ()
    text = f"reward to risk {ratio} {when} costs, below {minimum:g}"
    return (Denial(rule=rule, text=text),)


def _rounded_down(ratio: Decimal) -> Decimal:
    return ratio.quantize(_TWO_PLACES, rounding=ROUND_FLOOR)
