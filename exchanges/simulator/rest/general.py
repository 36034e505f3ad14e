"""ping, time and exchangeInfo."""

from decimal import Decimal
from typing import Any, Final

from exchanges.simulator.floor import Status, TradingFloor
from exchanges.simulator.market.contracts import Grid
from exchanges.simulator.market.limits import largest_market_order, largest_order
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.rest.endpoints import Endpoint, Query

_ORDER_TYPES: Final = [
    "LIMIT",
    "MARKET",
    "STOP",
    "STOP_MARKET",
    "TAKE_PROFIT",
    "TAKE_PROFIT_MARKET",
    "TRAILING_STOP_MARKET",
]
_TIME_IN_FORCE: Final = ["GTC", "IOC", "FOK", "GTX", "GTD"]


def endpoints(floor: TradingFloor) -> list[Endpoint]:
    """Endpoints about the venue as a whole."""

    def exchange_info(_: Query) -> dict[str, Any]:
        return {
            "timezone": "UTC",
            "serverTime": floor.now_ms(),
            "futuresType": "U_MARGINED",
            "rateLimits": _rate_limits(floor.settings.weight_limit),
            "exchangeFilters": [],
            "assets": [{"asset": "USDT", "marginAvailable": True, "autoAssetExchange": "-10000"}],
            "symbols": [_symbol(pair, floor.status(pair)) for pair in floor.market.pairs],
        }

    return [
        Endpoint(path="/fapi/v1/ping", answer=lambda _: {}),
        Endpoint(path="/fapi/v1/time", answer=lambda _: {"serverTime": floor.now_ms()}),
        Endpoint(path="/fapi/v1/exchangeInfo", answer=exchange_info),
    ]


def _rate_limits(weight_limit: int) -> list[dict[str, Any]]:
    rows = (
        ("REQUEST_WEIGHT", "MINUTE", 1, weight_limit),
        ("ORDERS", "MINUTE", 1, 1200),
        ("ORDERS", "SECOND", 10, 300),
    )
    return [
        {"rateLimitType": kind, "interval": interval, "intervalNum": number, "limit": limit}
        for kind, interval, number, limit in rows
    ]


def _symbol(pair: Pair, status: Status) -> dict[str, Any]:
    contract = pair.contract
    return {
        "symbol": contract.symbol,
        "pair": contract.root,
        "contractType": contract.contract_type,
        "deliveryDate": contract.delivered_ms,
        "onboardDate": contract.listed_ms,
        "status": status,
        "maintMarginPercent": "2.5000",
        "requiredMarginPercent": "5.0000",
        "baseAsset": contract.base,
        "quoteAsset": contract.quote,
        "marginAsset": contract.quote,
        "pricePrecision": contract.prices.decimals,
        "quantityPrecision": contract.quantities.decimals,
        "baseAssetPrecision": 8,
        "quotePrecision": 8,
        "underlyingType": contract.underlying_type,
        "underlyingSubType": [],
        "triggerProtect": "0.0500",
        "liquidationFee": "0.012500",
        "marketTakeBound": "0.05",
        "maxMoveOrderLimit": 10000,
        "filters": _filters(pair),
        "orderTypes": _ORDER_TYPES,
        "timeInForce": _TIME_IN_FORCE,
        "permissionSets": ["GRID", "COPY", "DCA", "PSB"],
    }


def _filters(pair: Pair) -> list[dict[str, Any]]:
    contract = pair.contract
    prices, quantities = contract.prices, contract.quantities
    return [
        {
            "filterType": "PRICE_FILTER",
            "minPrice": _plain(prices.unit),
            "maxPrice": _plain(prices.unit * 10_000_000),
            "tickSize": _plain(prices.unit),
        },
        _lot_size("LOT_SIZE", quantities, largest_order(pair)),
        _lot_size("MARKET_LOT_SIZE", quantities, largest_market_order(pair)),
        {"filterType": "MAX_NUM_ORDERS", "limit": 200},
        {"filterType": "MIN_NOTIONAL", "notional": _plain(contract.minimum_notional)},
        {
            "filterType": "PERCENT_PRICE",
            "multiplierUp": "1.0500",
            "multiplierDown": "0.9500",
            "multiplierDecimal": "4",
        },
        {"filterType": "POSITION_RISK_CONTROL", "positionControlSide": "NONE"},
    ]


def _lot_size(name: str, quantities: Grid, largest: int) -> dict[str, str]:
    return {
        "filterType": name,
        "minQty": _plain(quantities.unit),
        "maxQty": quantities.text(largest),
        "stepSize": _plain(quantities.unit),
    }


def _plain(value: Decimal) -> str:
    return f"{value:f}"
