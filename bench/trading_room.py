"""Quorum's execution as it runs live: stored books, real ccxt; without the rest of the bot."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from aiohttp import ClientSession

from app.clock import ExchangeClock
from bot.presenters.html_presenter import HtmlPresenter
from domain.access import Role
from domain.accounts import OPERATOR, Account, ExecutionMode
from domain.instruments import Instrument
from domain.intents import EntryStyle, Intent, IntentState
from domain.plans import Denied
from domain.timeframes import from_ms
from engine.execution.desk.desk import Desk
from engine.execution.offers.checks import ExecutionChecks
from engine.execution.offers.confirming import ConfirmOffer
from engine.execution.parameters import ExecutionParameters, StopTrigger
from engine.ports.broker import Quote, Quotes
from engine.ports.storage import Storage
from engine.readiness.live_gate import LiveGate
from engine.readiness.parameters import ReadinessParameters
from engine.risk_state import NOTHING_KNOWN
from exchanges.ccxt_broker.broker import CcxtBroker
from exchanges.ccxt_broker.opening import open_ccxt_broker
from exchanges.ccxt_broker.pair_list import PairList
from exchanges.rejected_rows import RejectedRows
from exchanges.simulator import USUAL_ACCOUNT
from exchanges.venues import BINANCE_USDM
from exchanges.weight import WeightBudget
from risk.breakers import BreakerParameters
from risk.breakers.max_positions import MaxPositionsParameters
from risk.breakers.overtrading import OvertradingParameters
from risk.gate import RiskParameters
from tests.builders.signals import make_followed, make_plan, make_signal

_TRADER: Final = 7
_PLENTY: Final = Decimal(100_000_000)
_STOP_SHARE: Final = Decimal("0.025")
NOTIONAL: Final = Decimal(120)
_RISK: Final = RiskParameters(
    breakers=BreakerParameters(
        max_positions=MaxPositionsParameters(maximum_positions=100),
        overtrading=OvertradingParameters(maximum_signals=1000),
    )
)


@dataclass
class Prices(Quotes):
    """Best prices as they were when they were last asked for."""

    known: dict[str, Quote] = field(default_factory=dict)

    def quote(self, symbol: str) -> Quote | None:
        return self.known.get(symbol)


@dataclass
class TradingRoom:
    """Everything that outlives a restart; `desk` is the one at work."""

    storage: Storage
    rest_url: str
    wire_url: str
    ws_url: str
    clock: ExchangeClock = field(default_factory=ExchangeClock)
    prices: Prices = field(default_factory=Prices)
    _desk: Desk | None = None
    _number: int = 0

    @property
    def desk(self) -> Desk:
        assert self._desk is not None
        return self._desk

    async def begin(self) -> None:
        """One trader, live trading on, exchange time known."""
        async with self.storage() as unit:
            at = self.clock.now()
            await unit.users.grant(_TRADER, Role.ADMIN, at=at, how="bench")
            await unit.state.set_mode(ExecutionMode.LIVE)
            await unit.commit()
        told = await self._read("/fapi/v1/time")
        self.clock.align(from_ms(told["serverTime"]), time.monotonic())

    def open_desk(self) -> Desk:
        """A desk as in a process that has just been started: it has asked for nothing yet."""
        self._desk = Desk(
            storage=self.storage,
            open_broker=self._open_broker,
            quotes=self.prices,
            presenter=HtmlPresenter(),
            clock=self.clock,
            parameters=ExecutionParameters(),
            wake=lambda: None,
            new_tag=lambda: secrets.token_hex(3),
            data_age=lambda _symbol: 0.0,
            is_live_allowed=True,
        )
        return self._desk

    @asynccontextmanager
    async def working(self) -> AsyncIterator[Desk]:
        """A new desk, started up and running."""
        desk = self.open_desk()
        await desk.start_up()
        task = asyncio.create_task(desk.run())
        try:
            yield desk
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await desk.finish()

    async def offer(self, instrument: Instrument) -> int:
        """Store a fresh signal on a pair and an offer of it; the intent's number."""
        self._number += 1
        price = await self.look_up(instrument)
        distance = instrument.price(price * _STOP_SHARE)
        plan = make_plan(instrument=instrument, entry=str(price), stop_distance=str(distance))
        now = self.clock.now()
        signal = make_signal(self._number, instrument=instrument, plan=plan, published_at=now)
        intent = Intent(
            id=self._number,
            signal_id=self._number,
            account=OPERATOR,
            user_id=_TRADER,
            instrument=instrument,
            plan=plan,
            style=EntryStyle.MARKET,
            share=Decimal(1),
            quantity=self.sized(instrument)[0],
            leverage=5,
            state=IntentState.OFFERED,
            created_at=now,
            expires_at=now + timedelta(minutes=14),
        )
        async with self.storage() as unit:
            await unit.signals.add(make_followed(signal=signal))
            await unit.intents.add(intent)
            await unit.commit()
        return intent.id

    async def confirm(self, intent_id: int) -> None:
        """The press."""
        confirm = ConfirmOffer(
            storage=self.storage,
            presenter=HtmlPresenter(),
            clock=self.clock,
            checks=ExecutionChecks(
                desk=self.desk,
                quotes=self.prices,
                turnover=lambda _instrument: _PLENTY,
                macro=lambda: None,
                facts=NOTHING_KNOWN,
                risk=_RISK,
                parameters=ExecutionParameters(),
            ),
            open_broker=self.desk.broker_of,
            on_confirmed=self.desk.wake,
            live=LiveGate(
                clock=self.clock,
                is_switched_on=True,
                strategy="",
                stated="a measurement",
                parameters=ReadinessParameters(),
            ),
        )
        confirmed = await confirm(intent_id, _TRADER)
        assert not isinstance(confirmed, Denied), confirmed

    async def look_up(self, instrument: Instrument) -> Decimal:
        """Read the best prices of a pair; the ask."""
        row = await self._read(f"/fapi/v1/ticker/bookTicker?symbol={instrument.symbol}")
        bid, ask = Decimal(row["bidPrice"]), Decimal(row["askPrice"])
        self.prices.known[instrument.symbol] = Quote(bid=bid, ask=ask, age_seconds=0.0)
        return ask

    def sized(self, instrument: Instrument) -> tuple[Decimal, Decimal]:
        """Quantity and stop of a long at the prices last read."""
        price = self.prices.known[instrument.symbol].ask
        quantity = instrument.quantity(NOTIONAL / price) + instrument.step
        return quantity, instrument.price(price * (1 - _STOP_SHARE))

    async def _read(self, path: str) -> Any:
        async with ClientSession() as session, session.get(self.rest_url + path) as answer:
            return await answer.json()

    async def _open_broker(self, _account: Account) -> CcxtBroker:
        return open_ccxt_broker(
            BINANCE_USDM,
            USUAL_ACCOUNT.api_key,
            USUAL_ACCOUNT.secret,
            clock=self.clock,
            budget=WeightBudget(self.clock),
            rejected=RejectedRows(),
            pairs=PairList(),
            jitter=lambda: 0.5,
            stop_trigger=StopTrigger.MARK,
            rest_url=self.wire_url,
            ws_url=self.ws_url,
        )
