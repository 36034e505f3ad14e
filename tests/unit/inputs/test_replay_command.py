"""What the command answers people and programs."""

import json
from dataclasses import replace
from io import StringIO

from rich.console import Console

from app.replay_command import print_replayed, to_json
from app.version import VERSION
from engine.inputs import DecisionRules, Part, PartReplayed, Replayed, ReplayedSignal, differences
from engine.issue import IssueParameters
from tests.unit.inputs.keeping_desk import RULES, VERSION_THEN, KeepingDesk

SHORT_WINDOW = replace(RULES, issuing=IssueParameters(entry_window_seconds=600.0))


async def replayed() -> ReplayedSignal:
    desk = KeepingDesk()
    await desk.close()
    return await desk.replay()


async def different() -> ReplayedSignal:
    """The plan has another size and the post another line, which looks like markup."""
    found = await replayed()
    plan = differences({"quantity": 1}, {"quantity": 2})
    text = replace(
        differences({"text": "old"}, {"text": "new"})[0], lines=("-[bold]old", "+[bold]new")
    )
    changed = {Part.PLAN: plan, Part.MESSAGE: (text,)}
    parts = tuple(
        PartReplayed(part=each.part, differences=changed.get(each.part, ()))
        for each in found.replayed.parts
    )
    return replace(found, replayed=Replayed(parts=parts))


def told(found: ReplayedSignal, here: DecisionRules = RULES) -> list[str]:
    console = Console(file=StringIO(), soft_wrap=True, highlight=False, width=60)
    print_replayed(found, here, console)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue().splitlines()


async def test_identical_signal_is_said_to_be_so_part_by_part_and_as_a_whole() -> None:
    lines = told(await replayed())
    assert lines[0].startswith("signal #1 P")
    assert [f"{part}: identical" for part in Part] == [
        line for line in lines if line.endswith(": identical")
    ]
    assert lines[-1].startswith("identical: ")
    assert f"version {VERSION_THEN} then, {VERSION} here" in "\n".join(lines)
    assert f"parameters {RULES.fingerprint}, as the settings here" in lines


async def test_differences_are_shown_under_their_part() -> None:
    lines = told(await different())
    at = lines.index("plan: differs")
    assert lines[at + 1] == "  quantity: stored 1, made anew 2"
    at = lines.index("message: differs")
    assert lines[at + 1 : at + 3] == ["  -[bold]old", "  +[bold]new"]
    assert lines[-1] == "not identical: plan, message"


async def test_parameters_that_are_other_ones_here_are_named() -> None:
    lines = told(await replayed(), SHORT_WINDOW)
    assert any(line.endswith(", not those of the settings here:") for line in lines)
    assert "  issuing.entry_window_seconds: 900.0 then, 600.0 here" in lines


async def test_parameters_that_came_and_went_are_named() -> None:
    found = await replayed()
    lines = told(replace(found, kept=replace(found.kept, gone=("a.b",), added=("c.d",))))
    assert "  a.b: kept, but unknown to this version" in lines
    assert "  c.d: not kept then, taken at its default" in lines


async def test_programs_get_the_same() -> None:
    answer = json.loads(json.dumps(to_json(await different(), SHORT_WINDOW)))
    assert (answer["signal"], answer["identical"]) == (1, False)
    assert answer["version"] == {"then": VERSION_THEN, "here": VERSION}
    assert answer["parts"]["decision"] == {"identical": True, "differences": []}
    assert answer["parts"]["plan"]["differences"] == [
        {"name": "quantity", "stored": "1", "recomputed": "2"}
    ]
    assert answer["parts"]["message"]["differences"][0]["diff"] == ["-[bold]old", "+[bold]new"]
    parameters = answer["parameters"]
    assert parameters["then"] == RULES.fingerprint != parameters["here"]
    assert [each["name"] for each in parameters["differ_from_here"]] == [
        "issuing.entry_window_seconds"
    ]
