"""Puts the trading half together: accounts, their endpoints, their private stream, the hand."""

from collections.abc import Sequence

from aiohttp import web

from exchanges.matching.account import TradingAccount
from exchanges.simulator.faults import Faults
from exchanges.simulator.floor import TradingFloor
from exchanges.simulator.rest.metering import RequestMeter
from exchanges.simulator.streams.broadcast import Broadcast
from exchanges.simulator.streams.connections import Subscriptions
from exchanges.simulator.trading.desk import TradingDesk
from exchanges.simulator.trading.hand import HandPaths
from exchanges.simulator.trading.rest.accounts import AccountReading
from exchanges.simulator.trading.rest.conditionals import ConditionalOrders
from exchanges.simulator.trading.rest.endpoint import PrivateEndpoint
from exchanges.simulator.trading.rest.http import private_routes
from exchanges.simulator.trading.rest.listen_keys import listen_key_endpoints
from exchanges.simulator.trading.rest.modes import AccountModes
from exchanges.simulator.trading.rest.orders import PlainOrders
from exchanges.simulator.trading.stream.listen_keys import ListenKeys
from exchanges.simulator.trading.stream.user_stream import UserStream


class TradingSide:
    """Everything about accounts, behind one door."""

    def __init__(
        self,
        floor: TradingFloor,
        faults: Faults,
        broadcast: Broadcast,
        subscriptions: Subscriptions,
    ) -> None:
        clock, life = floor.clock, floor.settings.listen_key_seconds
        self._faults = faults
        self._listen_keys = ListenKeys(clock.wall_seconds, life)
        self._stream = UserStream(self._listen_keys, broadcast, subscriptions, clock)
        self._desk = TradingDesk(floor, self._stream.tell)

    def routes(self, meter: RequestMeter) -> Sequence[web.RouteDef]:
        """Routes for an aiohttp application."""
        endpoints = self._endpoints()
        hand = HandPaths(self._desk, endpoints)
        return [*private_routes(endpoints, self._desk, meter), *hand.routes()]

    def books(self, account: str) -> TradingAccount:
        """What the venue keeps of an account, up to now. Raises `ConfigurationError`."""
        trader = self._desk.named(account)
        self._desk.advance(trader)
        return trader.books

    def run(self) -> None:
        """Bring every account and every listen key up to now."""
        self._desk.advance_all()
        self._stream.expire()

    def _endpoints(self) -> list[PrivateEndpoint]:
        desk = self._desk
        groups = (PlainOrders(desk, self._faults), ConditionalOrders(desk), AccountModes(desk))
        return [
            *(endpoint for group in groups for endpoint in group.endpoints()),
            *AccountReading(desk).endpoints(),
            *listen_key_endpoints(self._listen_keys),
        ]
