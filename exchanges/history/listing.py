"""What is known of the stored pairs themselves: filters and listing, of the venue or inferred."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from domain.candles import CLOSE, TAKER_BUY_VOLUME, VOLUME
from domain.errors import InvalidDataError
from domain.instruments import Instrument
from exchanges.grids import finest_grid
from exchanges.history.files import StagedFiles
from exchanges.history.table import CandleTable
from exchanges.unreadable import UNREADABLE

_FILE: Final = "instruments.json"
_QUOTE: Final = "USDT"
_USUAL_MINIMUM_NOTIONAL: Final = Decimal(5)
"""Quote currency; what Binance asks of all but its largest pairs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPair:
    """An instrument as the venue told it, and the open time of the first candle it ever had.

    `first_candle_ms` is None while nobody has seen that there is none before it.
    """

    instrument: Instrument
    first_candle_ms: int | None = None


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    """One pair in the file."""

    base: str
    quote: str
    tick: Decimal
    step: Decimal
    minimum_quantity: Decimal
    minimum_notional: Decimal
    maximum_quantity: Decimal | None = None
    listed_at: datetime | None = None
    first_candle_ms: int | None = None


def read_listed(root: Path) -> dict[str, ListedPair]:
    """The pairs of the file by symbol, none where there is no file."""
    path = root / _FILE
    if not path.exists():
        return {}
    try:
        entries = msgspec.json.decode(path.read_bytes(), type=dict[str, _Entry])
        return {symbol: _pair(symbol, entry) for symbol, entry in entries.items()}
    except (OSError, InvalidDataError, *UNREADABLE) as error:
        raise InvalidDataError(
            f"{path} cannot be read ({error}). Remove it and run `python -m app download` again"
        ) from error


def stage_listed(root: Path, pairs: Mapping[str, ListedPair], staged: StagedFiles) -> None:
    """Write the file anew with these pairs over those in it; a known first candle stays known."""
    known = read_listed(root)
    for symbol, pair in pairs.items():
        earlier = known.get(symbol)
        first = pair.first_candle_ms
        if first is None and earlier is not None:
            first = earlier.first_candle_ms
        known[symbol] = replace(pair, first_candle_ms=first)
    entries = {symbol: _entry(known[symbol]) for symbol in sorted(known)}
    text = msgspec.json.format(msgspec.json.encode(entries), indent=2).decode()
    staged.add_text(root / _FILE, text + "\n")


def infer_instrument(symbol: str, table: CandleTable) -> Instrument:
    """An instrument read off candles: the coarsest grids that fit, the usual smallest order.

    Raises `InvalidDataError` for a pair that is not quoted in USDT, or numbers on no grid.
    """
    base = symbol.removesuffix(_QUOTE)
    if base in (symbol, ""):
        raise InvalidDataError(
            f"{symbol} is not quoted in {_QUOTE} and {_FILE} does not know it; download its "
            "filters with `python -m app download`"
        )
    taker_buys = table.columns[TAKER_BUY_VOLUME]
    volumes = (table.columns[VOLUME], taker_buys[~np.isnan(taker_buys)])
    step = finest_grid(np.concatenate(volumes))
    return Instrument(
        symbol=symbol,
        base=base,
        quote=_QUOTE,
        tick=finest_grid(table.columns[: CLOSE + 1]),
        step=step,
        minimum_quantity=step,
        minimum_notional=_USUAL_MINIMUM_NOTIONAL,
    )


def _pair(symbol: str, entry: _Entry) -> ListedPair:
    return ListedPair(
        instrument=Instrument(
            symbol=symbol,
            base=entry.base,
            quote=entry.quote,
            tick=entry.tick,
            step=entry.step,
            minimum_quantity=entry.minimum_quantity,
            minimum_notional=entry.minimum_notional,
            maximum_quantity=entry.maximum_quantity,
            listed_at=entry.listed_at,
        ),
        first_candle_ms=entry.first_candle_ms,
    )


def _entry(pair: ListedPair) -> _Entry:
    one = pair.instrument
    return _Entry(
        base=one.base,
        quote=one.quote,
        tick=one.tick,
        step=one.step,
        minimum_quantity=one.minimum_quantity,
        minimum_notional=one.minimum_notional,
        maximum_quantity=one.maximum_quantity,
        listed_at=one.listed_at,
        first_candle_ms=pair.first_candle_ms,
    )
