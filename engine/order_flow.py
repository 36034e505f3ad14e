"""Order flow of the streamed pairs: events and polled facts come in, readings go out.

Holds only what the venue tells again; nothing here is lost by a restart, but windows that reach
back before it are not full.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.derivatives import Funding, Liquidation, OpenInterestObservation, Positioning
from domain.instruments import Instrument
from domain.order_book import BookSide, Level
from domain.order_flow import OrderFlow
from domain.timeframes import to_ms
from engine.ports.clock import Clock
from engine.ports.order_flow import FlowListener
from engine.trade_silence import TradeSilence
from layers.orderflow import OrderFlowParameters
from layers.orderflow.book import BookTracker
from layers.orderflow.derivatives import DerivativesTracker
from layers.orderflow.tape import Tape

_MOST_AHEAD_SECONDS: Final = 10.0
"""More than a clock that follows the exchange is ever behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowTally:
    """Streamed pairs, those whose book is unusable now, and what was counted.

    Trades told twice, too late or never since the pairs joined; `refused` are trades without sense,
    and events of any kind from the future.
    """

    pairs: int
    books_unusable: int
    duplicates: int
    late: int
    missing: int
    refused: int


class OrderFlowState(FlowListener):
    """One tape, one book and the derivatives of every streamed pair.

    `speed` is how fast exchange time runs against wall time: limits on age that are about sockets
    and polls, which do not get faster with a simulated venue, are stretched by it.

    While no pair trades at all, no tape is believed: an interruption is noticed later than it
    begins.

    An event that is far ahead of the clock is refused: it would be the newest for ever, and all
    that is true would come too late.
    """

    def __init__(
        self, parameters: OrderFlowParameters, clock: Clock, *, speed: float = 1.0
    ) -> None:
        self._parameters = parameters
        self._clock = clock
        self._patience = max(1.0, speed)
        self._most_ahead_ms = round(_MOST_AHEAD_SECONDS * 1000 * self._patience)
        self._credible_until_ms = 0
        self._silence = TradeSilence(round(parameters.tape.silence_seconds * 1000 * self._patience))
        self._from_future = 0
        self._pairs: dict[str, _PairFlow] = {}

    def watch(self, instruments: Collection[Instrument]) -> None:
        """Make these the pairs that are listened to; those that stay keep what they know."""
        self._pairs = {
            one.symbol: self._pairs.get(one.symbol) or self._new_pair(one) for one in instruments
        }

    def on_book(
        self, symbol: str, exchange_ms: int, bids: Sequence[Level], asks: Sequence[Level]
    ) -> None:
        """Take in the best levels of a book."""
        pair = self._pairs.get(symbol)
        if pair is not None and self._is_credible(exchange_ms):
            pair.book.update(exchange_ms, bids, asks)

    def on_trade(
        self,
        symbol: str,
        trade_id: int,
        exchange_ms: int,
        price: float,
        quantity: float,
        is_buy: bool,
    ) -> None:
        """Take in a taker's trade."""
        pair = self._pairs.get(symbol)
        if pair is not None and self._is_credible(exchange_ms):
            pair.tape.push(trade_id, exchange_ms, price, quantity, is_buy)
            self._silence.note_trade(exchange_ms)

    def on_liquidation(self, symbol: str, liquidation: Liquidation) -> None:
        """Take in a position that was ended by force."""
        pair = self._pairs.get(symbol)
        if pair is not None and self._is_credible(liquidation.exchange_ms):
            pair.derivatives.observe_liquidation(liquidation)

    def on_gap(self, symbols: Collection[str]) -> None:
        """From now on the tapes are whole again, and the next whole book counts."""
        now_ms = to_ms(self._clock.now())
        for symbol in symbols:
            pair = self._pairs.get(symbol)
            if pair is not None:
                pair.tape.note_gap(now_ms)
                pair.book.invalidate("the connection was interrupted", now_ms)

    def observe_open_interest(self, symbol: str, observation: OpenInterestObservation) -> None:
        """Take in open interest; without a price to read it against it says nothing."""
        pair = self._pairs.get(symbol)
        if pair is None or not self._is_credible(observation.exchange_ms):
            return
        price = pair.tape.price_at(observation.exchange_ms)
        if price is not None:
            pair.derivatives.observe_open_interest(observation, price)

    def observe_positioning(self, symbol: str, positioning: Positioning) -> None:
        """Take in who is long."""
        pair = self._pairs.get(symbol)
        if pair is not None and self._is_credible(positioning.exchange_ms):
            pair.derivatives.observe_positioning(positioning)

    def observe_funding(self, funding: Mapping[str, Funding], exchange_ms: int) -> None:
        """Take in funding to come, by symbol."""
        for symbol, pair in self._pairs.items():
            if symbol in funding:
                pair.derivatives.observe_funding(funding[symbol], exchange_ms)

    def order_flow(self, symbol: str, as_of: datetime) -> OrderFlow | None:
        """What is known as of an instant, from nothing later; None for a pair not listened to."""
        pair, at_ms = self._pairs.get(symbol), to_ms(as_of)
        if pair is None:
            return None
        return pair.reading(at_ms, with_tape=not self._silence.is_silent(at_ms))

    def trade_age_seconds(self, symbol: str) -> float | None:
        """Exchange seconds since the newest trade of a pair, or since it is listened to where there
        was none yet; None for a pair not listened to.
        """
        pair = self._pairs.get(symbol)
        if pair is None:
            return None
        return max(0, to_ms(self._clock.now()) - pair.traded_ms) / 1000

    def tally(self) -> FlowTally:
        """How it stands."""
        now_ms = to_ms(self._clock.now())
        pairs = list(self._pairs.values())
        return FlowTally(
            pairs=len(pairs),
            books_unusable=sum(pair.is_book_unusable(now_ms) for pair in pairs),
            duplicates=sum(pair.tape.duplicates for pair in pairs),
            late=sum(pair.tape.late for pair in pairs),
            missing=sum(pair.tape.missing for pair in pairs),
            refused=self._from_future + sum(pair.tape.refused for pair in pairs),
        )

    def _is_credible(self, exchange_ms: int) -> bool:
        # The clock is only asked when time has moved beyond what it allowed last.
        if exchange_ms > self._credible_until_ms:
            self._credible_until_ms = to_ms(self._clock.now()) + self._most_ahead_ms
        is_credible = exchange_ms <= self._credible_until_ms
        self._from_future += not is_credible
        return is_credible

    def _new_pair(self, instrument: Instrument) -> "_PairFlow":
        return _PairFlow(
            instrument, self._parameters, self._patience, since_ms=to_ms(self._clock.now())
        )


