"""What stands in the way of one more trade of an account."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.accounts import paper_account
from domain.breakers import Latch
from domain.plans import Denial
from risk.accounts.drawdown import account_latch, count_to_close, latch_name
from risk.accounts.rules import check_account
from risk.accounts.state import AccountRisk
from risk.day import DayResult
from risk.gate import RiskParameters
from risk.latching import resumed
from tests.builders.signals import CLOSED_AT
from tests.unit.risk.accounts.account_builders import make_account, make_standing
from tests.unit.risk.trade_builders import SOL, make_open_trade

TODAY = CLOSED_AT.date()


def denials(account: AccountRisk) -> list[Denial]:
    return list(check_account(account, SOL, RiskParameters()))


def rules(account: AccountRisk) -> list[str]:
    return [denial.rule for denial in denials(account)]


def day_at(percent: str) -> DayResult:
    return DayResult(day=TODAY, realised_percent=Decimal(percent))


def latch(account: str, level: int = 2, days_ago: int = 0) -> Latch:
    at = CLOSED_AT - timedelta(days=days_ago)
    return account_latch(account, level, replace(day_at("-3"), day=at.date()), at)


def test_account_with_nothing_open_may_trade() -> None:
    assert rules(make_account()) == []


def test_most_positions_are_the_operators_limit() -> None:
    trades = [make_open_trade(f"C{number}USDT") for number in range(5)]
    (denial,) = denials(make_account(trades=trades))
    assert denial.rule == "max_positions"
    assert denial.text == "your account: 5 trades are live, 5 are allowed"
    assert rules(make_account(trades=trades[:4])) == []


@pytest.mark.parametrize(("own", "denied"), [(2, ["max_positions"]), (3, []), (99, [])])
def test_owners_own_limit_of_positions_counts_where_it_is_smaller(
    own: int, denied: list[str]
) -> None:
    trades = [make_open_trade(f"C{number}USDT") for number in range(2)]
    account = replace(paper_account(7), maximum_positions=own)
    assert rules(make_account(account=account, trades=trades)) == denied


def test_limit_of_positions_above_the_operators_gives_no_more() -> None:
    trades = [make_open_trade(f"C{number}USDT") for number in range(5)]
    account = replace(paper_account(7), maximum_positions=99)
    assert rules(make_account(account=account, trades=trades)) == ["max_positions"]


def test_pair_that_is_held_already_is_denied_in_both_directions() -> None:
    (denial,) = denials(make_account(trades=[make_open_trade("SOLUSDT")]))
    assert denial.rule == "one_per_pair"
    assert "a long on this pair is live already" in denial.text


def test_position_opened_elsewhere_is_not_mixed_with_ours() -> None:
    (denial,) = denials(make_account(foreign=frozenset({"SOLUSDT"})))
    assert denial.rule == "foreign_position"
    assert "SOL/USDT" in denial.text
    assert rules(make_account(foreign=frozenset({"ETHUSDT"}))) == []


def test_account_without_free_margin_is_denied() -> None:
    assert rules(make_account(make_standing("100", "0"))) == ["margin"]
    assert rules(make_account(make_standing("100", "-5"))) == ["margin"]


def test_full_heat_is_denied() -> None:
    account = make_account(trades=[make_open_trade(loss_at_stop="580")])
    assert rules(account) == ["heat"]


@pytest.mark.parametrize(
    ("percent", "denied"), [("-1.99", []), ("-2", []), ("-3", ["drawdown"]), ("-9", ["drawdown"])]
)
def test_accounts_own_day_denies_from_the_second_step_on(percent: str, denied: list[str]) -> None:
    assert rules(make_account(day=day_at(percent))) == denied


def test_own_latch_denies_until_the_next_day_and_a_resume() -> None:
    held = latch("paper:7", days_ago=1)
    assert rules(make_account(latches=[held])) == ["drawdown"]
    assert rules(make_account(latches=[resumed(held, CLOSED_AT)])) == []
    today = latch("paper:7")
    assert resumed(today, CLOSED_AT) == today
    assert rules(make_account(latches=[today])) == ["drawdown"]


def test_own_latch_is_told_to_its_owner_without_the_name_of_the_account() -> None:
    (denial,) = denials(make_account(latches=[latch("paper:7")]))
    assert denial.text.startswith("your account: 2025-10-06 stands at -3.00 % of equity: no new")


def test_latches_of_others_and_of_the_whole_system_are_not_this_accounts() -> None:
    system = replace(latch("paper:7"), breaker="drawdown")
    assert rules(make_account(latches=[latch("paper:8"), latch("operator"), system])) == []


def test_latch_names_its_account() -> None:
    found = latch("operator")
    assert (found.breaker, latch_name("operator")) == ("drawdown:operator", "drawdown:operator")
    assert found.text.startswith("account operator: 2025-10-06 stands at -3.00 % of equity")


def test_every_reason_is_named() -> None:
    account = make_account(
        make_standing("10000", "0"),
        trades=[make_open_trade("SOLUSDT", loss_at_stop="600")],
        foreign=frozenset({"SOLUSDT"}),
        day=day_at("-5"),
        account=replace(paper_account(7), maximum_positions=1),
    )
    expected = ["drawdown", "max_positions", "one_per_pair", "foreign_position", "margin", "heat"]
    assert rules(account) == expected


@pytest.mark.parametrize(
    ("step", "live", "closing", "gone", "more"),
    [
        (1, 4, 0, 0, 0),
        (2, 4, 0, 0, 2),
        (2, 5, 0, 0, 3),
        (2, 5, 3, 0, 0),
        (2, 2, 0, 3, 0),
        (2, 4, 1, 1, 1),
        (2, 0, 0, 3, 0),
        (3, 4, 0, 0, 4),
        (3, 4, 3, 0, 1),
        (4, 1, 0, 9, 1),
        (4, 0, 0, 9, 0),
    ],
)
def test_step_wants_closed_what_is_neither_gone_nor_going(
    step: int, live: int, closing: int, gone: int, more: int
) -> None:
    assert count_to_close(step, live=live, closing=closing, gone=gone) == more
