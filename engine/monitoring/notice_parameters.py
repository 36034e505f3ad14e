"""How operators are told: how often, how many at once, how patiently."""

from dataclasses import dataclass

from domain.parameters import Parameters, parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeParameters(Parameters):
    """Routing of notices. Minutes and seconds are those of the wall."""

    batch_minutes: float = parameter(
        15.0,
        doc="warnings of so long go to other channels as one message",
        unit="minutes",
        source="a mail for each of them is a mail that nobody reads",
        low=0,
        high=1440,
    )
    again_minutes: float = parameter(
        60.0,
        doc="a trouble that is told of again while it lasts is news after so long",
        unit="minutes",
        source="somebody who has not reacted within an hour has not seen it",
        low=1,
        high=10_080,
    )
    most_waiting: int = parameter(
        200,
        doc="notices kept for each way out; beyond it the least severe, oldest one is dropped",
        unit="notices",
        source="all subjects there are, several times over",
        low=10,
        high=10_000,
    )
    most_attempts: int = parameter(
        6,
        doc="attempts to send a notice by other channels",
        unit="attempts",
        source="with growing pauses, some 15 minutes",
        low=1,
        high=100,
    )
    first_pause_seconds: float = parameter(
        30.0,
        doc="pause after the first failed attempt by other channels; the next ones double",
        unit="seconds",
        source="services of mail and chat come back within minutes",
        low=1,
        high=600,
    )
    longest_pause_seconds: float = parameter(
        480.0,
        doc="longest pause between two attempts by other channels",
        unit="seconds",
        source="bounded, so that an end of the trouble is noticed",
        low=1,
        high=3600,
    )
    send_seconds: float = parameter(
        60.0,
        doc="an attempt by other channels that takes longer has failed",
        unit="seconds",
        source="mail servers answer within ten",
        low=1,
        high=600,
    )
    remembered_hours: float = parameter(
        48.0,
        doc="what was told before a restart counts as told for so long",
        unit="hours",
        source="a process that is started again and again alerts once all the same",
        low=0,
        high=720,
    )
