"""Where a history has no 5-minute candles, the candle decided on tells the turnover."""

from decimal import Decimal

from domain.market import MarketSnapshot
from domain.timeframes import Timeframe
from risk.liquidity import compute_turnover
from tests.builders.market import make_candles, make_instrument
from tests.fakes.clock import AFTERNOON


def test_a_third_of_the_candle_decided_on_is_the_turnover_of_five_minutes() -> None:
    candles = make_candles(AFTERNOON)
    newest = candles.candle(-1)
    snapshot = MarketSnapshot(
        instrument=make_instrument(), as_of=AFTERNOON, candles={Timeframe.M15: candles}
    )
    assert compute_turnover(snapshot) == Decimal(repr(newest.volume * newest.close / 3))


def test_without_any_candles_the_turnover_is_unknown() -> None:
    snapshot = MarketSnapshot(instrument=make_instrument(), as_of=AFTERNOON, candles={})
    assert compute_turnover(snapshot) is None
