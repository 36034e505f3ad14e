"""What /status tells of order flow that is not as it should be."""

from domain.counting import many
from engine.order_flow import FlowTally
from exchanges.flow_stream import FlowHealth


def flow_notes(tally: FlowTally, health: FlowHealth) -> list[str]:
    """One line for each kind of trouble; none while all is well."""
    notes = []
    if tally.books_unusable:
        notes.append(f"{tally.books_unusable} of {tally.pairs} order books are unusable")
    if tally.missing:
        lost = many(tally.missing, "trade was", "trades were")
        notes.append(f"{lost} never told by the venue")
    if health.dropped_books:
        dropped = many(health.dropped_books, "order book")
        notes.append(f"{dropped} dropped for newer ones under load")
    return notes
