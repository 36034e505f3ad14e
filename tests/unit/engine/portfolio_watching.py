"""Open signals, the minutes of their pairs, and somebody who watches over them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from domain.advice import Advice
from domain.candles import Candle
from domain.messages import CHANNEL, OutgoingMessage
from domain.order_flow import OrderFlow
from domain.signals import FollowedSignal, SignalState
from domain.timeframes import Timeframe, to_ms
from engine.correlations import CorrelationParameters, CorrelationState
from engine.issue import post_key
from engine.observe_trades import ObserveTrades
from engine.portfolio_watch import WatchPortfolio, WatchRound
from engine.ports.storage import Storage
from risk.watch import MARKET_LEADER, WatchParameters
from tests.fakes.clock import HandClock
from tests.fakes.market import HandFacts, HandFeed
from tests.fakes.storage import InMemoryStorage
from tests.unit.engine.kept import look_into
from tests.unit.engine.plain_presenter import PlainPresenter
from tests.unit.risk_watch.watching import AT, QUIET, Gains, make_minute

EQUITY = Decimal(10_000)


class BriefPresenter(PlainPresenter):
    """Tells no reasons: the rules' own tests do."""

    def advice(self, advice: Advice, followed: FollowedSignal | None) -> str:
        about = "all" if followed is None else f"#{followed.signal.id}"
        return f"{about}: {advice.warning} {advice.action}"


@dataclass
class Watching:
    """The clock stands two seconds after `AT`; all pairs are quiet until told otherwise."""

    parameters: WatchParameters = field(default_factory=WatchParameters)
    storage: InMemoryStorage = field(default_factory=InMemoryStorage)
    clock: HandClock = field(default_factory=lambda: HandClock(AT))

    def __post_init__(self) -> None:
        self.clock.advance(2)
        self.feed = HandFeed(clock=self.clock)
        self.facts = HandFacts(self.clock)
        self.flows: dict[str, OrderFlow] = {}
        self.watch = self.new_watch()
        self.pair_takes(MARKET_LEADER, QUIET)

    def new_watch(self, storage: Storage | None = None) -> WatchPortfolio:
        """As after a restart: nothing is known but what is stored."""
        return WatchPortfolio(
            storage=storage or self.storage,
            observe=ObserveTrades(
                feed=self.feed,
                facts=self.facts,
                order_flow=lambda symbol, _: self.flows.get(symbol),
                parameters=self.parameters,
            ),
            correlations=CorrelationState(CorrelationParameters()),
            presenter=BriefPresenter(),
            clock=self.clock,
            equity=EQUITY,
            parameters=self.parameters,
        )

    async def hold(self, followed: FollowedSignal, path: Sequence[Gains] = QUIET) -> None:
        """A signal is open, and its pair took a path."""
        async with self.storage() as unit:
            await unit.signals.add(followed)
            post = OutgoingMessage(key=post_key(followed.signal.id), recipient=CHANNEL, text="post")
            await unit.outbox.put([post], at=followed.signal.published_at)
            await unit.commit()
        self.pair_takes(followed.signal.plan.symbol, path, followed)

    def pair_takes(
        self, symbol: str, path: Sequence[Gains], followed: FollowedSignal | None = None
    ) -> None:
        """The newest minutes of a pair up to now; gains are those of a long without a signal."""
        last = Timeframe.M1.last_closed_index(to_ms(self.clock.now()))
        self.feed.minutes[symbol] = [
            self._minute(gains, last - len(path) + 1 + number, followed)
            for number, gains in enumerate(path)
        ]

    def _minute(self, gains: Gains, index: int, followed: FollowedSignal | None) -> Candle:
        if followed is None:
            return make_minute(gains, index)
        return make_minute(gains, index, followed.signal.plan.direction)

    async def end(self, followed: FollowedSignal) -> None:
        course = replace(followed.course, state=SignalState.STOPPED, ended_at=self.clock.now())
        async with self.storage() as unit:
            await unit.signals.save_course(followed.signal.id, course)
            await unit.commit()

    async def look(self) -> list[str]:
        """One round; what it told, in the words of the presenter."""
        before = len(await self.messages())
        await self.round()
        return [message.text for message in (await self.messages())[before:]]

    async def round(self) -> WatchRound:
        return await self.watch()

    async def messages(self) -> list[OutgoingMessage]:
        """Everything in the outbox."""
        return (await look_into(self.storage)).messages
