"""The tone of talk about a coin, out of what there is to hear."""

from layers.sentiment.tracking.mentions import MentionSums
from layers.sentiment.tracking.parameters import TalkTracking
from layers.sentiment.tracking.volume import VolumeReading


def tone_of(
    own: MentionSums,
    market: MentionSums | None,
    volume: VolumeReading | None,
    shape: TalkTracking,
) -> float | None:
    """Mean tone in [-1, 1] of a coin's own texts, of talk in general, and of a provider's count.

    Pulled to 0 as if some texts without a tone were there, too: one loud text is no mood. None
    without any text or tone.
    """
    toned, weight = own.toned, own.weight
    if market is not None and market.weight:
        general = market.toned / (market.weight + shape.neutral_texts)
        toned, weight = toned + shape.market_texts * general, weight + shape.market_texts
    if volume is not None and volume.tone is not None:
        toned, weight = toned + shape.volume_texts * volume.tone, weight + shape.volume_texts
    return toned / (weight + shape.neutral_texts) if weight else None
