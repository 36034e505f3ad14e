"""Leaves no log behind that goes nowhere."""

import sys
from collections.abc import Iterator

import pytest

from app.clock import wall_now
from app.logging import configure_logging
from app.settings.sections import LoggingSettings


@pytest.fixture(autouse=True)
def _log_that_stays() -> Iterator[None]:
    """Commands log to the standard error of their test, which is closed afterwards."""
    yield
    configure_logging(LoggingSettings(), now=wall_now, stream=sys.__stderr__)
