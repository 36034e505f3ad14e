"""Questions about the record and the risk: what is asked of the engine, and what is shown."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.answers import Answer, OperatorAnswers, PublicAnswers
from bot.presenters.conversation import (
    ADMIN_COMMANDS,
    PUBLIC_COMMANDS,
    REPORT_USAGE,
    STATS_USAGE,
    period_usage,
)
from bot.use_cases import BotUseCases
from engine.parameter_sets.configuration import ConfigurationReport
from engine.reports import BreakersReport, HeatReport, LedgerHead, Period, PeriodReport, TrackRecord
from engine.statistics.values import RuleVerdict, Statistics
from tests.builders.reports import make_statistics, no_statistics
from tests.builders.research import OVERLAID, make_configuration
from tests.builders.risk_reports import (
    make_breakers,
    make_heat,
    make_open_risk,
    make_standing,
    make_verdict,
)
from tests.builders.signals import LEDGER_HASH
from tests.builders.track_records import make_period_report, make_track_record, many_statistics


@dataclass
class Engine:
    """Tells what it is asked for, and notes what that was."""

    statistics: Statistics = field(default_factory=make_statistics)
    asked: list[int | Period | None] = field(default_factory=list)

    async def track_record(self, days: int | None) -> TrackRecord:
        self.asked.append(days)
        return make_track_record(self.statistics, days)

    async def read_report(self, period: Period) -> PeriodReport:
        self.asked.append(period)
        return make_period_report(period, self.statistics)

    async def read_head(self) -> LedgerHead:
        return LedgerHead(count=57, hash=LEDGER_HASH)

    async def read_configuration(self) -> ConfigurationReport:
        return make_configuration(OVERLAID, next_version=4)

    async def read_heat(self) -> HeatReport:
        return make_heat(make_open_risk())

    async def read_breakers(self) -> BreakersReport:
        return make_breakers(make_standing("paused"))

    async def judge_rules(self, days: int | None) -> list[RuleVerdict]:
        self.asked.append(days)
        return [make_verdict("overtrading", 9, 14, "6.31")]

    @property
    def use_cases(self) -> BotUseCases:
        names = BotUseCases.__dataclass_fields__
        cases: dict[str, Callable[..., Any]] = {name: getattr(self, name, unused) for name in names}
        return BotUseCases(**cases)


async def unused(*_: object) -> Any:
    raise AssertionError("no answer needs this use case")


@pytest.fixture
def engine() -> Engine:
    return Engine()


async def public(engine: Engine, command: str, arguments: str | None = None) -> Answer:
    return await PublicAnswers(engine.use_cases).commands[command](arguments)


async def operator(engine: Engine, command: str, arguments: str | None = None) -> Answer:
    return await OperatorAnswers(engine.use_cases).commands[command](arguments)


@pytest.mark.parametrize(
    ("command", "usual"), [("stats", None), ("pnl", 7), ("winrate", None), ("drawdown", None)]
)
async def test_each_question_has_its_usual_period_and_takes_another(
    engine: Engine, command: str, usual: int | None
) -> None:
    await public(engine, command)
    await public(engine, command, "month")
    assert engine.asked == [usual, 30]


@pytest.mark.parametrize(
    ("command", "name", "caption"),
    [
        ("stats", "results", "How trades ended · last 14 days"),
        ("pnl", "equity", "Results of all trades, summed up · last 14 days"),
        ("winrate", "calibration", "Score and what came of it · last 14 days"),
        ("drawdown", "equity", "Results of all trades, summed up · last 14 days"),
    ],
)
async def test_picture_follows_and_says_what_it_shows(
    engine: Engine, command: str, name: str, caption: str
) -> None:
    picture = (await public(engine, command, "14")).picture
    assert picture is not None
    assert (picture.name, picture.caption) == (name, caption)
    assert picture.draw().startswith(b"\x89PNG")


@pytest.mark.parametrize("command", ["stats", "pnl", "winrate", "drawdown"])
async def test_empty_record_gives_words_instead_of_an_empty_picture(command: str) -> None:
    answer = await public(Engine(statistics=no_statistics()), command)
    assert answer.picture is None
    assert "No trade has ended in this time." in answer.text


@pytest.mark.parametrize("command", ["stats", "pnl", "winrate"])
async def test_rate_of_few_trades_carries_its_count_and_a_warning(
    engine: Engine, command: str
) -> None:
    assert "(n = 4, too few to judge)" in (await public(engine, command)).text
    many = await public(Engine(statistics=many_statistics()), command)
    assert "(n = 60), likely" in many.text


async def test_statistics_can_be_told_apart_and_need_no_picture_then(engine: Engine) -> None:
    answer = await public(engine, "stats", "pair week")
    assert answer.text.startswith("📈 <b>By pair · last 7 days</b>")
    assert answer.picture is None
    assert engine.asked == [7]


@pytest.mark.parametrize(("arguments", "period"), [(None, "day"), ("week", "week")])
async def test_report_is_that_of_the_period_asked_for(
    engine: Engine, arguments: str | None, period: str
) -> None:
    assert "report" in (await public(engine, "report", arguments)).text
    assert engine.asked == [Period(period)]


async def test_verify_tells_the_head_to_compare_with(engine: Engine) -> None:
    text = (await public(engine, "verify")).text
    assert "57 entries" in text
    assert LEDGER_HASH in text


@pytest.mark.parametrize(
    ("command", "usage"),
    [
        ("stats", STATS_USAGE),
        ("pnl", period_usage("pnl")),
        ("winrate", period_usage("winrate")),
        ("drawdown", period_usage("drawdown")),
        ("report", REPORT_USAGE),
    ],
)
async def test_unknown_period_is_one_line_with_an_example_and_asks_nothing(
    engine: Engine, command: str, usage: str
) -> None:
    answer = await public(engine, command, "fortnight <b>")
    assert answer == Answer(text=usage)
    assert "\n" not in usage
    assert f"/{command} " in usage
    assert engine.asked == []


async def test_operator_learns_what_is_at_risk(engine: Engine) -> None:
    assert "Risk <b>1.50%</b> of at most 6%" in (await operator(engine, "heat")).text


async def test_operator_learns_which_parameters_run_and_which_come_next(engine: Engine) -> None:
    text = (await operator(engine, "config")).text
    assert "version <b>3</b>" in text
    assert "◆ <code>confluence.medium_threshold</code> = <b>66.5</b> (file 65)" in text
    assert "From the next start on: version 4." in text


async def test_operator_learns_what_stands_and_what_rules_came_to(engine: Engine) -> None:
    assert "overtrading" in (await operator(engine, "breakers")).text
    await operator(engine, "breakers", "all")
    assert engine.asked == [30, None]
    assert (await operator(engine, "breakers", "often")).text == period_usage("breakers")


def test_every_question_is_in_the_menu_of_those_who_may_ask_it(engine: Engine) -> None:
    assert set(PublicAnswers(engine.use_cases).commands) <= set(PUBLIC_COMMANDS)
    assert set(OperatorAnswers(engine.use_cases).commands) <= set(ADMIN_COMMANDS)
    assert not set(PUBLIC_COMMANDS) & set(ADMIN_COMMANDS)
