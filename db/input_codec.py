"""What a signal was decided on as bytes, and back: one envelope with a format number.

The candles are columns of float64, everything else is MessagePack; each part is compressed by
itself, so that what all signals of a close share is encoded once.
"""

import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
import numpy as np

from db.binary_codec import LEVEL, BinaryCodec
from domain.accounts import ExecutionMode
from domain.candles import COLUMN_COUNT, CandleSeries
from domain.derivatives import Funding
from domain.directions import Direction
from domain.errors import InvalidDataError
from domain.instruments import Instrument
from domain.market import MarketSnapshot
from domain.market_regime import Regime
from domain.memory import Likeness, Memory, Origin, OutcomeCount, PairClass, Trend
from domain.onchain import OnChain
from domain.order_flow import OrderFlow
from domain.sentiment import Sentiment
from domain.timeframes import Timeframe
from engine.inputs.values import DecisionRules, KeptInputs, SignalInputs
from risk.state import RiskState

FORMAT: Final = 1
"""Number of the envelope's layout; raised when an older one can no longer be read as this one."""

_FLOAT: Final = np.dtype("<f8")

_FEATURES: Final = (Direction, Regime, Trend, int, PairClass)
"""What stands at each place of a likeness."""


class _Count(msgspec.Struct, array_like=True, frozen=True):
    likeness: tuple[str | int, ...]
    origin: Origin
    trades: int
    wins: int
    total_r: float


class _Memory(msgspec.Struct, array_like=True, frozen=True):
    at_ms: int
    counts: tuple[_Count, ...]


class _Series(msgspec.Struct, array_like=True, frozen=True):
    """`columns` are compressed, row after row, little-endian float64."""

    timeframe: Timeframe
    first_index: int
    columns: bytes


class _Facts(msgspec.Struct, frozen=True):
    """Everything of one signal that is neither candles nor shared."""

    version: str
    signal_id: int
    published_at: datetime
    sequence: int
    mode: ExecutionMode | None
    state: RiskState
    instrument: Instrument
    as_of: datetime
    spread_percent: float | None
    funding: Funding | None
    order_flow: OrderFlow | None
    onchain: OnChain | None
    sentiment: Sentiment | None


class _Envelope(msgspec.Struct, array_like=True, frozen=True):
    rules: bytes
    memory: bytes | None
    facts: bytes
    candles: tuple[_Series, ...]


_RULES: Final = BinaryCodec(DecisionRules)
_NAMES: Final = BinaryCodec[dict[str, Any]](dict)
_MEMORY: Final = BinaryCodec(_Memory)
_FACTS: Final = BinaryCodec(_Facts)
_ENCODER: Final = msgspec.msgpack.Encoder()
_ENVELOPE: Final = msgspec.msgpack.Decoder(_Envelope)


class InputEncoder:
    """Encodes inputs. Rules and memory, which signals share, are encoded when they change."""

    def __init__(self) -> None:
        self._rules: tuple[DecisionRules, bytes] | None = None
        self._memory: tuple[Memory, bytes] | None = None

    def __call__(self, inputs: SignalInputs) -> bytes:
        """One envelope; `decode_inputs` reads it."""
        snapshot = inputs.snapshot
        envelope = _Envelope(
            rules=self._encode_rules(inputs.rules),
            memory=None if snapshot.memory is None else self._encode_memory(snapshot.memory),
            facts=_FACTS.encode(_facts_of(inputs)),
            candles=tuple(_series_of(series) for series in snapshot.candles.values()),
        )
        return bytes((FORMAT,)) + _ENCODER.encode(envelope)

    def _encode_rules(self, rules: DecisionRules) -> bytes:
        if self._rules is None or self._rules[0] is not rules:
            self._rules = (rules, _RULES.encode(rules))
        return self._rules[1]

    def _encode_memory(self, memory: Memory) -> bytes:
        if self._memory is None or self._memory[0] is not memory:
            self._memory = (memory, _MEMORY.encode(_memory_of(memory)))
        return self._memory[1]


