"""The state of the whole market."""

from enum import StrEnum


class Regime(StrEnum):
    """State of the whole market; UNKNOWN where nobody tells it."""

    RISK_ON = "RISK_ON"
    BTC_SEASON = "BTC_SEASON"
    RISK_OFF = "RISK_OFF"
    CHOPPY = "CHOPPY"
    UNKNOWN = "UNKNOWN"
