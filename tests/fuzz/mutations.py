"""How good payloads are damaged: one set of strategies for all parsers.

A payload is a tree as JSON knows it. It is damaged in a few places (values of other kinds, numbers
without measure, keys that are missing, doubled or new, lists that are cut, turned or swollen), then
written as text, then perhaps damaged again byte by byte. One example in eight is plain noise.
"""

import json
from copy import deepcopy
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

Path = tuple[Any, ...]

DEEP: Final = 20_000
"""Levels of a value that no recursive reader can hold."""

_DEEP_MARK: Final = "@deep@"
_HUGE_MARK: Final = "@huge@"
_MOST_PLACES: Final = 3
_NOISE: Final = st.binary(max_size=200)

_NUMBERS: Final[list[Any]] = [
    *(0, -1, 1, 2, 7, 10**10, 10**16, 2**31, 2**63 - 1, 2**63, -(2**63), 10**30, -(10**30)),
    *(253_402_300_800_000, -62_135_596_800_001, 10**400),
    *(0.0, -0.0, 0.5, -1.5, 1e-320, 1e308, -1e308),
    *(float("nan"), float("inf"), float("-inf")),
]
"""Times before the first year and after the last one are among them."""

_TEXTS: Final = [
    *("", " ", "0", "-1", "1e400", "-1e400", "1e-400", "1e999999999", "NaN", "sNaN", "nan"),
    *("Infinity", "-inf", "0x10", "1_000", "\u0661\u0662", "9" * 5000, "true", "null", "None"),
    *("\x00", "\ud800", "a\udfffb", "\u202e", "\r\n", "<b>&amp;", "%s%n{}", "../../x"),
    *("x" * 20_000, "2026-02-30T25:61:61Z", "99999-01-01", "0001-01-01", "BTCUSDT"),
]


