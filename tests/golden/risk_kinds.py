"""Answers about the risk, advice and corrections, by the name of their golden files."""

from bot.presenters.breakers_report import render_breakers
from bot.presenters.configuration import render_configuration
from bot.presenters.heat import render_heat
from bot.presenters.html_presenter import HtmlPresenter
from domain.advice import AdvisedAction, WatchWarning
from domain.breakers import Effect
from domain.directions import Direction
from domain.signals import FollowedSignal, SignalState
from tests.builders.research import OVERLAID, make_configuration
from tests.builders.risk_reports import (
    make_advice,
    make_breakers,
    make_heat,
    make_open_risk,
    make_standing,
    make_verdict,
)
from tests.builders.signals import make_followed, make_signal
from tests.golden.record_kinds import TRIPPED

PRESENTER = HtmlPresenter()


def of(direction: Direction, state: SignalState) -> FollowedSignal:
    return make_followed(state, signal=make_signal(direction=direction))


STANDING = (
    make_standing(
        "drawdown",
        Effect.CLOSE_WORST_HALF,
        "2025-10-06 stands at -3.12 % of equity: no new trades, close the worse half; until an "
        "admin resumes, from 2025-10-07 00:00 UTC on",
        "the UTC day is over and an admin has resumed after that",
    ),
    make_standing(
        "loss_streak",
        Effect.BLOCK,
        "3 losses in a row: all pairs rest until 14:10 UTC",
        "10 minutes without another loss, or a trade that does not lose",
    ),
    make_standing(
        "low_quality_hours",
        Effect.RAISE_BAR,
        "thin markets from 14:00 UTC: the bar is 5 higher",
        "a UTC hour with livelier markets begins",
    ),
    make_standing("paused"),
    make_standing("macro_danger"),
    make_standing("clock_health"),
)

RISK = {
    "config_strategy_file_alone": render_configuration(make_configuration()),
    "config_overlaid": render_configuration(make_configuration(OVERLAID, next_version=None)),
    "heat": render_heat(
        make_heat(
            make_open_risk(heat="0.75"),
            make_open_risk(13, "PEPE/USDT", direction=Direction.SHORT, result=None),
            make_open_risk(14, "SOL/USDT", is_open=False, result=None),
            unpriced=("PEPEUSDT",),
        )
    ),
    "heat_none": render_heat(make_heat()),
    "breakers": render_breakers(
        make_breakers(*STANDING, recent=TRIPPED),
        [
            make_verdict("LOW_SCORE", 131, 310, "-41.20"),
            make_verdict("overtrading", 9, 14, "6.31"),
            make_verdict("heat", 1, 5, "-3.02"),
        ],
        30,
    ),
    "breakers_quiet": render_breakers(make_breakers(*STANDING[3:]), [], 7),
    "advice_close_long": PRESENTER.advice(
        make_advice(
            reasons=("volume 4.1 times its mean, price −2.4 %", "price −2.9 % within 5 minutes")
        ),
        of(Direction.LONG, SignalState.TRIGGERED),
    ),
    "advice_close_short": PRESENTER.advice(
        make_advice(
            reasons=("volume 4.1 times its mean, price +2.4 %", "price +2.9 % within 5 minutes")
        ),
        of(Direction.SHORT, SignalState.TRIGGERED),
    ),
    "advice_tighten": PRESENTER.advice(
        make_advice(
            WatchWarning.LEADER,
            AdvisedAction.TIGHTEN,
            reasons=(
                "BTCUSDT −1.6 % within 15 minutes",
                "this pair moves with it: correlation 0.91 over 24 hours",
            ),
            stop="64105.5",
        ),
        of(Direction.LONG, SignalState.TP1),
    ),
    "advice_all": PRESENTER.advice(
        make_advice(
            WatchWarning.HEALTH,
            AdvisedAction.NO_NEW_TRADES,
            reasons=("health of the open trades 34 of 100", "open results −1.2 %"),
            signal_id=None,
        ),
        None,
    ),
    "correction": PRESENTER.correction(
        of(Direction.LONG, SignalState.STOPPED),
        of(Direction.LONG, SignalState.TP3).course,
        of(Direction.LONG, SignalState.STOPPED).course,
        "the venue restated its candle of 14:31 UTC",
    ),
}
