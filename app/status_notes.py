"""What /status tells of the running bot beyond figures: whatever is not as it should be."""

from dataclasses import dataclass

from app.flow_notes import flow_notes
from app.foundation import Foundation
from app.skipped_rows import skipped_notes
from engine.execution.desk.desk import Desk


@dataclass(frozen=True, slots=True)
class StatusNotes:
    """Called for the notes of now: a line for each trouble, none while all is well."""

    foundation: Foundation
    desk: Desk

    def __call__(self) -> list[str]:
        """Who runs, what was missed, what the exchange did."""
        guard, missed = self.foundation.guard, self.foundation.jobs.history.missed
        return [
            *guard.notes(),
            *(f"{job}: {times} runs missed" for job, times in missed.items()),
            *self._market_notes(),
        ]

    def _market_notes(self) -> list[str]:
        data, market = self.foundation.ground.data, self.foundation.ground.market
        failed_mends, silent_seconds = data.feed.health().failed_mends, data.budget.silent_seconds
        notes = []
        if failed_mends:
            notes.append(f"{failed_mends} times candles could not be fetched over REST")
        notes += self.desk.halted_accounts().values()
        notes += market.outside.notes()
        notes += flow_notes(market.order_flow.tally(), data.flow.health())
        notes += skipped_notes(data.rejected.counts)
        if silent_seconds > 0:
            notes.append(f"the venue asked for silence: {silent_seconds:.0f} s")
        return notes
