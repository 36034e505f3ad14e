"""How much memory the process may hold: control groups as a container sets them, else all."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

_CONTROL_GROUPS: Final = Path("/sys/fs/cgroup")
_OWN_GROUPS: Final = Path("/proc/self/cgroup")


def memory_limit_bytes(
    machine_bytes: int, *, mounted_at: Path = _CONTROL_GROUPS, own_groups: Path = _OWN_GROUPS
) -> int:
    """The lowest limit among the groups the process is in, at most what the machine has.

    Both versions of control groups are read, as Linux documents them (cgroups(7)); no other system
    has any.
    """
    return min([machine_bytes, *_limits(mounted_at, own_groups)])


def _limits(mounted_at: Path, own_groups: Path) -> Iterator[int]:
    for path in _limit_files(mounted_at, own_groups):
        text = _read(path)
        if text.isdecimal():  # version 2 says "max" where there is none
            yield int(text)


def _limit_files(mounted_at: Path, own_groups: Path) -> Iterator[Path]:
    """The files that may hold a limit: of the own group and of those around it."""
    for line in _read(own_groups).splitlines():
        _, controllers, group = line.split(":", 2)
        if not controllers:
            base, name = mounted_at, "memory.max"
        elif "memory" in controllers.split(","):
            base, name = mounted_at / "memory", "memory.limit_in_bytes"
        else:
            continue
        within = PurePosixPath(group.lstrip("/"))
        for around in (within, *within.parents):
            yield base / around / name


def _read(path: Path) -> str:
    """The text of a file, empty where the system has none."""
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return ""
