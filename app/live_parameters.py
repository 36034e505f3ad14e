"""Lays the parameter set that is live over the strategy file, before anything is built from it."""

from collections.abc import Sequence
from typing import Any, Final

from app.settings import Settings
from app.settings.changed import changed_thresholds
from app.settings.strategy import Strategy
from app.stored import read_kept
from db.engine import parse_database_url
from domain.errors import ConfigurationError
from domain.parameters import Parameters
from domain.readiness import CONFLUENCE
from engine.parameter_sets.applying import Values, apply, known_names
from engine.parameter_sets.configuration import LiveSet, OverlaidValue, RunningParameters
from engine.ports.storage import UnitOfWork

_GROUPS: Final = (
    "technical",
    "orderflow",
    "onchain",
    "sentiment",
    "memory",
    "confluence",
    "risk",
    "correlations",
    "issue",
)
"""What decides on a trade: nothing else may be in a set, the readiness gate least of all."""

_FIRST_WITH_SETS: Final = "0005"
"""The migration that made the tables of sets: an update must not start without the live one."""


def deciding_groups(strategy: Strategy) -> dict[str, Parameters]:
    """The groups of the strategy that decide on a trade, by name."""
    return {name: getattr(strategy, name) for name in _GROUPS}


def laid_over(settings: Settings, values: Values) -> Settings:
    """The settings with values of a set. Raises `ConfigurationError` for those that do not fit."""
    changed = apply(deciding_groups(settings.strategy), values)
    strategy = settings.strategy.model_copy(update=changed)
    return settings.model_copy(update={"strategy": strategy})


async def lay_over_live_set(settings: Settings) -> tuple[Settings, RunningParameters]:
    """The settings as they are in force, and where they come from.

    Raises `StorageUnavailableError`, and `ConfigurationError` for a live set that does not fit.
    """
    url = parse_database_url(settings.storage.database_url.get_secret_value())
    live = await read_kept(url, _read_live_set, None, since=_FIRST_WITH_SETS)
    if live is None:
        return settings, strategy_file_alone(settings)
    found = live.parameter_set
    try:
        final = laid_over(settings, found.values)
    except ConfigurationError as error:
        raise ConfigurationError(
            f"parameter set {found.version} is live and does not fit this version and strategy "
            f"file: {error}. Go back with `python -m app parameters rollback`, or to the file "
            "alone with `python -m app parameters drop`"
        ) from error
    return final, _running(settings, live)


def strategy_file_alone(settings: Settings) -> RunningParameters:
    """That nothing is laid over the strategy file."""
    return RunningParameters(changed=changed_thresholds(settings))


def _running(settings: Settings, live: LiveSet) -> RunningParameters:
    values = live.parameter_set.values
    in_file: dict[str, Any] = known_names(deciding_groups(settings.strategy))
    overlaid = [
        OverlaidValue(name=name, value=values[name], in_file=in_file[name])
        for name in sorted(values)
    ]
    return RunningParameters(
        live=live, overlaid=overlaid, changed=_without(changed_thresholds(settings), values)
    )


def _without(changed: Sequence[str], values: Values) -> list[str]:
    return [text for text in changed if text.partition(" = ")[0] not in values]


async def _read_live_set(unit: UnitOfWork) -> LiveSet | None:
    changes = await unit.parameter_sets.list_changes(CONFLUENCE)
    if not changes or changes[-1].version is None:
        return None
    found = await unit.parameter_sets.find(changes[-1].version)
    return None if found is None else LiveSet(parameter_set=found, change=changes[-1])
