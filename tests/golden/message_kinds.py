"""One example of every kind of message, by the name of its golden file."""

from datetime import timedelta

from bot.presenters.alerts import doubt_question, markup_alert, undelivered_alert
from bot.presenters.chart_caption import chart_caption
from bot.presenters.conversation import greeting, help_text, paused, resumed
from bot.presenters.explanation import explain_decision, explain_signal
from bot.presenters.health_report import render_health
from bot.presenters.html_presenter import HtmlPresenter
from bot.presenters.open_signals import render_open
from bot.presenters.popup import popup_summary
from bot.presenters.status_report import render_status
from domain.access import Role
from domain.breakers import Latch
from domain.decisions import Decision, Discard
from domain.directions import Direction
from domain.evidence import Evidence, LayerName, LayerScore
from domain.feeds import FeedState
from domain.market_regime import Regime
from domain.messages import CHANNEL, OutgoingMessage
from domain.plans import Denial
from domain.sentiment import MacroSeries, MacroState
from domain.signals import FollowedSignal, Signal, SignalState
from domain.trading_state import PauseState
from domain.transfers import TransferKind
from engine.commands import Resumption
from engine.ports.storage import DecisionRecord
from engine.reports import HealthReport, WhaleAlert
from tests.builders.five_layers import FEAR, FIVE, make_combined_decision
from tests.builders.market import make_instrument
from tests.builders.outside import make_feed_health, make_macro, make_transfer
from tests.builders.reports import (
    make_status,
)
from tests.builders.signals import (
    BULLISH_EVIDENCE,
    CLOSED_AT,
    make_decision,
    make_followed,
    make_layer,
    make_plan,
    make_signal,
    make_step,
)
from tests.golden.health_kinds import HEALTH
from tests.golden.record_kinds import RECORD, REPORTS
from tests.golden.risk_kinds import RISK
from tests.golden.trade_kinds import TRADE_POPUPS, TRADES

PRESENTER = HtmlPresenter()

BUYERS_LEAD = (
    Evidence("book_imbalance", 0.31, 75.5, 0.25, "Bids outweigh asks 1.9 to 1 in the top 10"),
    Evidence("trade_flow", 0.68, 82.2, 0.3, "Buyers took 68% of the last 5 min ($41.3M)"),
    Evidence(
        "large_orders",
        9.0,
        88.0,
        0.15,
        "12 large buys ($7.2M) against 3 sells ($1.8M); bid wall 6.2x at 0.12% below",
    ),
    Evidence("funding_rate", 0.00031, 41.0, 0.15, "Funding +0.031%, longs crowded, paid in 2 h"),
    Evidence(
        "open_interest", 1.2, 85.0, 0.1, "Open interest +1.2% in 15 min with price up: new longs"
    ),
    Evidence("spoof_penalty", 0.2, 77.0, 0.05, "Book honest, no unusual spoofing"),
)
SELLERS_LEAD_WITHOUT_A_BOOK = (
    Evidence("book_imbalance", None, 50.0, 0.25, "Order book not known: book is 75 s old"),
    Evidence("trade_flow", 0.36, 73.0, 0.3, "Sellers took 64% of the last 5 min ($880k)"),
    Evidence("large_orders", -4.0, 62.0, 0.15, "5 large sells ($410k) against 1 buy ($62k)"),
    Evidence("funding_rate", 0.00045, 71.0, 0.15, "Funding +0.045%, longs crowded, paid in 45 min"),
    Evidence(
        "open_interest",
        -0.6,
        31.0,
        0.1,
        "Crowd 31% long, top traders 58% long; open interest quiet",
    ),
    Evidence("spoof_penalty", None, 50.0, 0.05, "Spoofing not known"),
)
FALLING = (
    Evidence("rsi", 67.0, 82.0, 0.15, "RSI 67, overbought in a downtrend"),
    Evidence("macd", -12.5, 74.0, 0.15, "MACD crossed below its signal line"),
    Evidence("volume", 2.7, 70.0, 0.1, "Volume 2.7x average on a falling candle"),
    Evidence("stoch_rsi", 37.0, 41.0, 0.1, "StochRSI 37, rising"),
    Evidence("pattern", None, 50.0, 0.1, "No pattern"),
)


def two_layers(direction: Direction, technical: float, flow: float) -> tuple[LayerScore, ...]:
    """Both layers of the product as shipped, with so much support for a direction."""
    trend = BULLISH_EVIDENCE if direction is Direction.LONG else FALLING
    return (
        make_layer(direction=direction, support=technical, evidence=trend, age_seconds=0.4),
        LayerScore(
            layer=LayerName.ORDERFLOW,
            bullishness=direction.support(flow),
            age_seconds=0.1,
            coverage=1.0,
            evidence=BUYERS_LEAD,
        ),
    )


