"""The whole line for a test: simulated venue, the product's own wiring, a Bot API server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from app.application import Application
from app.clock import ExchangeClock
from app.outlets import open_telegram_outlet
from app.settings import Settings, load_settings
from app.supervisor import Supervisor
from exchanges.simulator import Market, SimulatedVenue, SimulatorClock, synthetic_market
from tests.telegram_server.chats import Chat
from tests.telegram_server.messages import Message
from tests.telegram_server.server import CHANNEL_ID, TOKEN, TelegramServer

SPEED = 600.0
ADMIN_ID = 4242
# Every pair with a direction becomes a signal, so that a test need not wait for a good market.
EAGER = {
    "confluence": {"medium_threshold": 52.0, "high_threshold": 90.0, "low_quality_hours": ()},
    "risk": {"risk_per_trade": {"score_bands": (85.0, 75.0, 50.0)}},
    "delivery": {"chat_interval": 0.0, "group_per_minute": 100_000, "overall_interval": 0.0},
}


@dataclass(slots=True, kw_only=True)
class Line:
    """Both outer ends, and the settings to run the bot between them."""

    venue: SimulatedVenue
    telegram: TelegramServer
    channel: Chat
    settings: Settings

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[Application]:
        """Run the bot until the end of the block; ready when the block begins."""
        clock = ExchangeClock(speed=SPEED)
        supervisor = Supervisor(clock)
        application = Application(
            self.settings,
            clock=clock,
            supervisor=supervisor,
            wake=asyncio.Event(),
            open_outlet=lambda parts: open_telegram_outlet(
                parts, self.settings.telegram, self.settings.strategy.delivery
            ),
            on_progress=lambda done, total: None,
        )
        try:
            await application.start()
            yield application
        finally:
            await application.stop()

    def posts(self) -> list[Message]:
        """Signal posts in the channel, in order."""
        return [post for post in self.channel.posts if post.reply_to is None and "#" in post.text]

    async def wait_for_posts(self, count: int, seconds: float = 20.0) -> list[Message]:
        """Wait until so many signal posts stand in the channel."""
        await self.channel.wait(lambda _: len(self.posts()) >= count, seconds)
        return self.posts()

    async def wait_for_end(self, seconds: float = 30.0) -> Message:
        """Wait until some signal's post shows that it has ended."""
        return await self.channel.wait(
            lambda _: next((p for p in self.posts() if has_ended(p)), None), seconds
        )


def has_ended(post: Message) -> bool:
    """Whether a post's status line tells of an end."""
    status = post.text.splitlines()[1]
    return "CLOSED" in status or "EXPIRED" in status or "STOPPED" in status


@asynccontextmanager
async def open_line(
    database_url: str, *, market: Market | None = None, strategy: dict[str, Any] | None = None
) -> AsyncIterator[Line]:
    """Start both ends around a database."""
    market = market or synthetic_market(pairs=8, seed=11, forward_minutes=3 * 1440)
    wall = ExchangeClock()
    supervisor = Supervisor(wall)
    async with AsyncExitStack() as stack:
        venue = await stack.enter_async_context(
            SimulatedVenue(
                market,
                SimulatorClock(market.start_ms, SPEED, wall.monotonic),
                spawn=supervisor.spawn,
            )
        )
        stack.push_async_callback(supervisor.stop)
        telegram = await stack.enter_async_context(TelegramServer())
        settings = load_settings(
            environ={},
            env_file=None,
            overrides={
                "telegram": {
                    "bot_token": TOKEN,
                    "channel_id": CHANNEL_ID,
                    "admin_ids": (ADMIN_ID,),
                    "api_url": telegram.base_url,
                },
                "exchange": {
                    "rest_url": venue.rest_url,
                    "ws_url": venue.ws_url,
                    "clock_speed": SPEED,
                },
                "storage": {"database_url": database_url},
                "strategy": strategy or EAGER,
            },
        )
        yield Line(venue=venue, telegram=telegram, channel=telegram.channel(), settings=settings)
