"""What is worth a line, for everything and by area."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.log_levels import LEVELS, LogLevels
from app.settings import load_settings
from domain.errors import ConfigurationError


def test_one_level_holds_for_everything() -> None:
    levels = LogLevels.parse(" Warning ")

    assert levels == LogLevels(everywhere="warning")
    assert levels.by_logger()[""] == logging.WARNING


def test_areas_have_levels_of_their_own() -> None:
    levels = LogLevels.parse("info, exchanges=DEBUG,app.jobs=error").by_logger()

    assert levels[""] == logging.INFO
    assert levels["exchanges"] == logging.DEBUG
    assert levels["app.jobs"] == logging.ERROR


def test_areas_alone_leave_the_rest_at_info() -> None:
    assert LogLevels.parse("exchanges=debug").everywhere == "info"


def test_chatty_libraries_keep_to_warnings_unless_they_are_named() -> None:
    assert LogLevels.parse("debug").by_logger()["ccxt"] == logging.WARNING
    assert LogLevels.parse("error").by_logger()["ccxt"] == logging.ERROR
    assert LogLevels.parse("info,ccxt=debug").by_logger()["ccxt"] == logging.DEBUG


def test_an_area_holds_for_the_chatty_part_below_it() -> None:
    levels = LogLevels.parse("info,aiohttp=debug").by_logger()

    assert levels["aiohttp"] == logging.DEBUG
    assert "aiohttp.access" not in levels
    assert levels["aiogram.event"] == logging.WARNING


@given(
    st.sampled_from(LEVELS),
    st.dictionaries(
        st.sampled_from(["app", "bot.delivery", "ccxt", "py.warnings"]), st.sampled_from(LEVELS)
    ),
)
def test_what_is_shown_reads_as_the_same_levels(everywhere: str, areas: dict[str, str]) -> None:
    levels = LogLevels(everywhere=everywhere, areas=tuple(areas.items()))

    assert LogLevels.parse(str(levels)) == levels


@pytest.mark.parametrize(
    "written",
    [
        "loud",
        "info,exchanges=loud",
        "info,=debug",
        "info,exchanges=",
        "info,",
        "info,debug",
        "info,exhanges=debug",
        "info,exchanges.=debug",
        "info,../exchanges=debug",
        "exchanges=info,exchanges=debug",
        "info=debug",
    ],
)
def test_what_means_nothing_is_refused_with_what_is_allowed(written: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        load_settings({"LOG_LEVEL": written}, env_file=None)

    assert f"LOG_LEVEL = {written!r} (environment)" in str(refused.value)
    assert "debug, info, warning or error" in str(refused.value)
