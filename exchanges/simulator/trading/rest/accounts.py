"""Reading an account: positions, balances, fills, income, fees, and what its key may do."""

from typing import Any, Final

from exchanges.simulator.rest.endpoints import Query, VenueError
from exchanges.simulator.trading.desk import TradingDesk
from exchanges.simulator.trading.rest.endpoint import Access, Answer, PrivateEndpoint
from exchanges.simulator.trading.rest.incomes import income_rows
from exchanges.simulator.trading.rest.order_rows import fill_row
from exchanges.simulator.trading.rest.standing import Row, balance_row, position_row, standings
from exchanges.simulator.trading.rest.words import plain
from exchanges.simulator.trading.trader import Trader

_WEEK_MS: Final = 7 * 24 * 3_600_000
_OPENED_MS: Final = 1_700_000_000_000

_TOTALS: Final = {
    "totalInitialMargin": "initialMargin",
    "totalMaintMargin": "maintMargin",
    "totalWalletBalance": "walletBalance",
    "totalUnrealizedProfit": "unrealizedProfit",
    "totalMarginBalance": "marginBalance",
    "totalPositionInitialMargin": "positionInitialMargin",
    "totalOpenOrderInitialMargin": "openOrderInitialMargin",
    "totalCrossWalletBalance": "crossWalletBalance",
    "totalCrossUnPnl": "crossUnPnl",
    "availableBalance": "availableBalance",
    "maxWithdrawAmount": "maxWithdrawAmount",
}
"""An account's totals, by the field of its one asset that they are."""

_IN_ACCOUNT: Final = (
    "symbol",
    "positionSide",
    "positionAmt",
    "isolatedMargin",
    "notional",
    "isolatedWallet",
    "initialMargin",
    "maintMargin",
    "updateTime",
)
"""What v3/account tells of a row of v3/positionRisk."""

_IN_BALANCE: Final = (
    "asset",
    "crossWalletBalance",
    "crossUnPnl",
    "availableBalance",
    "maxWithdrawAmount",
    "marginAvailable",
    "updateTime",
)
"""What v3/balance tells of an asset."""


class AccountReading:
    """What an account may ask about itself."""

    def __init__(self, desk: TradingDesk) -> None:
        self._desk = desk

    def endpoints(self) -> list[PrivateEndpoint]:
        """Endpoints that change nothing."""
        permissions = "/sapi/v1/account/apiRestrictions"
        return [
            _reading("/fapi/v3/positionRisk", self.positions, 5),
            _reading("/fapi/v3/account", self.account, 5),
            _reading("/fapi/v3/balance", self.balances, 5),
            _reading("/fapi/v1/userTrades", self.fills, 5),
            _reading("/fapi/v1/income", self.incomes, 30),
            _reading("/fapi/v1/commissionRate", self.fees, 20),
            _reading(permissions, self.permissions, 1, Access.SIGNATURE_OF_ANY_KEY),
        ]

    def positions(self, trader: Trader, query: Query) -> list[Row]:
        """Symbols with a position or an order."""
        rows = standings(self._desk, trader, query.text("symbol"))
        return [position_row(row) for row in rows]

    def account(self, trader: Trader, _: Query) -> Row:
        """Totals, the one asset, and positions."""
        asset = balance_row(self._desk, trader)
        positions = [position_row(row) for row in standings(self._desk, trader, None)]
        return {
            **{total: asset[field] for total, field in _TOTALS.items()},
            "assets": [asset],
            "positions": [
                {name: row[name] for name in _IN_ACCOUNT}
                | {"unrealizedProfit": row["unRealizedProfit"]}
                for row in positions
            ],
        }

    def balances(self, trader: Trader, _: Query) -> list[Row]:
        """The one asset as v3/balance tells it."""
        asset = balance_row(self._desk, trader)
        return [
            {"accountAlias": trader.account.name, "balance": asset["walletBalance"]}
            | {name: asset[name] for name in _IN_BALANCE}
        ]

    def fills(self, trader: Trader, query: Query) -> list[Row]:
        """Fills of a symbol, oldest first: from an id, or of at most seven days."""
        symbol = self._desk.tradable(query.required("symbol")).symbol
        limit, numbers = query.limit(500, 1000), trader.numbers
        begin, end = query.integer("startTime"), query.integer("endTime")
        from_id, order = query.integer("fromId"), query.integer("orderId")
        if from_id is None:
            begin_ms, end_ms = _week(begin, end, trader.seen_ms)
        else:
            begin_ms, end_ms = 0, trader.seen_ms
        found = [
            each
            for each in trader.books.executions(symbol, begin_ms)
            if each.at_ms <= end_ms
            and numbers.fill(each.number) >= (from_id or 0)
            and order in (None, numbers.order(each.order_number))
        ]
        is_newest = from_id is None and begin is None
        kept = found[-limit:] if is_newest else found[:limit]
        return [fill_row(each, numbers) for each in kept]

    def incomes(self, trader: Trader, query: Query) -> list[Row]:
        """Realised profits, fees and funding, oldest first."""
        begin_ms, end_ms = _week(
            query.integer("startTime"), query.integer("endTime"), trader.seen_ms
        )
        symbol, kind = query.text("symbol"), query.text("incomeType")
        rows = [
            row
            for row in income_rows(trader)
            if begin_ms <= row["time"] <= end_ms
            and symbol in (None, row["symbol"])
            and kind in (None, row["incomeType"])
        ]
        return rows[: query.limit(100, 1000)]

    def fees(self, _: Trader, query: Query) -> Row:
        """Fees as fractions of notional."""
        terms = self._desk.terms[self._desk.tradable(query.required("symbol")).symbol]
        return {
            "symbol": terms.symbol,
            "makerCommissionRate": plain(terms.maker_fee),
            "takerCommissionRate": plain(terms.taker_fee),
            "rpiCommissionRate": plain(terms.maker_fee),
        }

    def permissions(self, trader: Trader, _: Query) -> dict[str, Any]:
        """What the key may do."""
        account = trader.account
        return {
            "ipRestrict": account.is_bound_to_address,
            "createTime": _OPENED_MS,
            "enableReading": True,
            "enableWithdrawals": account.can_withdraw,
            "enableInternalTransfer": False,
            "enableMargin": False,
            "enableFutures": account.can_trade,
            "permitsUniversalTransfer": False,
            "enableVanillaOptions": False,
            "enableFixApiTrade": False,
            "enableFixReadOnly": True,
            "enableSpotAndMarginTrading": False,
            "enablePortfolioMarginTrading": False,
        }


def _reading(
    path: str, answer: Answer, weight: int, access: Access = Access.SIGNATURE
) -> PrivateEndpoint:
    return PrivateEndpoint(
        method="GET", path=path, answer=answer, weight=lambda _: weight, access=access
    )


def _week(begin: int | None, end: int | None, now_ms: int) -> tuple[int, int]:
    """The span asked for; seven days where an end of it is left out."""
    if begin is None:
        end_ms = now_ms if end is None else end
        return end_ms - _WEEK_MS, end_ms
    end_ms = min(begin + _WEEK_MS, now_ms) if end is None else end
    if end_ms - begin > _WEEK_MS:
        raise VenueError(-4165, "Invalid time interval: Maximum time interval is 7 days.")
    return begin, end_ms
