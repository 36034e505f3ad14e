"""What a subscriber reads."""

from collections.abc import Sequence
from typing import Any

import pytest

from domain.evidence import Evidence
from layers.technical.parameters import INDICATOR_NAMES, TechnicalParameters
from layers.technical.wording import RowFacts, evidence_of

NAN = float("nan")


def told(
    name: str = "rsi",
    value: float = 0.0,
    bullishness: float = 50.0,
    event: float = 0.0,
    **facts: Any,
) -> tuple[Evidence, ...]:
    """Evidence of a row on which one indicator says something."""
    position = INDICATOR_NAMES.index(name)
    given: dict[str, Any] = {
        "touches": 0.0,
        "backdrop": 0.0,
        "rising": [0.0] * 6,
        "falling": [0.0] * 6,
        "multiplier": 1.0,
        "others": [0.0] * 3,
    }
    row = RowFacts(
        components=_with(50.0, position, bullishness),
        values=_with(0.0, position, value),
        events=_with(0.0, position, event),
        **(given | facts),
    )
    return evidence_of(row, TechnicalParameters())


def _with(usual: float, position: int, value: float) -> Sequence[float]:
    values = [usual] * len(INDICATOR_NAMES)
    values[position] = value
    return values


def text(name: str, value: float, bullishness: float, event: float = 0.0, **facts: Any) -> str:
    evidence = told(name, value, bullishness, event, **facts)
    return evidence[INDICATOR_NAMES.index(name)].text


@pytest.mark.parametrize(
    ("name", "value", "bullishness", "event", "backdrop", "expected"),
    [
        ("rsi", 28.0, 90.0, 1.0, 1.0, "RSI 28, oversold in an uptrend"),
        ("rsi", 28.0, 60.0, 1.0, 0.0, "RSI 28, oversold"),
        ("rsi", 72.0, 10.0, -1.0, -1.0, "RSI 72, overbought in a downtrend"),
        ("rsi", 37.0, 62.0, 0.3, 1.0, "RSI 37, low in an uptrend"),
        ("rsi", 52.0, 50.0, 0.0, 1.0, "RSI 52, neutral"),
        ("ema_structure", 1.0, 95.0, 0.0, 1.0, "EMAs 9/21/50/200 stacked up"),
        ("ema_structure", -0.5, 27.0, 0.0, 0.0, "EMAs leaning down (-50%)"),
        ("ema_structure", 0.1, 54.5, 0.0, 0.0, "EMAs mixed (+10%), no trend"),
        ("ema_structure", 0.0, 80.0, 1.0, 0.0, "EMA 9 just crossed above EMA 21"),
        ("ema_structure", 0.0, 20.0, -1.0, 0.0, "EMA 9 just crossed below EMA 21"),
        ("vwap", 0.42, 70.0, 0.0, 1.0, "Price 0.42% above the day's VWAP"),
        ("vwap", -0.42, 30.0, 0.0, 1.0, "Price 0.42% below the day's VWAP"),
        (
            "vwap",
            0.03,
            70.0,
            0.9,
            1.0,
            "Price at the day's VWAP (+0.03%), bounce zone in an uptrend",
        ),
        (
            "vwap",
            0.03,
            30.0,
            0.9,
            -1.0,
            "Price at the day's VWAP (+0.03%), rejection zone in a downtrend",
        ),
        ("vwap", 0.03, 50.0, 0.9, 0.0, "Price at the day's VWAP (+0.03%), neutral"),
        ("macd", 0.05, 85.0, 1.0, 0.0, "MACD crossed above its signal"),
        ("macd", 0.25, 70.0, 0.0, 0.0, "MACD 0.25 ATR above its signal, building"),
        ("macd", 0.25, 50.0, 0.0, 0.0, "MACD 0.25 ATR above its signal, fading"),
        ("macd", -0.25, 30.0, 0.0, 0.0, "MACD 0.25 ATR below its signal, building"),
        ("macd", 0.25, 60.0, 0.0, 0.0, "MACD 0.25 ATR above its signal"),
        (
            "bollinger",
            2.0,
            85.0,
            0.0,
            1.0,
            "Price near the lower Bollinger band (2%) in an uptrend",
        ),
        ("bollinger", 96.0, 40.0, 0.0, 0.0, "Price near the upper Bollinger band (96%)"),
        ("bollinger", 55.0, 50.0, 0.0, 1.0, "Price at 55% of the Bollinger bands, neutral"),
        ("bollinger", 55.0, 70.0, 1.0, 1.0, "Bollinger squeeze in an uptrend"),
        ("bollinger", 55.0, 50.0, 1.0, 0.0, "Bollinger squeeze, no side yet"),
        ("obv", 31.0, 60.0, 0.0, 0.0, "OBV rising (+31% of volume)"),
        ("obv", 1.0, 50.3, 0.0, 0.0, "OBV flat (+1% of volume), neutral"),
        ("obv", 31.0, 90.0, 1.0, 0.0, "OBV rising against a falling price, divergence"),
        ("obv", -31.0, 10.0, -1.0, 0.0, "OBV falling against a rising price, divergence"),
        ("stochrsi", 14.0, 85.0, 1.0, 0.0, "StochRSI 14, crossing up from oversold"),
        ("stochrsi", 60.0, 58.0, 0.0, 0.0, "StochRSI 60, rising"),
        ("stochrsi", 60.0, 50.0, 0.0, 0.0, "StochRSI 60, neutral"),
        ("volume", 2.8, 88.0, 1.0, 0.0, "Volume 2.8x average on a rising candle"),
        ("volume", 2.8, 12.0, -1.0, 0.0, "Volume 2.8x average on a falling candle"),
        ("volume", 0.4, 50.0, 1.0, 0.0, "Volume 0.4x average, no participation"),
        ("volume", 1.5, 50.0, 0.1, 0.0, "Volume 1.5x average on an undecided candle"),
    ],
)
def test_words_of_an_indicator(
    name: str, value: float, bullishness: float, event: float, backdrop: float, expected: str
) -> None:
    assert text(name, value, bullishness, event, backdrop=backdrop) == expected


