"""Component: what the big ones carry to exchanges, to sell, or take away, to keep."""

from dataclasses import dataclass
from typing import Final

from domain.directions import NEUTRAL
from domain.onchain import WhaleReading
from domain.parameters import Parameters, parameter
from domain.transfers import Transfer, TransferKind
from layers.component import Component, known, not_known
from layers.declarations import CHOICE, DESIGN, anchor
from layers.figures import counted, dollars, span
from layers.onchain.declarations import usd
from layers.onchain.wording import owner, ticker

LABEL: Final = "Whale transfers"
_SIGNS: Final = {TransferKind.WITHDRAWAL: 1.0, TransferKind.DEPOSIT: -1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class WhaleScore(Parameters):
    """What large transfers stand for."""

    full_usd: float = usd(
        1_000_000.0, "faded value from which transfers of one kind say all they can", DESIGN
    )
    large: float = anchor(
        75.0,
        "a large withdrawal; a large deposit is its mirror",
        "design 4.3: of the unlike pair 80 and 25 the softer side, for both",
    )
    row_length: int = parameter(
        3,
        doc="transfers of one kind in a row, none of the other between, that make a sequence",
        unit="transfers",
        source=CHOICE,
        low=2,
        high=50,
    )
    row: float = anchor(90.0, "a sequence of large withdrawals", DESIGN)


def whale_movements(
    reading: WhaleReading | None, at_ms: int, window_minutes: float, shape: WhaleScore
) -> Component:
    """Withdrawals are bullish, deposits bearish, each less the older it is; a sequence says more.

    The value is what was withdrawn less what was deposited, faded, in USD.
    """
    if reading is None:
        return not_known(LABEL, "nobody watches this coin")
    net = reading.withdrawn_usd - reading.deposited_usd
    moved = reading.withdrawn_usd + reading.deposited_usd
    lean = net / max(moved, shape.full_usd)
    distance = lean * (_anchor(reading, lean, shape) - NEUTRAL)
    return known(LABEL, net, distance, _words(reading, at_ms, window_minutes, shape))


def _anchor(reading: WhaleReading, lean: float, shape: WhaleScore) -> float:
    row = reading.withdrawals_in_a_row if lean > 0.0 else reading.deposits_in_a_row
    return max(shape.row, shape.large) if row >= shape.row_length else shape.large


def _words(reading: WhaleReading, at_ms: int, window_minutes: float, shape: WhaleScore) -> str:
    window = span(window_minutes * 60.0)
    if reading.largest is None:
        return f"No large transfers to or from exchanges in {window}"
    told = _told(reading.largest, at_ms)
    net = reading.withdrawn_usd - reading.deposited_usd
    withdrawals = counted(reading.withdrawals, "withdrawal")
    deposits = counted(reading.deposits, "deposit")
    stronger = withdrawals if net > 0.0 else deposits
    if net * _SIGNS[reading.largest.kind] < 0.0:
        return f"{told}; outweighed by {stronger} in {window}"
    row = reading.withdrawals_in_a_row if net > 0.0 else reading.deposits_in_a_row
    if row >= shape.row_length:
        return f"{told}; {counted(row, 'withdrawal' if net > 0.0 else 'deposit')} in a row"
    if reading.withdrawals + reading.deposits == 1:
        return told
    both = f"{withdrawals}, {deposits}" if reading.withdrawals and reading.deposits else stronger
    return f"{told}; {both} in {window}"


def _told(transfer: Transfer, at_ms: int) -> str:
    coins = f"{dollars(transfer.usd)} {ticker(transfer.asset)}"
    ago = f"{span((at_ms - transfer.happened_ms) / 1000.0)} ago"
    if transfer.kind is TransferKind.WITHDRAWAL:
        return f"{coins} left {owner(transfer.sender)} {ago}"
    return f"{coins} came to {owner(transfer.receiver)} {ago}"