def decode_inputs(content: bytes) -> KeptInputs:
    """The inputs that were encoded, and which parameters have come and gone since.

    Raises `InvalidDataError` for bytes that are none, for those of a newer format, and for
    parameters that are no longer allowed.
    """
    envelope = _open(content)
    rules = _RULES.decode(envelope.rules)
    kept = set(_names(_NAMES.decode(envelope.rules)))
    known = set(_names(msgspec.to_builtins(rules)))
    return KeptInputs(
        inputs=_inputs_of(envelope, rules),
        gone=tuple(sorted(kept - known)),
        added=tuple(sorted(known - kept)),
    )


def _open(content: bytes) -> _Envelope:
    if content[:1] != bytes((FORMAT,)):
        raise InvalidDataError(
            f"what is kept of the signal has format {content[0] if content else 'nothing'}, this "
            f"version reads format {FORMAT}: replay it with the version that published it, or a "
            "newer one"
        )
    try:
        return _ENVELOPE.decode(memoryview(content)[1:])
    except msgspec.MsgspecError as error:
        raise InvalidDataError(f"what is kept of the signal cannot be read: {error}") from error


def _names(tree: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """Dotted names of the leaves."""
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from _names(value, f"{above}{name}.")
        else:
            yield f"{above}{name}"


def _facts_of(inputs: SignalInputs) -> _Facts:
    snapshot = inputs.snapshot
    return _Facts(
        version=inputs.version,
        signal_id=inputs.signal_id,
        published_at=inputs.published_at,
        sequence=inputs.sequence,
        mode=inputs.mode,
        state=inputs.state,
        instrument=snapshot.instrument,
        as_of=snapshot.as_of,
        spread_percent=snapshot.spread_percent,
        funding=snapshot.funding,
        order_flow=snapshot.order_flow,
        onchain=snapshot.onchain,
        sentiment=snapshot.sentiment,
    )


def _inputs_of(envelope: _Envelope, rules: DecisionRules) -> SignalInputs:
    facts = _FACTS.decode(envelope.facts)
    memory = None if envelope.memory is None else _MEMORY.decode(envelope.memory)
    return SignalInputs(
        version=facts.version,
        rules=rules,
        signal_id=facts.signal_id,
        published_at=facts.published_at,
        sequence=facts.sequence,
        mode=facts.mode,
        snapshot=MarketSnapshot(
            instrument=facts.instrument,
            as_of=facts.as_of,
            candles={each.timeframe: _candles_of(each) for each in envelope.candles},
            spread_percent=facts.spread_percent,
            funding=facts.funding,
            order_flow=facts.order_flow,
            onchain=facts.onchain,
            sentiment=facts.sentiment,
            memory=None if memory is None else _remembered(memory),
        ),
        state=facts.state,
    )


def _series_of(series: CandleSeries) -> _Series:
    columns = np.asarray(series.columns, dtype=_FLOAT)
    return _Series(series.timeframe, series.first_index, zlib.compress(columns.tobytes(), LEVEL))


def _candles_of(series: _Series) -> CandleSeries:
    try:
        columns = np.frombuffer(zlib.decompress(series.columns), _FLOAT).reshape(COLUMN_COUNT, -1)
        native = memoryview(columns.astype(np.float64).tobytes()).cast("d", columns.shape)
    except (zlib.error, ValueError, TypeError) as error:
        raise InvalidDataError(
            f"kept {series.timeframe} candles cannot be read: {error}"
        ) from error
    return CandleSeries(series.timeframe, series.first_index, native)


def _memory_of(memory: Memory) -> _Memory:
    return _Memory(
        memory.at_ms,
        tuple(
            _Count(tuple(likeness), origin, count.trades, count.wins, count.total_r)
            for likeness, origins in memory.counts.items()
            for origin, count in origins.items()
        ),
    )


def _remembered(memory: _Memory) -> Memory:
    counts: dict[Likeness, dict[Origin, OutcomeCount]] = {}
    for each in memory.counts:
        count = OutcomeCount(trades=each.trades, wins=each.wins, total_r=each.total_r)
        counts.setdefault(_likeness(each.likeness), {})[each.origin] = count
    return Memory(at_ms=memory.at_ms, counts=counts)


def _likeness(features: tuple[str | int, ...]) -> Likeness:
    try:
        return tuple(kind(value) for kind, value in zip(_FEATURES, features, strict=False))
    except ValueError as error:
        raise InvalidDataError(f"a kept likeness cannot be read: {error}") from error
