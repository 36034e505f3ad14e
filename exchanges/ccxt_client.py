"""Builds ccxt clients: pointed where the settings say, and all spending one weight budget."""

from difflib import get_close_matches
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from domain.errors import ConfigurationError
from exchanges.rejected_rows import RejectedRows
from exchanges.venues import BINANCE_USDM, Venue
from exchanges.weight import WeightBudget


def open_client(
    venue: Venue,
    budget: WeightBudget,
    rejected: RejectedRows,
    *,
    rest_url: str | None = None,
    ws_url: str | None = None,
    streaming: bool = False,
) -> Any:
    """A client for public data of a venue; `streaming` adds ccxt's WebSocket methods.

    `rest_url` and `ws_url` replace scheme and host of every address of the exchange. Raises
    `ConfigurationError` for an exchange that ccxt does not know.
    """
    client_class = _budgeted(_client_class(venue.exchange_id, streaming), venue, budget)
    if venue is BINANCE_USDM:
        client_class = _binance(client_class, rejected)
    client = client_class(
        {
            "streaming": {"keepAlive": 15_000},
            "options": {
                "defaultType": "swap",
                "fetchCurrencies": False,
                "fetchMargins": False,
                "OHLCVLimit": 10,
            },
        }
    )
    client.urls["api"] = redirected(client.urls["api"], rest_url, ws_url)
    return client


def redirected(addresses: Any, rest_url: str | None, ws_url: str | None) -> Any:
    """The same tree of addresses on another host; the path of each stays."""
    if isinstance(addresses, dict):
        return {name: redirected(branch, rest_url, ws_url) for name, branch in addresses.items()}
    if not isinstance(addresses, str):
        return addresses
    parts = urlsplit(addresses)
    if parts.scheme in ("ws", "wss"):  # ccxt's own path brings the "/ws"
        base = None if ws_url is None else ws_url.rstrip("/").removesuffix("/ws")
    else:
        base = None if rest_url is None else rest_url.rstrip("/")
    return addresses if base is None else base + parts.path


def _client_class(exchange_id: str, streaming: bool) -> type[Any]:
    # Here, for each takes half a second that `--help` must not pay.
    module = import_module("ccxt.pro" if streaming else "ccxt.async_support")
    if exchange_id not in module.exchanges:
        near = ", ".join(get_close_matches(exchange_id, module.exchanges)) or "binanceusdm, bybit"
        raise ConfigurationError(
            f"EXCHANGE is {exchange_id!r}, which ccxt does not know; did you mean: {near}?"
        )
    client_class: type[Any] = getattr(module, exchange_id)
    return client_class


def _budgeted(client_class: type[Any], venue: Venue, budget: WeightBudget) -> type[Any]:
    """ccxt's client with the budget in place of its own throttle, fed by every answer."""

    class BudgetedClient(client_class):  # type: ignore[misc]  # ccxt is untyped
        async def throttle(self, cost: Any = None) -> None:
            await budget.spend(float(cost or 1))
            if venue.weight_per_minute is None:
                await super().throttle(cost)

        def on_rest_response(
            self, code: int, reason: str, url: str, method: str, headers: Any, body: str, *sent: Any
        ) -> Any:
            budget.observe(code, headers, body)
            return super().on_rest_response(code, reason, url, method, headers, body, *sent)

    return BudgetedClient


def _binance(client_class: type[Any], rejected: RejectedRows) -> type[Any]:
    """Two mends of ccxt's Binance client."""
    import ccxt

    class BinanceClient(client_class):  # type: ignore[misc]  # ccxt is untyped
        def get_exceptions_by_url(self, _url: str, exactness: str) -> Any:
            # ccxt finds the futures error codes by the host's name, which may be replaced.
            return self.safe_dict(self.exceptions["linear"], exactness, {})

        def parse_market(self, market: Any) -> Any:
            # One unreadable listing must not take the others with it.
            try:
                return super().parse_market(market)
            except (ccxt.BaseError, AttributeError, LookupError, TypeError, ValueError) as error:
                rejected.add("listing", str(market)[:60], error)
                return None

    return BinanceClient
