"""Scenes of order flow played on one pair for some minutes: walls, spoofing, absorption, cascades.

A scene replaces the minutes it plays in, so that candles, trades and books tell the same; the
pair's later prices are moved to go on from where it ends.
"""

from exchanges.simulator.scenarios.registry import SCENARIOS, Plot
from exchanges.simulator.scenarios.staging import Scenario, with_scenarios

__all__ = ["SCENARIOS", "Plot", "Scenario", "with_scenarios"]
