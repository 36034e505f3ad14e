"""Large transfers of a coin to and from exchanges, faded by their own age."""

import math
from collections.abc import Iterable, Sequence
from itertools import groupby, takewhile
from typing import Final

from domain.onchain import WhaleReading
from domain.transfers import Transfer, TransferKind
from layers.onchain.readings.parameters import WhaleWindow
from layers.onchain.readings.spans import milliseconds

_FLOWS: Final = frozenset({TransferKind.DEPOSIT, TransferKind.WITHDRAWAL})


def whale_reading(transfers: Iterable[Transfer], at_ms: int, shape: WhaleWindow) -> WhaleReading:
    """Of the transfers in the window, those that are large and entered or left exchanges."""
    large = [each for each in transfers if each.usd >= shape.least_usd and each.kind in _FLOWS]
    large.sort(key=lambda each: -each.happened_ms)
    deposits, withdrawals = (
        [each for each in large if each.kind is kind]
        for kind in (TransferKind.DEPOSIT, TransferKind.WITHDRAWAL)
    )
    return WhaleReading(
        deposits=len(deposits),
        withdrawals=len(withdrawals),
        deposited_usd=math.fsum(_faded_usd(each, at_ms, shape) for each in deposits),
        withdrawn_usd=math.fsum(_faded_usd(each, at_ms, shape) for each in withdrawals),
        deposits_in_a_row=_in_a_row(large, TransferKind.DEPOSIT),
        withdrawals_in_a_row=_in_a_row(large, TransferKind.WITHDRAWAL),
        largest=_largest(large, at_ms, shape),
    )


def _faded_usd(transfer: Transfer, at_ms: int, shape: WhaleWindow) -> float:
    age_ms = at_ms - transfer.happened_ms
    bands = (
        (shape.fresh, 1.0),
        (shape.recent, shape.recent_factor),
        (shape.late, shape.late_factor),
    )
    fitting = (factor for limit, factor in bands if age_ms < milliseconds(limit))
    return transfer.usd * next(fitting, shape.old_factor)


def _in_a_row(newest_first: Sequence[Transfer], kind: TransferKind) -> int:
    """How many of one kind are newer than any of the other.

    Transfers of one instant, as all of a block are, have no order: where both kinds are among them,
    the row ends before.
    """
    blocks = (list(block) for _, block in groupby(newest_first, key=lambda each: each.happened_ms))
    pure = takewhile(lambda block: all(each.kind is kind for each in block), blocks)
    return sum(len(block) for block in pure)


def _largest(transfers: Sequence[Transfer], at_ms: int, shape: WhaleWindow) -> Transfer | None:
    return max(
        transfers,
        key=lambda each: (_faded_usd(each, at_ms, shape), each.usd, each.happened_ms, each.key),
        default=None,
    )