def test_levels_tell_their_touches() -> None:
    near = text("support_resistance", 0.12, 90.0, touches=3.0)
    assert near == "Price 0.12% above support (3 touches)"
    under = text("support_resistance", -0.2, 20.0, touches=1.0)
    assert under == "Price 0.20% below resistance (1 touch)"


def test_pattern_names_the_surest_of_the_leaning_side() -> None:
    rising, falling = [80.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 40.0, 0.0]
    said = text("pattern", 40.0, 70.0, rising=rising, falling=falling)
    assert said == "Breakout above resistance, confidence 80"
    assert text("pattern", 0.0, 50.0) == "No pattern"
    bounce = text("pattern", -40.0, 30.0, falling=[0.0, 0.0, 0.0, 40.0, 0.0, 0.0])
    assert bounce == "Rejection at EMA 21, confidence 40"


@pytest.mark.parametrize("name", INDICATOR_NAMES)
def test_what_is_not_known_says_so(name: str) -> None:
    assert text(name, NAN, 50.0).endswith("not known")


def test_evidence_comes_in_fixed_order_and_only_indicators_weigh() -> None:
    evidence = told(
        rising=[80.0, 0.0, 20.0, 0.0, 0.0, 0.0], falling=[0.0, 0.0, 0.0, 0.0, 45.0, 0.0]
    )
    names = [each.name for each in evidence]
    assert names == [*INDICATOR_NAMES, "breakout", "vwap_reclaim", "timeframes"]
    assert sum(each.weight for each in evidence[:10]) == pytest.approx(1.0)
    assert [each.weight for each in evidence[10:]] == [0.0, 0.0, 0.0]
    assert [each.bullishness for each in evidence[10:12]] == [90.0, 27.5]
    assert evidence[11].text == "VWAP lost, confidence 45"
