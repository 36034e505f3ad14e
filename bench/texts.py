"""Texts scored: all that is read of one, against VADER alone on the same texts.

Milliseconds are for a thousand texts, so they read as microseconds for one.
"""

import time
from collections.abc import Callable
from itertools import cycle, islice

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from bench.result import Result, interleaved
from bench.tape import resident_megabytes
from domain.sentiment import Text, TextKind
from layers.sentiment.texts import RepeatFilter, TextParameters, TextReader

_RUNS = 15
_TEXTS_A_RUN = 2_000
_BEGIN_MS = 1_750_000_000_000
_PATTERNS = (
    "Bitcoin slips below ${n},000 as long liquidations top ${n} million in a day",
    "Exchange {n} lists Solana perpetuals, token jumps {n}%",
    "$SOL looks ready for the next leg up, target {n} 🚀🚀",
    "not bearish on $ETH at all, dips keep getting bought (day {n})",
    "Great, another hack. {n} wallets drained and support never answers 📉",
    "Fed minutes: officials see no need for more than {n} cuts this year, yields rise",
    "Drop your $SOL address 👇 first {n} wallets, like, follow &amp; RT https://t.me/{n}",
    "Ethereum developers schedule call number {n} for Thursday https://news.example/{n}",
)
"""Lengths and kinds as feeds bring them: headlines, posts, spam."""


def run(on_progress: Callable[[int, int], None]) -> Result:
    batch = texts(_TEXTS_A_RUN)
    reader, plain = TextReader(TextParameters()), SentimentIntensityAnalyzer()
    done = 0

    def ours() -> float:
        nonlocal done
        done += 1
        on_progress(done, _RUNS)
        return milliseconds_per_thousand(reader.read, batch)

    bare = [text.text for text in batch]
    ours_ms, base_ms, ratio = interleaved(
        ours, lambda: milliseconds_per_thousand(plain.polarity_scores, bare), _RUNS
    )
    repeat_ms, megabytes = repeats(reader)
    return Result(
        name="texts",
        ours_ms=ours_ms,
        base_ms=base_ms,
        ratio=ratio,
        runs=_RUNS,
        base="VADER alone: no lexicon of our own, spam, coins or fingerprint; for 1,000 texts",
        details={
            "texts scored per second": 1e6 / ours_ms,
            "VADER alone, texts per second": 1e6 / base_ms,
            "asked whether a repeat, microseconds": repeat_ms,
            "memory full of texts, MB": megabytes,
        },
    )


def texts(count: int) -> list[Text]:
    return [
        Text(
            provider="bench",
            id=str(number),
            kind=TextKind.POST,
            author="anyone",
            text=pattern.replace("{n}", str(number)),
            published_ms=_BEGIN_MS + 1_000 * number,
        )
        for number, pattern in enumerate(islice(cycle(_PATTERNS), count))
    ]


def milliseconds_per_thousand(score: Callable[..., object], batch: list[Text] | list[str]) -> float:
    started = time.perf_counter()
    for text in batch:
        score(text)
    return (time.perf_counter() - started) * 1e6 / len(batch)


def repeats(reader: TextReader) -> tuple[float, float]:
    """Microseconds a text costs the repeat filter, and its megabytes once it is full."""
    most = TextParameters().most_remembered
    before = resident_megabytes()
    seen = RepeatFilter(TextParameters())
    took = 0.0
    for text in texts(most):
        fingerprint = reader.read(text).fingerprint
        started = time.perf_counter()
        seen.is_repeat(fingerprint, text.published_ms)
        took += time.perf_counter() - started
    return took * 1e6 / most, resident_megabytes() - before
