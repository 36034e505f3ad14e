"""A page as values: what the one template shows, whatever is reported."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from research.reports.charts import Svg
from research.reports.pictures import Picture
from research.reports.tables import Table
from research.reports.verdict import Finding
from research.reports.wording import printable


class Mood(StrEnum):
    """Colour of the verdict, which its words say as well."""

    GOOD = "good"
    BAD = "bad"
    PLAIN = "plain"


_MOODS: Final = {Finding.EDGE: Mood.GOOD, Finding.LOSS: Mood.BAD}


def mood_of(finding: Finding) -> Mood:
    """The colour of a finding."""
    return _MOODS.get(finding, Mood.PLAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a page, shown in this order: sentences, charts, tables, tables that are folded.

    `strips` are drawings for the lines of its only table, None for those that have none.
    """

    anchor: str
    title: str
    sentences: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Table, ...] = ()
    folded: tuple[Table, ...] = ()
    strips: tuple[Svg | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A whole page: the verdict first, then what a reader must know, then everything else."""

    title: str
    verdict: str
    mood: Mood
    warnings: tuple[str, ...]
    parts: tuple[Part, ...]


def _shown(value: object) -> object:
    """Text from outside reaches the page without control characters; drawings are as they are."""
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return printable(value)
    return value


_ENVIRONMENT: Final = Environment(
    loader=PackageLoader("research.reports"),
    autoescape=True,
    finalize=_shown,
    undefined=StrictUndefined,
    trim_blocks=True,
    keep_trailing_newline=True,
)
_TEMPLATE: Final = _ENVIRONMENT.get_template("page.html")


def render_page(page: Page) -> str:
    """One HTML file that asks for nothing: no script, no font, no picture from elsewhere."""
    return _TEMPLATE.render(page=page)