AGREED = make_decision(score=81.0, layers=two_layers(Direction.LONG, 84, 77), layers_on=2)
"""A typical decision: technical and order flow on one side."""


def short_on_a_cheap_coin() -> Signal:
    """Eight decimals, a layer without a book, one that is on but silent, a choppy market."""
    coin = make_instrument("PEPE", tick="0.00000001", step="100")
    layers = (
        make_layer(direction=Direction.SHORT, support=78, evidence=FALLING),
        make_layer(
            LayerName.ORDERFLOW,
            direction=Direction.SHORT,
            support=61,
            age_seconds=75,
            coverage=0.7,
            evidence=SELLERS_LEAD_WITHOUT_A_BOOK,
        ),
        make_layer(LayerName.MEMORY, support=50, coverage=0, evidence=()),
    )
    return make_signal(
        13,
        direction=Direction.SHORT,
        instrument=coin,
        decision=make_decision(
            Direction.SHORT,
            symbol="PEPEUSDT",
            score=71,
            coverage=0.75,
            regime=Regime.CHOPPY,
            layers=layers,
            layers_on=3,
            close=0.00001234,
        ),
        plan=make_plan(
            Direction.SHORT,
            instrument=coin,
            entry="0.00001234",
            stop_distance="0.00000012",
            shrinks=("half size in a choppy market", "heat left 0.75 % of equity"),
        ),
    )


def states_of(signal: Signal) -> dict[SignalState, FollowedSignal]:
    return {state: make_followed(state, signal=signal) for state in SignalState}


def no_signal(decision: Decision, *denials: Denial) -> str:
    return explain_decision(DecisionRecord(decision=decision, denials=denials))


LONG, SHORT = states_of(make_signal(decision=AGREED)), states_of(short_on_a_cheap_coin())

ALL_FIVE = make_followed(signal=make_signal(14, decision=make_combined_decision()))
NO_OUTSIDE = make_combined_decision(
    (
        *FIVE[:2],
        make_layer(LayerName.ONCHAIN, support=50, coverage=0, age_seconds=9e8, evidence=()),
        make_layer(
            LayerName.SENTIMENT, support=31, coverage=0.2, age_seconds=2000, evidence=FEAR[3:]
        ),
        make_layer(
            LayerName.MEMORY,
            support=50,
            coverage=0,
            evidence=(
                Evidence("like_trades", None, 50.0, 1.0, "12 like trades so far, 20 needed"),
            ),
        ),
    ),
    regime=Regime.UNKNOWN,
)
"""Chains silent, sentiment old and against it, too little to remember."""

POSTS = {f"post_long_{state}": PRESENTER.signal_post(f) for state, f in LONG.items()} | {
    f"post_short_{state}": PRESENTER.signal_post(f) for state, f in SHORT.items()
}
FIVE_LAYERS = {
    "post_of_five_layers": PRESENTER.signal_post(ALL_FIVE),
    "why_signal_of_five_layers": explain_signal(ALL_FIVE),
    "why_outside_is_silent": no_signal(NO_OUTSIDE),
}

REPLIES = {
    f"reply_{side}_{state}": PRESENTER.step_reply(followed, make_step(followed))
    for side, states in (("long", LONG), ("short", SHORT))
    for state, followed in states.items()
    if state is not SignalState.PUBLISHED
}

EXPLANATIONS = {
    "why_signal": explain_signal(LONG[SignalState.TP1]),
    "why_signal_of_three_layers": explain_signal(SHORT[SignalState.PUBLISHED]),
    "why_no_direction": no_signal(
        make_decision(
            None,
            score=50,
            discards=(Discard.NO_DIRECTION,),
            layers=two_layers(Direction.LONG, 51, 77),
            layers_on=2,
        )
    ),
    "why_discarded": no_signal(
        make_decision(
            Direction.SHORT,
            score=48,
            discards=(Discard.TOO_FEW_LAYERS, Discard.LOW_SCORE),
            layers=two_layers(Direction.SHORT, 66, 23),
            layers_on=2,
        )
    ),
    "why_denied": no_signal(
        AGREED, Denial(rule="heat", text="open risk is 5.9 % of at most 6 % of equity")
    ),
    "why_sent": explain_decision(DecisionRecord(decision=AGREED, signal_id=12)),
}

