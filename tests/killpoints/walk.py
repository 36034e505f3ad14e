"""Walks through the lives of a trade: first unharmed, then dying at one boundary after another."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.killpoints.ground import Scene, prepare
from tests.killpoints.trial import Life, Trial, try_life
from tests.killpoints.verdict import STATED_SECONDS, Evidence, problems_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A boundary in a life."""

    life: Life
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What came of dying at a point. Spans in seconds; `is_reached` is false where the bot did not
    come by, twice: what is asked beside the trade depends on the clock.
    """

    point: Point
    problems: tuple[str, ...]
    is_reached: bool
    unprotected: float = 0.0
    unprotected_and_down: float = 0.0


class Walk:
    """Lives with their points. `at_once` trades are under way at the same time; in none of them
    anything may be held without a stop for longer than `unprotected_seconds` while a bot runs.
    """

    def __init__(
        self,
        lives: Sequence[Life],
        folder: Path,
        *,
        at_once: int,
        unprotected_seconds: float = STATED_SECONDS,
    ) -> None:
        self._lives = lives
        self._unprotected_seconds = unprotected_seconds
        self._folder = folder
        self._turns = asyncio.Semaphore(at_once)
        self._unharmed: dict[str, Evidence] = {}

    async def list_points(self) -> list[Point]:
        """Every boundary of every life; those that two lives share are listed once.

        Raises `AssertionError` where a trade goes wrong without anybody dying.
        """
        points: list[Point] = []
        seen: set[tuple[Scene, str]] = set()
        for scene in {life.scene for life in self._lives}:
            await prepare(scene, self._template(scene))
        trials = await asyncio.gather(*(self._try(life, None) for life in self._lives))
        for life, trial in zip(self._lives, trials, strict=True):
            assert trial.evidence is not None, f"{life.name}: {trial.stuck}"
            problems = self._problems_of(trial.evidence, trial.evidence)
            assert not problems, f"{life.name}: {problems}"
            self._unharmed[life.name] = trial.evidence
            new = [name for name in trial.reached if (life.scene, name) not in seen]
            seen |= {(life.scene, name) for name in new}
            points += [Point(life=life, name=name) for name in new]
        return points

    async def die_at(self, points: Sequence[Point], tell: Callable[[Finding], None]) -> None:
        """Die at every one of these points; `tell` hears what came of each."""

        async def one(point: Point) -> None:
            finding = self._judged(point, await self._try(point.life, point.name))
            if not finding.is_reached:
                finding = self._judged(point, await self._try(point.life, point.name))
            tell(finding)

        async with asyncio.TaskGroup() as group:
            for point in points:
                group.create_task(one(point))

    async def _try(self, life: Life, kill_at: str | None) -> Trial:
        async with self._turns:
            return await try_life(life, self._template(life.scene), kill_at)

    def _judged(self, point: Point, trial: Trial) -> Finding:
        if trial.evidence is None:
            return Finding(point=point, problems=(trial.stuck,), is_reached=trial.has_died)
        expected = self._unharmed[point.life.name]
        return Finding(
            point=point,
            problems=tuple(self._problems_of(trial.evidence, expected)),
            is_reached=trial.has_died,
            unprotected=trial.evidence.unprotected_ms / 1000,
            unprotected_and_down=trial.evidence.unprotected_and_down_ms / 1000,
        )

    def _problems_of(self, seen: Evidence, expected: Evidence) -> list[str]:
        return problems_of(seen, expected, unprotected_seconds=self._unprotected_seconds)

    def _template(self, scene: Scene) -> Path:
        return self._folder / f"{scene.mode}.sqlite"


def kind_of(point: Point) -> str:
    """What kind of boundary it is: "commit", "place", "list fills"."""
    words = point.name.partition(":")[0].split()
    return words[0] if words[0] in ("commit", "place", "cancel", "find") else " ".join(words[:2])


def table(findings: Sequence[Finding]) -> str:
    """Points by kind and life, as Markdown."""
    lives = sorted({finding.point.life.name for finding in findings})
    kinds = sorted({kind_of(finding.point) for finding in findings})
    counts = Counter((kind_of(f.point), f.point.life.name) for f in findings)
    lines = [f"| boundary | {' | '.join(lives)} |", f"|---|{'---|' * len(lives)}"]
    for kind in kinds:
        numbers = " | ".join(str(counts[kind, life]) for life in lives)
        lines.append(f"| {kind} | {numbers} |")
    return "\n".join(lines)


def new_folder() -> tempfile.TemporaryDirectory[str]:
    """Where prepared databases are kept."""
    return tempfile.TemporaryDirectory(prefix="killpoints-")
