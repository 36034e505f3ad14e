"""News sites over the simulated market: RSS with ETags, stories that several sites pick up."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.utils import format_datetime
from itertools import islice
from typing import Final
from xml.sax.saxutils import escape

from aiohttp import web

from domain.timeframes import from_ms
from feeds.simulator.phrases import HEADLINES
from feeds.simulator.talk import Remark, Talk
from feeds.simulator.world import MINUTE_MS, World

_ENTRIES: Final = 30
_HOURS: Final = 24
_PICKED_UP: Final = 0.6
_AGENCY_TEXT: Final = 0.3
"""Share of the stories that a site prints word for word as it got them."""

_DELAY_MINUTES: Final = 6


class SimulatedNews:
    """Sites below /feeds/news_<site>; every name is a site."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._wire = Talk(world, "wire", HEADLINES, slot_minutes=5, remarks_per_slot=2)

    def routes(self) -> Sequence[web.RouteDef]:
        """What the sites answer to; with and without a slash at the end."""
        return [web.get("/feeds/news_{site:[a-z0-9_]+}{slash:/?}", self._feed)]

    async def _feed(self, request: web.Request) -> web.Response:
        site = request.match_info["site"]
        document = self._document(site, self._world.asked_ms(request)).encode()
        etag = f'"{hashlib.sha256(document).hexdigest()[:16]}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(
            body=document,
            content_type="application/rss+xml",
            charset="utf-8",
            headers={"ETag": etag},
        )

    def _document(self, site: str, now_ms: int) -> str:
        items = "".join(islice(self._items(site, now_ms), _ENTRIES))
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>'
            f"<title>{escape(site)}</title><link>https://{escape(site)}.example/</link>"
            f"<description>Simulated headlines</description>{items}</channel></rss>\n"
        )

    def _items(self, site: str, now_ms: int) -> Iterator[str]:
        for story in self._wire.newest_first(now_ms, _HOURS):
            noise = self._world.noise
            delay = noise("news", site, story.key, "delay") * _DELAY_MINUTES
            printed_ms = story.at_ms + int(delay * MINUTE_MS)
            if noise("news", site, story.key, "picked") < _PICKED_UP and printed_ms <= now_ms:
                yield _item(site, story, self._wording(site, story), from_ms(printed_ms))

    def _wording(self, site: str, story: Remark) -> str:
        if self._world.noise("news", site, story.key, "agency") < _AGENCY_TEXT:
            return story.text
        return self._wire.phrase(story.mood, story.asset, site, story.key)


def _item(site: str, story: Remark, wording: str, printed: datetime) -> str:
    title, _, summary = wording.partition("|")
    address = f"https://{site}.example/{story.key}"
    return (
        f"<item><title>{escape(title)}</title><link>{escape(address)}</link>"
        f'<guid isPermaLink="false">{escape(site)}-{story.key}</guid>'
        f"<pubDate>{format_datetime(printed, usegmt=True)}</pubDate>"
        f"<description>{escape(f'<p>{escape(summary)}</p>')}</description></item>"
    )
