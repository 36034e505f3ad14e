"""The execution line alone, in a process of its own: wired as the bot wires it, and mortal."""

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from app.clock import ExchangeClock
from app.readiness import build_live_gate
from app.settings import Settings, load_settings
from app.trading import Trading, TradingGround, build_trading
from bot.presenters.html_presenter import HtmlPresenter
from db.engine import create_database_engine
from db.unit_of_work import SqlStorage
from domain.candles import CandleSeries
from domain.instruments import Instrument
from domain.intents import Intent
from domain.timeframes import Timeframe, from_ms
from engine.execution.parameters import ExecutionParameters
from engine.execution.requests import Pressed
from engine.flow_audience import FlowAudience
from engine.risk_state import RiskFacts
from exchanges.binance.flow_stream import BinanceFlowStream
from exchanges.rejected_rows import RejectedRows
from exchanges.weight import WeightBudget
from tests.builders.market import make_candles
from tests.fakes.market import make_market_state
from tests.killpoints.boundaries import Boundaries
from tests.killpoints.marked_broker import marking
from tests.killpoints.marked_storage import MarkedStorage

TRADER: Final = 7
SIGNAL: Final = 1
WATCH_SECONDS: Final = 1.0
"""More often than usual, so that a trailing stop need not be waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What a process is to do: where everything is, and the boundary at which it dies."""

    folder: Path
    rest_url: str
    ws_url: str
    api_key: str
    secret: str
    venue_ms: int
    at_monotonic: float
    instrument: Instrument
    is_live: bool
    kill_at: str | None = None


def run_bot(orders: Orders, pipe: Connection) -> None:
    """What happens in the forked process."""
    with (orders.folder / "log").open("ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    logging.basicConfig(level=logging.INFO)
    asyncio.run(_work(orders, pipe))


async def _work(orders: Orders, pipe: Connection) -> None:
    boundaries = Boundaries(orders.kill_at)
    async with _execution_line(orders, boundaries) as trading:
        trader = _Trader(trading)
        pipe.send("ready")
        async for command in _commands(pipe):
            if command == "stop":
                break
            pipe.send(await trader.obey(command))
    with contextlib.suppress(BrokenPipeError):
        pipe.send(boundaries.reached)


async def _commands(pipe: Connection) -> AsyncIterator[str]:
    arrived: asyncio.Queue[str] = asyncio.Queue()
    asyncio.get_running_loop().add_reader(pipe.fileno(), lambda: arrived.put_nowait(_heard(pipe)))
    while True:
        yield await arrived.get()


def _heard(pipe: Connection) -> str:
    try:
        return str(pipe.recv())
    except EOFError:
        return "stop"  # nobody is left to trade for


class _Trader:
    """Presses what he sees, and sees the state of his trade, or words."""

    def __init__(self, trading: Trading) -> None:
        self._use_cases = trading.use_cases
        self._offer: int | None = None

    async def obey(self, command: str) -> str:
        if command == "press":
            return _seen(await self._press())
        if command == "confirm":
            return "nothing is offered" if self._offer is None else await self._confirm(self._offer)
        closing = await self._use_cases.close(TRADER, None)
        return ",".join(closing.closing)

    async def _press(self) -> object:
        answer = await self._use_cases.request(SIGNAL, TRADER)
        if isinstance(answer, Pressed):
            self._offer = answer.intent.id
        return answer

    async def _confirm(self, offer: int) -> str:
        return _seen(await self._use_cases.confirm(offer, TRADER))


def _seen(answer: object) -> str:
    if isinstance(answer, Pressed):
        answer = answer.intent
    return answer.state.value if isinstance(answer, Intent) else str(answer)


@asynccontextmanager
async def _execution_line(orders: Orders, boundaries: Boundaries) -> AsyncIterator[Trading]:
    clock = ExchangeClock(speed=1.0)
    clock.align(from_ms(orders.venue_ms), orders.at_monotonic)
    database = create_database_engine(f"sqlite:///{orders.folder / 'quorum.sqlite'}")
    storage = MarkedStorage(SqlStorage(database), boundaries)
    trading = build_trading(_ground(orders, storage, clock))
    venues = trading.desk._venues
    venues._open_broker = marking(venues._open_broker, boundaries)
    async with _running(orders, trading, clock):
        yield trading
    await trading.desk.finish()
    await database.dispose()


@asynccontextmanager
async def _running(orders: Orders, trading: Trading, clock: ExchangeClock) -> AsyncIterator[None]:
    """In the order in which the bot starts them: prices, the comparison, then everything else."""
    flow = BinanceFlowStream(clock, lambda: 0.0, base_url=orders.ws_url)
    flow.set_symbols([orders.instrument.symbol])
    audience = FlowAudience((trading.quotes, trading.paper))
    tasks = [asyncio.create_task(flow.run(audience))]
    try:
        await trading.rounds.readiness()
        await trading.desk.start_up()
        tasks.append(asyncio.create_task(trading.paper.run()))
        tasks.append(asyncio.create_task(trading.desk.run()))
        yield
    finally:
        for task in tasks:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks, return_exceptions=True)


def _ground(orders: Orders, storage: MarkedStorage, clock: ExchangeClock) -> TradingGround:
    market = make_market_state(clock)
    market.observe(instruments={orders.instrument.symbol: orders.instrument}, tickers={})
    data: Any = SimpleNamespace(
        feed=_BusyMarket(), budget=WeightBudget(clock), rejected=RejectedRows()
    )
    settings = _settings(orders)
    return TradingGround(
        settings=settings,
        market=market,
        data=data,
        storage=storage,
        presenter=HtmlPresenter(),
        clock=clock,
        risk_facts=RiskFacts(),
        gate=build_live_gate(settings, clock),
        wake=lambda: None,
        hide=lambda secrets: None,
    )


def _settings(orders: Orders) -> Settings:
    settings = load_settings(
        {
            "EXCHANGE_REST_URL": orders.rest_url,
            "EXCHANGE_WS_URL": orders.ws_url,
            "BINANCE_API_KEY": orders.api_key,
            "BINANCE_API_SECRET": orders.secret,
            "LIVE_TRADING": "on" if orders.is_live else "off",
            "LIVE_OVERRIDE": "the money is simulated" if orders.is_live else "",
        },
        env_file=None,
    )
    execution = ExecutionParameters(watch_seconds=WATCH_SECONDS)
    strategy = settings.strategy.model_copy(update={"execution": execution})
    return settings.model_copy(update={"strategy": strategy})


class _BusyMarket:
    """Candles that say that far more changes hands than a trade of ours."""

    def series(self, _symbol: str, boundary: datetime) -> dict[Timeframe, CandleSeries]:
        candles = make_candles(boundary, count=12, timeframe=Timeframe.M5)
        return {Timeframe.M5: candles}
