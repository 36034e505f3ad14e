"""Domain values to JSON text and back, exactly: decimals as strings, instants with their zone.

Numbers must be finite: JSON has no NaN. One is stored as null, which reads back as None where the
domain type allows it and is an `InvalidDataError` elsewhere.
"""

from typing import Generic, TypeVar

import msgspec
import structlog

from domain.accounts import Account
from domain.decisions import Decision
from domain.errors import InvalidDataError
from domain.intents import Intent
from domain.memory import PastOutcome
from domain.messages import OutgoingMessage
from domain.orders import Fill, Order
from domain.parameter_sets import ParameterSet
from domain.plans import Denial
from domain.positions import Position
from domain.readiness import ReadinessVerdict
from domain.sentiment import SentimentSnapshot
from domain.shadows import Shadow
from domain.signals import Course, Signal
from domain.transfers import Transfer

T = TypeVar("T")

_log = structlog.get_logger(__name__)


class JsonCodec(Generic[T]):
    """Encodes and decodes one domain type."""

    def __init__(self, kind: type[T]) -> None:
        self._name = getattr(kind, "__name__", str(kind))
        self._encoder = msgspec.json.Encoder()
        self._decoder = msgspec.json.Decoder(kind)

    def encode(self, value: T) -> str:
        """Compact JSON."""
        return self._encoder.encode(value).decode()

    def decode(self, text: str) -> T:
        """The value that was encoded. Raises `InvalidDataError` when the text is not one."""
        try:
            return self._decoder.decode(text)
        except msgspec.MsgspecError as error:
            raise InvalidDataError(f"a stored {self._name} cannot be read: {error}") from error

    def decode_or_leave_out(self, text: str, *, key: object) -> T | None:
        """The value; None, and a line in the log, where the text is not one.

        For facts about the past among many others: one of them must not keep Quorum from starting.
        """
        try:
            return self.decode(text)
        except InvalidDataError as error:
            _log.warning("stored fact left out", kind=self._name, key=str(key), reason=str(error))
            return None


DECISION = JsonCodec(Decision)
DENIALS = JsonCodec(tuple[Denial, ...])
SIGNAL = JsonCodec(Signal)
COURSE = JsonCodec(Course)
SHADOW = JsonCodec(Shadow)
MESSAGE = JsonCodec(OutgoingMessage)
TRANSFER = JsonCodec(Transfer)
SENTIMENT_SNAPSHOT = JsonCodec(SentimentSnapshot)
PAST_OUTCOME = JsonCodec(PastOutcome)
INTENT = JsonCodec(Intent)
POSITION = JsonCodec(Position)
ORDER = JsonCodec(Order)
FILL = JsonCodec(Fill)
ACCOUNT = JsonCodec(Account)
READINESS_VERDICT = JsonCodec(ReadinessVerdict)
PARAMETER_SET = JsonCodec(ParameterSet)
