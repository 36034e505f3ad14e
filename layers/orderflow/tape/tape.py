"""The tape of one pair: takes trades as they come and is read as of an instant."""

import math
from operator import itemgetter
from typing import Final

from domain.tape import TapeReading
from layers.orderflow.tape.columns import NO_ID, Columns, ExactTrade
from layers.orderflow.tape.coverage import Coverage
from layers.orderflow.tape.cvd import CumulativeDelta
from layers.orderflow.tape.exact import (
    LARGEST_COUNT,
    LARGEST_ID,
    LATEST_MS,
    LEAST_STEPS,
    NOTIONAL_UNITS,
)
from layers.orderflow.tape.large_trades import LargeTradeWatch
from layers.orderflow.tape.parameters import TapeParameters
from layers.orderflow.tape.reading import Reader
from layers.orderflow.tape.windows import RETENTION_MS, SLACK_MS

_LARGEST_NOTIONAL: Final = LARGEST_COUNT / NOTIONAL_UNITS
_COMPACTION_MS: Final = 300_000
_MOST_WAITING: Final = 4096


class Tape:
    """Trades of the last half hour by time and id, with sums that run along.

    A trade costs the same whatever the windows hold. One that comes out of order waits until
    somebody reads; then it is put in its place and everything after it is added anew. `late`
    counts trades older than the half hour, `refused` those whose numbers make no sense; both are
    left out.
    """

    __slots__ = (
        "_compaction_due_ms",
        "_coverage",
        "_cvd",
        "_duplicates",
        "_large",
        "_largest_quantity",
        "_least_quantity",
        "_reader",
        "_rows",
        "_step",
        "_waiting",
        "late",
        "refused",
    )

    def __init__(self, parameters: TapeParameters, *, quantity_step: float) -> None:
        """`quantity_step` is the venue's step of quantities, in base units, above 0."""
        if not 0.0 < quantity_step < math.inf:
            raise ValueError(f"quantity_step is {quantity_step}; give the pair's step, above 0")
        self._step = quantity_step
        self._least_quantity = LEAST_STEPS * quantity_step
        self._largest_quantity = LARGEST_COUNT * quantity_step
        self._rows = Columns()
        self._large = LargeTradeWatch(parameters)
        self._cvd = CumulativeDelta()
        self._coverage = Coverage()
        self._reader = Reader(
            self._rows, self._large, self._cvd, self._coverage, parameters, quantity_step
        )
        self._waiting: list[ExactTrade] = []
        self._compaction_due_ms = 0
        self._duplicates = 0
        self.late = 0
        self.refused = 0

    @property
    def duplicates(self) -> int:
        """Trades that came again, known by id and time; the first counts."""
        self._settle()
        return self._duplicates

    @property
    def missing(self) -> int:
        """Ids that were skipped and have not come since."""
        self._settle()
        return self._coverage.missing

    @property
    def newest_ms(self) -> int | None:
        """When the newest trade was; None before the first."""
        return self._rows.last_ms if self._rows.last_ms > 0 else None

    def push(
        self, trade_id: int, exchange_ms: int, price: float, quantity: float, is_buy: bool
    ) -> None:
        """Take a trade; `is_buy` says that the taker bought. Odd numbers are refused and counted.

        Quantities are rounded to whole steps, notionals to ten-thousandths of the quote currency.
        """
        notional = price * quantity
        if not (
            self._least_quantity <= quantity < self._largest_quantity
            and price > 0.0
            and notional < _LARGEST_NOTIONAL
            and 0 < exchange_ms < LATEST_MS
            and 0 <= trade_id < LARGEST_ID
        ):
            self.refused += 1
            return
        steps, units = round(quantity / self._step), round(notional * NOTIONAL_UNITS)
        rows = self._rows
        last_ms = rows.last_ms
        if exchange_ms > last_ms or (exchange_ms == last_ms and trade_id > rows.last_id):
            self._add(exchange_ms, trade_id, price, steps, units, is_buy)
            if exchange_ms >= self._compaction_due_ms:
                self._compact()
        else:
            self._wait(ExactTrade(exchange_ms, trade_id, price, steps, units, is_buy))

    def note_gap(self, exchange_ms: int) -> None:
        """Trades up to an instant may have been lost: the tape is whole only since then."""
        self._coverage.note_gap(exchange_ms)

    def reading(self, at_ms: int) -> TapeReading | None:
        """What the trades up to and with an instant say, whatever came in later.

        None for an instant more than 15 minutes before the newest trade: what its windows need is
        forgotten.
        """
        self._settle()
        if at_ms < self._rows.last_ms - SLACK_MS:
            return None
        return self._reader.reading(at_ms)

    def price_at(self, at_ms: int) -> float | None:
        """Price of the last trade at or before an instant.

        None before those that are kept, and after a gap until there is a trade again.
        """
        self._settle()
        rows = self._rows
        row = rows.row_at(at_ms)
        since = self._coverage.since(at_ms)
        is_known = since is not None and since <= rows.times[row] <= at_ms
        return rows.prices[row] if is_known else None

    def traded_between(self, is_buy: bool, price: float, from_ms: int, to_ms: int) -> float:
        """Quantity, in base units, that takers of a side traded at exactly a price.

        Counts kept trades later than `from_ms`, up to and with `to_ms`. Costs by the trades of
        that time, so keep it short.
        """
        self._settle()
        rows = self._rows
        traded, bought = rows.at_price(price, rows.row_at(from_ms), rows.row_at(to_ms))
        return (bought if is_buy else traded - bought) * self._step

    def _add(
        self, exchange_ms: int, trade_id: int, price: float, steps: int, notional: int, is_buy: bool
    ) -> None:
        rows = self._rows
        skipped = trade_id - rows.last_id - 1
        if skipped:
            self._note_hole(exchange_ms, skipped)
        self._large.observe(rows, exchange_ms, steps, notional, is_buy)
        rows.append(exchange_ms, trade_id, price, steps, notional, is_buy)

    def _note_hole(self, exchange_ms: int, skipped: int) -> None:
        # A lower id at a later time skips none, yet nobody knows what is between: a break as well.
        is_first = self._rows.last_id == NO_ID
        self._coverage.note_hole(exchange_ms, 0 if is_first else max(0, skipped))

    def _wait(self, trade: ExactTrade) -> None:
        if trade.exchange_ms <= self._rows.last_ms - RETENTION_MS:
            self.late += 1
            return
        self._waiting.append(trade)
        if len(self._waiting) > _MOST_WAITING:
            self._settle()

    def _settle(self) -> None:
        """Put the waiting trades in their place."""
        if not self._waiting:
            return
        from_ms = min(trade.exchange_ms for trade in self._waiting)
        trades = self._rewind(from_ms) + self._waiting
        self._waiting = []
        # The sort is stable: of trades with the same time and id the first that came stays first.
        trades.sort(key=itemgetter(0, 1))
        rows = self._rows
        for trade in trades:
            if trade.id == rows.last_id and trade.exchange_ms == rows.last_ms:
                self._duplicates += 1
            else:
                self._add(*trade)

    def _rewind(self, from_ms: int) -> list[ExactTrade]:
        trades = self._rows.rewind(from_ms)
        self._large.rewind(self._rows, from_ms)
        self._coverage.rewind(from_ms)
        return trades

    def _compact(self) -> None:
        """Forget what no reading can need any more."""
        self._settle()
        newest_ms = self._rows.last_ms
        self._compaction_due_ms = newest_ms + _COMPACTION_MS
        until_ms = newest_ms - RETENTION_MS
        row = self._rows.row_at(until_ms)
        self._cvd.forget(self._rows, row, until_ms)
        self._large.forget(row, until_ms)
        self._coverage.forget(until_ms)
        self._rows.forget(row)
