"""Writes docs/configuration.md from the declared settings, so that the two can't differ."""

from collections.abc import Iterable, Sequence
from inspect import cleandoc
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from app.settings.threshold import Table, Threshold, tables
from app.settings.toml_text import to_toml
from app.settings.tree import Settings
from app.settings.variable import DeclaredVariable, declared_variables

DOCUMENT = Path("docs/configuration.md")

_VARIABLE_COLUMNS = ("Variable", "Default", "Allowed", "What it does")
_THRESHOLD_COLUMNS = ("Key", "Default", "Unit", "Range", "What it is", "Source")

_OPENING = """\
# Configuration

*Written by `make docs` from the declared settings. Don't edit it by hand.*

Quorum runs without a single setting. There are two places to change something:

| Place | What stands there |
|---|---|
| environment, or `.env` | secrets and switches: who, where, with which keys |
| `config/quorum.toml` | the strategy: every threshold of the scanner, the layers and risk |

The environment beats `.env`. An empty value counts as not set. Whatever is wrong or unknown stops
the start with one message that names every such key and what is allowed; a mistyped key is never
passed over, and a line of `.env` that cannot be read is told by its number. `python -m app doctor`
checks the rest: whether the database, the exchange and Telegram are really there.
"""

_SECRETS = """\
Values marked *secret* appear in no log line, error message or report. Write them into `.env`
(`cp .env.example .env`), never on a command line.
"""

_STRATEGY = """\
The file lists every threshold as a comment with its default; to change one, take the `#` away:

```toml
[confluence]
high_threshold = 82.0
```

Each heading below is a table of the file and each row a key in it. Ranges include both ends.
*Source* says where the default comes from: "design 4.1" is a section of the product's design, the
rest speaks for itself. Another file is used with `QUORUM_CONFIG=path/to/file.toml`.
"""


def write_document(path: Path = DOCUMENT) -> Path:
    """Write the document of the product's settings; the path it was written to."""
    path.write_text(render(Settings), encoding="utf-8")
    return path


def render(settings: type[BaseModel]) -> str:
    """The document of a tree of settings, as Markdown."""
    strategy: Any = settings.model_fields["strategy"].annotation
    declared = [table for table in tables(strategy) if table.thresholds]
    parts = [
        _OPENING,
        "## Secrets and switches\n",
        _SECRETS,
        *_sections(settings),
        "## The strategy file\n",
        _STRATEGY,
        _contents(declared),
        *map(_table_of_strategy, declared),
    ]
    return "\n".join(parts)


def _sections(settings: type[BaseModel]) -> Iterable[str]:
    declared = declared_variables(settings)
    for name in dict.fromkeys(each.path[0] for each in declared):
        mine = [each for each in declared if each.path[0] == name]
        rows = _markdown_table(_VARIABLE_COLUMNS, map(_variable_row, mine))
        yield f"### {_in_words(name)}\n\n{_summary(settings, name)}{rows}"


def _in_words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _summary(settings: type[BaseModel], name: str) -> str:
    section: Any = settings.model_fields[name].annotation
    is_section = isinstance(section, type) and issubclass(section, BaseModel)
    return f"{cleandoc(section.__doc__ or '')}\n\n" if is_section else ""


def _variable_row(declared: DeclaredVariable) -> Sequence[str]:
    variable = declared.variable
    default = f"`{declared.default_text}`" if declared.default_text else ""
    allowed = f"{variable.allowed}; *secret*" if variable.secret else variable.allowed
    return f"`{variable.name}`", default, allowed, variable.doc


def _contents(declared: Sequence[Table]) -> str:
    links = (f"[{table.title}](#{table.title.replace('.', '')})" for table in declared)
    return f"Tables: {' · '.join(links)}\n"


def _table_of_strategy(table: Table) -> str:
    rows = _markdown_table(_THRESHOLD_COLUMNS, map(_threshold_row, table.thresholds))
    return f"### `[{table.title}]`\n\n{cleandoc(table.group.__doc__ or '')}\n\n{rows}"


def _threshold_row(threshold: Threshold) -> Sequence[str]:
    default = f"`{to_toml(threshold.default)}`"
    what = threshold.doc[:1].upper() + threshold.doc[1:]
    return (
        f"`{threshold.name}`",
        default,
        threshold.unit,
        threshold.range_text,
        what,
        threshold.source,
    )


def _markdown_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
