"""The recent search of X over the simulated market: posts about the coins of a query."""

import re
from collections.abc import Sequence
from itertools import islice, takewhile
from typing import Any, Final

from aiohttp import web

from domain.timeframes import from_ms
from feeds.simulator.phrases import POSTS
from feeds.simulator.talk import Remark, Talk
from feeds.simulator.world import World

_HOURS: Final = 6
_QUERY_LENGTH: Final = 512
_LEAST, _MOST, _USUAL = 10, 100, "10"
_TAG: Final = re.compile(r"[$#]([A-Z0-9]+)")
_EPOCH_MS: Final = 1_288_834_974_657
"""Ids of posts count milliseconds from here, times 2 ** 22."""


class SimulatedX:
    """The search below /feeds/x, for any bearer token."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._talk = Talk(world, "x", POSTS, slot_minutes=1, remarks_per_slot=4)

    def routes(self) -> Sequence[web.RouteDef]:
        """What it answers to."""
        return [web.get("/feeds/x/2/tweets/search/recent", self._search)]

    async def _search(self, request: web.Request) -> web.Response:
        if not request.headers.get("Authorization", "").startswith("Bearer "):
            return _problem(401, "Unauthorized", "Unauthorized")
        query = request.query.get("query", "")
        wanted = request.query.get("max_results", _USUAL)
        if not 0 < len(query) <= _QUERY_LENGTH:
            return _problem(400, "Invalid Request", "`query` must have 1 to 512 characters")
        if not wanted.isdecimal() or not _LEAST <= int(wanted) <= _MOST:
            return _problem(400, "Invalid Request", "`max_results` must be from 10 to 100")
        found = self._found(request, set(_TAG.findall(query)))
        return web.json_response(_page([_post(one) for one in found[: int(wanted)]]))

    def _found(self, request: web.Request, assets: set[str]) -> list[Remark]:
        since = request.query.get("since_id", "")
        since_id = int(since) if since.isdecimal() else 0
        newest = self._talk.newest_first(self._world.asked_ms(request), _HOURS)
        fresh = takewhile(lambda remark: _identity(remark) > since_id, newest)
        return list(islice((remark for remark in fresh if remark.asset in assets), _MOST))


def _post(remark: Remark) -> dict[str, Any]:
    likes = remark.reach * 3 // 4
    metrics = {"like_count": likes, "retweet_count": remark.reach - likes, "reply_count": 0}
    return {
        "id": str(_identity(remark)),
        "text": remark.text.replace("&", "&amp;"),
        "author_id": remark.author.rpartition("_")[2],
        "created_at": from_ms(remark.at_ms).isoformat(timespec="milliseconds"),
        "lang": "en",
        "public_metrics": metrics,
    }


def _page(posts: list[dict[str, Any]]) -> dict[str, Any]:
    if not posts:
        return {"meta": {"result_count": 0}}
    ends = {"newest_id": posts[0]["id"], "oldest_id": posts[-1]["id"]}
    return {"data": posts, "meta": {**ends, "result_count": len(posts)}}


def _identity(remark: Remark) -> int:
    return ((remark.at_ms - _EPOCH_MS) << 22) | (int(remark.key, 16) & 0xFFFF)


def _problem(status: int, title: str, detail: str) -> web.Response:
    body = {"errors": [{"message": detail}], "title": title, "detail": detail, "status": status}
    return web.json_response(body, status=status)
