"""From texts as they are told to mentions that count: each once, no spam, no repeats."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from domain.sentiment import Text, TextKind
from layers.sentiment.texts import RepeatFilter, TextParameters, TextReader, TextVerdict
from layers.sentiment.tracking.mentions import Mention
from layers.sentiment.tracking.parameters import TalkTracking, Timeliness, milliseconds

REPEAT = "repeat"
REFUSED = "ahead of its time"


class _Waiting(NamedTuple):
    known_ms: int
    provider: str
    id: str
    text: Text
    verdict: TextVerdict


class TextIntake:
    """Reads texts at once; which of two like ones of one instant is the repeat is told later.

    So it does not matter which of two providers answered first within an instant.
    """

    def __init__(self, shape: TalkTracking, texts: TextParameters, timeliness: Timeliness) -> None:
        self._shape = shape
        self._oldest_ms = milliseconds(shape.oldest_text)
        self._ahead_ms = milliseconds(timeliness.ahead)
        self._reader = TextReader(texts)
        self._repeats = RepeatFilter(texts)
        self._seen: dict[tuple[str, str], int] = {}
        self._waiting: list[_Waiting] = []
        self._counted_until_ms = 0
        self._newest_ms = 0
        self.dropped: Counter[str] = Counter()

    def counted_until(self, at_ms: int) -> None:
        """Texts published up to an instant were counted by an earlier process."""
        self._counted_until_ms = max(self._counted_until_ms, at_ms)

    def take(self, text: Text, known_ms: int) -> None:
        """Read a text that is new and recent."""
        age_ms = known_ms - text.published_ms
        is_counted = text.published_ms <= self._counted_until_ms
        if is_counted or age_ms > self._oldest_ms or not self._is_new(text, known_ms):
            return
        if age_ms < -self._ahead_ms:
            self.dropped[REFUSED] += 1
            return
        at_ms = max(known_ms, text.published_ms)
        verdict = self._reader.read(text)
        self._waiting.append(_Waiting(at_ms, text.provider, text.id, text, verdict))

    def mentions(self, before_ms: int) -> Iterator[Mention]:
        """What became known before an instant and was not asked for yet."""
        due = sorted((each for each in self._waiting if each.known_ms < before_ms), key=_order)
        self._waiting = [each for each in self._waiting if each.known_ms >= before_ms]
        for each in due:
            yield self._mention(each)

    def _is_new(self, text: Text, known_ms: int) -> bool:
        """Whether it was not told before; what is too old to be taken again is forgotten."""
        self._newest_ms = max(self._newest_ms, known_ms)
        place = (text.provider, text.id)
        is_new = place not in self._seen
        if is_new:
            self._seen[place] = max(known_ms, text.published_ms)
        expired_ms = self._newest_ms - 2 * self._oldest_ms
        while self._seen and next(iter(self._seen.values())) < expired_ms:
            del self._seen[next(iter(self._seen))]
        return is_new

    def _mention(self, waiting: _Waiting) -> Mention:
        assets = tuple(sorted(waiting.verdict.assets))
        reason = self._reason_to_drop(waiting)
        if reason is not None:
            self.dropped[reason] += 1
            return Mention(waiting.known_ms, assets, 0.0, 0.0, texts=0, dropped=1)
        is_wide = waiting.text.reach >= self._shape.wide_reach
        is_headline = waiting.text.kind is TextKind.HEADLINE
        weight = self._shape.headline_weight if is_headline else 1.0
        weight *= self._shape.wide_weight if is_wide else 1.0
        return Mention(waiting.known_ms, assets, waiting.verdict.tone, weight, is_wide=is_wide)

    def _reason_to_drop(self, waiting: _Waiting) -> str | None:
        if waiting.verdict.spam is not None:
            return waiting.verdict.spam
        if self._repeats.is_repeat(waiting.verdict.fingerprint, waiting.known_ms):
            return REPEAT
        return None


def _order(waiting: _Waiting) -> tuple[int, str, str]:
    return waiting.known_ms, waiting.provider, waiting.id
