"""What a post says to do with the stop."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.presenters.html_presenter import HtmlPresenter
from domain.directions import Direction
from tests.builders.signals import make_followed
from tests.unit.risk.trade_builders import make_round_signal


@pytest.mark.parametrize(
    ("break_even_away", "told"), [("0.15", "stop → break-even"), ("3.4", "stop → TP1")]
)
@pytest.mark.parametrize("direction", list(Direction))
def test_stop_is_to_go_to_break_even_but_no_further_than_the_first_target(
    direction: Direction, break_even_away: str, told: str
) -> None:
    signal = make_round_signal(direction)
    plan = signal.plan
    away = Decimal(break_even_away)
    plan = replace(plan, break_even=plan.entry + direction.sign * away)
    level = plan.entry + direction.sign * min(away, abs(plan.targets[0].price - plan.entry))
    post = HtmlPresenter().signal_post(make_followed(signal=replace(signal, plan=plan)))
    assert f"close 40%, {told} {level:.2f}" in post
