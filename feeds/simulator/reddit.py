"""Reddit over the simulated market: new posts of any subreddits, some pinned, some removed."""

from collections.abc import Sequence
from itertools import islice
from typing import Any, Final

from aiohttp import web

from feeds.simulator.phrases import POSTS
from feeds.simulator.talk import Remark, Talk
from feeds.simulator.world import World

_HOURS: Final = 24
_MOST: Final = 100
_REMOVED_SHARE: Final = 0.05
_DAY_MS: Final = 86_400_000


class SimulatedReddit:
    """Listings below /feeds/reddit/r/<names>/new.json; all subreddits share their talk."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._talk = Talk(world, "reddit", POSTS, slot_minutes=1, remarks_per_slot=3)

    def routes(self) -> Sequence[web.RouteDef]:
        """What it answers to."""
        return [web.get("/feeds/reddit/r/{subreddits}/new.json", self._new)]

    async def _new(self, request: web.Request) -> web.Response:
        now_ms = self._world.asked_ms(request)
        limit = request.query.get("limit", "25")
        if not limit.isdecimal():
            return web.json_response({"message": "Bad Request", "error": 400}, status=400)
        remarks = islice(self._talk.newest_first(now_ms, _HOURS), min(int(limit), _MOST) - 1)
        posts = [_daily(now_ms), *(self._post(remark) for remark in remarks)]
        children = [{"kind": "t3", "data": post} for post in posts]
        data = {"after": None, "dist": len(children), "modhash": "", "children": children}
        return web.json_response({"kind": "Listing", "data": data})

    def _post(self, remark: Remark) -> dict[str, Any]:
        removed = self._world.noise("reddit", remark.key, "removed") < _REMOVED_SHARE
        title, _, rest = remark.text.partition(". ")
        return _post(
            remark.key,
            title=title,
            selftext="[removed]" if removed else rest,
            author=remark.author,
            created_utc=remark.at_ms / 1000,
            score=remark.reach,
            removed_by_category="moderator" if removed else None,
        )


def _daily(now_ms: int) -> dict[str, Any]:
    day = now_ms // _DAY_MS
    return _post(
        f"daily{day:x}",
        title="Daily Crypto Discussion",
        selftext="Please be civil.",
        author="AutoModerator",
        created_utc=float(day * 86_400),
        score=200,
        stickied=True,
    )


def _post(identity: str, **fields: Any) -> dict[str, Any]:
    usual = {"over_18": False, "stickied": False, "removed_by_category": None}
    return {"id": identity, "name": f"t3_{identity}", **usual, **fields, "ups": fields["score"]}
