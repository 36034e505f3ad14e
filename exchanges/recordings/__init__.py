"""Recordings of a venue: compressed lines that hold every message as it came, byte for byte.

The format is described for strangers in docs/recorder.md.
"""

from exchanges.recordings.manifest import Manifest, Session
from exchanges.recordings.messages import RecordedMessage
from exchanges.recordings.reader import CutTail, Recording
from exchanges.recordings.writer import RecordingWriter

__all__ = [
    "CutTail",
    "Manifest",
    "RecordedMessage",
    "Recording",
    "RecordingWriter",
    "Session",
]
