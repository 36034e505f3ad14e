"""A stranger checks the record of a real run: export, candles and verifier, each as it is run."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.ledger_commands import VERIFIER
from domain.ledger import EntryKind, LedgerEntry
from engine.ledger import export_lines, next_entry, parse_content, parse_export, short_hash
from tests.e2e.bot_process import started, variables_for
from tests.e2e.line import EAGER, Line, digits_of, number_of, open_line
from tests.e2e.waiting import until

pytestmark = pytest.mark.timeout(240)

SHORT_LIVED = {**EAGER, "risk": {**EAGER["risk"], "lifecycle": {"maximum_hold_candles": 1}}}
"""Signals of half an hour at most: the record shall soon be one in which all have ended."""

ENDED = 3
"""Outcomes that the run has to bring at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """Whoever has the published files, and the bare verifier."""

    folder: Path

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger.jsonl"

    def entries(self) -> list[LedgerEntry]:
        return parse_export(self.ledger.read_text(encoding="ascii"))

    async def verify(self, ledger: Path, *arguments: str) -> tuple[int, str]:
        """Exit code and all that it prints, in an interpreter that sees none of our packages."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", str(VERIFIER), str(ledger)),
            *("--candles", str(self.folder / "candles"), *arguments),
            cwd=self.folder,
            env={},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        printed, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, printed.decode()

    def write(self, name: str, entries: Sequence[LedgerEntry]) -> Path:
        """A file of these entries, whose header says so."""
        path = self.folder / name
        path.write_text("".join(export_lines(entries)), encoding="ascii")
        return path


async def test_record_of_a_run_holds_and_a_forged_or_shortened_one_does_not(
    tmp_path: Path,
) -> None:
    async with _published(tmp_path) as (line, stranger):
        entries = stranger.entries()
        await _assert_holds(stranger, entries)
        _assert_posts_are_in_it(line, entries)
        await _assert_forgery_is_named(stranger, entries)
        await _assert_cut_tail_is_named(stranger, entries)


async def _assert_holds(stranger: Stranger, entries: Sequence[LedgerEntry]) -> None:
    code, told = await stranger.verify(stranger.ledger, "--head", _head(entries), "--json")
    assert code == 0, told
    findings = json.loads(told)
    kinds = [entry.kind for entry in entries]
    assert findings["outcomes_recomputed"] == kinds.count(EntryKind.OUTCOME) >= ENDED
    assert (findings["heads_checked"], findings["live"], findings["not_checked"]) == (1, [], {})


def _assert_posts_are_in_it(line: Line, entries: Sequence[LedgerEntry]) -> None:
    """What the channel shows under each signal are the first digits of its entry's hash."""
    recorded = {
        parse_content(entry)["signal"]: short_hash(entry.hash)
        for entry in entries
        if entry.kind is EntryKind.SIGNAL
    }
    assert {number_of(post): digits_of(post) for post in line.posts()} == recorded


async def _assert_forgery_is_named(stranger: Stranger, entries: Sequence[LedgerEntry]) -> None:
    forged, at = _with_better_result(entries)
    code, told = await stranger.verify(stranger.write("forged.jsonl", forged))
    assert code == 1, told
    assert told.startswith(f"entry {at} does not hold: the outcome has the wrong net_r")


async def _assert_cut_tail_is_named(stranger: Stranger, entries: Sequence[LedgerEntry]) -> None:
    cut = stranger.write("cut.jsonl", entries[:-1])
    code, told = await stranger.verify(cut, "--head", _head(entries))
    assert code == 1, told
    assert told.startswith(f"entry {len(entries)} does not hold: it is missing")


def _head(entries: Sequence[LedgerEntry]) -> str:
    return f"{len(entries)}:{entries[-1].hash}"


def _with_better_result(entries: Sequence[LedgerEntry]) -> tuple[list[LedgerEntry], int]:
    """The record with one R more in the first trade's outcome, every hash anew; and its place."""
    place = next(
        number
        for number, entry in enumerate(entries)
        if entry.kind is EntryKind.OUTCOME and parse_content(entry)["exits"]
    )
    forged: list[LedgerEntry] = []
    for number, entry in enumerate(entries):
        content: dict[str, Any] = dict(parse_content(entry))
        if number == place:
            content["net_r"] = str(Decimal(content["net_r"]) + 1)
        forged.append(next_entry(forged[-1] if forged else None, entry.kind, entry.at, content))
    return forged, place + 1


@asynccontextmanager
async def _published(folder: Path) -> AsyncIterator[tuple[Line, Stranger]]:
    """A record with some outcomes as its operator publishes it, and the venue's candles."""
    url = f"sqlite:///{folder / 'quorum.sqlite'}"
    async with open_line(url, pairs=4, strategy=SHORT_LIVED) as line:
        async with line.bot():
            await _run_until_all_have_ended(line)
        variables = {**variables_for(line, folder), "DATABASE_URL": url}
        stranger = Stranger(folder=folder)
        ledger, candles = str(stranger.ledger), str(folder / "candles")
        for name, arguments in (
            ("export", ["--out", ledger]),
            ("candles", ["--ledger", ledger, "--out", candles]),
        ):
            async with started(
                folder / f"ran-{name}", ["ledger", name, *arguments], variables
            ) as ran:
                assert await ran.wait() == 0, ran.logged
        yield line, stranger


async def _run_until_all_have_ended(line: Line) -> None:
    """Some outcomes, then no new signals, then none that is live."""
    await line.wait_for_posts(ENDED)
    await line.ask("/pause checked", "aused")

    async def have_ended() -> bool:
        async with line.storage() as unit:
            return not await unit.signals.list_live()

    await until(have_ended, "signals stay live though the bot is paused")
