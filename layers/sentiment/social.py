"""Component: what is said about a coin, and how much more than usual.

Talk is followed: the louder it is, the further. A crowd that is many times as loud as usual, of one
mind, and has no widely read text behind it, has acted already: it is faded.
"""

from dataclasses import dataclass
from typing import Final

from domain.directions import NEUTRAL
from domain.parameters import Parameters, parameter
from domain.sentiment import SocialReading
from layers.component import SLIGHT, Component, known, not_known
from layers.declarations import CHOICE, anchor, multiple, require_rising, share
from layers.figures import counted
from layers.shapes import ramp, signed_unit

LABEL: Final = "Talk"
_LOUDEST_TOLD: Final = 99.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SocialShape(Parameters):
    """What talk stands for; all of it is given for good words, and bad ones mirror it."""

    full_tone: float = share(0.4, "mean tone that counts in full", low=0.01)
    quiet: float = anchor(55.0, "good words, no more of them than usual", CHOICE)
    growing: float = anchor(65.0, "good words, more of them from hour to hour")
    spike: float = anchor(75.0, "good words, suddenly many")
    viral: float = anchor(80.0, "suddenly many, and widely read ones say the same")
    growth_from: float = multiple(1.2, "of six hours over the six before, that is growth", CHOICE)
    growth_full: float = multiple(2.0, "of six hours over the six before, in full", CHOICE)
    spike_from: float = multiple(2.0, "of the usual mentions, where a spike begins", CHOICE)
    spike_full: float = multiple(3.0, "of the usual mentions, a spike in full")
    usual_floor: float = parameter(
        0.5,
        doc="mentions an hour that are taken as usual at least",
        unit="mentions",
        source=CHOICE,
        low=0.01,
        high=1000,
    )
    least_mentions: int = parameter(
        5, doc="mentions that can be a spike", unit="mentions", source=CHOICE, low=1, high=1000
    )
    crowd: float = anchor(80.0, "capitulation: a crowd of one bad mind, faded")
    crowd_from: float = multiple(4.0, "of the usual mentions, where fading begins", CHOICE)
    crowd_full: float = multiple(8.0, "of the usual mentions, faded in full", CHOICE)
    crowd_tone_from: float = share(0.4, "mean tone where fading begins")
    crowd_tone_full: float = share(0.6, "mean tone that is faded in full")
    tone_coverage: float = share(0.5, "part of the data while the usual talk is not known")

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        require_rising(
            neutral=NEUTRAL,
            quiet=self.quiet,
            growing=self.growing,
            spike=self.spike,
            viral=self.viral,
        )
        require_rising(growth_from=self.growth_from, growth_full=self.growth_full)
        require_rising(spike_from=self.spike_from, spike_full=self.spike_full)
        require_rising(crowd_from=self.crowd_from, crowd_full=self.crowd_full)
        require_rising(crowd_tone_from=self.crowd_tone_from, crowd_tone_full=self.crowd_tone_full)


def social(talk: SocialReading | None, shape: SocialShape) -> Component:
    """Good words are bullish until everybody shouts them. The value is the mean tone in [-1, 1].

    While the usual talk is not known, tone alone speaks, for a part of the data.
    """
    if talk is None:
        return not_known(LABEL, "nobody to listen to")
    tone = talk.tone or 0.0
    faded = _faded(talk, tone, shape)
    followed = signed_unit(tone / shape.full_tone) * _reach(talk, tone, shape)
    against = -signed_unit(tone / shape.crowd_tone_full) * (shape.crowd - NEUTRAL)
    distance = (1.0 - faded) * followed + faded * against
    coverage = shape.tone_coverage if talk.usual is None else 1.0
    return known(LABEL, tone, distance, _words(talk, distance, shape), coverage)


def _reach(talk: SocialReading, tone: float, shape: SocialShape) -> float:
    """How far talk of a full tone goes from neutral."""
    growing = ramp(talk.growth or 0.0, shape.growth_from, shape.growth_full)
    loudest = shape.viral if _is_viral(talk, tone, shape) else shape.spike
    spiking = _spike(talk, shape)
    quiet = shape.quiet - NEUTRAL
    return quiet + max(
        growing * (shape.growing - NEUTRAL - quiet), spiking * (loudest - NEUTRAL - quiet)
    )


def _faded(talk: SocialReading, tone: float, shape: SocialShape) -> float:
    """Part of the talk that is a crowd's shouting, 0 to 1."""
    if _is_viral(talk, tone, shape):
        return 0.0
    loud = ramp(times_usual(talk, shape), shape.crowd_from, shape.crowd_full)
    of_one_mind = ramp(abs(tone), shape.crowd_tone_from, shape.crowd_tone_full)
    return _spike(talk, shape) * loud * of_one_mind


def _is_viral(talk: SocialReading, tone: float, shape: SocialShape) -> bool:
    return talk.viral is not None and talk.viral * tone > 0.0 and abs(talk.viral) >= shape.full_tone


def _spike(talk: SocialReading, shape: SocialShape) -> float:
    if talk.mentions < shape.least_mentions:
        return 0.0
    return ramp(times_usual(talk, shape), shape.spike_from, shape.spike_full)


def times_usual(talk: SocialReading, shape: SocialShape) -> float:
    """Mentions of the hour over the usual ones; 0 while these are not known."""
    return 0.0 if talk.usual is None else talk.mentions / max(talk.usual, shape.usual_floor)


def _words(talk: SocialReading, distance: float, shape: SocialShape) -> str:
    told = counted(talk.mentions, "mention")
    if talk.tone is None:
        return f"{told} in the last hour"
    mood = _mood(talk.tone)
    if talk.usual is None:
        return f"{told} in the last hour, {mood}; usual not known yet"
    if _spike(talk, shape) > 0.0:
        times = min(times_usual(talk, shape), _LOUDEST_TOLD)
        return f"{told} an hour, {times:.1f}x usual, {mood}{_stance(talk.tone, distance)}"
    growing = ", growing" if (talk.growth or 0.0) > shape.growth_from else ""
    return f"{told} in the last hour{growing}, {mood}"


def _mood(tone: float) -> str:
    if abs(tone) * NEUTRAL < SLIGHT:
        return "mixed"
    return "positive" if tone > 0.0 else "negative"


def _stance(tone: float, distance: float) -> str:
    if distance * tone >= 0.0 or abs(distance) < SLIGHT:
        return ""
    return ": crowd faded, " + ("buy" if distance > 0.0 else "sell")
