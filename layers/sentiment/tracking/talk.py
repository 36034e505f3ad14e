"""What is said about each coin: the last hour against a week of hours like it."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.feeds import FeedAnswer
from domain.sentiment import SocialReading, SocialVolume, TalkCount, Text
from layers.sentiment.texts import MARKET, TextParameters
from layers.sentiment.tracking.heard import HeardProviders
from layers.sentiment.tracking.mentions import Mention, MentionSums, RecentMentions
from layers.sentiment.tracking.parameters import TalkTracking, Timeliness, milliseconds
from layers.sentiment.tracking.quarters import (
    HOUR,
    QUARTER_MS,
    WEEK,
    QuarterRows,
    last_whole_quarter,
    quarter_of,
)
from layers.sentiment.tracking.text_intake import TextIntake
from layers.sentiment.tracking.tone import tone_of
from layers.sentiment.tracking.volume import VolumeHistory, VolumeReading

_HOUR_MS = HOUR * QUARTER_MS
_HALF = 6 * HOUR
"""Quarters on each side of what growth compares."""


class TalkAsOf(NamedTuple):
    """What is common to all coins as of an instant; arrays have a row per coin."""

    as_of_ms: int
    sums: Mapping[str, MentionSums]
    is_heard: bool
    hours_known: int
    usual: NDArray[np.float64]
    growth: NDArray[np.float64]


class TalkHistory:
    """Counts mentions; time is when a text became known, so that nothing is counted afterwards."""

    def __init__(self, shape: TalkTracking, texts: TextParameters, timeliness: Timeliness) -> None:
        self._shape = shape
        self._intake = TextIntake(shape, texts, timeliness)
        kept_ms = _HOUR_MS + milliseconds(timeliness.lateness) + QUARTER_MS
        self._heard = HeardProviders(kept_ms)
        self._recent = RecentMentions(kept_ms)
        self._counts = QuarterRows(shape.most_coins)
        self._volume = VolumeHistory(shape, timeliness)
        self._common: TalkAsOf | None = None

    @property
    def dropped(self) -> Counter[str]:
        """Texts that were left out, by reason."""
        return self._intake.dropped

    def observe(self, answer: FeedAnswer) -> int:
        """Take in texts and counts of an answer; how many made no sense."""
        known_ms = answer.answered_ms
        self._count_in(known_ms)
        texts = [each for each in answer.observations if isinstance(each, Text)]
        self._heard.answered(answer.provider, known_ms, has_texts=bool(texts))
        for text in texts:
            self._intake.take(text, known_ms)
        volumes = (each for each in answer.observations if isinstance(each, SocialVolume))
        self._common = None
        return sum(not self._volume.observe(volume, known_ms) for volume in volumes)

    def restore(self, talk: Mapping[str, TalkCount], heard: tuple[str, ...], at_ms: int) -> None:
        """Take in what was stored of the quarter that ended at an instant."""
        self._intake.counted_until(at_ms)
        self._heard.restore(heard, at_ms)
        for asset, count in talk.items():
            mention = Mention(at_ms, (asset,), count.tone, float(count.texts), count.texts)
            self._count(mention)
        self._common = None

    def counted(self, at_ms: int) -> Mapping[str, TalkCount]:
        """Texts of the quarter that ends at an instant, by coin."""
        self._count_in(at_ms + 1)
        sums = self._recent.sums(at_ms - QUARTER_MS, at_ms)
        return {
            asset: TalkCount(texts=each.texts, tone=each.toned / each.weight)
            for asset, each in sorted(sums.items())
            if each.texts and each.weight
        }

    def heard(self, at_ms: int) -> tuple[str, ...]:
        """Providers that are listened to."""
        return self._heard.now(at_ms)

    def reading(self, asset: str, as_of_ms: int) -> tuple[SocialReading, int] | None:
        """Talk about a coin, and when it was last listened for; None when nobody is heard."""
        common = self._as_of(as_of_ms)
        volume = self._volume.reading(asset, as_of_ms)
        if not common.is_heard and volume is None:
            return None
        told_ms = max(
            self._heard.newest_answer(as_of_ms) if common.is_heard else 0,
            0 if volume is None else volume.told_ms,
        )
        return self._reading(asset, common, volume), told_ms

    def _reading(self, asset: str, common: TalkAsOf, volume: VolumeReading | None) -> SocialReading:
        own = common.sums.get(asset, MentionSums())
        mentions, usual, hours = own.texts, self._usual(asset, common), common.hours_known
        if usual is None and volume is not None and volume.usual is not None:
            mentions, usual, hours = round(volume.hourly), volume.usual, volume.hours_known
        return SocialReading(
            mentions=mentions,
            usual=usual,
            hours_known=hours,
            tone=tone_of(own, common.sums.get(MARKET), volume, self._shape),
            viral=own.viral,
            growth=self._growth(asset, common),
            dropped=own.dropped,
        )

    def _usual(self, asset: str, common: TalkAsOf) -> float | None:
        if not common.is_heard or common.hours_known < self._shape.least_hours:
            return None
        row = self._counts.row_of(asset)
        return 0.0 if row is None else float(common.usual[row])

    def _growth(self, asset: str, common: TalkAsOf) -> float | None:
        row = self._counts.row_of(asset)
        growth = np.nan if row is None else common.growth[row]
        return None if np.isnan(growth) else float(growth)

    def _as_of(self, as_of_ms: int) -> TalkAsOf:
        if self._common is None or self._common.as_of_ms != as_of_ms:
            self._count_in(as_of_ms + 1)
            self._common = self._work_out(as_of_ms)
        return self._common

    def _work_out(self, as_of_ms: int) -> TalkAsOf:
        last = last_whole_quarter(as_of_ms)
        counts = self._counts.between(last - WEEK + 1, last).astype(np.float64)
        is_heard = bool(self._heard.now(as_of_ms))
        like_now = self._heard.like_now(as_of_ms) & is_heard
        before = like_now[:-HOUR]
        hours = before.sum() / HOUR
        return TalkAsOf(
            as_of_ms=as_of_ms,
            sums=self._recent.sums(as_of_ms - _HOUR_MS, as_of_ms),
            is_heard=is_heard,
            hours_known=int(hours),
            usual=counts[:, :-HOUR] @ before / max(hours, 1.0),
            growth=self._growths(counts, like_now),
        )

    def _growths(
        self, counts: NDArray[np.float64], like_now: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Six hours over the six before; NaN without all of them, or with too few mentions."""
        later = counts[:, -_HALF:].sum(axis=1)
        earlier = counts[:, -2 * _HALF : -_HALF].sum(axis=1)
        is_known = (earlier >= self._shape.growth_least) & like_now[-2 * _HALF :].all()
        return np.where(is_known, later / np.maximum(earlier, 1.0), np.nan)

    def _count_in(self, before_ms: int) -> None:
        for mention in self._intake.mentions(before_ms):
            self._count(mention)

    def _count(self, mention: Mention) -> None:
        self._recent.add(mention)
        for asset in mention.assets:
            if mention.texts:
                self._counts.add(asset, quarter_of(mention.at_ms), mention.texts)
