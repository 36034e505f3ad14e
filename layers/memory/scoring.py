"""From the outcomes of like setups to the layer's answer: a Beta posterior (design 4.3)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.directions import NEUTRAL
from domain.evidence import Evidence, LayerName, LayerScore
from domain.memory import FEATURES, Memory, Origin, OutcomeCount, Setup
from domain.timeframes import to_ms
from layers.component import Component, known, not_known
from layers.figures import counted
from layers.memory.parameters import MemoryParameters
from layers.shapes import signed_unit

LABEL: Final = "Like trades"
_EVEN: Final = 0.5
_NAME: Final = "like_trades"


@dataclass(frozen=True, slots=True, kw_only=True)
class LikeTrades:
    """Outcomes of setups alike in their first `features`, live and backtested ones apart."""

    features: int
    live: OutcomeCount
    backtest: OutcomeCount

    @property
    def trades(self) -> int:
        """How many there are, of both origins."""
        return self.live.trades + self.backtest.trades


def score_memory(
    memory: Memory | None, setup: Setup | None, as_of: datetime, parameters: MemoryParameters
) -> LayerScore:
    """What became of trades like this one, as bullishness; the setup is None without a direction.

    With too few like trades nothing is known: neutral, coverage 0. The age is that of the count,
    not of the trades: what a setup did before does not fade while nothing new happens. Without a
    memory it reaches back to 1970, the oldest that is finite.
    """
    component = _component(memory, setup, parameters)
    sign = 0 if setup is None else setup.direction.sign
    bullishness = NEUTRAL + sign * component.distance
    counted_ms = 0 if memory is None else memory.at_ms
    return LayerScore(
        layer=LayerName.MEMORY,
        bullishness=bullishness,
        age_seconds=max(0.0, (to_ms(as_of) - counted_ms) / 1000.0),
        coverage=component.coverage,
        evidence=(Evidence(_NAME, component.value, bullishness, 1.0, component.text),),
    )


def like_trades(memory: Memory, setup: Setup, minimum: int) -> LikeTrades:
    """The closest likeness with enough trades; the widest, same direction, where none has.

    Features fall away from the last: coin size, score, trend, regime; never the direction.
    """
    for features in range(len(FEATURES), 0, -1):
        found = _found(memory, setup, features)
        if found.trades >= minimum:
            break
    return found


def expected_wins(found: LikeTrades, parameters: MemoryParameters) -> float:
    """Mean of the Beta posterior: the share of such trades that is expected to be won.

    The prior is Beta(n/2, n/2) over `prior_trades`; each trade adds its origin's weight to one
    side (A. Gelman and others, Bayesian Data Analysis, 2.1).
    """
    live, backtest = parameters.live_weight, parameters.backtest_weight
    wins = live * found.live.wins + backtest * found.backtest.wins
    trades = live * found.live.trades + backtest * found.backtest.trades
    return (_EVEN * parameters.prior_trades + wins) / (parameters.prior_trades + trades)


def _component(
    memory: Memory | None, setup: Setup | None, parameters: MemoryParameters
) -> Component:
    """Its distance is in support: above 0 speaks for the setup's direction, either one."""
    if memory is None:
        return not_known(LABEL)
    if setup is None:
        return not_known(LABEL, "no direction to compare")
    found = like_trades(memory, setup, parameters.minimum_trades)
    if found.trades < parameters.minimum_trades:
        return Component(None, 0.0, 0.0, _too_few(found, parameters))
    expected = expected_wins(found, parameters)
    return known(LABEL, expected, _distance(found, expected, parameters), _words(found))


def _distance(found: LikeTrades, expected: float, parameters: MemoryParameters) -> float:
    """Straight from an even chance to the edge that says most.

    Trades that won often and lost in all support nothing.
    """
    edge = (expected - _EVEN) / parameters.full_edge
    distance = (parameters.full - NEUTRAL) * signed_unit(edge)
    earned = sum(
        parameters.weight_of(origin) * count.total_r
        for origin, count in ((Origin.LIVE, found.live), (Origin.BACKTEST, found.backtest))
    )
    return distance if earned > 0.0 else min(0.0, distance)


def _found(memory: Memory, setup: Setup, features: int) -> LikeTrades:
    origins = memory.counts.get(setup.likeness(features), {})
    return LikeTrades(
        features=features,
        live=origins.get(Origin.LIVE, OutcomeCount()),
        backtest=origins.get(Origin.BACKTEST, OutcomeCount()),
    )


def _too_few(found: LikeTrades, parameters: MemoryParameters) -> str:
    return f"{counted(found.trades, 'like trade')} so far, {parameters.minimum_trades} needed"


def _words(found: LikeTrades) -> str:
    live, backtest = found.live, found.backtest
    won = (live.wins + backtest.wins) / found.trades
    mean_r = (live.total_r + backtest.total_r) / found.trades
    alike = ", ".join(FEATURES[: found.features])
    return (
        f"{counted(found.trades, 'like trade')} (same {alike}; {live.trades} live, "
        f"{backtest.trades} backtested): {won:.0%} won, {round(mean_r, 2) + 0.0:+.2f} R each"
    )
