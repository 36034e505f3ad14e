"""What the commands about parameter sets do, and say."""

import getpass
import tomllib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from typer import echo

from app.clock import ExchangeClock
from app.live_parameters import deciding_groups
from app.made_storage import made_storage
from app.settings import load_settings
from domain.errors import ConfigurationError
from domain.parameter_sets import LiveChange, ParameterSet
from domain.parameters import Parameters
from domain.readiness import CONFLUENCE
from engine.parameter_sets.applying import known_names
from engine.parameter_sets.history import live_version
from engine.parameter_sets.switching import ParameterSwitch
from engine.ports.storage import Storage

_NEXT_START: Final = "from the next start on"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """The database of the settings, and what the strategy file says."""

    storage: Storage
    groups: Mapping[str, Parameters]
    switch: ParameterSwitch


async def list_sets() -> None:
    """One line for each set, the live one marked, then the history of changes."""
    async with _opened() as opened, opened.storage() as unit:
        sets = await unit.parameter_sets.list_all(CONFLUENCE)
        changes = await unit.parameter_sets.list_changes(CONFLUENCE)
    live = live_version(changes)
    echo(f"{_mark(live is None)} the strategy file alone")
    for each in sets:
        echo(f"{_mark(live == each.version)} {_in_one_line(each)}")
    echo("".join(f"\n{line}" for line in _history(changes)), nl=bool(changes))


async def show_set(version: int) -> None:
    """Where it comes from, then number by number."""
    async with _opened() as opened, opened.storage() as unit:
        found = await unit.parameter_sets.find(version)
        in_file = known_names(opened.groups)
    if found is None:
        raise ConfigurationError(
            f"there is no parameter set {version}; `python -m app parameters list` shows which "
            "there are"
        )
    echo(_in_one_line(found))
    for name, value in sorted(found.values.items()):
        echo(f"  {name} = {value:g} ({_in_the_file(in_file.get(name))})")


async def use_set(version: int) -> None:
    """Make it live."""
    async with _opened() as opened:
        found = await opened.switch.use(version, _who())
    echo(f"version {found.version} is live {_NEXT_START}")


async def roll_back() -> None:
    """Make live what was before."""
    async with _opened() as opened:
        before = await opened.switch.roll_back(_who())
    echo(f"{_named(before)} is live again {_NEXT_START}")


async def drop_set() -> None:
    """Make the strategy file alone live."""
    async with _opened() as opened:
        await opened.switch.drop(_who())
    echo(f"{_named(None)} is live {_NEXT_START}")


async def add_set(path: Path, note: str) -> None:
    """Keep the numbers of a file as a set."""
    values = read_values(path)
    async with _opened() as opened:
        kept = await opened.switch.add(values, origin=f"by hand, {path.name}", note=note)
    echo(f"kept as version {kept.version}: `python -m app parameters use {kept.version}`")


def read_values(path: Path) -> dict[str, Any]:
    """What a TOML file holds, by dotted name. Raises `ConfigurationError`."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigurationError(
            f"{path} cannot be read: {error}; it has to be TOML with tables as in the strategy file"
        ) from error
    return dict(_flat(content, ""))


def _flat(content: Mapping[str, Any], prefix: str) -> list[tuple[str, Any]]:
    found = []
    for key, value in content.items():
        name = f"{prefix}{key}"
        found += _flat(value, f"{name}.") if isinstance(value, dict) else [(name, value)]
    return found


@asynccontextmanager
async def _opened() -> AsyncIterator[_Opened]:
    settings = load_settings()
    async with made_storage(settings) as storage:
        groups = deciding_groups(settings.strategy)
        switch = ParameterSwitch(storage=storage, clock=ExchangeClock(), groups=groups)
        yield _Opened(storage=storage, groups=groups, switch=switch)


def _who() -> str:
    """Whoever is logged in at this terminal."""
    try:
        return f"terminal: {getpass.getuser()}"
    except (KeyError, OSError):
        return "terminal"


def _mark(is_live: bool) -> str:
    return "*" if is_live else " "


def _named(version: int | None) -> str:
    return "the strategy file alone" if version is None else f"version {version}"


def _in_one_line(found: ParameterSet) -> str:
    note = f" - {found.note}" if found.note else ""
    return (
        f"version {found.version}, {found.created_at:%Y-%m-%d %H:%M} UTC, "
        f"numbers: {len(found.values)}, {found.origin}{note}"
    )


def _in_the_file(value: float | None) -> str:
    return "unknown to this version" if value is None else f"strategy file {value:g}"


def _history(changes: Sequence[LiveChange]) -> list[str]:
    return [f"{each.at:%Y-%m-%d %H:%M} UTC {_named(each.version)}, {each.by}" for each in changes]
