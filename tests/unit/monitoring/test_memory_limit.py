from pathlib import Path

import pytest

from monitoring.memory_limit import memory_limit_bytes

MACHINE = 4_000_000_000


@pytest.fixture
def mounted(tmp_path: Path) -> Path:
    return tmp_path / "cgroup"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="ascii")


def _limit(mounted: Path, own_groups: str) -> int:
    own = mounted.parent / "own"
    _write(own, own_groups)
    return memory_limit_bytes(MACHINE, mounted_at=mounted, own_groups=own)


def test_a_machine_without_control_groups_may_be_used_whole(tmp_path: Path) -> None:
    absent = tmp_path / "absent"

    assert memory_limit_bytes(MACHINE, mounted_at=absent, own_groups=absent) == MACHINE


def test_the_limit_of_a_container_counts(mounted: Path) -> None:
    _write(mounted / "memory.max", "1073741824")

    assert _limit(mounted, "0::/") == 1_073_741_824


def test_a_group_without_a_limit_leaves_the_machine(mounted: Path) -> None:
    _write(mounted / "memory.max", "max")

    assert _limit(mounted, "0::/") == MACHINE


def test_the_lowest_limit_of_the_groups_around_counts(mounted: Path) -> None:
    _write(mounted / "system.slice/quorum.service/memory.max", "3000000000")
    _write(mounted / "system.slice/memory.max", "2000000000")

    assert _limit(mounted, "0::/system.slice/quorum.service") == 2_000_000_000


def test_a_limit_above_the_machine_is_none(mounted: Path) -> None:
    _write(mounted / "memory.max", "9000000000")

    assert _limit(mounted, "0::/") == MACHINE


def test_the_first_version_of_control_groups_is_read_too(mounted: Path) -> None:
    _write(mounted / "memory/docker/abc/memory.limit_in_bytes", "500000000")

    assert _limit(mounted, "12:cpu,cpuacct:/docker/abc\n9:memory:/docker/abc") == 500_000_000


def test_the_first_version_says_no_limit_with_a_number_beyond_all_memory(mounted: Path) -> None:
    _write(mounted / "memory/memory.limit_in_bytes", "9223372036854771712")

    assert _limit(mounted, "9:memory:/docker/abc") == MACHINE


def test_a_group_named_with_a_colon_is_read(mounted: Path) -> None:
    _write(mounted / "a:b/memory.max", "700000000")

    assert _limit(mounted, "0::/a:b") == 700_000_000


def test_the_machine_this_runs_on_has_a_limit_above_nothing() -> None:
    assert 0 < memory_limit_bytes(MACHINE) <= MACHINE