class _PairFlow:
    """The three trackers of one pair, which is listened to since an instant."""

    def __init__(
        self,
        instrument: Instrument,
        parameters: OrderFlowParameters,
        patience: float,
        *,
        since_ms: int,
    ) -> None:
        self._since_ms = since_ms
        stale_ms = round(parameters.book.stale_seconds * 1000 * patience)
        self.tape = Tape(parameters.tape, quantity_step=float(instrument.step))
        self.tape.note_gap(since_ms)
        self.book = BookTracker(parameters.book, traded=self._traded_at, stale_ms=stale_ms)
        self.derivatives = DerivativesTracker(
            parameters.derivatives, base=instrument.base, patience=patience
        )

    @property
    def traded_ms(self) -> int:
        """When the newest trade was; before the first one, since when one is waited for."""
        newest_ms = self.tape.newest_ms
        return self._since_ms if newest_ms is None else newest_ms

    def reading(self, at_ms: int, *, with_tape: bool) -> OrderFlow:
        """Everything as of an instant, or everything but the trades."""
        tape = self.tape.reading(at_ms) if with_tape else None
        return OrderFlow(
            book=self.book.reading(at_ms),
            book_problem=self.book.problem_at(at_ms),
            tape=tape,
            derivatives=self.derivatives.reading(at_ms, None if tape is None else tape.last_price),
        )

    def is_book_unusable(self, now_ms: int) -> bool:
        """Whether there is no reading of the book now."""
        # The venue may be a little ahead of our clock: its newest book is not from the past.
        return bool(self.book.problem_at(max(now_ms, self.book.newest_ms)))

    def _traded_at(self, side: BookSide, price: float, from_ms: int, to_ms: int) -> float:
        """What takers traded against a side: buys eat asks, sells eat bids."""
        return self.tape.traded_between(side is BookSide.ASK, price, from_ms, to_ms)
