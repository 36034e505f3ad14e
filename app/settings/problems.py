"""What is wrong with the settings, told in one message that names every key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from app.redaction import Redactor
from domain.errors import ConfigurationError

_LONGEST_VALUE = 80
_CLOSE = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One wrong setting: the key as the user wrote it, the place, and what is allowed.

    `value` is None where there is nothing to show, or where showing it is not safe.
    """

    key: str
    place: str
    complaint: str
    value: object | None = None

    def line(self, redact: Redactor) -> str:
        """The problem in one line, without secrets that were put into the wrong place."""
        written = "" if self.value is None else f" = {redact(_shown(self.value))}"
        return f"{self.key}{written} ({self.place}): {self.complaint}"


def to_error(problems: Sequence[Problem], redact: Redactor) -> ConfigurationError:
    """One error for all problems."""
    count = "1 setting is wrong" if len(problems) == 1 else f"{len(problems)} settings are wrong"
    lines = [f"  {problem.line(redact)}" for problem in sorted(problems, key=lambda each: each.key)]
    advice = "docs/configuration.md lists every setting."
    return ConfigurationError("\n".join([f"{count}:", *lines, advice]))


def suggestion(written: str, known: Mapping[str, object] | Sequence[str]) -> str:
    """A half sentence that names the nearest known key, empty when none is near."""
    nearest = get_close_matches(written, list(known), n=1, cutoff=_CLOSE)
    return f"; did you mean {nearest[0]}?" if nearest else ""


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
