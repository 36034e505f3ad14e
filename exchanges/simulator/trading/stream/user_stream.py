"""The private stream: sends an account what happened to it, to whoever listens with its key."""

import msgspec

from exchanges.matching.events import Event
from exchanges.simulator.clock import SimulatorClock
from exchanges.simulator.streams.broadcast import Broadcast
from exchanges.simulator.streams.connections import Subscriptions
from exchanges.simulator.streams.frames import Frame
from exchanges.simulator.trading.stream.events import Message, key_expired, messages
from exchanges.simulator.trading.stream.listen_keys import ListenKeys
from exchanges.simulator.trading.trader import Trader


class UserStream:
    """Where nobody asked for a listen key, nothing is sent."""

    def __init__(
        self,
        listen_keys: ListenKeys,
        broadcast: Broadcast,
        subscriptions: Subscriptions,
        clock: SimulatorClock,
    ) -> None:
        self._listen_keys = listen_keys
        self._broadcast = broadcast
        self._subscriptions = subscriptions
        self._clock = clock

    def tell(self, trader: Trader, events: list[Event]) -> None:
        """Send what happened to an account; it leaves at once."""
        api_key = trader.account.api_key
        listen_key = self._listen_keys.current(api_key)
        if listen_key is None:
            return
        for event in events:
            for message in messages(trader, event):
                self._send(message, listen_key, api_key)
        self._subscriptions.flush()

    def expire(self) -> None:
        """Tell the listeners whose key has come to its end."""
        for api_key, listen_key in self._listen_keys.expired():
            self._send(key_expired(listen_key, self._clock.now_ms()), listen_key, api_key)

    def _send(self, message: Message, listen_key: str, api_key: str) -> None:
        body, about = msgspec.json.encode(message), f"{api_key} {message['e']}"
        frame = Frame(listen_key, message["E"], body, about)
        self._broadcast.send(frame, self._clock.wall_seconds())
