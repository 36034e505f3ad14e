"""Whatever inputs there are, they read back as they were, to the last bit."""

from dataclasses import replace

from hypothesis import given, settings

from app.recorded_observations import observation_of
from db.binary_codec import BinaryCodec
from db.input_codec import InputEncoder, decode_inputs
from domain.market import MarketSnapshot
from engine.backtest.values import Observation
from engine.inputs import SignalInputs, differences
from tests.unit.inputs.any_inputs import inputs, snapshots

OBSERVATION = BinaryCodec(Observation)


def without_candles(kept: SignalInputs) -> SignalInputs:
    return replace(kept, snapshot=replace(kept.snapshot, candles={}))


@settings(max_examples=40, deadline=None)
@given(inputs())
def test_inputs_read_back_as_they_were(before: SignalInputs) -> None:
    after = decode_inputs(InputEncoder()(before)).inputs
    assert differences(without_candles(before), without_candles(after)) == ()
    assert differences(without_candles(after), without_candles(before)) == ()
    assert_same_bits(before.snapshot, after.snapshot)


@settings(max_examples=40, deadline=None)
@given(snapshots())
def test_observations_read_back_as_they_were(snapshot: MarketSnapshot) -> None:
    before = observation_of(snapshot)
    after = OBSERVATION.decode(OBSERVATION.encode(before))
    assert differences(before, after) == ()
    assert differences(after, before) == ()


def assert_same_bits(before: MarketSnapshot, after: MarketSnapshot) -> None:
    assert list(after.candles) == list(before.candles)
    for timeframe, series in before.candles.items():
        other = after.candles[timeframe]
        assert (other.timeframe, other.first_index) == (timeframe, series.first_index)
        assert other.columns.shape == series.columns.shape
        assert other.columns.tobytes() == series.columns.tobytes()
