"""Finds keys that nobody reads, most likely typing errors: they would change nothing, unnoticed."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from app.settings.problems import Problem, suggestion
from app.settings.threshold import Table
from app.settings.written import WrittenStrategy, WrittenVariables

_OUR_PREFIXES = ("TELEGRAM_", "EXCHANGE_", "BINANCE_", "QUORUM_")
_TYPING_ERROR = 0.88


def unknown_variables(written: WrittenVariables, known: Sequence[str]) -> list[Problem]:
    """Variables that look like ours and are not.

    The environment is shared with other programs, so there only our prefixes count. Values are
    never shown: a mistyped name may hold a token.
    """
    in_environment = [name for name in written.environment if _has_our_prefix(name)]
    in_file = [name for name in written.file if _is_meant_for_us(name, known)]
    return [
        Problem(
            key=name,
            place=written.place(name),
            complaint=f"unknown setting{suggestion(name.upper(), known)}",
        )
        for name in {*in_environment, *in_file}
        if name not in known
    ]


def _is_meant_for_us(name: str, known: Sequence[str]) -> bool:
    looks_alike = get_close_matches(name.upper(), known, n=1, cutoff=_TYPING_ERROR)
    return _has_our_prefix(name) or bool(looks_alike)


def _has_our_prefix(name: str) -> bool:
    return name.upper().startswith(_OUR_PREFIXES)


def unknown_thresholds(written: WrittenStrategy, known: Sequence[Table]) -> Iterator[Problem]:
    """Keys and tables of the strategy file that nobody declared."""
    outermost = [table.path[0] for table in known if len(table.path) == 1]
    for name in written.content:
        if name not in outermost:
            yield _unknown(f"[{name}]", name, outermost, written)
    for table in known:
        for name in written.table(table.path):
            if name not in table.names:
                yield _unknown(f"[{table.title}] {name}", name, table.names, written)


def _unknown(key: str, name: str, known: Sequence[str], written: WrittenStrategy) -> Problem:
    complaint = f"unknown setting{suggestion(name, known)}"
    return Problem(key=key, place=str(written.path), complaint=complaint)