CONVERSATION = {
    "start_guest": greeting(Role.GUEST),
    "start_admin": greeting(Role.ADMIN),
    "help_trader": help_text(Role.TRADER),
    "help_guest": help_text(Role.GUEST),
    "open_none": render_open([]),
    "open_some": render_open(
        [LONG[SignalState.PUBLISHED], LONG[SignalState.TRIGGERED], SHORT[SignalState.TP1]]
    ),
    "caption_chart": chart_caption(LONG[SignalState.TP2]),
}

PAUSE = PauseState(is_paused=True, since=CLOSED_AT, by="4711", reason="news at 15:00 <FOMC>")
POST = OutgoingMessage(key="signal:12", recipient=CHANNEL, text=POSTS["post_long_published"])

OPERATION = {
    "status_running": render_status(make_status()),
    "status_paused": render_status(
        make_status(
            PAUSE, notes=("BTCUSDT: candles 3 min late", "2 of 40 order books are unusable")
        )
    ),
    "paused": paused(PAUSE),
    "resumed": resumed(Resumption(pause=PauseState(by="4711"), held=())),
    "resumed_in_vain": resumed(
        Resumption(
            pause=PauseState(by="4711"),
            held=(
                (
                    Latch(
                        breaker="daily_drawdown",
                        level=2,
                        tripped_at=CLOSED_AT,
                        text="The day's loss is 3.2 % of equity, at most 3 %",
                    ),
                    CLOSED_AT + timedelta(hours=10),
                ),
            ),
        )
    ),
    "alert_breaker": PRESENTER.breaker_alert("extreme volatility on BTCUSDT: ATR > 3 x its mean"),
    "alert_doubt": doubt_question(POST),
    "alert_undelivered": undelivered_alert(POST, "Forbidden: bot was kicked from the channel"),
    "alert_markup": markup_alert(POST, "can't parse entities: unclosed tag <b>"),
}

FEEDS = (
    make_feed_health("fear_greed"),
    make_feed_health("coingecko", failures=2, malformed=1, minutes_ago=0),
    make_feed_health(
        "reddit", FeedState.FAILING, reason="HTTP 429 <slow down>", failures=5, minutes_ago=140
    ),
    make_feed_health("rss_decrypt", FeedState.RESTING, reason="HTTP 503", failures=12),
    make_feed_health("defillama", FeedState.WAITING, minutes_ago=None),
    make_feed_health(
        "whale_alert", FeedState.OFF, reason="WHALE_ALERT_API_KEY is not set", minutes_ago=None
    ),
)

OUTSIDE = {
    "whale_withdrawal": PRESENTER.whale_alert(WhaleAlert(transfer=make_transfer())),
    "whale_deposit": PRESENTER.whale_alert(
        WhaleAlert(
            transfer=make_transfer(kind=TransferKind.DEPOSIT, owner="Kraken <hot>"),
            held_back=(make_transfer("tx2", usd=30e6), make_transfer("tx3", usd=15e6)),
        )
    ),
    "whale_dollars": PRESENTER.whale_alert(
        WhaleAlert(transfer=make_transfer(kind=TransferKind.DEPOSIT, asset="USDT", owner=""))
    ),
    "whale_mint": PRESENTER.whale_alert(
        WhaleAlert(transfer=make_transfer(kind=TransferKind.MINT, asset="USDT", usd=1e9))
    ),
    "macro_warning": PRESENTER.macro_warning(make_macro()),
    "macro_all_clear": PRESENTER.macro_all_clear(
        make_macro(MacroState.NEGATIVE, changes={MacroSeries.SP500: -0.4}),
        began_at=CLOSED_AT,
        ended_at=CLOSED_AT + timedelta(minutes=68),
    ),
    "macro_all_clear_in_silence": PRESENTER.macro_all_clear(
        None, began_at=CLOSED_AT, ended_at=CLOSED_AT + timedelta(hours=3)
    ),
    "health": render_health(
        HealthReport(status=make_status(notes=("2 of 40 order books are unusable",)), feeds=FEEDS)
    ),
    "health_without_feeds": render_health(HealthReport(status=make_status(PAUSE), feeds=())),
}

MESSAGES = (
    POSTS
    | FIVE_LAYERS
    | REPLIES
    | REPORTS
    | RECORD
    | RISK
    | EXPLANATIONS
    | CONVERSATION
    | OPERATION
    | OUTSIDE
    | HEALTH
    | TRADES
)

POPUPS = {
    "popup_long": popup_summary(LONG[SignalState.PUBLISHED]),
    "popup_short": popup_summary(SHORT[SignalState.PUBLISHED]),
} | TRADE_POPUPS
