"""Turns a recording into frames that are due, and fills the shelf on the way."""

from collections.abc import Iterator
from itertools import chain

from domain.errors import ConfigurationError
from exchanges.binance.routes import ALL_LIQUIDATIONS
from exchanges.recordings import RecordedMessage, Recording
from exchanges.recordings.event_times import LIQUIDATIONS
from exchanges.recordings.messages import GAP
from exchanges.simulator.playback.shelf import Shelf
from exchanges.simulator.streams.frames import Frame

_NS_PER_MS = 1_000_000


class Player:
    """Plays a recording once, from its first frame on; what was recorded before is known at once.

    A message is due at the exchange time of the first frame plus the time that passed between the
    two on the recorder's clock. Raises `ConfigurationError` for a recording without a frame.
    """

    def __init__(self, recording: Recording, shelf: Shelf) -> None:
        self._shelf = shelf
        messages = recording.messages()
        before, first = _first_frame(messages, recording)
        timed, ahead = _until_timed(first, messages)
        self._first_ns = first.local_ns
        event_ms = timed.exchange_ms or timed.local_ns // _NS_PER_MS
        self.start_ms = event_ms - (timed.local_ns - first.local_ns) // _NS_PER_MS
        for answer in before:
            shelf.take_in(answer, self._exchange_ms(answer))
        self._rest = chain(ahead, messages)
        self._next: RecordedMessage | None = next(self._rest, None)
        self._due_ms = self.start_ms
        self.played = 0

    @property
    def next_ms(self) -> int | None:
        """When the next message is due; None at the end."""
        return None if self._next is None else self._due_ms

    @property
    def last_ms(self) -> int:
        """When the newest message was due, as far as has been played."""
        return self._due_ms

    def until(self, now_ms: int, most: int) -> list[Frame]:
        """The frames that are due, in their order, hardly more than so many."""
        frames: list[Frame] = []
        while self._next is not None and self._due_ms <= now_ms and len(frames) < most:
            message, at_ms = self._next, self._due_ms
            self._shelf.take_in(message, at_ms)
            frames += [
                Frame(stream, message.exchange_ms or at_ms, message.body)
                for stream in _heard_on(message)
            ]
            self._step()
        self.played += len(frames)
        return frames

    def _step(self) -> None:
        previous, self._next = self._next, next(self._rest, None)
        if previous is None or self._next is None:
            return
        # A clock that was put back between two sessions: the later one follows the earlier.
        self._first_ns -= max(0, previous.local_ns - self._next.local_ns)
        self._due_ms = self._exchange_ms(self._next)

    def _exchange_ms(self, message: RecordedMessage) -> int:
        return self.start_ms + (message.local_ns - self._first_ns) // _NS_PER_MS


def _heard_on(message: RecordedMessage) -> list[str]:
    """The streams that a message is played on: a liquidation also on that of all pairs."""
    if message.is_answer or message.source == GAP:
        return []
    if message.source.endswith(f"@{LIQUIDATIONS}"):
        return [message.source, ALL_LIQUIDATIONS]
    return [message.source]


def _first_frame(
    messages: Iterator[RecordedMessage], recording: Recording
) -> tuple[list[RecordedMessage], RecordedMessage]:
    """The answers before the first frame, and that frame."""
    before: list[RecordedMessage] = []
    for message in messages:
        if not message.is_answer:
            return before, message
        before.append(message)
    damage = "".join(f"; {cut.path.name} is {cut.reason}" for cut in recording.cut_tails[:3])
    raise ConfigurationError(
        f"the recording in {recording.folder} holds no frame of a stream; there is nothing to play"
        f"{damage}"
    )


def _until_timed(
    first: RecordedMessage, messages: Iterator[RecordedMessage]
) -> tuple[RecordedMessage, list[RecordedMessage]]:
    """The first frame that tells its time, and everything up to it."""
    ahead = [first]
    while ahead[-1].is_answer or not ahead[-1].exchange_ms:
        following = next(messages, None)
        if following is None:
            return first, ahead
        ahead.append(following)
    return ahead[-1], ahead
