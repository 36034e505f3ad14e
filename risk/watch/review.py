"""The portfolio watch: one look at all open trades, and everything it advises."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from domain.advice import Advice
from domain.correlations import Correlations
from risk.watch.health import advise_health, compute_health
from risk.watch.leader import advise_leader
from risk.watch.parameters import WatchParameters
from risk.watch.turn import advise_turn
from risk.watch.values import LeaderMove, Review, WatchedTrade


def review_portfolio(
    trades: Sequence[WatchedTrade],
    *,
    leader: LeaderMove | None,
    correlations: Correlations,
    equity: Decimal,
    at: datetime,
    parameters: WatchParameters,
) -> Review:
    """Ask every rule about every open trade: turns, then the leader, then the health.

    Pure: the answer is what holds now, whether it was given before or not. `leader` is its strong
    move, None while it makes none; `correlations` are those of the trades' pairs with each other.

    For a followed signal the advice is words in the channel, and never a step of its course. For an
    executed position each piece becomes an order: CLOSE a reduce-only market order over all that is
    open, TIGHTEN a stop at `Advice.stop` that is placed before the old one is cancelled, and
    NO_NEW_TRADES a block of new entries while it holds. Such orders count once, too: the key under
    which advice is told is the one their client order ids derive from.
    """
    health = compute_health(trades, correlations, equity, at, parameters.health)
    advice: list[Advice | None] = [advise_turn(trade, at, parameters.turn) for trade in trades]
    if leader is not None:
        advice += [
            advise_leader(trade, leader, at, parameters.leader, parameters.tightening)
            for trade in trades
        ]
    advice += advise_health(trades, health, equity, at, parameters.health, parameters.tightening)
    return Review(advice=tuple(each for each in advice if each is not None), health=health)
