"""A venue that plays a recording: frames byte for byte, REST from the answers recorded beside."""

from exchanges.simulator.playback.venue import PlaybackVenue

__all__ = ["PlaybackVenue"]
