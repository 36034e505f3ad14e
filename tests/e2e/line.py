"""The whole line for a test: simulated venue, the product's own wiring, a Bot API server."""

import asyncio
import logging
import re
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import structlog

from app.application import Application
from app.assembly import Surroundings
from app.clock import ExchangeClock
from app.logging import configure_logging
from app.market_view import VenueView
from app.outlet import Outlet, OutletParts
from app.outlets import open_telegram_outlet
from app.settings import Settings, load_settings, secrets_of
from app.supervisor import Supervisor
from db.engine import create_database_engine
from db.unit_of_work import SqlStorage
from domain.timeframes import from_ms, to_ms
from exchanges.simulator import (
    USUAL_ACCOUNT,
    Market,
    SimulatedAccount,
    SimulatedVenue,
    SimulatorClock,
    SimulatorSettings,
    held_ms,
    synthetic_market,
)
from feeds.simulator import World, feed_routes
from tests.telegram_server import CHANNEL_ID, TOKEN, Chat, Message, SimulatedUser, TelegramServer

SPEED = 480.0
"""Exchange seconds in a wall second: a 15-minute close every 1.9 s, also on a busy machine."""

OPERATOR_ID = 4242
_REFERENCE = re.compile(r"#(\d+) · ([0-9a-f]{8}) ")
"""Id and first digits of the record's hash, as a signal's post shows them."""

MORNING = datetime(2026, 1, 6, 8, tzinfo=UTC)

EAGER: Mapping[str, Any] = {
    # All pairs are watched at all times, and each with a direction becomes a signal, so that a
    # test need not wait for a good market.
    "scanner": {
        "minimum_quote_volume": 0.0,
        "minimum_change_percent": 0.0,
        "join_score": 0.0,
        "leave_score": 0.0,
    },
    # Both layers have to lean the same way, as shipped, but need not lean far.
    "confluence": {
        # What is asked of providers outside has tests of its own; nobody is asked here.
        "layers": ("technical", "orderflow"),
        "medium_threshold": 50.0,
        "high_threshold": 90.0,
        "supporting_support": 50.0,
        "low_quality_hours": (),
    },
    "risk": {
        "risk_per_trade": {"score_bands": (85.0, 75.0, 50.0)},
        "lifecycle": {"maximum_hold_candles": 3},
    },
    "issue": {"maximum_lateness_seconds": 850.0},
    "delivery": {"chat_interval": 0.0, "group_per_minute": 100_000, "overall_interval": 0.0},
}


PATIENT_BREAKERS: Mapping[str, Any] = {
    "drawdown": {"steps_percent": (20.0, 30.0, 40.0, 50.0)},
    "loss_streak": {"losses": 100},
    "hourly_losses": {"losses": 100},
    "revenge": {"cooldown_minutes": 0.0},
    "overtrading": {"maximum_signals": 1000},
    "max_positions": {"maximum_positions": 100},
    "correlation_guard": {"maximum_cluster": 100},
}
"""Signals are wanted until the end; breakers that stop them are tested elsewhere."""


FEED_KEYS: Mapping[str, Any] = dict.fromkeys(
    ("whale_alert_key", "etherscan_key", "lunarcrush_key", "x_token"), "any"
)
"""Any key opens the simulated providers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Both outer ends, the database, and the settings to run the bot between them."""

    venue: SimulatedVenue
    telegram: TelegramServer
    channel: Chat
    operator: SimulatedUser
    settings: Settings
    storage: SqlStorage
    wall: "Wall"
    speed: float = SPEED

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[Application]:
        """Run the bot until the end of the block; ready when the block begins."""
        clock = ExchangeClock(speed=self.speed)
        with _product_log(self.settings, clock):
            application = Application(
                self.settings,
                Surroundings(
                    clock=clock,
                    supervisor=Supervisor(clock),
                    wake=asyncio.Event(),
                    open_outlet=self._open_outlet,
                    on_progress=lambda done, total: None,
                    hide=lambda secrets: None,
                ),
            )
            try:
                await application.start()
                yield application
            finally:
                await application.stop()

    def now(self) -> datetime:
        """The venue's time."""
        return from_ms(self.venue.clock.now_ms())

    def skip_to(self, at: datetime) -> None:
        """Turn the venue's time forward. For while no bot is at work: its clock would not know."""
        self.wall.skipped += (at - self.now()).total_seconds() / self.speed

    async def pass_time(self, until: datetime) -> None:
        """Wait until the venue's time has come to an instant."""
        while (left := (until - self.now()).total_seconds()) > 0:  # noqa: ASYNC110 - its own clock
            await asyncio.sleep(left / self.speed)

    def posts(self) -> list[Message]:
        """Signal posts in the channel, in order."""
        return [
            post
            for post in self.channel.posts
            if post.reply_to is None and _REFERENCE.search(post.text)
        ]

    async def wait_for_posts(self, count: int) -> list[Message]:
        """Wait until so many signal posts stand in the channel."""
        await self.channel.wait(lambda _: len(self.posts()) >= count)
        return self.posts()

    async def wait_for_end(self) -> Message:
        """Wait until some signal's post shows that it has ended."""
        return await self.channel.wait(
            lambda _: next((post for post in self.posts() if has_ended(post)), None)
        )

    async def ask(self, command: str, answer: str) -> Message:
        """The operator sends a command in private; wait for a new message that holds a text."""
        known = len(self.operator.chat.posts)
        await self.operator.send(command)
        return await self.operator.chat.wait(
            lambda posts: next((post for post in posts[known:] if answer in post.text), None)
        )

    async def questions(self, count: int) -> list[Message]:
        """Wait until the operator was asked about so many messages in doubt."""

        def look(posts: Sequence[Message]) -> list[Message] | None:
            found = [post for post in posts if "Did this message arrive?" in post.text]
            return found if len(found) >= count else None

        return await self.operator.chat.wait(look)

    def _open_outlet(self, parts: OutletParts) -> Outlet:
        return open_telegram_outlet(parts, self.settings.telegram, self.settings.strategy.delivery)


