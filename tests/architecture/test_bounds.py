"""Nothing that waits may wait without bound: every queue of the product says how much it takes."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.paths import ROOT

ROOMS = ("app", "bot", "db", "engine", "exchanges", "feeds", "monitoring", "research", "risk")

SHORT_BY_NATURE = {
    # What a connection may ask in a second, and in five minutes: older entries leave by their age.
    "exchanges/request_pool.py",
    "exchanges/simulator/streams/connections.py",
    # Frames a fault holds back for some seconds; only the simulated venue has it.
    "exchanges/simulator/streams/broadcast.py",
}


def unbounded(tree: ast.AST) -> Iterator[int]:
    """Lines that make a queue or a deque without a size."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and not node.args and not node.keywords:
            name = ast.unparse(node.func).rpartition(".")[2]
            if name in {"Queue", "LifoQueue", "PriorityQueue", "SimpleQueue", "deque"}:
                yield node.lineno


def sources() -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted((ROOT / room).rglob("*.py"))


def test_every_queue_has_a_size() -> None:
    found = {
        f"{source.relative_to(ROOT)}:{line}"
        for source in sources()
        for line in unbounded(ast.parse(source.read_text()))
    }
    assert {place for place in found if place.rpartition(":")[0] not in SHORT_BY_NATURE} == set()


def test_a_queue_without_a_size_is_found() -> None:
    tree = ast.parse("import asyncio\nwaiting = asyncio.Queue()\nsized = asyncio.Queue(5)\n")
    assert list(unbounded(tree)) == [2]
