"""Use case: watch the open trades minute by minute, and tell each piece of advice once.

Advice is words. It changes no course: what becomes of a signal follows from its candles alone, and
anyone can recompute it from them.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from domain.advice import Advice, AdvisedAction, WatchWarning
from domain.messages import CHANNEL, OutgoingMessage
from domain.signals import FollowedSignal
from engine.correlations import CorrelationState
from engine.issue import post_key
from engine.observe_trades import Observed, ObserveTrades
from engine.ports.clock import Clock
from engine.ports.presenting import Presenter
from engine.ports.storage import Storage
from engine.redo import redo_on_conflict
from engine.told_advice import ToldAdvice, advice_key, read_told
from risk.watch import (
    PortfolioHealth,
    Review,
    WatchParameters,
    health_limit,
    review_portfolio,
)

Actions = frozenset[AdvisedAction]


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchRound:
    """What one look at the open trades brought.

    `told` is new advice; `problems` says by symbol what could not be had this time; `health` is 100
    without open trades.
    """

    told: tuple[Advice, ...] = ()
    problems: dict[str, str] = field(default_factory=dict)
    health: PortfolioHealth = field(default_factory=PortfolioHealth)


class WatchPortfolio:
    """Runs after each round of following; a pair whose data fails is judged as if at its stop.

    `equity` in quote currency is what results are measured against. Advice about the health is
    news when the score falls below a limit, and again only after it had recovered, and not within
    the hour; advice about a signal is told once for ever.
    """

    def __init__(
        self,
        *,
        storage: Storage,
        observe: ObserveTrades,
        correlations: CorrelationState,
        presenter: Presenter,
        clock: Clock,
        equity: Decimal,
        parameters: WatchParameters,
    ) -> None:
        self._storage = storage
        self._observe = observe
        self._correlations = correlations
        self._presenter = presenter
        self._clock = clock
        self._equity = equity
        self._parameters = parameters
        self._ill: Actions = frozenset()
        # Two rounds at once would both find the same advice to be news.
        self._one_round = asyncio.Lock()

    async def __call__(self) -> WatchRound:
        """Look at all open trades, and queue what is news."""
        async with self._one_round:
            return await self._watch()

    async def _watch(self) -> WatchRound:
        now = self._clock.now()
        async with self._storage() as unit:
            live = await unit.signals.list_live()
        open_signals = [followed for followed in live if followed.course.state.is_open]
        if not open_signals:
            self._ill = frozenset()
            return WatchRound()
        observed = await self._observe(open_signals, now)
        review = self._review(observed, now)
        told = await self._tell(review, open_signals, now)
        return WatchRound(told=told, problems=observed.problems, health=review.health)

    def _review(self, observed: Observed, now: datetime) -> Review:
        symbols = {trade.symbol for trade in observed.trades}
        return review_portfolio(
            observed.trades,
            leader=observed.leader,
            correlations=self._correlations.correlations(now, symbols),
            equity=self._equity,
            at=now,
            parameters=self._parameters,
        )

    async def _tell(
        self, review: Review, open_signals: Sequence[FollowedSignal], now: datetime
    ) -> tuple[Advice, ...]:
        ill = self._ill_now(review.health)
        newly_ill = ill - self._ill
        recent_since = now - timedelta(minutes=self._parameters.health.again_after_minutes)

        async def tell() -> tuple[Advice, ...]:
            async with self._storage() as unit:
                told = await read_told(unit, open_signals, recent_since=recent_since)
                news = _news(review.advice, told, newly_ill - told.recent_of_health)
                if news:
                    messages = [self._message(each, open_signals) for each in news]
                    await unit.outbox.put(messages, at=now)
                    await unit.commit()
            return news

        news = await redo_on_conflict(tell) if review.advice else ()
        self._ill = ill
        return news

    def _ill_now(self, health: PortfolioHealth) -> Actions:
        """Actions that the health advises: below the limit, or not far enough above it since."""
        parameters = self._parameters.health

        def is_ill(action: AdvisedAction) -> bool:
            margin = parameters.recovery if action in self._ill else 0.0
            return health.score < health_limit(action, parameters) + margin

        return frozenset(action for action in AdvisedAction if is_ill(action))

    def _message(self, advice: Advice, open_signals: Sequence[FollowedSignal]) -> OutgoingMessage:
        by_id = {followed.signal.id: followed for followed in open_signals}
        followed = None if advice.signal_id is None else by_id[advice.signal_id]
        return OutgoingMessage(
            key=advice_key(advice),
            recipient=CHANNEL,
            text=self._presenter.advice(advice, followed),
            replies_to=None if followed is None else post_key(followed.signal.id),
        )


def _news(advice: Sequence[Advice], told: ToldAdvice, newly_ill: Actions) -> tuple[Advice, ...]:
    """What is to be told now, in its order: of the health only what it has just begun to advise."""
    news: list[Advice] = []
    for each in advice:
        is_known_illness = each.warning is WatchWarning.HEALTH and each.action not in newly_ill
        if not is_known_illness and told.is_news(each):
            news.append(each)
            told = told.and_then(each)
    return tuple(news)
