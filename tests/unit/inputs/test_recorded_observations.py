"""What was known beside candles, kept at closes and given to backtests as it was known then."""

import pickle
from dataclasses import replace
from datetime import timedelta

import pytest

from app.recorded_observations import KeepObservations, observation_of, read_observations
from domain.errors import InvalidDataError
from engine.backtest.observations import observed_at
from engine.close import CloseRound
from tests.fakes.storage import InMemoryStorage
from tests.unit.engine.closing import BOUNDARY
from tests.unit.engine.failing_storage import FailingStorage
from tests.unit.inputs.keeping_desk import KeepingDesk

SYMBOLS = tuple(f"P{number}USDT" for number in range(6))


async def closed() -> CloseRound:
    return await KeepingDesk().close()


async def test_everything_but_candles_and_memory_is_kept_of_every_pair_decided_on() -> None:
    storage, close = InMemoryStorage(), await closed()
    await KeepObservations(storage)(close)
    recorded = await read_observations(storage, BOUNDARY, BOUNDARY + timedelta(minutes=15))
    assert len(recorded) == len(SYMBOLS)
    for symbol in SYMBOLS:
        snapshot = close.snapshots[symbol]
        found = recorded.observation(symbol, BOUNDARY)
        assert found is not None
        assert found == observation_of(snapshot)
        assert found.order_flow == snapshot.order_flow is not None
        assert found.spread_percent == snapshot.spread_percent is not None


async def test_backtest_may_look_at_it_at_its_own_boundary_and_not_before() -> None:
    storage = InMemoryStorage()
    await KeepObservations(storage)(await closed())
    recorded = await read_observations(storage, None, None)
    found = observed_at(recorded, SYMBOLS[0], BOUNDARY)
    assert found is not None
    assert found.known_at == BOUNDARY
    for other in (BOUNDARY - timedelta(minutes=15), BOUNDARY + timedelta(minutes=15)):
        assert observed_at(recorded, SYMBOLS[0], other) is None
    assert recorded.observation("BTCUSDT", BOUNDARY) is None


async def test_span_is_read_from_its_start_on_and_without_its_end() -> None:
    storage, first = InMemoryStorage(), await closed()
    later = BOUNDARY + timedelta(minutes=15)
    moved = {symbol: replace(snapshot, as_of=later) for symbol, snapshot in first.snapshots.items()}
    keep = KeepObservations(storage)
    await keep(first)
    await keep(replace(first, boundary=later, snapshots=moved))
    assert len(await read_observations(storage, None, None)) == 2 * len(SYMBOLS)
    only_first = await read_observations(storage, BOUNDARY, later)
    assert only_first.observation(SYMBOLS[0], BOUNDARY) is not None
    assert only_first.observation(SYMBOLS[0], later) is None
    assert len(await read_observations(storage, later, None)) == len(SYMBOLS)


async def test_those_of_one_pair_go_to_another_process_alone() -> None:
    storage = InMemoryStorage()
    await KeepObservations(storage)(await closed())
    alone = (await read_observations(storage, None, None)).of(SYMBOLS[1])
    sent = pickle.loads(pickle.dumps(alone))  # noqa: S301 - our own bytes
    assert len(sent) == 1
    assert sent.observation(SYMBOLS[1], BOUNDARY) == alone.observation(SYMBOLS[1], BOUNDARY)
    assert sent.observation(SYMBOLS[0], BOUNDARY) is None


async def test_close_without_a_decision_opens_no_transaction() -> None:
    sound = FailingStorage(InMemoryStorage())
    await KeepObservations(sound.storage)(replace(await closed(), snapshots={}))
    assert sound.steps == []


async def test_spoilt_row_is_refused_when_it_is_looked_at() -> None:
    storage = InMemoryStorage()
    async with storage() as unit:
        await unit.inputs.add_observations([("BTCUSDT", BOUNDARY, b"spoilt")])
        await unit.commit()
    recorded = await read_observations(storage, None, None)
    with pytest.raises(InvalidDataError, match="a stored Observation cannot be read"):
        recorded.observation("BTCUSDT", BOUNDARY)
