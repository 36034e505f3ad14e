"""A sample of the kill points, by a fixed rule; `python -m tests.killpoints` walks all of them."""

import logging
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from tests.killpoints.trial import LIVES
from tests.killpoints.walk import Finding, Point, Walk

_AT_ONCE: Final = 3

_BUSY_SECONDS: Final = 30.0
"""How long a position may be without a stop here, where other tests have the cores as well. The
seconds that are promised are held against the walk over all points, which has them to itself.
"""
_EVERY: Final = 106
_DEAREST: Final = re.compile(r"(place|commit) (e0-1|s0-1|s0-2)( sending.*)?: (after|answered)")
"""Just after the entry, the first stop and the moved stop were written down, or were answered."""


@pytest.mark.timeout(300)
async def test_killed_anywhere_it_doubles_loses_and_exposes_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "aiohttp.server")  # who dies hangs up
    lives = [life for life in LIVES if life.is_longest]
    walk = Walk(lives, tmp_path, at_once=_AT_ONCE, unprotected_seconds=_BUSY_SECONDS)
    findings: list[Finding] = []
    points = sample(await walk.list_points())
    await walk.die_at(points, findings.append)
    assert len(findings) == len(points)
    assert {f.point.name: f.problems for f in findings if f.problems} == {}
    assert sum(finding.is_reached for finding in findings) >= len(findings) - 2


def sample(points: Sequence[Point]) -> list[Point]:
    """Every so manieth point, and on the live account those that could cost most."""
    return [
        point
        for place, point in enumerate(points)
        if place % _EVERY == 0 or (point.life is LIVES[0] and _DEAREST.match(point.name))
    ]
