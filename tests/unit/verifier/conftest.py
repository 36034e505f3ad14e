"""The made-up record and its candles, once for all tests."""

from pathlib import Path

import pytest

from tests.unit.verifier.forging import LoadedCandles
from tests.unit.verifier.made_record import make_record
from verifier.verify import CandleFolder


@pytest.fixture(scope="session")
def candle_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_record().write_candles(tmp_path_factory.mktemp("candles"))


@pytest.fixture(scope="session")
def candles(candle_folder: Path) -> LoadedCandles:
    return LoadedCandles(CandleFolder(candle_folder), list(make_record().candles))