@st.composite
def numbers(draw: st.DrawFn) -> Any:
    """A number that no field expects."""
    return _NUMBERS[draw(st.integers(0, len(_NUMBERS) - 1))]


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A text that no field expects."""
    # By position, for Hypothesis writes out whatever it samples from.
    chosen = draw(st.integers(0, len(_TEXTS)))
    return _TEXTS[chosen] if chosen < len(_TEXTS) else draw(st.text(max_size=20))


VALUES: Final[SearchStrategy[Any]] = st.one_of(
    numbers(),
    texts(),
    st.sampled_from([None, True, False, [], {}, [[]], [None], {"": None}, [1, "2"], {"a": {}}]),
    st.recursive(
        st.none() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
        max_leaves=5,
    ),
)


def damaged(payload: Any) -> SearchStrategy[Any]:
    """A payload with one to three faults."""
    return _damaged(payload, VALUES)


@st.composite
def damaged_json(draw: st.DrawFn, payload: Any) -> bytes:
    """The text of a damaged payload; now and then of one that is whole, cut, or no JSON at all."""
    if draw(st.integers(0, 7)) == 0:
        return draw(_NOISE)
    marks = st.sampled_from([_DEEP_MARK, _HUGE_MARK])
    content = written(draw(_damaged(payload, st.one_of(VALUES, VALUES, VALUES, marks))))
    return draw(st.one_of(st.just(content), st.just(content), _doubled_key(content), cut(content)))


def written(payload: Any) -> bytes:
    """A payload as JSON; what stands for numbers and depths that Python cannot write becomes so."""
    deep = "[" * DEEP + "]" * DEEP
    text = json.dumps(payload, separators=(",", ":"))
    return text.replace(f'"{_DEEP_MARK}"', deep).replace(f'"{_HUGE_MARK}"', "1e400").encode()


@st.composite
def cut(draw: st.DrawFn, content: bytes) -> bytes:
    """Bytes with an end missing, some turned, some put in between, or a part told twice."""
    begin = draw(st.integers(0, len(content)))
    end = draw(st.integers(begin, len(content)))
    inserted = draw(st.one_of(st.sampled_from([b"\xff", b"\x00", b"\xed\xa0\x80", b"\n"]), _NOISE))
    how = draw(st.sampled_from(["end", "middle", "replaced", "inserted", "twice"]))
    return {
        "end": content[:end],
        "middle": content[:begin] + content[end:],
        "replaced": content[:begin] + inserted + content[begin + len(inserted) :],
        "inserted": content[:begin] + inserted + content[begin:],
        "twice": content[:end] + content[begin:],
    }[how]


def damaged_text(text: str) -> SearchStrategy[str]:
    """A line of text with a fault; never bytes that are no text."""
    return st.one_of(
        texts(),
        cut(text.encode()).map(lambda content: content.decode(errors="replace")),
        st.tuples(st.just(text), texts()).map(" ".join),
    )


@st.composite
def _damaged(draw: st.DrawFn, payload: Any, values: SearchStrategy[Any]) -> Any:
    tree = deepcopy(payload)
    for _ in range(draw(st.integers(1, _MOST_PLACES))):
        place = draw(st.sampled_from(_places(tree)))
        # A copy, for the next fault may lie within this one.
        tree = _with(tree, place, deepcopy(draw(_fault(_at(tree, place), values))))
    return tree


@st.composite
def _fault(draw: st.DrawFn, value: Any, values: SearchStrategy[Any]) -> Any:
    """What may stand where `value` stood."""
    if isinstance(value, dict) and value:
        return draw(_table_fault(value, values))
    if isinstance(value, list) and value:
        return draw(_list_fault(value, values))
    how = draw(st.integers(0, 9))
    changed: list[Any] = [[value], str(value), {"value": value}]
    return changed[how] if how < len(changed) else draw(values)


@st.composite
def _table_fault(draw: st.DrawFn, value: dict[Any, Any], values: SearchStrategy[Any]) -> Any:
    how = draw(st.sampled_from(["other", "lacks", "lacks", "adds", "turned"]))
    if how == "other":
        return draw(values)
    if how == "lacks":
        gone = draw(st.sampled_from(sorted(value, key=str)))
        return {key: one for key, one in value.items() if key != gone}
    return (
        {**value, draw(texts()): draw(values)} if how == "adds" else dict(reversed(value.items()))
    )


@st.composite
def _list_fault(draw: st.DrawFn, value: list[Any], values: SearchStrategy[Any]) -> Any:
    how = draw(st.sampled_from(["other", "turned", "one", "rest", "twice", "many", "adds"]))
    if how == "other":
        return draw(values)
    if how == "adds":
        return [*value, draw(values)]
    return {
        "turned": value[::-1],
        "one": value[:1],
        "rest": value[1:],
        "twice": value * 2,
        "many": value * 50,
    }[how]


def _places(tree: Any, here: Path = ()) -> list[Path]:
    found = [here]
    if isinstance(tree, dict):
        for key, value in tree.items():
            found += _places(value, (*here, key))
    elif isinstance(tree, list):
        for position, value in enumerate(tree[:4]):
            found += _places(value, (*here, position))
    return found


def _at(tree: Any, place: Path) -> Any:
    for step in place:
        tree = tree[step]
    return tree


def _with(tree: Any, place: Path, value: Any) -> Any:
    if not place:
        return value
    _at(tree, place[:-1])[place[-1]] = value
    return tree


@st.composite
def _doubled_key(draw: st.DrawFn, content: bytes) -> bytes:
    """JSON in which a key of the outer table comes twice."""
    names = [b'"' + part.rpartition(b'"')[2] + b'":' for part in content.split(b'":')[:-1]]
    if not names or not content.startswith(b"{"):
        return content
    return (
        b"{"
        + draw(st.sampled_from(names))
        + draw(st.sampled_from([b"null,", b"-1,"]))
        + (content[1:])
    )
