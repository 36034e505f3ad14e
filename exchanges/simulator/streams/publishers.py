"""What a publisher is: something that turns a slice of time into frames."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from exchanges.simulator.streams.frames import Frame, Slice
from exchanges.simulator.streams.names import Stream, StreamKind


class Publisher(Protocol):
    """Makes the frames of some kinds of streams."""

    @property
    def kinds(self) -> Sequence[StreamKind]:
        """The kinds it serves."""

    def frames(self, span: Slice, streams: Sequence[Stream]) -> Iterable[Frame]:
        """Frames of the streams somebody listens to, in the order they are sent."""
