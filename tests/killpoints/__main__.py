"""`python -m tests.killpoints [words]`: dies at every boundary, or at those whose name has the
words in it, and prints what came of it as Markdown.
"""

import asyncio
import logging
import sys
import time
from pathlib import Path
from typing import Final

from tests.killpoints.relay import DOWN_SECONDS
from tests.killpoints.trial import LIVES
from tests.killpoints.verdict import STATED_SECONDS
from tests.killpoints.walk import Finding, Walk, new_folder, table

_AT_ONCE: Final = 4


async def _walk(words: str) -> list[Finding]:
    findings: list[Finding] = []

    def tell(finding: Finding) -> None:
        findings.append(finding)
        where = f"{finding.point.life.name}, {finding.point.name}"
        sys.stderr.writelines(f"{where}: {problem}\n" for problem in finding.problems)

    with new_folder() as folder:
        walk = Walk(LIVES, Path(folder), at_once=_AT_ONCE)
        points = [point for point in await walk.list_points() if words in point.name]
        await walk.die_at(points, tell)
    return findings


def _report(findings: list[Finding], seconds: float) -> str:
    failed = [finding for finding in findings if finding.problems]
    missed = [finding for finding in findings if not finding.is_reached]
    longest = max(finding.unprotected for finding in findings)
    altogether = max(finding.unprotected_and_down for finding in findings)
    summary = (
        f"{len(findings)} points, {len(failed)} failures, in {seconds:.0f} s; {len(missed)} were "
        "not come by again. Longest time a position was held without a stop while a bot ran: "
        f"{longest:.2f} s (stated: {STATED_SECONDS:.0f} s), with the {DOWN_SECONDS} s between kill "
        f"and start {altogether:.2f} s."
    )
    return f"{table(findings)}\n\n{summary}\n"


def main() -> int:
    """The process's exit code: 1 where a point failed."""
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # who dies hangs up
    begun = time.monotonic()
    findings = asyncio.run(_walk(" ".join(sys.argv[1:])))
    sys.stdout.write(_report(findings, time.monotonic() - begun))
    return int(any(finding.problems for finding in findings))


if __name__ == "__main__":
    sys.exit(main())
