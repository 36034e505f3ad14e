"""The simulated venue's market, as the simulated providers of outside data look at it."""

from collections.abc import Sequence

from exchanges.simulator import Market
from exchanges.simulator.market.bars import CLOSE, MINUTE_MS


class VenueView:
    """Prices of the made-up market at any instant, the future's included."""

    def __init__(self, market: Market) -> None:
        self._market = market

    def price(self, symbol: str, at_ms: int) -> float | None:
        """Close of the minute of an instant; None for a pair that is not traded then."""
        pair = self._market.by_symbol.get(symbol)
        if pair is None or not pair.bars.start_ms <= at_ms < pair.bars.end_ms:
            return None
        ticks = pair.bars.columns[CLOSE, pair.bars.position(at_ms // MINUTE_MS)]
        return float(ticks) * pair.contract.prices.size

    def symbols(self) -> Sequence[str]:
        """All pairs."""
        return [pair.symbol for pair in self._market.pairs]
