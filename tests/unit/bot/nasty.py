"""What may come from outside at its worst, and the check that a message bears it."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from bot.presenters.markup import TEXT_LIMIT, render_plain, utf16_length
from domain.directions import Direction
from domain.evidence import Evidence, LayerName
from domain.instruments import Instrument
from domain.signals import FollowedSignal, SignalState
from tests.builders.market import make_instrument
from tests.builders.signals import (
    make_decision,
    make_followed,
    make_layer,
    make_plan,
    make_signal,
)
from tests.telegram_server.formatting import format_text

NASTY = st.one_of(
    st.text(max_size=400),
    st.sampled_from(
        [
            "<b>bold</b> & </code>",
            "&amp;&lt;&nbsp;&#60;",
            "😀" * 300,
            "\u202eright to left",
            "line\nbreak\r\n\x00null",
            "a" * 5000,
            "\ud800",
        ]
    ),
)

EVIDENCE = st.builds(
    Evidence,
    st.just("name"),
    st.none() | st.floats(allow_nan=False, allow_infinity=False),
    st.floats(0, 100),
    st.floats(0, 1),
    NASTY,
)


@st.composite
def followed_signals(draw: st.DrawFn) -> FollowedSignal:
    direction = draw(st.sampled_from(Direction))
    layers = tuple(
        replace(
            make_layer(name, direction=direction),
            evidence=tuple(draw(st.lists(EVIDENCE, max_size=12))),
        )
        for name in draw(st.lists(st.sampled_from(LayerName), unique=True, max_size=5))
    )
    tick = draw(st.sampled_from(["0.00000001", "0.001", "1", "1E+1"]))
    instrument = nasty_instrument(draw(NASTY), draw(NASTY), tick)
    plan = make_plan(direction, instrument=instrument, shrinks=draw(st.lists(NASTY, max_size=40)))
    decision = make_decision(direction, layers=layers, layers_on=draw(st.integers(0, 5)))
    signal = make_signal(direction=direction, instrument=instrument, decision=decision, plan=plan)
    return make_followed(draw(st.sampled_from(SignalState)), signal=signal)


def nasty_instrument(base: str, quote: str, tick: str) -> Instrument:
    return replace(make_instrument(), base=base, quote=quote, tick=Decimal(tick))


def check(markup: str, limit: int = TEXT_LIMIT) -> str:
    shown = format_text(markup, "HTML", []).text
    assert shown == render_plain(markup).strip()
    assert 0 < utf16_length(shown) <= limit
    return shown
