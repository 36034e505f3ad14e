"""A decision on which all five layers spoke, with the arithmetic that the engine gives it."""

from collections.abc import Sequence
from dataclasses import replace

from domain.decisions import Decision
from domain.directions import Direction
from domain.evidence import Evidence, LayerName, LayerScore
from domain.market_regime import Regime
from engine.confluence import combine
from engine.confluence_parameters import ConfluenceParameters
from engine.market_regime import regime_multiplier
from tests.builders.signals import BULLISH_EVIDENCE, CLOSED_AT, make_decision, make_layer

BIDS_LEAD = (
    Evidence("book_imbalance", 0.31, 75.5, 0.25, "Bids outweigh asks 1.9 to 1 in the top 10"),
    Evidence("trade_flow", 0.68, 82.2, 0.3, "Buyers took 68% of the last 5 min ($41.3M)"),
    Evidence("large_orders", 9.0, 88.0, 0.15, "12 large buys ($7.2M) against 3 sells ($1.8M)"),
    Evidence("funding_rate", 0.00031, 41.0, 0.15, "Funding +0.031%, longs crowded, paid in 2 h"),
    Evidence("open_interest", 1.2, 85.0, 0.1, "Open interest +1.2% with price up: new longs"),
    Evidence("spoof_penalty", 0.2, 77.0, 0.05, "Book honest, no unusual spoofing"),
)
COINS_LEAVE = (
    Evidence("whale_movements", -2.3e6, 84.0, 0.35, "$42.3M BTC left Binance 8 min ago"),
    Evidence("exchange_flow", 1.9, 76.0, 0.3, "$118M more left exchanges than came, 1.9x usual"),
    Evidence("stablecoin_flow", -0.1, 44.0, 0.2, "Stablecoin supply -0.1% in a day"),
    Evidence("smart_money", None, 50.0, 0.15, "Smart money not known: no wallets to watch"),
)
FEAR = (
    Evidence("fear_greed", 22.0, 78.0, 0.2, "Fear & greed 22, extreme fear: contrarian buy"),
    Evidence("social", 0.21, 61.0, 0.3, "31 mentions in an hour, 2.1x usual, tone positive"),
    Evidence("market_regime", 1.4, 80.0, 0.3, "Risk-on for 3 h: BTC +1.4%, market +1.1%"),
    Evidence("macro", -0.2, 38.0, 0.2, "S&P 500 -0.4% in the last hour"),
)
WON_BEFORE = (
    Evidence(
        "like_trades",
        0.56,
        56.0,
        1.0,
        "31 like trades (same direction, regime, trend; 12 live, 19 backtested): "
        "58% won, +0.21 R each",
    ),
)
FIVE = (
    make_layer(support=84, evidence=BULLISH_EVIDENCE, age_seconds=0.4),
    make_layer(LayerName.ORDERFLOW, support=77, evidence=BIDS_LEAD, age_seconds=0.1),
    make_layer(LayerName.ONCHAIN, support=68, evidence=COINS_LEAVE, age_seconds=480, coverage=0.85),
    make_layer(LayerName.SENTIMENT, support=66, evidence=FEAR, age_seconds=190),
    make_layer(LayerName.MEMORY, support=56, evidence=WON_BEFORE, age_seconds=0),
)
"""All five on the side of a long."""


def make_combined_decision(
    layers: Sequence[LayerScore] = FIVE,
    direction: Direction = Direction.LONG,
    *,
    regime: Regime = Regime.RISK_ON,
    parameters: ConfluenceParameters | None = None,
) -> Decision:
    """A decision with the score, the shares and the discards that these layers lead to."""
    rules = parameters or ConfluenceParameters()
    multiplier = regime_multiplier(direction, regime, "BTC", rules)
    combined = combine(direction, layers, multiplier, CLOSED_AT, rules)
    return replace(
        make_decision(direction, layers=layers, layers_on=len(rules.layers), regime=regime),
        score=combined.score,
        raw_score=combined.raw_score,
        coverage=combined.coverage,
        threshold=combined.threshold,
        tier=combined.tier,
        discards=combined.discards,
        shares=combined.shares,
        coverage_factor=combined.coverage_factor,
        regime_multiplier=combined.multiplier,
    )
