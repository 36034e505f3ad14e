"""Records a venue: market streams through our own sockets, and beside them answers of REST."""

import asyncio
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from domain.errors import ConfigurationError, QuorumError, TemporaryVenueError
from domain.timeframes import to_ms
from engine.ports.clock import Clock
from exchanges.back_off import BackOff, Jitter
from exchanges.binance.connection import ConnectionLimits
from exchanges.binance.routes import route_of
from exchanges.binance.stream_set import Stream, StreamSet
from exchanges.recordings.event_times import (
    CHANNELS,
    LIQUIDATIONS,
    exchange_ms_of,
    read_frame,
    stream_of,
)
from exchanges.recordings.messages import GAP, UNKNOWN, RecordedMessage
from exchanges.recordings.rest_answers import (
    ROUND_SECONDS,
    Question,
    due_in,
    opening_questions,
    recent_candles,
    regular_questions,
)
from exchanges.recordings.rest_source import RestSource
from exchanges.recordings.writer import RecordingWriter

SEAM_SECONDS: Final = 15.0
"""Exchange seconds from the beginning of a stream to the question for the candles around it: long
enough that a candle which closed before is final in the answer."""

_FLUSH_SECONDS: Final = 0.5
_ATTEMPTS: Final = 5


@dataclass(slots=True)
class Tally:
    """What came in so far: `body_bytes` raw, `failed` questions without a usable answer."""

    messages: int = 0
    body_bytes: int = 0
    answers: int = 0
    failed: int = 0
    gaps: int = 0
    unknown: int = 0
    opening: tuple[int, int] = field(default=(0, 0))


class Recorder:
    """Records some pairs into a writer until cancelled; the caller closes the writer."""

    def __init__(
        self,
        writer: RecordingWriter,
        source: RestSource,
        clock: Clock,
        jitter: Jitter,
        *,
        pairs: Sequence[str],
        ws_url: str,
        limits: ConnectionLimits | None = None,
    ) -> None:
        self._writer = writer
        self._source = source
        self._clock = clock
        self._jitter = jitter
        self._pairs = list(pairs)
        self._streams = _streams_of(self._pairs, clock.monotonic())
        self._ws_url = ws_url
        self._limits = limits or ConnectionLimits()
        self._failure: QuorumError | None = None
        self._failed = asyncio.Event()
        self._seam = asyncio.Event()
        self.tally = Tally()

    async def run(self) -> None:
        """Record until cancelled.

        Raises `ConfigurationError` when the folder cannot be written any more, and
        `TemporaryVenueError` when the venue does not answer what every recording begins with.
        """
        async with asyncio.TaskGroup() as tasks:
            work = [tasks.create_task(self._flush_regularly())]
            try:
                await self._open()
                work += [tasks.create_task(one.run()) for one in self._stream_sets()]
                work.append(tasks.create_task(self._ask_regularly()))
                work.append(tasks.create_task(self._close_seams()))
                await self._failed.wait()
            except TemporaryVenueError as error:
                self._failure = error
            finally:
                for one in work:
                    one.cancel()
        if self._failure is not None:
            raise self._failure

    def _stream_sets(self) -> Iterator[StreamSet]:
        """The streams of every pair, a set for each route."""
        for route in sorted({route_of(name) for name in self._streams}):
            streams = self._new_set()
            streams.want([one for one in self._streams.values() if route_of(one.name) == route])
            yield streams

    def _new_set(self) -> StreamSet:
        return StreamSet(
            self._clock,
            self._jitter,
            base_url=self._ws_url,
            limits=self._limits,
            on_event=self._on_frame,
            on_gap=self._on_gap,
        )

    def _on_frame(self, frame: bytes, received: float) -> None:
        """Record a frame; raises `msgspec.DecodeError` for the answer to a control message."""
        reading = read_frame(frame)
        if reading.is_reply:
            raise msgspec.DecodeError("an answer, not an event")
        stream = self._streams.get(reading.stream or UNKNOWN)
        if stream is None:
            self.tally.unknown += 1
            self._keep(UNKNOWN, frame, reading.exchange_ms)
        else:
            stream.last_frame_at = received
            self._keep(stream.name, frame, reading.exchange_ms)

    def _on_gap(self, pairs: Collection[str]) -> None:
        self.tally.gaps += 1
        self._keep(GAP, " ".join(sorted(pairs)).encode(), 0)
        self._seam.set()

    def _keep(self, source: str, body: bytes, exchange_ms: int) -> None:
        message = RecordedMessage(
            local_ns=_ns_of(self._clock), exchange_ms=exchange_ms, source=source, body=body
        )
        self._guarded(lambda: self._writer.write(message))
        self.tally.messages += 1
        self.tally.body_bytes += len(body)

    def _guarded(self, write: Callable[[], None]) -> None:
        """Write, unless that has failed before; the first failure ends the run."""
        if self._failure is not None:
            return
        try:
            write()
        except ConfigurationError as error:
            self._failure = error
            self._failed.set()

    async def _flush_regularly(self) -> None:
        while True:
            await asyncio.sleep(_FLUSH_SECONDS)
            self._guarded(self._writer.flush)

    async def _open(self) -> None:
        questions = opening_questions(self._pairs)
        for number, question in enumerate(questions, start=1):
            await self._ask_until_answered(question)
            self.tally.opening = (number, len(questions))

    async def _ask_until_answered(self, question: Question) -> None:
        pauses = BackOff(self._jitter)
        for _ in range(_ATTEMPTS):
            if self._failure is not None or await self._ask(question):
                return
            await asyncio.sleep(pauses.next_seconds())
        raise TemporaryVenueError(
            f"{self._source.base_url} did not answer {question.source} in {_ATTEMPTS} attempts; "
            "nothing can be recorded without it. Check the network and EXCHANGE_REST_URL"
        )

    async def _ask_regularly(self) -> None:
        questions = regular_questions(self._pairs)
        number = 0
        while True:
            number += 1
            await self._clock.sleep(ROUND_SECONDS)
            for question in due_in(number, questions):
                await self._ask(question)

    async def _close_seams(self) -> None:
        """Ask for the newest candles a while after the streams have begun, at every beginning."""
        self._seam.set()
        while True:
            await self._seam.wait()
            self._seam.clear()
            await self._clock.sleep(SEAM_SECONDS)
            for question in recent_candles(self._pairs):
                await self._ask(question)

    async def _ask(self, question: Question) -> bool:
        body = await self._source.fetch(question)
        if body is None:
            self.tally.failed += 1
            return False
        self.tally.answers += 1
        self._keep(question.source, body, exchange_ms_of(body))
        return True


def _streams_of(pairs: Sequence[str], now: float) -> dict[str, Stream]:
    streams = [
        Stream(stream_of(pair, channel), pair, now, may_be_silent=channel == LIQUIDATIONS)
        for pair in pairs
        for channel in CHANNELS
    ]
    return {stream.name: stream for stream in streams}


def _ns_of(clock: Clock) -> int:
    now = clock.now()
    return to_ms(now.replace(microsecond=0)) * 1_000_000 + now.microsecond * 1_000
