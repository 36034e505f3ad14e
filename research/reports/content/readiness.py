"""What the readiness gate said of a run: figure by figure, and whether it may trade live."""

from domain.readiness import ReadinessVerdict
from research.reports.tables import Table, row


def readiness_table(verdict: ReadinessVerdict) -> Table:
    """A line for each check."""
    word = "passed" if verdict.is_passed else "failed"
    return Table(
        title=f"Readiness gate: {word}",
        columns=("figure", "outcome", "found and asked for"),
        rows=tuple(
            row(check.metric, "passed" if check.is_passed else "FAILED", check.text)
            for check in verdict.checks
        ),
        words=(0, 1, 2),
    )
