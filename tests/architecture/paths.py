"""Where the repository is, and which of its files are for people to read."""

from pathlib import Path

ROOT = Path(__file__).parents[2]


def documents() -> list[Path]:
    """Every Markdown file that people read."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("bench/*.md")])


def name_of(path: Path) -> str:
    """A path as a test's name: from the root of the repository."""
    return str(path.relative_to(ROOT))
