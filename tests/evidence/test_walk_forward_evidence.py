"""The live code in a walk-forward: a planted edge is found, and a random walk shows none."""

from datetime import timedelta
from pathlib import Path

from app.settings.strategy import Strategy
from app.walk_forward.preparing import WalkForwardOptions, prepare
from app.walk_forward.run_command import optimise
from engine.walk_forward.caveats import CONFIDENT
from engine.walk_forward.parameters import WalkForwardParameters
from engine.walk_forward.ranges import SearchParameters
from engine.walk_forward.values import WalkForwardResult
from risk.gate import RiskParameters
from risk.levels import LevelParameters
from tests.builders.edge_markets import MARKET_START, Burst, write_market

HOLD = "risk.lifecycle.maximum_hold_candles"
PARAMETERS = WalkForwardParameters(
    train_days=16, test_days=8, step_days=8, trials=8, least_trades=15, embargo_days=1
)
WARM_UP = timedelta(days=11)
"""A new pair gives hardly a signal before."""

DAYS = 52
"""After the warm-up there are three windows."""

LEVELS = LevelParameters(target_multiples=(5.0, 7.0, 9.0))
STRATEGY = Strategy(risk=RiskParameters(levels=LEVELS))
"""Targets are far, so that a trade ends by its stop or by its hold, which is searched."""

BURST = Burst(drift_candles=36, return_candles=24)
"""What moves on for 12 candles of 15 minutes after the layer leans on it, and then comes back."""


async def walk_forward(root: Path) -> WalkForwardResult:
    options = WalkForwardOptions(
        root=root,
        pairs="all",
        start=MARKET_START + WARM_UP,
        end=None,
        layers="technical",
        processes=1,
        storage=None,
        trials=None,
        train_days=None,
        test_days=None,
        step_days=None,
        seed=None,
        json=None,
        stores=False,
    )
    search = SearchParameters(ranges=(f"{HOLD} 4 to 24, step 4",))
    prepared = prepare(STRATEGY, PARAMETERS, search, options)
    return await optimise(prepared, options, lambda _window, _done: None)


async def test_a_planted_edge_is_found_and_holds_on_days_never_fitted(tmp_path: Path) -> None:
    write_market(tmp_path, pairs=4, days=DAYS, seed=3, burst=BURST)
    result = await walk_forward(tmp_path)
    planted = BURST.drift_candles // 3
    assert len(result.windows) == 3
    assert all(abs(window.chosen[HOLD] - planted) <= 4 for window in result.windows)
    assert result.test.expectancy_r is not None
    assert result.test.low_r is not None
    assert result.test.low_r > 0
    assert result.deflation.deflated is not None
    assert result.deflation.deflated > CONFIDENT
    assert result.test.expectancy_r > (result.unchanged.expectancy_r or 0.0)


async def test_a_random_walk_with_costs_shows_no_edge(tmp_path: Path) -> None:
    write_market(tmp_path, pairs=4, days=DAYS, seed=3)
    result = await walk_forward(tmp_path)
    assert result.test.trades > 30
    assert result.test.low_r is not None
    assert result.test.low_r <= 0
    assert result.deflation.deflated is not None
    assert result.deflation.deflated < CONFIDENT
    assert result.warnings[0].startswith("24 trials were made over 3 windows.")
    assert "no more than luck may bring" in result.warnings[0]
    assert any("No edge is shown" in warning for warning in result.warnings)
