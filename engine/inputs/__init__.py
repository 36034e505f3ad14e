"""What decisions were made on: kept with each published signal, and replayed from what was kept."""

from engine.inputs.differences import Difference, differences
from engine.inputs.keeping import KeepInputsOf
from engine.inputs.replay import Part, PartReplayed, Replayed, StoredSignal, replay
from engine.inputs.replay_signal import ReplayedSignal, ReplaySignal
from engine.inputs.values import DecisionRules, KeptInputs, SignalInputs

__all__ = [
    "DecisionRules",
    "Difference",
    "KeepInputsOf",
    "KeptInputs",
    "Part",
    "PartReplayed",
    "ReplaySignal",
    "Replayed",
    "ReplayedSignal",
    "SignalInputs",
    "StoredSignal",
    "differences",
    "replay",
]
