"""One file that asks for nothing, can be read by everybody, and hides nothing in pictures."""

import re
from collections import Counter
from collections.abc import Callable

import pytest

from research.reports import render_comparison_html, render_html, render_walk_forward_html
from tests.builders.backtest_reports import (
    make_report,
    make_report_of_few,
    make_report_of_none,
    make_trades,
)
from tests.builders.research_reports import make_comparison, make_readiness, make_walk_forward
from tests.unit.research.reports.page_reading import drawings_of, places_outside, read_page

PAGES: dict[str, Callable[[], str]] = {
    "run": lambda: render_html(make_report(), make_readiness()),
    "few": lambda: render_html(make_report_of_few()),
    "none": lambda: render_html(make_report_of_none()),
    "comparison": lambda: render_comparison_html(make_comparison()),
    "walk-forward": lambda: render_walk_forward_html(make_walk_forward()),
}


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest) -> str:
    return PAGES[request.param]()


def test_page_forbids_every_request_and_makes_none(page: str) -> None:
    elements = read_page(page).elements
    policy = next(
        each.attributes["content"]
        for each in elements
        if each.attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline';")
    tags = {each.tag for each in elements}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "base", "form"}
    attributes = {name for each in elements for name in each.attributes}
    assert not {name for name in attributes if name.startswith("on")}
    assert not attributes & {"src", "srcset", "style"}
    assert all(target.startswith("#") for target in read_page(page).values("href"))
    assert not re.search(r"url\(|@import|https?:", page)


def test_page_nests_its_elements_and_names_each_once(page: str) -> None:
    read = read_page(page)
    assert read.unclosed == []
    assert [name for name, times in Counter(read.values("id")).items() if times > 1] == []


def test_links_and_names_of_drawings_lead_somewhere(page: str) -> None:
    read = read_page(page)
    known = set(read.values("id"))
    assert {target.removeprefix("#") for target in read.values("href")} <= known
    assert {name for names in read.values("aria-labelledby") for name in names.split()} <= known


def test_drawings_are_well_formed_and_stay_inside_their_area(page: str) -> None:
    for drawing in drawings_of(page):
        assert places_outside(drawing) == []
        assert drawing.attrib["role"] == "img"
        assert [each.tag for each in drawing[:2]] == ["title", "desc"]
        assert all(each.text for each in drawing[:2])


def test_every_chart_has_its_table(page: str) -> None:
    for figure in re.findall(r"<figure.*?</figure>", page, re.DOTALL):
        assert figure.count("<svg") == 1
        assert figure.count("<table") == 1
        assert "<th scope=" in figure


def test_rows_have_as_many_cells_as_their_table_has_columns(page: str) -> None:
    for table in re.findall(r"<table.*?</table>", page, re.DOTALL):
        head, *rows = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
        cells = [len(re.findall(r"<t[hd]", row)) for row in (head, *rows)]
        assert len(set(cells)) == 1


def test_every_class_of_a_drawing_has_a_style(page: str) -> None:
    style = page.partition("<style>")[2].partition("</style>")[0]
    kinds = {kind for each in drawings_of(page) for part in each for kind in _kinds(part.attrib)}
    assert {kind for kind in kinds if f".{kind}" not in style} <= {"name", "sound"}


def _kinds(attributes: dict[str, str]) -> list[str]:
    return attributes.get("class", "").split()


def test_thin_groups_are_grey_marked_and_explained() -> None:
    page = render_html(make_report(make_trades(60)))
    assert '<tr class="thin"><th scope="row">HIGH *</th>' in page
    assert "* under 30 trades: too few to judge by" in page
    assert 'class="mean thin"' in page


def test_warnings_stand_before_the_figures() -> None:
    page = render_html(make_report())
    assert page.index("was delisted since") < page.index("<main>")


def test_run_without_trades_draws_no_empty_axes() -> None:
    page = render_html(make_report_of_none())
    assert "No trade ended: nothing to draw." in page
    assert "Equity and drawdown" not in page


def test_long_list_of_trades_keeps_the_newest_and_says_so() -> None:
    page = render_html(make_report(make_trades(1100)))
    assert "The 100 earlier ones are in the JSON file." in page
    assert '<th scope="row">#1100</th>' in page
    assert '<th scope="row">#100</th>' not in page


def test_both_colour_schemes_and_small_screens_are_served(page: str) -> None:
    assert "@media (prefers-color-scheme: dark)" in page
    assert 'name="viewport" content="width=device-width, initial-scale=1"' in page
