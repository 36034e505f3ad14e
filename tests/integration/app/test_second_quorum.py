"""Two Quorums with databases of their own on one account of the simulated venue."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.account_locks import AccountLocks
from app.brokers import Brokers
from app.clock import ExchangeClock
from app.settings.sections import ExchangeSettings
from domain.accounts import OPERATOR
from engine.execution.accounts.traders import OPERATOR_ACCOUNT
from engine.execution.desk.desk import Desk
from engine.execution.parameters import ExecutionParameters, StopTrigger
from exchanges.paper.parameters import PaperParameters
from exchanges.paper.venue import PaperVenue
from exchanges.rejected_rows import RejectedRows
from exchanges.simulator import (
    USUAL_ACCOUNT,
    SimulatedVenue,
    SimulatorClock,
    synthetic_market,
)
from exchanges.weight import WeightBudget
from tests.fakes.quotes import FakeQuotes
from tests.fakes.storage import InMemoryStorage
from tests.unit.execution.desk.desk_floor import TradePresenter


@pytest.fixture
async def venue() -> AsyncIterator[SimulatedVenue]:
    market = synthetic_market(pairs=2, seed=11, history_minutes=1440, forward_minutes=1440)
    async with SimulatedVenue(
        market,
        SimulatorClock(market.start_ms, 1.0, time.monotonic),
        spawn=lambda name, work: asyncio.create_task(work, name=name),
    ) as running:
        yield running


@asynccontextmanager
async def quorum(venue: SimulatedVenue, folder: Path) -> AsyncIterator[Desk]:
    """A desk that has looked at the operator's account."""
    storage, clock = InMemoryStorage(), ExchangeClock()
    clock.align(datetime.fromtimestamp(venue.clock.now_ms() / 1000, UTC), clock.monotonic())
    paper = PaperVenue(
        storage=storage,
        clock=clock,
        instrument=lambda _: None,
        funding=lambda _: None,
        parameters=PaperParameters(),
    )
    settings = ExchangeSettings(
        rest_url=venue.rest_url,
        ws_url=venue.ws_url,
        api_key=SecretStr(USUAL_ACCOUNT.api_key),
        api_secret=SecretStr(USUAL_ACCOUNT.secret),
    )
    brokers = Brokers(
        settings,
        storage=storage,
        clock=clock,
        budget=WeightBudget(clock),
        paper=paper,
        sealer=None,
        locks=AccountLocks(folder),
        rejected=RejectedRows(),
        stop_trigger=StopTrigger.MARK,
        hide=lambda _: None,
    )
    desk = Desk(
        storage=storage,
        open_broker=brokers.open,
        quotes=FakeQuotes(),
        presenter=TradePresenter(),
        clock=clock,
        parameters=ExecutionParameters(),
        wake=lambda: None,
        new_tag=lambda: "0a1b2c",
        data_age=lambda _: 0.0,
        is_live_allowed=True,
    )
    await desk.start_up()
    try:
        yield desk
    finally:
        await desk.finish()


async def test_the_second_does_not_trade_while_the_first_is_there_and_then_does(
    venue: SimulatedVenue, tmp_path: Path
) -> None:
    async with quorum(venue, tmp_path) as first:
        assert first.halted_account(OPERATOR) is None
        async with quorum(venue, tmp_path) as second:
            halted = second.halted_account(OPERATOR)
            assert halted is not None
            assert "another Quorum on this machine trades with the same key" in halted
            await first.finish()
            await second.broker_of(OPERATOR_ACCOUNT)
            assert second.halted_account(OPERATOR) is None
