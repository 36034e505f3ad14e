"""Builds ccxt clients: pointed where the settings say, and all spending one weight budget."""

import math
import re
from collections.abc import Callable
from difflib import get_close_matches
from functools import partial
from importlib import import_module
from typing import Any, Final
from urllib.parse import urlsplit

from domain.errors import ConfigurationError
from exchanges.rejected_rows import RejectedRows
from exchanges.venues import BINANCE_USDM, Venue
from exchanges.weight import WeightBudget

_ABSURD_EXPONENT: Final = re.compile(r"\d[eE][+-]?\d{4,}", re.ASCII)
"""No price, quantity or id has a thousand digits; an answer with one is no JSON to us."""


def open_client(
    venue: Venue,
    budget: WeightBudget,
    rejected: RejectedRows,
    *,
    rest_url: str | None = None,
    ws_url: str | None = None,
    streaming: bool = False,
    patience_seconds: float = math.inf,
) -> Any:
    """A client for public data of a venue; `streaming` adds ccxt's WebSocket methods.

    `rest_url` and `ws_url` replace scheme and host of every address of the exchange. A silence that
    the venue asks for is waited out, unless it takes longer than `patience_seconds`: then requests
    raise `RateLimitedError`. Raises `ConfigurationError` for an exchange that ccxt does not know.
    """
    client_class = _client_class(venue.exchange_id, streaming)
    client_class = _budgeted(client_class, venue, budget, patience_seconds)
    if venue is BINANCE_USDM:
        client_class = _binance(client_class, rejected)
    if streaming:
        client_class = _guarded(client_class, rejected)
    client = client_class(
        {
            "streaming": {"keepAlive": 15_000},
            "options": {
                "defaultType": "swap",
                "fetchCurrencies": False,
                "fetchMargins": False,
                "OHLCVLimit": 10,
                "watchTradesForSymbols": {"name": "aggTrade"},
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


def _budgeted(
    client_class: type[Any], venue: Venue, budget: WeightBudget, patience_seconds: float
) -> type[Any]:
    """ccxt's client with the budget in place of its own throttle, fed by every answer."""

    class BudgetedClient(client_class):  # type: ignore[misc]  # ccxt is untyped
        async def throttle(self, cost: Any = None) -> None:
            weight = 1.0 if cost is None else float(cost)
            await budget.spend(weight, patience_seconds=patience_seconds)
            if venue.weight_per_minute is None:
                await super().throttle(cost)

        def on_json_response(self, response_body: str) -> Any:
            # ccxt would write such a number out, digit by digit: the process would stand still.
            if _ABSURD_EXPONENT.search(response_body):
                raise ValueError("a number with an absurd exponent")
            return super().on_json_response(response_body)

        def on_rest_response(
            self, code: int, reason: str, url: str, method: str, headers: Any, body: str, *sent: Any
        ) -> Any:
            budget.observe(code, headers, body)
            return super().on_rest_response(code, reason, url, method, headers, body, *sent)

    return BudgetedClient


def _guarded(client_class: type[Any], rejected: RejectedRows) -> type[Any]:
    """ccxt's client with sockets that pass over a frame they cannot read.

    In ccxt's own, one such frame ends the reading of its socket without a word to anybody, until
    the missing answers to pings are noticed.
    """
    import ccxt

    class GuardedClient(client_class):  # type: ignore[misc]  # ccxt is untyped
        def client(self, url: str) -> Any:
            is_fresh = url not in (self.clients or {})
            socket = super().client(url)
            if is_fresh:
                socket.handle_message = partial(self._handle_unless_broken, socket.handle_message)
            return socket

        def _handle_unless_broken(self, handle: Callable[[Any], None], message: Any) -> None:
            try:
                rejected.kept("frame", self.id, handle, message)
            except ccxt.BaseError as error:
                rejected.add("frame", self.id, error)

    return GuardedClient


def _binance(client_class: type[Any], rejected: RejectedRows) -> type[Any]:
    """Three mends of ccxt's Binance client."""
    import ccxt

    class BinanceClient(client_class):  # type: ignore[misc]  # ccxt is untyped
        def get_exceptions_by_url(self, _url: str, exactness: str) -> Any:
            # ccxt finds the futures error codes by the host's name, which may be replaced.
            return self.safe_dict(self.exceptions["linear"], exactness, {})

        def calculate_rate_limiter_cost(
            self, api: Any, method: Any, path: Any, params: Any, config: Any = None
        ) -> Any:
            if api[0] == "fapiData":
                return 0  # has a pool of requests of its own: see `Venue.share_requests`
            if path == "premiumIndex" and "symbol" not in params:
                return 10  # ccxt charges 1, which is the weight of one symbol
            return super().calculate_rate_limiter_cost(api, method, path, params, config or {})

        def parse_market(self, market: Any) -> Any:
            # One unreadable listing must not take the others with it.
            try:
                return super().parse_market(market)
            except (ccxt.BaseError, AttributeError, LookupError, TypeError, ValueError) as error:
                rejected.add("listing", str(market)[:60], error)
                return None

    return BinanceClient
