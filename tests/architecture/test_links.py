"""Every link from one document to another leads somewhere."""

import re
from pathlib import Path

import pytest

from tests.architecture.paths import ROOT, documents, name_of

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
_CODE_BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)


def _links(path: Path) -> list[str]:
    text = _CODE_BLOCK.sub("", path.read_text(encoding="utf-8"))
    return [link for link in _LINK.findall(text) if not re.match(r"\w+:", link)]


def _anchors(path: Path) -> set[str]:
    """The names of the headings, as GitHub makes them."""
    text = _CODE_BLOCK.sub("", path.read_text(encoding="utf-8"))
    headings = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(text))
    return {heading.strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", documents(), ids=name_of)
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    for link in _links(document):
        place, _, anchor = link.partition("#")
        target = (document.parent / place).resolve() if place else document
        assert target.exists(), link
        assert target.is_relative_to(ROOT), link
        if anchor and target.suffix == ".md":
            assert anchor in _anchors(target), link
