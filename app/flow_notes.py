"""What /status tells of order flow that is not as it should be."""

from engine.order_flow import FlowTally
from exchanges.flow_stream import FlowHealth


def flow_notes(tally: FlowTally, health: FlowHealth) -> list[str]:
    """One line for each kind of trouble; none while all is well."""
    notes = []
    if tally.books_unusable:
        notes.append(f"{tally.books_unusable} of {tally.pairs} order books are unusable")
    if tally.missing:
        notes.append(f"{tally.missing} trades were never told by the venue")
    if health.dropped_books:
        notes.append(f"{health.dropped_books} order books dropped for newer ones under load")
    return notes
