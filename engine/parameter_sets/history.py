"""Which set is live, and which was before: read from the log of changes."""

from collections.abc import Sequence

from domain.errors import ConfigurationError
from domain.parameter_sets import LiveChange


def live_version(changes: Sequence[LiveChange]) -> int | None:
    """The version that is live, None for the strategy file alone; `changes` oldest first."""
    return changes[-1].version if changes else None


def rolled_back(changes: Sequence[LiveChange]) -> int | None:
    """The version that was live before the one that is, None for the strategy file alone.

    Going back to a version forgets what came after it, so that rolling back twice leads further
    back and never to what was just left. The log does not tell a rollback from a switch, so that
    switching to a version that is on the way back already forgets just as much. Raises
    `ConfigurationError` where there is nothing before.
    """
    trail: list[int | None] = [None]
    for change in changes:
        if change.version in trail:
            del trail[trail.index(change.version) + 1 :]
        else:
            trail.append(change.version)
    if len(trail) == 1:
        raise ConfigurationError(
            "the strategy file alone is live, and nothing before it to go back to; "
            "`python -m app parameters list` shows which sets there are, `use` switches to one"
        )
    return trail[-2]
