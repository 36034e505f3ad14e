"""What /status tells of the exchange's rows that made no sense."""

from collections.abc import Mapping


def skipped_notes(counts: Mapping[str, int]) -> list[str]:
    """One line with the kinds, the most frequent first; none while all is well."""
    if not counts:
        return []
    kinds = sorted(counts.items(), key=lambda kind: (-kind[1], kind[0]))
    told = ", ".join(f"{times} × {kind}" for kind, times in kinds)
    return [f"the exchange told what makes no sense, which was skipped: {told}"]
