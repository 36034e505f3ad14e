"""Stored candles of a small market, written once for all tests of the folder."""

from pathlib import Path

import pytest

from app.walk_forward.preparing import WalkForwardOptions
from tests.builders.edge_markets import Burst, write_market


@pytest.fixture(scope="session")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pairs over 26 days. Signals begin when the slowest averages have settled."""
    root = tmp_path_factory.mktemp("market")
    write_market(root, pairs=2, days=26, seed=5, burst=Burst())
    return root


@pytest.fixture
def options(market: Path) -> WalkForwardOptions:
    """What a plain command line asks for."""
    return WalkForwardOptions(
        root=market,
        pairs="all",
        start=None,
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
