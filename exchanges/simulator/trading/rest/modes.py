"""Leverage, margin type and position mode of an account, and the venue's leverage brackets."""

from decimal import Decimal
from typing import Any, Final

from domain.accounts import PositionMode
from exchanges.matching.terms import SymbolTerms
from exchanges.simulator.rest.endpoints import Query, VenueError
from exchanges.simulator.trading.complaints import in_venue_words
from exchanges.simulator.trading.desk import TradingDesk
from exchanges.simulator.trading.rest.endpoint import PrivateEndpoint
from exchanges.simulator.trading.rest.words import plain
from exchanges.simulator.trading.trader import Trader

Row = dict[str, Any]

_DONE: Final = {"code": 200, "msg": "success"}


class AccountModes:
    """How an account trades."""

    def __init__(self, desk: TradingDesk) -> None:
        self._desk = desk

    def endpoints(self) -> list[PrivateEndpoint]:
        """Endpoints for leverage, margin type and position mode."""
        dual = "/fapi/v1/positionSide/dual"
        return [
            PrivateEndpoint(method="POST", path="/fapi/v1/leverage", answer=self.set_leverage),
            PrivateEndpoint(method="POST", path="/fapi/v1/marginType", answer=self.set_margin),
            PrivateEndpoint(method="POST", path=dual, answer=self.set_mode),
            PrivateEndpoint(method="GET", path=dual, answer=self.tell_mode, weight=lambda _: 30),
            PrivateEndpoint(method="GET", path="/fapi/v1/leverageBracket", answer=self.brackets),
            PrivateEndpoint(
                method="GET", path="/fapi/v1/symbolConfig", answer=self.settings, weight=lambda _: 5
            ),
        ]

    def set_leverage(self, trader: Trader, query: Query) -> Row:
        """Leverage of a symbol."""
        symbol = self._desk.tradable(query.required("symbol")).symbol
        leverage = query.integer("leverage")
        if leverage is None:
            query.required("leverage")
        with in_venue_words():
            trader.books.set_leverage(symbol, leverage or 0)
        return {
            "symbol": symbol,
            "leverage": leverage,
            "maxNotionalValue": plain(self._desk.terms[symbol].largest_notional(leverage or 0)),
        }

    def set_margin(self, trader: Trader, query: Query) -> dict[str, Any]:
        """Isolated or crossed margin of a symbol."""
        symbol = self._desk.tradable(query.required("symbol")).symbol
        kind = query.choice("marginType", {"ISOLATED", "CROSSED"})
        with in_venue_words():
            is_new = trader.books.set_isolated(symbol, kind == "ISOLATED")
        if not is_new:
            raise VenueError(-4046, "No need to change margin type.")
        return _DONE

    def set_mode(self, trader: Trader, query: Query) -> dict[str, Any]:
        """One-way or hedge mode of the account."""
        query.required("dualSidePosition")
        mode = PositionMode.HEDGE if query.flag("dualSidePosition") else PositionMode.ONE_WAY
        with in_venue_words(
            OPEN_ORDERS=(-4067, "Position side cannot be changed if there exists open orders."),
            OPEN_POSITION=(-4068, "Position side cannot be changed if there exists position."),
        ):
            is_new = trader.books.set_position_mode(mode)
        if not is_new:
            raise VenueError(-4059, "No need to change position side.")
        return _DONE

    def tell_mode(self, trader: Trader, _: Query) -> dict[str, bool]:
        """Whether the account is in hedge mode."""
        return {"dualSidePosition": trader.books.position_mode is PositionMode.HEDGE}

    def brackets(self, _: Trader, query: Query) -> list[Row]:
        """Leverage brackets of one symbol or of all."""
        return [_bracket_row(terms) for terms in self._asked(query)]

    def settings(self, trader: Trader, query: Query) -> list[Row]:
        """Leverage and margin type of one symbol or of all."""
        return [
            {
                "symbol": terms.symbol,
                "marginType": "ISOLATED" if trader.books.is_isolated(terms.symbol) else "CROSSED",
                "isAutoAddMargin": False,
                "leverage": trader.books.leverage(terms.symbol),
                "maxNotionalValue": plain(
                    terms.largest_notional(trader.books.leverage(terms.symbol))
                ),
            }
            for terms in self._asked(query)
        ]

    def _asked(self, query: Query) -> list[SymbolTerms]:
        symbol = query.text("symbol")
        if symbol is None:
            return list(self._desk.terms.values())
        return [self._desk.terms[self._desk.tradable(symbol).symbol]]


def _bracket_row(terms: SymbolTerms) -> Row:
    floors = [Decimal(0), *(bracket.cap for bracket in terms.brackets)]
    return {
        "symbol": terms.symbol,
        "notionalCoef": 1.0,
        "brackets": [
            {
                "bracket": number,
                "initialLeverage": bracket.maximum_leverage,
                "notionalCap": int(bracket.cap),
                "notionalFloor": int(floor),
                "maintMarginRatio": float(bracket.maintenance_rate),
                "cum": float(bracket.maintenance_amount),
            }
            for number, (bracket, floor) in enumerate(
                zip(terms.brackets, floors, strict=False), start=1
            )
        ],
    }
