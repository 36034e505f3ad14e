"""A first look through a source: which streams and symbols it has, and on which grids."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import msgspec

from domain.errors import ConfigurationError, InvalidDataError
from exchanges.recordings.event_times import exchange_ms_of
from exchanges.recordings.importing.listing import ObservedContract, exchange_info
from exchanges.recordings.importing.local_book import Change, Level, Snapshot
from exchanges.recordings.importing.sources import SourceLine
from exchanges.unreadable import UNREADABLE

_PRICED: Final = ("trade", "aggTrade")


class _Priced(msgspec.Struct):
    price: str = msgspec.field(name="p")
    quantity: str = msgspec.field(name="q")


_read_priced = msgspec.json.Decoder(_Priced).decode
read_change = msgspec.json.Decoder(Change).decode
read_snapshot = msgspec.json.Decoder(Snapshot).decode
"""Both raise `msgspec.DecodeError` for anything else."""


@dataclass(slots=True)
class Survey:
    """What a source holds."""

    lines: int = 0
    first_ns: int = 0
    first_ms: int = 0
    streams: set[str] = field(default_factory=set)
    contracts: dict[str, ObservedContract] = field(default_factory=dict)

    def exchange_info(self) -> bytes:
        """A minimal exchangeInfo of its symbols."""
        return exchange_info(self.contracts.values(), self.first_ms)


def survey(lines: Iterable[SourceLine]) -> Survey:
    """Look through all lines; raises `ConfigurationError` when there is none."""
    found = Survey()
    for line in lines:
        _see(found, line)
    if not found.streams:
        raise ConfigurationError("the source holds no message")
    return found


def is_change(stream: str) -> bool:
    """Whether a stream carries changes of a book, and not its best levels."""
    channel = stream.partition("@")[2]
    return channel == "depth" or channel.startswith("depth@")


def _see(found: Survey, line: SourceLine) -> None:
    if not line.symbol and line.stream is None:
        raise InvalidDataError("a book snapshot comes before any event that names its symbol")
    if not found.lines:
        found.first_ns = line.local_ns
    found.lines += 1
    found.first_ms = found.first_ms or exchange_ms_of(line.body)
    if line.stream is not None:
        found.streams.add(line.stream)
    if line.symbol:
        _see_prices(found.contracts.setdefault(line.symbol, ObservedContract(line.symbol)), line)


def _see_prices(contract: ObservedContract, line: SourceLine) -> None:
    try:
        for price, quantity in _levels(line):
            contract.see(price, quantity)
    except UNREADABLE as error:
        raise InvalidDataError(f"{line.stream or 'snapshot'}: {error}") from None


def _levels(line: SourceLine) -> Iterable[Level]:
    if line.stream is None:
        snapshot = read_snapshot(line.body)
        return [*snapshot.bids, *snapshot.asks]
    if is_change(line.stream):
        change = read_change(line.body)
        return [*change.bids, *change.asks]
    if line.stream.partition("@")[2] in _PRICED:
        priced = _read_priced(line.body)
        return [(priced.price, priced.quantity)]
    return []
