"""Dollars on their way to and from exchanges, and how many there are."""

from collections.abc import Iterable

from domain.onchain import StablecoinReading, StablecoinSupply
from domain.transfers import Transfer, TransferKind


def stablecoin_reading(
    transfers: Iterable[Transfer] | None, supply: StablecoinSupply | None, least_usd: float
) -> StablecoinReading | None:
    """None without both; `transfers` is None where nobody watches any stablecoin."""
    if transfers is None and supply is None:
        return None
    to_exchanges = from_exchanges = None
    if transfers is not None:
        large = [each for each in transfers if each.usd >= least_usd]
        to_exchanges = _sum_usd(large, TransferKind.DEPOSIT)
        from_exchanges = _sum_usd(large, TransferKind.WITHDRAWAL)
    return StablecoinReading(
        to_exchanges_usd=to_exchanges,
        from_exchanges_usd=from_exchanges,
        supply_change_percent=None if supply is None else _change_percent(supply),
    )


def _sum_usd(transfers: Iterable[Transfer], kind: TransferKind) -> float:
    return float(sum(round(each.usd) for each in transfers if each.kind is kind))


def _change_percent(supply: StablecoinSupply) -> float | None:
    before = supply.day_ago_usd
    return (supply.total_usd - before) / before * 100.0 if before else None
