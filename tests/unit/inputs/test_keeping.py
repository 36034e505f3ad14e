"""What is kept of a published signal: the market and the account as they were for it, at once."""

import pytest

from db.input_codec import decode_inputs
from domain.errors import StorageUnavailableError
from domain.timeframes import ANCHORED_WINDOWS, Timeframe
from engine.decide import decide
from engine.inputs import DecisionRules, differences
from engine.inputs.trimming import trim_series, trim_state
from risk.state import RiskState
from tests.fakes.storage import InMemoryStorage
from tests.unit.engine.closing import EAGER
from tests.unit.engine.failing_storage import FailingStorage
from tests.unit.engine.kept import NOTHING, look_into
from tests.unit.inputs.keeping_desk import RULES, VERSION_THEN, KeepingDesk
from tests.unit.layers.technical.markets import SOME_CANDLE, random_market
from tests.unit.risk.trade_builders import make_open_trade, make_state

MARKET = random_market(3, candles=2200, last=SOME_CANDLE + 8)


async def test_every_signal_of_a_close_is_kept_with_its_market_and_the_rules() -> None:
    desk = KeepingDesk()
    closed = await desk.close()
    assert len(closed.issued) > 1
    for followed in closed.issued:
        signal = followed.signal
        inputs = await desk.inputs(signal.id)
        assert (inputs.signal_id, inputs.published_at) == (signal.id, signal.published_at)
        assert (inputs.version, inputs.rules, inputs.mode) == (VERSION_THEN, RULES, None)
        assert inputs.snapshot.instrument == signal.instrument
        whole = closed.snapshots[signal.plan.symbol]
        assert inputs.snapshot.order_flow == whole.order_flow
        assert inputs.snapshot.spread_percent == whole.spread_percent
        assert decide(inputs.snapshot, EAGER) == signal.decision


async def test_account_is_kept_as_it_was_for_each_signal_of_the_close() -> None:
    desk = KeepingDesk()
    closed = await desk.close()
    states = [(await desk.inputs(each.signal.id)).state for each in closed.issued]
    assert [len(state.trades) for state in states] == list(range(len(closed.issued)))
    assert [trade.symbol for trade in states[-1].trades] == [
        followed.signal.plan.symbol for followed in closed.issued[:-1]
    ]
    assert [(await desk.inputs(each.signal.id)).sequence for each in closed.issued] == [
        number + 1 for number in range(len(closed.issued))
    ]


async def test_inputs_that_cannot_be_stored_keep_their_signals_from_being_published() -> None:
    sound = FailingStorage(InMemoryStorage())
    await KeepingDesk(wrap=lambda _: sound.storage).close()
    fails_at = sound.steps.index("inputs.add_for_signal")
    desk = KeepingDesk()
    failing = FailingStorage(desk.kept, fails_at)
    desk.wrap = lambda _: failing.storage
    with pytest.raises(StorageUnavailableError):
        await desk.close()
    assert await look_into(desk.kept) == NOTHING
    async with desk.kept() as unit:
        assert await unit.inputs.find_for_signal(1) is None


@pytest.mark.parametrize("timeframe", list(Timeframe))
def test_series_is_cut_to_the_anchored_window_of_its_newest_candle(timeframe: Timeframe) -> None:
    series = MARKET[timeframe]
    cut = trim_series(series)
    start = ANCHORED_WINDOWS[timeframe].start_of(series.last_index)
    assert cut.first_index == max(start, series.first_index)
    assert cut.last_index == series.last_index
    for position in (0, len(cut) - 1):
        whole = series.candle(cut.first_index - series.first_index + position)
        assert cut.candle(position) == whole
    assert cut.columns.readonly


def test_series_shorter_than_its_window_stays_whole() -> None:
    series = trim_series(MARKET[Timeframe.M15])
    assert trim_series(series).columns == series.columns


async def test_cut_market_is_decided_on_with_the_same_bits() -> None:
    desk = KeepingDesk()
    closed = await desk.close()
    inputs = await desk.inputs()
    whole = closed.snapshots[inputs.snapshot.instrument.symbol]
    assert differences(decide(whole, EAGER), decide(inputs.snapshot, EAGER)) == ()
    kept = {timeframe: len(series) for timeframe, series in inputs.snapshot.candles.items()}
    assert kept[Timeframe.M1] < len(whole.candles[Timeframe.M1])


def test_correlations_are_kept_as_far_as_the_gate_can_ask_for_them() -> None:
    values = {("AUSDT", "BUSDT"): 0.1, ("AUSDT", "CUSDT"): 0.2, ("BUSDT", "CUSDT"): 0.3}
    state: RiskState = make_state(trades=(make_open_trade("CUSDT"),))
    correlations = type(state.correlations)(as_of=state.now, values=values)
    cut = trim_state(make_state(trades=state.trades, correlations=correlations), "AUSDT")
    assert cut.correlations.values == {("AUSDT", "CUSDT"): 0.2}
    assert cut.correlations.as_of == state.now
    assert cut.trades == state.trades


def test_rules_have_one_fingerprint_that_any_parameter_changes() -> None:
    same = DecisionRules(decision=EAGER, risk=RULES.risk)
    assert RULES.fingerprint == same.fingerprint
    assert RULES.fingerprint != DecisionRules(decision=EAGER).fingerprint


async def test_bytes_that_are_kept_are_small() -> None:
    desk = KeepingDesk()
    await desk.close()
    content = await desk.content()
    assert len(content) < 100_000
    assert decode_inputs(content).gone == decode_inputs(content).added == ()
