"""A large transfer in four lines: how much went where, when, and what that usually means."""

from decimal import Decimal
from typing import Final

from bot.presenters.figures import amount, clock_time
from bot.presenters.markup import bold, quote
from bot.presenters.page import Line, fit
from domain.assets import STABLECOINS
from domain.instruments import to_decimal
from domain.timeframes import from_ms
from domain.transfers import Party, Transfer, TransferKind
from engine.reports import WhaleAlert
from layers.figures import dollars

_NAME_UNITS: Final = 32
_WHOLE_FROM: Final = Decimal(1000)

_COINS_MEAN: Final = {
    TransferKind.DEPOSIT: "🔴 On an exchange they can be sold at once.",
    TransferKind.WITHDRAWAL: "🟢 Off the exchange: less is there to be sold.",
}
_DOLLARS_MEAN: Final = {
    TransferKind.DEPOSIT: "🟢 Buying power has come to an exchange.",
    TransferKind.WITHDRAWAL: "🔴 Buying power has left an exchange.",
    TransferKind.MINT: "🟢 New dollars: buying power, once they reach exchanges.",
    TransferKind.BURN: "🔴 Dollars taken out of the market.",
}


def render_whale_alert(alert: WhaleAlert) -> str:
    """The alert as HTML; times are clock times, because the message stays."""
    transfer = alert.transfer
    lines = [f"🐋 {bold(_headline(transfer))}", _details(transfer)]
    means = (_DOLLARS_MEAN if transfer.asset in STABLECOINS else _COINS_MEAN).get(transfer.kind)
    lines += [means] if means else []
    if alert.held_back:
        total = dollars(sum(each.usd for each in alert.held_back))
        lines.append(f"➕ {len(alert.held_back)} more in the last hour, {total}")
    return fit([Line(line) for line in lines])


def _headline(transfer: Transfer) -> str:
    worth = f"{dollars(transfer.usd)} {_asset(transfer)}"
    match transfer.kind:
        case TransferKind.DEPOSIT:
            return f"{worth} moved to {_exchange(transfer.receiver)}"
        case TransferKind.WITHDRAWAL:
            return f"{worth} left {_exchange(transfer.sender)}"
        case TransferKind.MINT:
            return f"{worth} minted"
        case TransferKind.BURN:
            return f"{worth} burned"
        case TransferKind.BETWEEN_EXCHANGES | TransferKind.BETWEEN_WALLETS:
            return f"{worth} moved"


def _details(transfer: Transfer) -> str:
    size = to_decimal(transfer.amount)
    places = 0 if size >= _WHOLE_FROM else 2
    moved = f"{amount(size, places)} {_asset(transfer)}{_other_side(transfer)}"
    return f"{moved} · {clock_time(from_ms(transfer.happened_ms))}"


def _other_side(transfer: Transfer) -> str:
    if transfer.kind is TransferKind.DEPOSIT:
        return f" from {_wallet(transfer.sender)}"
    return f" to {_wallet(transfer.receiver)}" if transfer.kind is TransferKind.WITHDRAWAL else ""


def _asset(transfer: Transfer) -> str:
    return quote(transfer.asset, _NAME_UNITS)


def _exchange(party: Party) -> str:
    return quote(party.owner, _NAME_UNITS) or "an exchange"


def _wallet(party: Party) -> str:
    return quote(party.owner, _NAME_UNITS) or "an unknown wallet"
