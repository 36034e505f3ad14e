"""The arithmetic of /why: complete, right, and never what is left out."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.presenters.arithmetic import arithmetic_lines
from bot.presenters.explanation import explain_decision, explain_signal
from bot.presenters.html_presenter import HtmlPresenter
from bot.presenters.markup import TEXT_LIMIT, render_plain, utf16_length
from bot.presenters.reasons import silent_lines
from domain.directions import Direction
from domain.evidence import Evidence, LayerName, LayerScore
from domain.market_regime import Regime
from engine.confluence_parameters import ConfluenceParameters
from engine.ports.storage import DecisionRecord
from tests.builders.five_layers import FIVE, make_combined_decision
from tests.builders.signals import make_decision, make_followed, make_layer, make_signal
from tests.telegram_server.formatting import format_text

LAYERS = ("Technical", "Order flow", "On-chain", "Sentiment", "Memory")
WIDEST_ON_A_PHONE = 34


def wordy(layer: LayerScore) -> LayerScore:
    """The same layer with more and longer reasons than any layer has."""
    reasons = tuple(Evidence("reason", 1.0, 70.0, 0.1, "<&> wordy " * 40) for _ in range(12))
    return replace(layer, evidence=reasons)


def test_every_layer_stands_in_a_table_that_fits_a_phone() -> None:
    table = render_plain(arithmetic_lines(make_combined_decision())[0].markup).split("\n")
    assert [row[:10].strip() for row in table[1:]] == list(LAYERS)
    assert max(map(len, table)) <= WIDEST_ON_A_PHONE


def test_decision_from_before_the_arithmetic_was_kept_has_no_table() -> None:
    old = make_decision()
    assert arithmetic_lines(old) == []
    assert "Coverage 100%" in explain_decision(DecisionRecord(decision=old))


def test_support_and_bullishness_of_a_short_are_both_told() -> None:
    layers = [
        make_layer(name, direction=Direction.SHORT, support=70, age_seconds=600)
        for name in LayerName
    ]
    decision = make_combined_decision(layers, Direction.SHORT, regime=Regime.RISK_OFF)
    shown = render_plain(explain_decision(DecisionRecord(decision=decision)))
    assert "On-chain 70 (bullishness 30, 10 min old × 0.7, 100% of its data)" in shown
    assert "On-chain    64.0    20%  12.80" in shown
    assert "× 1.10 for regime RISK_OFF" in shown


def test_sum_below_fifty_is_written_as_a_sum_that_adds_up() -> None:
    layers = [make_layer(name, support=40) for name in LayerName]
    shown = render_plain(arithmetic_lines(make_combined_decision(layers))[2].markup)
    assert shown == "50 + (−10.00) × 1.10 for regime RISK_ON = 39.0"


def test_wordy_layers_lose_reasons_and_never_the_arithmetic() -> None:
    decision = make_combined_decision([wordy(layer) for layer in FIVE])
    followed = make_followed(signal=make_signal(decision=decision))
    shown = render_plain(explain_signal(followed))
    assert utf16_length(shown) <= TEXT_LIMIT
    assert "more lines left out" in shown
    for row in render_plain(arithmetic_lines(decision)[0].markup).split("\n"):
        assert row in shown
    assert "Stop 63880.0" in shown
    post = HtmlPresenter().signal_post(followed)
    assert utf16_length(render_plain(post)) <= TEXT_LIMIT


def test_layer_of_one_component_says_itself_why_it_is_silent() -> None:
    words = "3 like trades so far, 20 needed"
    silent = make_layer(
        LayerName.MEMORY,
        support=50,
        coverage=0,
        evidence=(Evidence("like_trades", None, 50.0, 1.0, words),),
    )
    lines = silent_lines(make_decision(layers=(*FIVE[:4], silent), layers_on=5))
    assert [line.markup for line in lines] == [f"⚪ Memory: {words}"]


@pytest.mark.parametrize(("count", "shown"), [(2, 3), (3, 2), (5, 2)])
def test_the_more_layers_speak_the_fewer_reasons_each_tells(count: int, shown: int) -> None:
    decision = make_decision(layers=FIVE[:count], layers_on=count)
    post = render_plain(
        HtmlPresenter().signal_post(make_followed(signal=make_signal(decision=decision)))
    )
    technical = post.split("Technical 84")[1].split("Order flow 77")[0]
    assert technical.count("\n   + ") == min(shown, 4)


any_layers = st.lists(
    st.builds(
        LayerScore,
        layer=st.sampled_from(LayerName),
        bullishness=st.floats(0, 100),
        age_seconds=st.floats(0, 2e9),
        coverage=st.floats(0, 1),
        evidence=st.just(FIVE[0].evidence),
    ),
    unique_by=lambda layer: layer.layer,
)
ROW = re.compile(
    r"^(?P<name>[A-Z][a-z -]+?) +(?P<counts>[\d.]+) +(?P<weight>[\d.]+)% +(?P<points>\S+)"
)
SUM = re.compile(r"Sum ([\d.]+) × ([\d.]+) for ([\d.]+)% coverage = ([\d.]+)")
SCORE = re.compile(r"50 \+ \(?([−\d.]+)\)? × ([\d.]+) for .+? = (?:(\S+), kept at )?([\d.]+)")


def numbers(found: re.Match[str] | None) -> list[float]:
    assert found is not None
    return [float(each.replace("−", "-")) for each in found.groups() if each is not None]


@settings(max_examples=100)
@given(
    layers=any_layers,
    direction=st.sampled_from(Direction),
    regime=st.sampled_from(Regime),
    on=st.sets(st.sampled_from(LayerName)).map(lambda names: names | {LayerName.TECHNICAL}),
)
def test_whoever_adds_up_what_is_shown_comes_to_the_score_that_is_shown(
    layers: list[LayerScore], direction: Direction, regime: Regime, on: set[LayerName]
) -> None:
    rules = ConfluenceParameters(layers=tuple(sorted(on)))
    decision = make_combined_decision(layers, direction, regime=regime, parameters=rules)
    shown = render_plain(explain_decision(DecisionRecord(decision=decision)))
    rows = [found for line in shown.split("\n") if (found := ROW.match(line))]
    assert len(rows) == len(on)
    for row in rows:
        by_hand = float(row["counts"]) * float(row["weight"]) / 100.0
        assert float(row["points"]) == pytest.approx(by_hand, abs=0.11)
    total, factor, coverage, covered = numbers(SUM.search(shown))
    assert total == pytest.approx(sum(float(row["points"]) for row in rows), abs=0.03)
    assert factor == pytest.approx(1 - 0.25 * (1 - coverage / 100.0), abs=0.0002)
    assert covered == pytest.approx(total * factor, abs=0.02)
    distance, multiplier, *unkept, score = numbers(SCORE.search(shown))
    assert distance == pytest.approx(covered - 50.0, abs=0.006)
    by_hand = 50.0 + distance * multiplier
    assert (unkept or [score])[0] == pytest.approx(by_hand, abs=0.06)
    assert score == pytest.approx(min(100.0, max(0.0, by_hand)), abs=0.06 if not unkept else 0.11)


def test_regime_that_lapsed_is_told_even_where_its_layer_is_silent() -> None:
    told = "Market regime not known: risk-off until 40 min ago"
    silent = make_layer(
        LayerName.SENTIMENT,
        support=50,
        coverage=0,
        evidence=(Evidence("market_regime", None, 50.0, 0.3, told),),
    )
    decision = make_combined_decision((*FIVE[:3], silent), regime=Regime.UNKNOWN)
    shown = render_plain(explain_decision(DecisionRecord(decision=decision)))
    assert told in shown


@settings(max_examples=50)
@given(layers=any_layers, direction=st.sampled_from(Direction), regime=st.sampled_from(Regime))
def test_any_arithmetic_is_legal_html(
    layers: list[LayerScore], direction: Direction, regime: Regime
) -> None:
    decision = make_combined_decision(layers, direction, regime=regime)
    markup = explain_decision(DecisionRecord(decision=decision))
    shown = format_text(markup, "HTML", []).text
    assert shown == render_plain(markup).strip()
    assert 0 < utf16_length(shown) <= TEXT_LIMIT
