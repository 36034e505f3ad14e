"""What a check is, and how checks run: side by side, each within its own time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How something stands."""

    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """One line of the report. `mend` says what to do; it is empty when all is well."""

    name: str
    status: Status
    detail: str
    mend: str = ""


Examination = AsyncIterator[CheckResult]
"""The lines of one check. Those found before it broke off are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Looks at one thing for at most `seconds`; `mend` helps when it does not answer at all."""

    name: str
    examine: Callable[[], Examination]
    mend: str
    seconds: float = 10.0


def ok(name: str, detail: str) -> CheckResult:
    """All is well."""
    return CheckResult(name=name, status=Status.OK, detail=detail)


def warning(name: str, detail: str, mend: str) -> CheckResult:
    """The bot runs, but not as well as it could."""
    return CheckResult(name=name, status=Status.WARNING, detail=detail, mend=mend)


def failure(name: str, detail: str, mend: str) -> CheckResult:
    """The bot can't do its work like this."""
    return CheckResult(name=name, status=Status.FAILURE, detail=detail, mend=mend)


async def in_thread(look: Callable[[], Sequence[CheckResult]]) -> Examination:
    """An examination out of a function that blocks: it reads files."""
    for line in await asyncio.to_thread(look):
        yield line


async def run_checks(checks: Sequence[Check]) -> list[CheckResult]:
    """The lines of all checks, in their order. No check can stop another one."""
    async with asyncio.TaskGroup() as group:
        running = [group.create_task(_run(check)) for check in checks]
    return [line for task in running for line in task.result()]


async def _run(check: Check) -> list[CheckResult]:
    lines: list[CheckResult] = []
    try:
        async with asyncio.timeout(check.seconds):
            async for line in check.examine():
                lines.append(line)  # noqa: PERF401 - keeps what came before a break-off
    except TimeoutError:
        lines.append(failure(check.name, f"no answer within {check.seconds:g} s", check.mend))
    except Exception as error:  # noqa: BLE001 - whatever breaks a check is what it was to find
        lines.append(failure(check.name, _in_words(error), check.mend))
    return lines


def _in_words(error: Exception) -> str:
    return str(error) or type(error).__name__
