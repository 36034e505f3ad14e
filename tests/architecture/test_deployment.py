"""What the compose file and the systemd unit promise: no rights, bounds, nothing open."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped] # its types are published apart

from app.run import _STOP_SECONDS as STOP_SECONDS
from app.settings import Settings
from app.settings.variable import declared_variables
from tests.architecture.paths import ROOT

UNIT = ROOT / "deploy/systemd/quorum.service"
MACHINE_CPUS, MACHINE_MEGABYTES = 2.0, 4096
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]

services = pytest.mark.parametrize("name", SERVICES)


def _megabytes(written: str) -> float:
    number, unit = re.fullmatch(r"(\d+)([mg])", written, re.IGNORECASE).groups()  # type: ignore[union-attr] # fails if it does not match
    return float(number) * {"m": 1, "g": 1024}[unit.lower()]


def _seconds(written: str) -> float:
    return float(written.removesuffix("s"))


@services
def test_every_service_has_bounds_that_fit_the_machine(name: str) -> None:
    service = SERVICES[name]

    assert 0 < _megabytes(service["mem_limit"]) <= MACHINE_MEGABYTES / 2
    assert 0 < service["cpus"] <= MACHINE_CPUS
    assert 0 < service["pids_limit"] <= 512


def test_all_services_together_leave_the_machine_some_memory() -> None:
    together = sum(_megabytes(service["mem_limit"]) for service in SERVICES.values())

    assert together <= MACHINE_MEGABYTES - 512


@services
def test_every_image_is_ours_or_pinned_to_a_version(name: str) -> None:
    service = SERVICES[name]
    if "build" in service:
        return
    assert re.fullmatch(r"[\w/]+:v?\d+(\.\d+)+(-\w+)?(@sha256:[0-9a-f]{64})?", service["image"])


@services
def test_no_service_gains_rights_dumps_its_memory_or_fills_the_disk(name: str) -> None:
    service = SERVICES[name]

    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["ulimits"] == {"core": 0}
    assert {"max-size", "max-file"} <= set(service["logging"]["options"])
    assert service["restart"] == "unless-stopped"


@services
def test_what_listens_can_be_reached_from_this_machine_alone(name: str) -> None:
    service = SERVICES[name]

    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    if service.get("network_mode") == "host":
        assert "127.0.0.1" in str(service.get("command", "")) + str(service.get("environment"))


@services
def test_no_secret_stands_in_the_compose_file(name: str) -> None:
    secret = {each.variable.name for each in declared_variables(Settings) if each.variable.secret}
    environment = SERVICES[name].get("environment", {})

    assert not secret & set(environment)
    assert not [key for key in environment if re.search("(PASSWORD|TOKEN|SECRET|KEY)$", key)]


@services
def test_what_is_mounted_from_the_repository_exists_and_is_read_only(name: str) -> None:
    for volume in SERVICES[name].get("volumes", []):
        source, *_, mode = volume.split(":")
        if source.startswith("."):
            assert (ROOT / source).exists(), source
            assert mode == "ro"
        else:
            assert source in COMPOSE["volumes"]


def test_the_bot_has_no_rights_and_writes_its_own_folders_only() -> None:
    quorum = SERVICES["quorum"]

    assert quorum["read_only"] is True
    assert quorum["cap_drop"] == ["ALL"]
    assert quorum["env_file"] == [{"path": ".env", "required": False}]
    assert "profiles" not in quorum


def test_every_other_service_is_asked_for_by_name() -> None:
    assert all(service["profiles"] for name, service in SERVICES.items() if name != "quorum")


def test_a_stop_is_given_longer_than_the_bot_takes() -> None:
    assert _seconds(SERVICES["quorum"]["stop_grace_period"]) > STOP_SECONDS
    assert _seconds(_unit()["Service"]["TimeoutStopSec"]) > STOP_SECONDS


def _unit() -> RawConfigParser:
    """The last value of each key of the unit."""
    parsed = RawConfigParser(strict=False)
    parsed.optionxform = str  # type: ignore[assignment,method-assign] # keys keep their case
    parsed.read_string(UNIT.read_text(encoding="utf-8"))
    return parsed


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("User", "quorum"),
        ("Restart", "always"),
        ("KillSignal", "SIGTERM"),
        ("StateDirectory", "quorum"),
        ("NoNewPrivileges", "yes"),
        ("CapabilityBoundingSet", ""),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("PrivateTmp", "yes"),
        ("LimitCORE", "0"),
        ("UMask", "0077"),
    ],
)
def test_the_unit_promises(key: str, value: str) -> None:
    assert _unit()["Service"][key] == value


def test_the_unit_is_bounded_as_the_container_is() -> None:
    service, container = _unit()["Service"], SERVICES["quorum"]

    assert _megabytes(service["MemoryMax"]) == _megabytes(container["mem_limit"])
    assert float(service["CPUQuota"].removesuffix("%")) == container["cpus"] * 100
    assert int(service["TasksMax"]) == container["pids_limit"]


def test_the_unit_never_gives_up() -> None:
    assert _unit()["Unit"]["StartLimitIntervalSec"] == "0"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="a machine without systemd")
def test_systemd_finds_the_unit_well_protected() -> None:
    program = shutil.which("systemd-analyze") or ""
    analysed = subprocess.run(
        [program, "security", "--offline=true", "--threshold=20", str(UNIT)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert analysed.returncode == 0, analysed.stdout[-200:] + analysed.stderr


def _workflows() -> Iterator[Path]:
    folder = ROOT / ".github" / "workflows"
    yield from [*folder.glob("*.yml"), *folder.glob("*.yaml")]


def test_every_workflow_says_which_rights_it_needs_and_needs_few() -> None:
    for path in _workflows():
        rights = yaml.safe_load(path.read_text(encoding="utf-8"))["permissions"]
        assert rights in ({}, {"contents": "read"}), path.name
