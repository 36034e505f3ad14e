"""How an account stands: positions, margins and balances as the venue prints them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.accounts import PositionMode
from domain.directions import Direction
from exchanges.matching.positions import HeldPosition
from exchanges.matching.terms import SymbolTerms
from exchanges.simulator.trading.desk import TradingDesk
from exchanges.simulator.trading.rest.words import POSITION_SIDES, money, plain
from exchanges.simulator.trading.trader import Trader

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionStanding:
    """One position at the mark price: margins, notional and profit in quote currency, signed size.

    `held` is None for a symbol that is flat and has orders.
    """

    symbol: str
    side: str
    held: HeldPosition | None
    mark: Decimal
    size: Decimal
    entry_price: Decimal
    notional: Decimal
    unrealised: Decimal
    isolated_wallet: Decimal
    initial: Decimal
    maintenance: Decimal
    liquidation_price: Decimal | None

    @property
    def isolated_margin(self) -> Decimal:
        """Margin with what the position has earned."""
        return self.isolated_wallet + self.unrealised


def standings(desk: TradingDesk, trader: Trader, symbol: str | None) -> list[PositionStanding]:
    """Every position, and every symbol with orders, of one symbol or of all."""
    held = trader.books.positions(symbol)
    rows = [_of_position(desk, trader, position) for position in held]
    taken = {position.symbol for position in held}
    waiting = sorted(each for each in trader.symbols - taken if symbol in (None, each))
    return rows + [_flat(desk, trader, each) for each in waiting]


def _of_position(desk: TradingDesk, trader: Trader, position: HeldPosition) -> PositionStanding:
    mark = trader.books.mark(position.symbol) or position.entry_price
    sign, notional = position.direction.sign, position.notional(mark)
    hedged = trader.books.position_mode is PositionMode.HEDGE
    return PositionStanding(
        symbol=position.symbol,
        side=POSITION_SIDES[position.direction if hedged else None],
        held=position,
        mark=mark,
        size=sign * position.quantity,
        entry_price=position.entry_price,
        notional=sign * notional,
        unrealised=position.unrealised(mark),
        isolated_wallet=position.margin,
        initial=notional / position.leverage,
        maintenance=_maintenance(desk.terms[position.symbol], notional),
        liquidation_price=trader.books.liquidation_price(position),
    )


def _flat(desk: TradingDesk, trader: Trader, symbol: str) -> PositionStanding:
    nothing = Decimal(0)
    hedged = trader.books.position_mode is PositionMode.HEDGE
    return PositionStanding(
        symbol=desk.tradable(symbol).symbol,
        side=POSITION_SIDES[Direction.LONG if hedged else None],
        held=None,
        mark=trader.books.mark(symbol) or nothing,
        size=nothing,
        entry_price=nothing,
        notional=nothing,
        unrealised=nothing,
        isolated_wallet=nothing,
        initial=nothing,
        maintenance=nothing,
        liquidation_price=None,
    )


def _maintenance(terms: SymbolTerms, notional: Decimal) -> Decimal:
    bracket = terms.bracket(notional)
    return notional * bracket.maintenance_rate - bracket.maintenance_amount


def position_row(standing: PositionStanding) -> Row:
    """A row of v3/positionRisk: without leverage and margin type, which symbolConfig tells."""
    held = standing.held
    return {
        "symbol": standing.symbol,
        "positionSide": standing.side,
        "positionAmt": plain(standing.size),
        "entryPrice": money(standing.entry_price),
        "breakEvenPrice": money(standing.entry_price),
        "markPrice": money(standing.mark),
        "unRealizedProfit": money(standing.unrealised),
        "liquidationPrice": plain(standing.liquidation_price),
        "isolatedMargin": money(standing.isolated_margin),
        "notional": money(standing.notional),
        "marginAsset": "USDT",
        "isolatedWallet": money(standing.isolated_wallet),
        "initialMargin": money(standing.initial),
        "maintMargin": money(standing.maintenance),
        "positionInitialMargin": money(standing.initial),
        "openOrderInitialMargin": money(Decimal(0)),
        "adl": 0 if held is None else 1,
        "bidNotional": "0",
        "askNotional": "0",
        "updateTime": 0 if held is None else held.updated_ms,
    }


def balance_row(desk: TradingDesk, trader: Trader) -> Row:
    """The one asset of an account, with all that the account's own totals say of it."""
    standing, rows = trader.books.standing(), standings(desk, trader, None)
    unrealised = sum((row.unrealised for row in rows), Decimal(0))
    initial = sum((row.initial for row in rows), Decimal(0))
    bound = sum((row.isolated_wallet for row in rows), Decimal(0))
    orders = max(Decimal(0), trader.books.wallet - bound - standing.available)
    return {
        "asset": "USDT",
        "walletBalance": money(trader.books.wallet),
        "unrealizedProfit": money(unrealised),
        "marginBalance": money(standing.equity),
        "maintMargin": money(sum((row.maintenance for row in rows), Decimal(0))),
        "initialMargin": money(initial + orders),
        "positionInitialMargin": money(initial),
        "openOrderInitialMargin": money(orders),
        "crossWalletBalance": money(trader.books.wallet - bound),
        "crossUnPnl": money(Decimal(0)),
        "availableBalance": money(standing.available),
        "maxWithdrawAmount": money(standing.available),
        "marginAvailable": True,
        "updateTime": trader.seen_ms,
    }
