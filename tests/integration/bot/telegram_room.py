"""The real room over real sockets: aiogram, worker and use cases against the strict server."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession

from bot.application import TelegramApplication
from bot.delivery import DeliveryWorker
from bot.delivery_parameters import DeliveryParameters
from bot.handover import Delivered
from bot.presenters.html_presenter import HtmlPresenter
from bot.telegram import TelegramMessenger, make_bot
from bot.use_cases import BotUseCases
from domain.access import Role
from domain.errors import StorageUnavailableError
from domain.messages import CHANNEL, OutgoingMessage
from domain.signals import FollowedSignal
from engine.commands import PairAdmin, PauseSignals, ResolveDelivery, ResumeSignals
from engine.health import ReadHealth
from engine.issue import post_key, signal_buttons
from engine.parameter_sets.configuration import ReadConfiguration, RunningParameters
from engine.periodic_reports import ReadReport
from engine.ports.storage import OutboxRow, OutboxState
from engine.queries import FindDecision, FindSignal, ListOpenSignals, ReadHead, ReadRole
from engine.reports import BreakersReport, ChartData, HeatReport, StatusReport, TrackRecord
from engine.shadow_verdicts import ReadRuleVerdicts
from engine.statistics import LedgerReader, StatisticsParameters
from engine.statistics.values import Statistics
from tests.builders.market import make_candles
from tests.builders.outside import make_feed_health
from tests.builders.reports import make_statistics, make_status
from tests.builders.risk_reports import make_breakers, make_heat, make_open_risk, make_standing
from tests.builders.signals import CLOSED_AT
from tests.builders.track_records import make_track_record
from tests.builders.trade_cards import TRADER
from tests.fakes.storage import InMemoryStorage
from tests.fakes.trading import FakeTrading
from tests.telegram_server import CHANNEL_ID, Chat, Limits, TelegramServer

ADMIN = 4711
STRANGER = 1001
CODE = "J7K2-PAIR"
FAST = DeliveryParameters(chat_interval=0.0, overall_interval=0.0, first_back_off=0.05)
REQUEST_SECONDS = 0.6


class RoomClock:
    """Exchange time stands at the built signals' close; the monotonic clock is the machine's."""

    def now(self) -> datetime:
        return CLOSED_AT + timedelta(minutes=1)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, exchange_seconds: float) -> None:
        await asyncio.sleep(exchange_seconds)


@dataclass
class Room:
    """What a test works with."""

    server: TelegramServer
    bot: Bot
    storage: InMemoryStorage
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    clock: RoomClock = field(default_factory=RoomClock)
    presenter: HtmlPresenter = field(default_factory=HtmlPresenter)
    reader: LedgerReader = field(default_factory=LedgerReader)
    trading: FakeTrading = field(default_factory=FakeTrading)
    failure: Exception | None = None
    storage_failure: StorageUnavailableError | None = None
    statistics: Statistics = field(default_factory=make_statistics)
    delivered: list[Delivered] = field(default_factory=list)

    @property
    def use_cases(self) -> BotUseCases:
        storage, clock = self.storage, self.clock
        return BotUseCases(
            find_signal=FindSignal(storage),
            find_decision=FindDecision(storage),
            list_open=ListOpenSignals(storage),
            track_record=self.track_record,
            read_report=ReadReport(
                storage=storage,
                reader=self.reader,
                clock=clock,
                parameters=StatisticsParameters(),
            ),
            read_configuration=ReadConfiguration(storage=storage, running=RunningParameters()),
            read_head=ReadHead(storage, self.reader),
            read_heat=self.read_heat,
            read_breakers=self.read_breakers,
            judge_rules=ReadRuleVerdicts(storage, clock),
            read_status=self.read_status,
            read_health=ReadHealth(
                read_status=self.read_status, feeds=lambda: [make_feed_health("fear_greed")]
            ),
            chart_data=self.chart_data,
            pause=PauseSignals(storage, clock),
            resume=ResumeSignals(storage, clock),
            role_of=self.role_of,
            list_admins=self.list_admins,
            pair_admin=PairAdmin(storage, clock, CODE),
            resolve_delivery=ResolveDelivery(storage, clock),
            list_traders=self.list_traders,
            **self.trading.use_cases,
        )

    async def track_record(self, days: int | None) -> TrackRecord:
        return make_track_record(self.statistics, days)

    async def read_heat(self) -> HeatReport:
        return make_heat(make_open_risk())

    async def read_breakers(self) -> BreakersReport:
        return make_breakers(make_standing("paused"))

    async def read_status(self) -> StatusReport:
        if self.failure is not None:
            raise self.failure
        return make_status()

    async def chart_data(self, signal_id: int) -> ChartData:
        followed = await FindSignal(self.storage)(signal_id)
        if self.failure is not None:
            raise self.failure
        return ChartData(followed=followed, candles=make_candles(CLOSED_AT))

    async def role_of(self, user_id: int) -> Role:
        if self.storage_failure is not None:
            raise self.storage_failure
        return await ReadRole(self.storage)(user_id)

    async def list_admins(self) -> list[int]:
        async with self.storage() as unit:
            return await unit.users.list_with(Role.ADMIN)

    async def list_traders(self) -> list[int]:
        async with self.storage() as unit:
            return await unit.users.list_with(Role.TRADER)

    async def make_admin(self, user_id: int = ADMIN) -> None:
        await self._grant(user_id, Role.ADMIN)

    async def make_trader(self, user_id: int = TRADER) -> None:
        await self._grant(user_id, Role.TRADER)

    async def _grant(self, user_id: int, role: Role) -> None:
        async with self.storage() as unit:
            await unit.users.grant(user_id, role, at=CLOSED_AT, how="settings")
            await unit.commit()

    async def publish(
        self, followed: FollowedSignal, *, is_executable: bool = False
    ) -> OutgoingMessage:
        """Store a signal and put its post into the outbox, as the engine does."""
        message = OutgoingMessage(
            key=post_key(followed.signal.id),
            recipient=CHANNEL,
            text=self.presenter.signal_post(followed),
            buttons=signal_buttons(followed.signal.id, is_executable=is_executable),
        )
        async with self.storage() as unit:
            await unit.signals.add(followed)
            await unit.commit()
        await self.put(message)
        return message

    async def put(self, *messages: OutgoingMessage) -> None:
        async with self.storage() as unit:
            await unit.outbox.put(messages, at=self.clock.now())
            await unit.commit()
        self.wake.set()

    async def row(self, key: str) -> OutboxRow | None:
        async with self.storage() as unit:
            return await unit.outbox.find_by_key(key)

    async def state(self, key: str) -> OutboxState | None:
        row = await self.row(key)
        return None if row is None else row.state

    async def until(self, key: str, state: OutboxState, seconds: float = 5.0) -> OutboxRow:
        """Wait until the message with a key is in a state."""
        async with asyncio.timeout(seconds):
            while (row := await self.row(key)) is None or row.state is not state:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
            return row

    @property
    def channel(self) -> Chat:
        return self.server.world.chats.named(str(CHANNEL_ID))

    @asynccontextmanager
    async def delivering(self, parameters: DeliveryParameters = FAST) -> AsyncIterator[None]:
        """The delivery worker at work."""
        worker = DeliveryWorker(
            storage=self.storage,
            messenger=TelegramMessenger(self.bot, CHANNEL_ID),
            clock=self.clock,
            parameters=parameters,
            wake=self.wake,
            on_delivered=self.delivered.append,
        )
        async with asyncio.TaskGroup() as group:
            group.create_task(worker.run())
            yield
            worker.stop()

    @asynccontextmanager
    async def answering(self) -> AsyncIterator[TelegramApplication]:
        """The bot listening to commands and presses."""
        application = TelegramApplication(
            bot=self.bot, use_cases=self.use_cases, presenter=self.presenter, clock=self.clock
        )
        async with asyncio.TaskGroup() as group:
            group.create_task(application.run())
            try:
                await self.server.wait_for_poll()
                yield application
            finally:
                await application.stop()


@asynccontextmanager
async def open_room(*, limits: Limits | None = None, **bot_options: Any) -> AsyncIterator[Room]:
    """A server with the channel, and a bot that speaks to it."""
    async with TelegramServer(limits=limits) as server:
        server.channel()
        options = {"request_seconds": REQUEST_SECONDS, **bot_options}
        bot = make_bot(server.token, server.base_url, **options)
        session = bot.session
        assert isinstance(session, AiohttpSession)
        try:
            yield Room(server=server, bot=bot, storage=InMemoryStorage())
        finally:
            # Below aiogram, which would wait a quarter of a second for TLS that is not there.
            await (await session.create_session()).close()
