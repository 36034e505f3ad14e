"""The venues that can be traded on."""

from domain.errors import ConfigurationError
from exchanges.ccxt_broker.binance_dialect import BINANCE
from exchanges.ccxt_broker.bybit_dialect import BYBIT
from exchanges.ccxt_broker.dialect import Dialect

_DIALECTS = {one.exchange_id: one for one in (BINANCE, BYBIT)}


def dialect_of(exchange_id: str) -> Dialect:
    """How to trade on an exchange; raises `ConfigurationError` where nobody has taught it."""
    if exchange_id not in _DIALECTS:
        raise ConfigurationError(
            f"EXCHANGE is {exchange_id!r}, on which Quorum cannot trade; set it to one of "
            f"{', '.join(_DIALECTS)}, or set LIVE_TRADING=off"
        )
    return _DIALECTS[exchange_id]
