"""A local venue that speaks Binance USDⓈ-M's protocol, over a synthetic or recorded market.

Nothing here is needed to run Quorum against the real venue; nothing in Quorum knows which of the
two it talks to.
"""

from exchanges.simulator.clock import SimulatorClock
from exchanges.simulator.faults import Fault, FaultKind, Faults
from exchanges.simulator.market.pairs import Market
from exchanges.simulator.market.recorded.market import recorded_market
from exchanges.simulator.market.synthetic.market import synthetic_market
from exchanges.simulator.rest.http import held_ms
from exchanges.simulator.scenarios import SCENARIOS, Scenario, with_scenarios
from exchanges.simulator.settings import SimulatorSettings
from exchanges.simulator.trading.accounts import USUAL_ACCOUNT, SimulatedAccount
from exchanges.simulator.venue import SimulatedVenue, TaskSpawner

__all__ = [
    "SCENARIOS",
    "USUAL_ACCOUNT",
    "Fault",
    "FaultKind",
    "Faults",
    "Market",
    "Scenario",
    "SimulatedAccount",
    "SimulatedVenue",
    "SimulatorClock",
    "SimulatorSettings",
    "TaskSpawner",
    "held_ms",
    "recorded_market",
    "synthetic_market",
    "with_scenarios",
]
