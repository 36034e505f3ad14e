"""The way from a publisher to the clients: here faults lose, delay, double and spoil frames."""

from collections import deque

import msgspec

from exchanges.simulator.faults import FaultKind, Faults
from exchanges.simulator.streams.connections import Subscriptions
from exchanges.simulator.streams.frames import Frame


class Broadcast:
    """Delivers frames, disturbed by the faults at work."""

    def __init__(self, subscriptions: Subscriptions, faults: Faults) -> None:
        self._subscriptions = subscriptions
        self._faults = faults
        self._held: deque[tuple[float, Frame]] = deque()

    def send(self, frame: Frame, wall: float) -> None:
        """Deliver one frame now, later, twice, spoiled or not at all."""
        if not self._faults.any:
            self._subscriptions.deliver(frame)
            return
        if self._hits(FaultKind.FRAME_LOSS, frame):
            return
        frame = self._spoiled(frame)
        delay = self._faults.take(FaultKind.FRAME_DELAY, frame.subject, frame.at_ms)
        if delay is not None:
            self._held.append((wall + delay.delay_seconds, frame))
            return
        self._subscriptions.deliver(frame)
        if self._hits(FaultKind.FRAME_DUPLICATE, frame):
            self._subscriptions.deliver(frame)

    def release_held(self, wall: float) -> None:
        """Deliver the delayed frames whose time has come, in their order."""
        while self._held and self._held[0][0] <= wall:
            self._subscriptions.deliver(self._held.popleft()[1])

    def _hits(self, kind: FaultKind, frame: Frame) -> bool:
        return self._faults.take(kind, frame.subject, frame.at_ms) is not None

    def _spoiled(self, frame: Frame) -> Frame:
        if self._hits(FaultKind.FRAME_UNPARSABLE, frame):
            return frame._replace(body=frame.body[: len(frame.body) // 2])
        if self._hits(FaultKind.FRAME_WRONG_TYPE, frame):
            return frame._replace(body=_with_wrong_types(frame.body))
        return frame


def _with_wrong_types(body: bytes) -> bytes:
    """The same event with an event time that is no number and a candle's close that is null."""
    event = msgspec.json.decode(body)
    for item in event if isinstance(event, list) else [event]:
        item["E"] = "soon"
        if "k" in item:
            item["k"]["c"] = None
    return msgspec.json.encode(event)
