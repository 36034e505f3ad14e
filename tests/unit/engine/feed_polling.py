"""Providers that are asked, and everything that takes in what they tell."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.candles import CandleSeries
from domain.sentiment import MacroQuote, MacroReading, MacroSeries, SentimentSnapshot
from domain.timeframes import to_ms
from domain.transfers import Transfer
from engine.alerts import AlertParameters
from engine.macro_warnings import WarnOfMacro
from engine.outside import OutsideState
from engine.poll_feeds import PollFeeds
from engine.ports.storage import Storage
from engine.whale_alerts import AnnounceWhales
from layers.memory import OutcomeBook
from layers.onchain import OnChainParameters, OnChainTracker
from layers.sentiment import SentimentParameters, SentimentTracker
from tests.builders.outside import make_transfer
from tests.fakes.clock import HandClock
from tests.fakes.feeds import HandProvider
from tests.fakes.market import HandFacts
from tests.fakes.storage import InMemoryStorage
from tests.unit.engine.failing_storage import FailingStorage
from tests.unit.engine.kept import look_into
from tests.unit.engine.plain_presenter import PlainPresenter


class ListeningWarning(WarnOfMacro):
    """Remembers the readings that it was given."""

    readings: list[MacroReading | None]

    async def __call__(self, reading: MacroReading | None) -> None:
        self.readings = [*getattr(self, "readings", []), reading]
        await super().__call__(reading)


class ListeningOutside(OutsideState):
    """Remembers the candles and snapshots that it was given."""

    def __init__(self) -> None:
        super().__init__(
            OnChainTracker(OnChainParameters()),
            SentimentTracker(SentimentParameters()),
            OutcomeBook(),
        )
        self.bitcoin: list[CandleSeries] = []
        self.restored: list[SentimentSnapshot] = []

    def observe_bitcoin(self, candles: CandleSeries) -> None:
        self.bitcoin.append(candles)
        super().observe_bitcoin(candles)

    def restore(
        self, transfers: Sequence[tuple[Transfer, int]], snapshots: Sequence[SentimentSnapshot]
    ) -> None:
        self.restored += snapshots
        super().restore(transfers, snapshots)


@dataclass
class FeedBench:
    """The use case over a storage that can fail, and a provider of transfers."""

    kept: InMemoryStorage = field(default_factory=InMemoryStorage)

    def __post_init__(self) -> None:
        self.clock = HandClock()
        self.facts = HandFacts(self.clock)
        self.feed = HandProvider(clock=self.clock)
        self.restart()

    def restart(self, storage: Storage | None = None) -> None:
        """As after a restart: nothing is known but what is stored."""
        self.outside = ListeningOutside()
        self.poll = self._build(storage or self.kept)

    def break_at(self, step: int) -> None:
        """Start anew over a storage whose step of that number fails, once."""
        self.restart(FailingStorage(self.kept, step).storage)

    def transfer(self, name: str) -> Transfer:
        """One that happens now, large enough for an alert."""
        return make_transfer(name, happened_ms=to_ms(self.clock.now()))

    def quote(self, value: float, *, minutes_ago: int = 0) -> MacroQuote:
        at_ms = to_ms(self.clock.now()) - minutes_ago * 60_000
        return MacroQuote(series=MacroSeries.SP500, value=value, at_ms=at_ms)

    @property
    def macro_readings(self) -> list[MacroReading | None]:
        """What was looked at for warnings."""
        return getattr(self._warn, "readings", [])

    async def stored(self) -> list[str]:
        async with self.kept() as unit:
            known = await unit.transfers.list_known_since(0)
        return [transfer.transaction for transfer, _ in known]

    async def message_keys(self) -> list[str]:
        return (await look_into(self.kept)).keys

    def _build(self, storage: Storage) -> PollFeeds:
        presenter, parameters = PlainPresenter(), AlertParameters()
        self._warn = ListeningWarning(
            storage=storage, presenter=presenter, clock=self.clock, parameters=parameters
        )
        return PollFeeds(
            outside=self.outside,
            facts=self.facts,
            storage=storage,
            clock=self.clock,
            announce_whales=AnnounceWhales(
                storage=storage, presenter=presenter, clock=self.clock, parameters=parameters
            ),
            warn_of_macro=self._warn,
        )
