"""The simulator's own paths under /simulator: what it plays, faults, hold and release."""

from collections.abc import Callable
from typing import Any

import msgspec
from aiohttp import web

from domain.errors import ConfigurationError
from exchanges.simulator.clock import SimulatorClock
from exchanges.simulator.faults import Fault, Faults
from exchanges.simulator.rest.answers import json_response


class ControlPaths:
    """Control over HTTP. Reachable only from where the venue listens: loopback by default."""

    def __init__(
        self, faults: Faults, clock: SimulatorClock, info: Callable[[], dict[str, Any]]
    ) -> None:
        self._faults = faults
        self._clock = clock
        self._info = info

    def routes(self) -> list[web.RouteDef]:
        """Routes for an aiohttp application."""
        return [
            web.get("/simulator/info", self._show),
            web.post("/simulator/faults", self._inject),
            web.delete("/simulator/faults", self._clear),
            web.post("/simulator/hold", self._hold),
            web.post("/simulator/release", self._release),
        ]

    async def _show(self, _: web.Request) -> web.Response:
        return json_response(self._info())

    async def _inject(self, request: web.Request) -> web.Response:
        """`{"kind": "drop" | "half_open", match, count}` or the fields of a `Fault`."""
        try:
            order = msgspec.json.decode(await request.read(), type=dict[str, Any])
            return json_response({"broken": self._carry_out(order)})
        except (msgspec.MsgspecError, ConfigurationError) as error:
            return json_response({"error": str(error)}, 400)

    def _carry_out(self, order: dict[str, Any]) -> int:
        breaking = {"drop": self._faults.drop, "half_open": self._faults.half_open}
        if order.get("kind") in breaking:
            return breaking[order["kind"]](order.get("match", ""), order.get("count"))
        self._faults.inject(msgspec.convert(order, Fault))
        return 0

    async def _clear(self, _: web.Request) -> web.Response:
        self._faults.clear()
        return json_response({})

    async def _hold(self, _: web.Request) -> web.Response:
        self._clock.hold()
        return json_response(self._info())

    async def _release(self, _: web.Request) -> web.Response:
        self._clock.release()
        return json_response(self._info())
