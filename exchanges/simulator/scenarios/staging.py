"""Puts scenes into a market: replaced minutes, and later prices that go on from there."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from domain.errors import ConfigurationError
from domain.timeframes import from_ms
from exchanges.simulator.market.bars import CLOSE, MINUTE_MS, MinuteBars, Whole
from exchanges.simulator.market.pairs import Market, Pair
from exchanges.simulator.market.script import Script
from exchanges.simulator.market.trades import MinuteTrades
from exchanges.simulator.scenarios.registry import SCENARIOS
from exchanges.simulator.scenarios.writing import script_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A scene to play: its name in `SCENARIOS`, a pair, and when it begins (rounded down to 1m)."""

    name: str
    symbol: str
    start_ms: int


def with_scenarios(market: Market, scenarios: Iterable[Scenario]) -> Market:
    """The market with scenes played in it.

    Raises ConfigurationError for an unknown name or pair, for a scene outside of the pair's life
    and for one that begins while another is played on the pair.
    """
    pairs = dict(market.by_symbol)
    for scenario in sorted(scenarios, key=lambda one: one.start_ms):
        if scenario.symbol not in pairs:
            raise ConfigurationError(
                f"scenario {scenario.name}: no pair {scenario.symbol!r} in this market"
            )
        pairs[scenario.symbol] = _with_scene(pairs[scenario.symbol], scenario)
    return replace(market, pairs=tuple(pairs[pair.symbol] for pair in market.pairs))


def _with_scene(pair: Pair, scenario: Scenario) -> Pair:
    plot = SCENARIOS.get(scenario.name)
    if plot is None:
        raise ConfigurationError(
            f"unknown scenario {scenario.name!r}; choose one of {', '.join(SCENARIOS)}"
        )
    script = script_of(plot, pair, scenario.start_ms // MINUTE_MS)
    alone = pair.script_at(script.start_ms) is None
    if not alone or script.start_ms <= pair.bars.start_ms or script.end_ms > pair.bars.end_ms:
        reason = "is outside of the pair's bars" if alone else "begins while another is played"
        raise ConfigurationError(
            f"scenario {scenario.name} on {pair.symbol} at {from_ms(script.start_ms).isoformat()} "
            f"{reason}; choose another start"
        )
    columns = _with_script(pair.bars, script)
    bars = MinuteBars(pair.bars.first_minute, columns)
    return Pair(pair.contract, bars, (*pair.scripts, script))


def _with_script(bars: MinuteBars, script: Script) -> Whole:
    """The bars' columns with those of the script, and what comes after moved to its last close."""
    columns = bars.columns.copy()
    last = bars.position(max(script.minutes))
    old_close = int(columns[CLOSE, last])
    for minute, trades in script.minutes.items():
        columns[:, bars.position(minute)] = _bar(trades)
    moved = columns[: CLOSE + 1, last + 1 :] + (int(columns[CLOSE, last]) - old_close)
    columns[: CLOSE + 1, last + 1 :] = np.maximum(1, moved)
    return columns


def _bar(trades: MinuteTrades) -> tuple[int, ...]:
    """Open, high, low, close, volume and taker buys of a minute's trades."""
    prices = trades.prices
    return (
        int(prices[0]),
        int(prices.max()),
        int(prices.min()),
        int(prices[-1]),
        int(trades.quantities.sum()),
        int(trades.quantities[trades.buys].sum()),
    )
