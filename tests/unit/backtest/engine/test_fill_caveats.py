"""What a reader is told of pairs that are followed on candles coarser than a minute."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from domain.timeframes import Timeframe
from engine.backtest.caveats import warnings_of
from engine.backtest.observations import NOTHING_OBSERVED
from engine.backtest.values import PairHistory
from tests.unit.backtest.engine.walks import BLOCK_BEGINS, make_histories, make_strategy

END = BLOCK_BEGINS + timedelta(hours=2)


def coarse_fills_told(histories: Mapping[str, PairHistory]) -> list[str]:
    told = warnings_of(histories, make_strategy(), NOTHING_OBSERVED, ())
    return [each for each in told if each.startswith("Coarse fills")]


def test_coarse_fills_are_told_without_claiming_that_there_is_no_finer_candle() -> None:
    whole = make_histories(("AAA", "BBB"), BLOCK_BEGINS, END, seed=7)
    coarser = {symbol: replace(each, finest=Timeframe.M5) for symbol, each in whole.items()}
    (told,) = coarse_fills_told(whole | {"AAAUSDT": coarser["AAAUSDT"]})
    assert told.startswith(
        "Coarse fills: AAAUSDT are not followed on 1m candles, which do not cover the span and its "
        "warm-up without a gap, or are not what was asked for."
    )
    assert coarse_fills_told(whole) == []
