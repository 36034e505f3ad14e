"""What each component says of a reading, in points and in words."""

import pytest

from domain.evidence import Evidence
from domain.market_regime import Regime
from domain.sentiment import MacroState, Sentiment
from layers.sentiment import SentimentParameters, regime_of, score_sentiment
from layers.sentiment.macro import MacroShape
from layers.sentiment.parameters import COMPONENT_NAMES, ComponentWeights
from tests.unit.layers.sentiment.felt import AS_OF, AT_MS, felt, macro, regime, talk

PARAMETERS = SentimentParameters()


def named(name: str, sentiment: Sentiment | None, asset: str = "SOL") -> Evidence:
    evidence = score_sentiment(sentiment, asset, AS_OF, PARAMETERS).evidence
    return evidence[COMPONENT_NAMES.index(name)]


@pytest.mark.parametrize(
    ("index", "bullishness", "words"),
    [
        (0, 90.0, "Fear & greed 0, extreme fear: contrarian buy"),
        (25, 75.0, "Fear & greed 25, extreme fear: contrarian buy"),
        (40, 60.0, "Fear & greed 40, fear: contrarian buy"),
        (50, 50.0, "Fear & greed 50, neutral"),
        (60, 40.0, "Fear & greed 60, greed: contrarian sell"),
        (78, 23.2, "Fear & greed 78, extreme greed: contrarian sell"),
        (100, 10.0, "Fear & greed 100, extreme greed: contrarian sell"),
    ],
)
def test_fear_is_bought_and_greed_is_sold(index: int, bullishness: float, words: str) -> None:
    told = named("fear_greed", felt(index=index))
    assert told.bullishness == pytest.approx(bullishness)
    assert told.text == words


@pytest.mark.parametrize(
    ("said", "bullishness", "words"),
    [
        (talk(0, None), 50.0, "0 mentions in the last hour"),
        (talk(10, 0.0), 50.0, "10 mentions in the last hour, mixed"),
        (talk(10, 0.4), 55.0, "10 mentions in the last hour, positive"),
        (talk(10, -0.4), 45.0, "10 mentions in the last hour, negative"),
        (talk(10, 0.4, growth=2.5), 65.0, "10 mentions in the last hour, growing, positive"),
        (talk(31, 0.4), 75.0, "31 mentions an hour, 3.1x usual, positive"),
        (talk(31, -0.4), 25.0, "31 mentions an hour, 3.1x usual, negative"),
        (talk(90, -0.7, viral=-0.6), 20.0, "90 mentions an hour, 9.0x usual, negative"),
        (talk(90, -0.7), 80.0, "90 mentions an hour, 9.0x usual, negative: crowd faded, buy"),
        (talk(90, 0.7), 20.0, "90 mentions an hour, 9.0x usual, positive: crowd faded, sell"),
        (talk(4, 0.4, usual=0.0), 55.0, "4 mentions in the last hour, positive"),
        (talk(3, 0.4, usual=None), 55.0, "3 mentions in the last hour, positive; usual not known"),
    ],
)
def test_talk_is_followed_until_a_crowd_shouts(
    said: object, bullishness: float, words: str
) -> None:
    told = named("social", felt(social=said))  # type: ignore[arg-type]  # parametrised
    assert told.bullishness == pytest.approx(bullishness)
    assert told.text.startswith(words)


@pytest.mark.parametrize(
    ("state", "asset", "bullishness"),
    [
        (Regime.RISK_ON, "SOL", 80.0),
        (Regime.RISK_OFF, "SOL", 20.0),
        (Regime.CHOPPY, "SOL", 50.0),
        (Regime.BTC_SEASON, "SOL", 50.0),
        (Regime.BTC_SEASON, "BTC", 65.0),
        (Regime.RISK_OFF, "BTC", 20.0),
    ],
)
def test_a_regime_favours_a_side(state: Regime, asset: str, bullishness: float) -> None:
    sentiment = felt(market=regime(state))
    told = named("market_regime", sentiment, asset)
    assert told.bullishness == bullishness
    assert "for 40 min: BTC +1.0%, market +1.0%, dominance -0.20 pts" in told.text
    assert regime_of(sentiment) is state


def test_a_regime_that_nobody_knows_is_unknown() -> None:
    assert regime_of(None) is regime_of(felt()) is Regime.UNKNOWN
    assert named("market_regime", felt()).text == "Market regime not known"


@pytest.mark.parametrize(
    ("reading", "bullishness", "words"),
    [
        (macro(MacroState.CALM, 0.1), 50.0, "Macro calm: S&P 500 +0.10%"),
        (macro(MacroState.POSITIVE, 0.4), 65.0, "Macro for risk: S&P 500 +0.40%"),
        (macro(MacroState.POSITIVE, 1.0, -0.5), 75.0, "Macro for risk: S&P 500 +1.00%"),
        (macro(MacroState.NEGATIVE, -0.8, 0.4), 25.0, "Macro against risk: S&P 500 -0.80%"),
        (macro(MacroState.DANGER), 25.0, "Macro danger: S&P 500 -1.2% in the last hour"),
    ],
)
def test_markets_outside_pull_along(reading: object, bullishness: float, words: str) -> None:
    told = named("macro", felt(outside=reading))  # type: ignore[arg-type]  # parametrised
    assert told.bullishness == pytest.approx(bullishness)
    assert told.text.startswith(words)


def test_nothing_known_is_neutral_and_not_covered() -> None:
    nothing = score_sentiment(None, "SOL", AS_OF, PARAMETERS)
    assert (nothing.bullishness, nothing.coverage) == (50.0, 0.0)
    assert nothing.age_seconds == AT_MS / 1000.0
    assert all("not known" in item.text and item.value is None for item in nothing.evidence)


def test_everything_known_is_covered_and_as_old_as_its_newest_answer() -> None:
    whole = felt(social=talk(), market=regime(Regime.CHOPPY), outside=macro(MacroState.CALM))
    score = score_sentiment(whole, "SOL", AS_OF, PARAMETERS)
    assert score.coverage == pytest.approx(1.0)
    assert score.age_seconds == 180.0


def test_talk_without_a_usual_one_covers_half_of_its_data() -> None:
    score = score_sentiment(felt(index=None, social=talk(usual=None)), "SOL", AS_OF, PARAMETERS)
    assert score.coverage == pytest.approx(0.15)


def test_parameters_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="needs a weight above 0"):
        ComponentWeights(fear_greed=0.0, social=0.0, market_regime=0.0, macro=0.0)
    with pytest.raises(ValueError, match="must be above 0"):
        MacroShape(stocks_share=0.0, dollar_share=0.0, yield_share=0.0)
