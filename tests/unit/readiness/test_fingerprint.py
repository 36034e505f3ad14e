"""The fingerprint of what decides on a trade."""

from dataclasses import replace

from engine.correlations import CorrelationParameters
from engine.decide import DecisionParameters
from engine.issue import IssueParameters
from engine.readiness.fingerprint import fingerprint_of
from risk.gate import RiskParameters

DECISION, RISK = DecisionParameters(), RiskParameters()
ISSUING, CORRELATIONS = IssueParameters(), CorrelationParameters()
USUAL = fingerprint_of(DECISION, RISK, ISSUING, CORRELATIONS)


def test_the_same_parameters_have_the_same_fingerprint() -> None:
    again = fingerprint_of(
        DecisionParameters(), RiskParameters(), IssueParameters(), CorrelationParameters()
    )
    assert again == USUAL
    assert len(USUAL) == 16


def test_whatever_decides_on_a_trade_changes_it() -> None:
    confluence = replace(DECISION.confluence, medium_threshold=66.0)
    levels = replace(RISK.levels, stop_atr_multiple=1.6)
    others = [
        fingerprint_of(replace(DECISION, confluence=confluence), RISK, ISSUING, CORRELATIONS),
        fingerprint_of(DECISION, replace(RISK, levels=levels), ISSUING, CORRELATIONS),
        fingerprint_of(DECISION, RISK, IssueParameters(entry_window_seconds=600), CORRELATIONS),
        fingerprint_of(DECISION, RISK, ISSUING, CorrelationParameters(returns=700)),
    ]
    assert len({USUAL, *others}) == 5


def test_a_layer_that_is_switched_off_changes_it() -> None:
    alone = replace(DECISION.confluence, layers=DECISION.confluence.layers[:1])
    decision = replace(DECISION, confluence=alone)
    assert fingerprint_of(decision, RISK, ISSUING, CORRELATIONS) != USUAL


def test_number_that_is_written_as_a_whole_one_changes_nothing() -> None:
    whole = replace(ISSUING, entry_window_seconds=900)
    assert whole == ISSUING
    assert fingerprint_of(DECISION, RISK, whole, CORRELATIONS) == USUAL
