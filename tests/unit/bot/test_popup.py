"""The popup under *why*: reasons of both layers, whole ones only, as many as fit."""

from bot.presenters.markup import POPUP_LIMIT, utf16_length
from bot.presenters.popup import popup_summary
from domain.evidence import Evidence, LayerName
from tests.builders.signals import make_decision, make_followed, make_layer, make_signal

LONG_WINDED = "12 large buys ($7.2M) against 3 sells ($1.8M); bid wall 6.2x, 0.1% below"
BUYERS = "Buyers took 68% of the last 5 min ($41.3M)"


def summary(*flow_texts: str) -> str:
    """Of a long on two layers; the first text weighs most."""
    evidence = [
        Evidence(f"part {number}", 1.0, 95.0 - number, 0.5, text)
        for number, text in enumerate(flow_texts)
    ]
    layers = (make_layer(), make_layer(LayerName.ORDERFLOW, evidence=evidence))
    decision = make_decision(layers=layers, layers_on=len(layers))
    return popup_summary(make_followed(signal=make_signal(decision=decision)))


def test_both_layers_are_named_and_give_reasons() -> None:
    text = summary(BUYERS)
    assert "2 of 5 layers spoke: technical, order flow" in text
    assert f"+ {BUYERS}" in text
    assert "+ RSI 28, oversold in an uptrend" in text


def test_a_reason_too_long_for_the_rest_leaves_it_to_shorter_ones() -> None:
    text = summary(BUYERS, "Bids outweigh asks 1.9 to 1 in the top 10", LONG_WINDED)
    assert "12 large buys" not in text
    assert text.endswith("\n+ RSI 28, oversold in an uptrend")
    assert utf16_length(text) <= POPUP_LIMIT
