"""One trade from press to end, in which the bot dies at one boundary or at none."""

import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from domain.accounts import ExecutionMode
from tests.killpoints.ground import Ground, Scene, ground
from tests.killpoints.relay import relay
from tests.killpoints.stories import Story, StuckError
from tests.killpoints.verdict import Evidence

LIVE: Final = Scene(mode=ExecutionMode.LIVE)
PAPER: Final = Scene(mode=ExecutionMode.PAPER)

_LOG_END: Final = 2000
"""Characters of the log that explain why a trade is stuck."""

Walk = Callable[[Story], Awaitable[None]]


async def _to_the_stop(story: Story) -> None:
    await story.enter()
    await story.reach_first_target()
    await story.reach_second_target()
    await story.trail()
    await story.fall_to_stop()


async def _to_the_close(story: Story) -> None:
    await story.enter()
    await story.reach_first_target()
    await story.settle_at_break_even()
    await story.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A way through a trade. Lives with the same scene share their beginning; `is_longest` is the
    one that meets most.
    """

    name: str
    scene: Scene
    walk: Walk
    is_longest: bool = False


LIVES: Final = (
    Life(name="live, to the stop", scene=LIVE, walk=_to_the_stop, is_longest=True),
    Life(name="live, closed", scene=LIVE, walk=_to_the_close),
    Life(name="paper, to the stop", scene=PAPER, walk=_to_the_stop, is_longest=True),
    Life(name="paper, closed", scene=PAPER, walk=_to_the_close),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of a trade: `reached` are the boundaries that the last bot passed."""

    evidence: Evidence | None
    reached: tuple[str, ...]
    has_died: bool
    stuck: str = ""


async def try_life(life: Life, template: Path, kill_at: str | None = None) -> Trial:
    """Live through it; the first bot dies at `kill_at`, the second one finishes."""
    with tempfile.TemporaryDirectory(prefix="killpoint-") as folder:
        async with ground(life.scene, Path(folder), template) as here:
            return await _try(life, here, kill_at)


async def _try(life: Life, here: Ground, kill_at: str | None) -> Trial:
    stuck = ""
    try:
        async with relay(here, kill_at) as bots:
            await life.walk(Story(ground=here, ask=bots.ask))
            reached = await bots.end()
    except* (StuckError, RuntimeError) as errors:
        stuck = "; ".join(str(error) for error in errors.exceptions)
    if stuck:
        log = (here.folder / "log").read_text()[-_LOG_END:]
        return Trial(evidence=None, reached=(), has_died=True, stuck=f"{stuck}\n{log}")
    evidence = await Evidence.of(here, bots.down)
    return Trial(evidence=evidence, reached=tuple(reached), has_died=bool(bots.down))
