"""At which price an isolated position is liquidated."""

from domain.directions import Direction


def isolated_liquidation_price(
    entry: float, leverage: float, maintenance_rate: float, direction: Direction
) -> float:
    """Mark price at which an isolated, linearly margined position falls to its maintenance margin.

    Per unit, with leverage L and maintenance rate m, the margin posted is `entry / L`, the profit
    at a price P `sign * (P - entry)`, and the margin that must remain `m * P`. Liquidation begins
    where what is left equals what must remain:

        entry / L + sign * (P - entry) = m * P    so    P = entry * (1 - sign / L) / (1 - sign * m)

    This is the venue's isolated-margin formula (Binance, "How to calculate liquidation price of
    USDⓈ-M futures") for one position in the first bracket, where the maintenance amount is 0; fees
    and funding are left out. It is not exactly mirror-symmetric in logarithms of price: losses of a
    short have no end. Raises `ValueError` for numbers with which no position can be opened.
    """
    if not (entry > 0 and leverage >= 1 and 0 <= maintenance_rate < 1 / leverage):
        raise ValueError(
            f"no liquidation price for entry {entry}, leverage {leverage} and maintenance rate "
            f"{maintenance_rate}: give a price above 0, a leverage of at least 1 and a rate from 0 "
            "to below 1 / leverage"
        )
    sign = direction.sign
    return entry * (1 - sign / leverage) / (1 - sign * maintenance_rate)
