"""The doctor's look at providers of outside data: each is asked once, and none stops another."""

import asyncio
from pathlib import Path

from app.clock import wall_now
from app.doctor.check import CheckResult, Status
from app.doctor.feeds import examine_feeds, examine_providers
from app.settings import load_settings
from app.settings.feeds import ProviderName
from domain.errors import FeedError
from domain.feeds import FeedAnswer, FeedHealth, FeedState
from domain.sentiment import FearGreed
from domain.timeframes import to_ms
from feeds.simulator import feed_routes
from tests.contract.feeds.simulated_world import listening, world_of_waves
from tests.fakes.clock import HandClock
from tests.fakes.feeds import HandProvider

OFF = FeedHealth(provider="x", state=FeedState.OFF, reason="no key; set X_BEARER_TOKEN")


class Hanging(HandProvider):
    async def fetch(self) -> FeedAnswer:
        await asyncio.sleep(3600)
        return await super().fetch()


async def lines_of(*feeds: HandProvider, seconds: float = 5.0) -> list[CheckResult]:
    return [line async for line in examine_providers(feeds, [OFF], seconds=seconds)]


async def test_each_provider_has_a_line_whatever_becomes_of_the_others() -> None:
    clock = HandClock()
    fear = HandProvider(
        clock=clock, name="fear_greed", observations=(FearGreed(value=22, published_ms=0),)
    )
    whales = HandProvider(clock=clock, failure=FeedError("whale_alert: HTTP 401"))
    news = Hanging(clock=clock, name="news_decrypt")

    answers, fails, hangs, off = await lines_of(fear, whales, news, seconds=0.05)

    assert (answers.name, answers.status) == ("fear_greed", Status.OK)
    assert answers.detail == "answers, 1 observations"
    assert (fails.name, fails.status) == ("whale_alert", Status.WARNING)
    assert fails.detail == "whale_alert: HTTP 401"
    assert "FEEDS_URL" in fails.mend
    assert (hangs.name, hangs.status) == ("news_decrypt", Status.WARNING)
    assert hangs.detail == "no answer within 0.05 s"
    assert (off.name, off.status, off.detail) == ("x", Status.OK, f"off: {OFF.reason}")


async def test_providers_of_the_settings_are_asked(tmp_path: Path) -> None:
    world = world_of_waves(now=lambda: to_ms(wall_now()))
    async with listening(feed_routes(world)) as url:
        environ = {
            "FEEDS_URL": f"{url}/feeds",
            "WHALE_ALERT_API_KEY": "hush-hush",
            "EXCHANGE_REST_URL": url,
            "EXCHANGE_WS_URL": url.replace("http", "ws"),
            "CLOCK_SPEED": "600",
        }
        settings = load_settings(environ, env_file=None)
        lines = [line async for line in examine_feeds(settings, kept_in=tmp_path)]

    assert {line.name for line in lines} == set(ProviderName)
    assert {line.status for line in lines} == {Status.OK}, lines
    off = {line.name for line in lines if line.detail.startswith("off: no key; set ")}
    assert off == {"etherscan", "lunarcrush", "x"}
    assert all("answers, " in line.detail for line in lines if line.name not in off)
    assert "hush-hush" not in f"{lines}"
    assert _kept(tmp_path) == []


def _kept(folder: Path) -> list[Path]:
    return list(folder.iterdir())
