"""Best prices that a test sets."""

from decimal import Decimal

from engine.ports.broker import Quote, Quotes


class FakeQuotes(Quotes):
    def __init__(self) -> None:
        self.prices: dict[str, tuple[Decimal, Decimal]] = {}

    def set(self, symbol: str, bid: str, ask: str) -> None:
        self.prices[symbol] = (Decimal(bid), Decimal(ask))

    def quote(self, symbol: str) -> Quote | None:
        found = self.prices.get(symbol)
        return None if found is None else Quote(bid=found[0], ask=found[1], age_seconds=0.0)