@dataclass(slots=True)
class Wall:
    """The seconds that the venue's time is made of."""

    skipped: float = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.skipped


def has_ended(post: Message) -> bool:
    """Whether a post's status line tells of an end."""
    status = post.text.splitlines()[1]
    return "CLOSED" in status or "EXPIRED" in status


def number_of(post: Message) -> int:
    """The id that a signal's post shows: "#12 · 1a2b3c4d"."""
    return int(_reference(post)[1])


def digits_of(post: Message) -> str:
    """The first digits of the record's hash that a signal's post shows."""
    return _reference(post)[2]


@asynccontextmanager
async def open_line(
    database_url: str,
    *,
    start: datetime = MORNING,
    pairs: int = 5,
    strategy: Mapping[str, Any] = EAGER,
    telegram_url: str | None = None,
    speed: float = SPEED,
    accounts: Sequence[SimulatedAccount] = (USUAL_ACCOUNT,),
    sections: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
    market: Market | None = None,
) -> AsyncIterator[Line]:
    """Start both ends around a database. The bot looks for Telegram at `telegram_url`, if given.

    The market is made up of `pairs` from `start` on, or the one given, which has its own.

    Providers of outside data answer below /feeds of the venue, where `accounts` trade. `sections`
    adds to the sections of the settings by name.
    """
    market = market or synthetic_market(
        pairs=pairs, seed=11, start_ms=to_ms(start), forward_minutes=48 * 60
    )
    supervisor = Supervisor(ExchangeClock())
    wall = Wall()
    clock = SimulatorClock(market.start_ms, speed, wall)
    database = create_database_engine(database_url)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.dispose)
        stack.push_async_callback(supervisor.stop)
        world = World(VenueView(market), seed=11, now=clock.now_ms, held=held_ms)
        venue = await stack.enter_async_context(
            SimulatedVenue(
                market,
                clock,
                spawn=supervisor.spawn,
                settings=SimulatorSettings(accounts=tuple(accounts)),
                guests=feed_routes(world),
            )
        )
        telegram = await stack.enter_async_context(TelegramServer())
        operator = telegram.user(OPERATOR_ID, "Ada")
        await operator.send("/start")
        yield Line(
            venue=venue,
            telegram=telegram,
            channel=telegram.channel(),
            operator=operator,
            settings=_settings(
                {
                    "telegram": {"api_url": telegram_url or telegram.base_url},
                    "exchange": {
                        "rest_url": venue.rest_url,
                        "ws_url": venue.ws_url,
                        "clock_speed": speed,
                    },
                    "feeds": {"base_url": f"{venue.rest_url}/feeds", **FEED_KEYS},
                    "storage": {"database_url": database_url, "backups_kept": 0},
                    "monitoring": {"port": 0},
                    "strategy": strategy,
                },
                sections,
            ),
            storage=SqlStorage(database),
            wall=wall,
            speed=speed,
        )


def _settings(
    line: Mapping[str, Mapping[str, Any]], sections: Mapping[str, Mapping[str, Any]]
) -> Settings:
    identity = {"bot_token": TOKEN, "channel_id": CHANNEL_ID, "admin_ids": (OPERATOR_ID,)}
    overrides: dict[str, dict[str, Any]] = {"telegram": dict(identity)}
    for added in (line, sections):
        for name, section in added.items():
            overrides[name] = {**overrides.get(name, {}), **section}
    return load_settings(environ={}, env_file=None, overrides=overrides)


@contextmanager
def _product_log(settings: Settings, clock: ExchangeClock) -> Iterator[None]:
    """The log as the product writes it, and as it was before afterwards."""
    root = logging.getLogger()
    handlers, level, hook = list(root.handlers), root.level, sys.excepthook
    configure_logging(settings.logging, now=clock.now, secrets=secrets_of(settings))
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        sys.excepthook = hook
        logging.captureWarnings(capture=False)
        structlog.reset_defaults()


def _reference(post: Message) -> re.Match[str]:
    found = _REFERENCE.search(post.text)
    assert found is not None, post.text
    return found
