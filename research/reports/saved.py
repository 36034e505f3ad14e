"""A report as a file of JSON and back, to the last bit: what `compare` reads."""

from typing import Final

import msgspec

from domain.errors import InvalidDataError
from engine.backtest.metrics.values import BacktestReport

SCHEMA: Final = "quorum-backtest-report"
VERSION: Final = 1
"""Counts up with every change after which an older file can no longer be read."""

_MEND: Final = "run the backtest again and save its report with this version"


class _Header(msgspec.Struct, frozen=True, kw_only=True):
    """What is read first: whether the rest can be read at all."""

    schema: str
    version: int


class _File(msgspec.Struct, frozen=True, kw_only=True):
    schema: str = SCHEMA
    version: int = VERSION
    report: BacktestReport


_READER: Final = msgspec.json.Decoder(_File)
_HEADER_READER: Final = msgspec.json.Decoder(_Header)


def to_json(report: BacktestReport) -> str:
    """The report with the name and version of its schema, indented, one line feed at the end."""
    compact = msgspec.json.encode(_File(report=report))
    return msgspec.json.format(compact, indent=1).decode() + "\n"


def from_json(text: str) -> BacktestReport:
    """The report that was written, equal in every field.

    Raises `InvalidDataError` where the text is something else or of another schema version.
    """
    _check_header(text)
    try:
        return _READER.decode(text).report
    except msgspec.MsgspecError as error:
        raise InvalidDataError(f"the saved report is damaged ({error}): {_MEND}") from error


def _check_header(text: str) -> None:
    try:
        header = _HEADER_READER.decode(text)
    except (msgspec.MsgspecError, UnicodeEncodeError) as error:
        raise InvalidDataError(f"this is no saved backtest report ({error}): {_MEND}") from error
    if header.schema != SCHEMA:
        raise InvalidDataError(f"this is a {header.schema!r}, not a {SCHEMA!r}: {_MEND}")
    if header.version != VERSION:
        raise InvalidDataError(
            f"the saved report has schema version {header.version}, this program reads version "
            f"{VERSION}: {_MEND}"
        )
