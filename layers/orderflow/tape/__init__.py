"""The tape: every trade of a pair as it comes, and what the last quarter of an hour says."""

from layers.orderflow.tape.parameters import TapeParameters
from layers.orderflow.tape.tape import Tape

__all__ = ["Tape", "TapeParameters"]
