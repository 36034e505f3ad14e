"""Everything that was known at one instant; what is the same for all coins is read once."""

from collections.abc import Collection, Iterable, Iterator

from domain.assets import STABLECOINS
from domain.onchain import (
    DexActivity,
    ExchangeFlowReading,
    OnChain,
    SmartMoneyReading,
    StablecoinReading,
)
from domain.transfers import Transfer
from layers.onchain.readings.facts import Facts
from layers.onchain.readings.latest import Answered
from layers.onchain.readings.limits import Limits
from layers.onchain.readings.parameters import ReadingParameters
from layers.onchain.readings.provider import ProviderThen
from layers.onchain.readings.smart_wallets import smart_money_reading
from layers.onchain.readings.spans import HOUR_MS
from layers.onchain.readings.stablecoins import stablecoin_reading
from layers.onchain.readings.whales import whale_reading


class Instant:
    """Readings of all coins as of `at_ms`; good until something more is told."""

    def __init__(
        self,
        at_ms: int,
        facts: Facts,
        wallets: Collection[str],
        shape: ReadingParameters,
        limits: Limits,
    ) -> None:
        self.at_ms = at_ms
        self._facts = facts
        self._wallets = wallets
        self._shape = shape
        self._limits = limits
        # In the order of their names: of equal ones the first serves.
        self._providers = [
            ProviderThen(each, shape.flow_history, at_ms=at_ms, silence_ms=limits.transfers_ms)
            for _, each in sorted(facts.providers.items())
        ]
        self._stablecoins, self._stablecoins_ms = self._read_stablecoins()

    def reading(self, asset: str) -> OnChain:
        """One coin's."""
        watching = {each: at for each in self._providers if (at := each.answered_ms(asset))}
        dex = self._dex(asset)
        moved = None
        if watching:
            moved = whale_reading(
                self._transfers(asset, self._limits.whales_ms), self.at_ms, self._shape.whales
            )
        return OnChain(
            at_ms=self.at_ms,
            answered_ms=max(
                self._stablecoins_ms, 0 if dex is None else dex.answered_ms, *watching.values(), 0
            ),
            whales=moved,
            exchange_flow=self._flow(watching, asset),
            dex=None if dex is None else dex.fact,
            stablecoins=self._stablecoins,
            smart_money=self._smart_money(asset, is_watched=bool(watching)),
        )

    def _transfers(self, asset: str, window_ms: int) -> list[Transfer]:
        return self._facts.log.between(asset, self.at_ms - window_ms, self.at_ms)

    def _flow(self, watching: Iterable[ProviderThen], asset: str) -> ExchangeFlowReading | None:
        """That of the provider that knows most hours; of equals, of the first by name.

        A provider that can compare goes before one that cannot.
        """
        best = max(
            watching,
            key=lambda each: (each.is_comparable(asset), each.hours_known(asset)),
            default=None,
        )
        return None if best is None else best.flow(asset)

    def _dex(self, asset: str) -> Answered[DexActivity] | None:
        told = self._facts.dex.get(asset)
        return None if told is None else told.newest(self.at_ms, self.at_ms - self._limits.dex_ms)

    def _smart_money(self, asset: str, *, is_watched: bool) -> SmartMoneyReading | None:
        """Without a list the reading says that nobody is followed."""
        if not self._wallets:
            return SmartMoneyReading(watched=0, buyers=0, sellers=0)
        if not is_watched:
            return None
        moved = self._transfers(asset, HOUR_MS)
        return smart_money_reading(moved, self._wallets, self._shape.smart_least_usd)

    def _read_stablecoins(self) -> tuple[StablecoinReading | None, int]:
        """The reading, and when the newest provider behind it answered."""
        watched_ms = max(self._stablecoin_answers(), default=0)
        moved = [each for coin in STABLECOINS for each in self._transfers(coin, HOUR_MS)]
        supply = self._facts.supply.newest(self.at_ms, self.at_ms - self._limits.supply_ms)
        reading = stablecoin_reading(
            moved if watched_ms else None,
            None if supply is None else supply.fact,
            self._shape.stablecoin_least_usd,
        )
        return reading, max(watched_ms, 0 if supply is None else supply.answered_ms)

    def _stablecoin_answers(self) -> Iterator[int]:
        for provider in self._providers:
            for coin in STABLECOINS:
                answered_ms = provider.answered_ms(coin)
                if answered_ms is not None:
                    yield answered_ms
