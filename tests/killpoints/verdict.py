"""What must hold after a trade, whenever the bot died: judged from the venue's own books."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bot.presenters.html_presenter import HtmlPresenter
from domain.orders import ClientId, OrderRole, Side
from domain.positions import PositionBooks
from domain.timeframes import to_ms
from engine.execution.books.accounting import ledger_of
from engine.execution.telling.cards import trade_card
from engine.ports.storage import OutboxRow
from exchanges.matching.account import TradingAccount
from exchanges.matching.records import ConditionalOrder, VenueOrder
from tests.killpoints.ground import SYMBOL, Ground
from tests.killpoints.marked_storage import key_of_any_run

STATED_SECONDS: Final = 5.0
"""`execution.unprotected_seconds`: longer than this nothing is held without a stop."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is left of a trade: the venue's books and ours, the messages, and what was logged."""

    venue: TradingAccount
    books: PositionBooks
    messages: tuple[OutboxRow, ...]
    log: str
    down: tuple[Span, ...]

    @classmethod
    async def of(cls, ground: Ground, down: Sequence[Span]) -> "Evidence":
        """Collected when the trade is over and no bot runs any more."""
        books = await ground.our_books()
        assert books is not None
        return cls(
            venue=await ground.books(),
            books=books,
            messages=tuple(await ground.messages()),
            log=(ground.folder / "log").read_text(),
            down=tuple(down),
        )

    @property
    def keys(self) -> list[str]:
        """Keys of all messages but edits of the card, whose number depends on how often it was."""
        keys = (row.message.key for row in self.messages)
        return sorted(key_of_any_run(key) for key in keys if ":card:" not in key)

    @property
    def shares(self) -> dict[str, float]:
        """What part of the size was filled, by what it was for: "e0", "t1", "s0"."""
        filled: dict[str, Decimal] = {}
        for order in self.books.orders:
            name = f"{order.role}{order.rung}"
            filled[name] = filled.get(name, Decimal(0)) + order.filled_quantity
        whole = self.books.intent.quantity
        return {name: round(float(part / whole), 2) for name, part in filled.items() if part}

    @property
    def unprotected_ms(self) -> int:
        """The longest span in which the venue held more than its stops covered, while a bot ran."""
        return max((_length(span, self.down) for span in self._uncovered()), default=0)

    @property
    def unprotected_and_down_ms(self) -> int:
        """The longest such span altogether."""
        return max((end - begin for begin, end in self._uncovered()), default=0)

    def _uncovered(self) -> list[Span]:
        return uncovered(self.venue)


def problems_of(
    seen: Evidence, expected: Evidence, *, unprotected_seconds: float = STATED_SECONDS
) -> list[str]:
    """Everything that is not as it must be; `expected` is a trade in which nobody died.

    `unprotected_seconds` is how long something may be held without a stop while a bot runs.
    """
    return [
        *_doubled(seen),
        *_unequal(seen),
        *_left_over(seen),
        *_unlike(seen, expected),
        *_untold(seen, expected),
        *_unprotected(seen, unprotected_seconds),
        *(["the log has a traceback"] if "Traceback" in seen.log else []),
    ]


def _doubled(seen: Evidence) -> Iterable[str]:
    """Every order once; one entry that was filled, of the size that was confirmed."""
    plain, conditional = _sent(seen.venue), _conditionals(seen.venue)
    names = Counter(
        [*(each.ticket.client_id for each in plain), *(o.ticket.client_id for o in conditional)]
    )
    yield from (
        f"{name} is {times} times at the venue" for name, times in names.items() if times > 1
    )
    known = {order.client_id for order in seen.books.orders}
    yield from (f"{name} is not in our books" for name in names.keys() - known)
    entries = [o for o in _sent(seen.venue) if _role(o) is OrderRole.ENTRY and o.filled_quantity]
    entered = sum((order.filled_quantity for order in entries), Decimal(0))
    if len(entries) != 1 or entered > seen.books.intent.quantity:
        yield f"{len(entries)} entries filled {entered} of {seen.books.intent.quantity}"


def _unequal(seen: Evidence) -> Iterable[str]:
    """No fill is lost, and both sides count the same."""
    theirs = Counter((e.price, e.quantity, e.at_ms) for e in seen.venue.executions(SYMBOL))
    ours = Counter((f.price, f.quantity, to_ms(f.at)) for f in seen.books.fills)
    if theirs != ours:
        yield f"fills differ: lost {theirs - ours}, made up {ours - theirs}"
    numbers = ledger_of(seen.books)
    if numbers.entered != numbers.exited or seen.books.position.adjusted_quantity:
        yield f"our books say {numbers.entered} in, {numbers.exited} out"


def _left_over(seen: Evidence) -> Iterable[str]:
    """Nothing is held, nothing waits, nothing is in doubt."""
    held, waiting = (
        seen.venue.positions(),
        [
            *(order.ticket.client_id for order in seen.venue.open_orders()),
            *(order.ticket.client_id for order in seen.venue.open_conditionals()),
        ],
    )
    if held or waiting:
        yield f"left at the venue: {held} {waiting}"
    open_ones = [order.client_id for order in seen.books.orders if not order.is_final]
    if open_ones:
        yield f"in doubt: {open_ones}"


def _unlike(seen: Evidence, expected: Evidence) -> Iterable[str]:
    """The trade went as it would have gone."""
    if seen.shares != expected.shares:
        yield f"filled {seen.shares}, without a kill {expected.shares}"
    reasons = seen.books.position.close_reason, expected.books.position.close_reason
    if reasons[0] is not reasons[1]:
        yield f"ended as {reasons[0]}, without a kill as {reasons[1]}"


def _untold(seen: Evidence, expected: Evidence) -> Iterable[str]:
    """The same messages, none twice, and a card that shows the end."""
    if seen.keys != expected.keys:
        lost, more = Counter(expected.keys) - Counter(seen.keys), Counter(seen.keys)
        yield f"messages: lost {sorted(lost)}, more {sorted(more - Counter(expected.keys))}"
    cards = [row.message.text for row in seen.messages if ":card:" in row.message.key]
    if cards[-1:] != [HtmlPresenter().trade_card(trade_card(seen.books.intent, seen.books))]:
        yield "the card does not show the end"


def _unprotected(seen: Evidence, most_seconds: float) -> Iterable[str]:
    """The stop comes first and in time, and what has one keeps one whenever it moves."""
    if seen.unprotected_ms > most_seconds * 1000:
        yield f"held without a stop for {seen.unprotected_ms / 1000:.1f} s"
    entered = {e.at_ms for e in seen.venue.executions(SYMBOL) if e.ticket.side is Side.BUY}
    gaps = [end - begin for begin, end in uncovered(seen.venue) if begin not in entered]
    if gaps:
        yield f"the stop was taken away for {max(gaps)} ms"
    targets = [o.created_ms for o in _sent(seen.venue) if _role(o) is OrderRole.TARGET]
    stops = [stop.created_ms for stop in _conditionals(seen.venue)]
    if targets and min(stops, default=min(targets) + 1) > min(targets):
        yield "a target was placed before the stop"


def uncovered(venue: TradingAccount) -> list[Span]:
    """Spans in which more was held than stops covered, in venue milliseconds."""
    stops = _conditionals(venue)
    marks = {each.at_ms for each in venue.executions(SYMBOL)}
    marks |= {at for stop in stops for at in _life(stop)}
    spans: list[Span] = []
    for begin, end in zip(sorted(marks), sorted(marks)[1:], strict=False):
        if _held(venue, begin) <= _covered(stops, begin):
            continue
        is_same = spans and spans[-1][1] == begin
        spans.append((spans.pop()[0] if is_same else begin, end))
    return spans


def _held(venue: TradingAccount, at_ms: int) -> Decimal:
    fills = [each for each in venue.executions(SYMBOL) if each.at_ms <= at_ms]
    signed = (e.quantity if e.ticket.side is Side.BUY else -e.quantity for e in fills)
    return abs(sum(signed, Decimal(0)))


def _covered(stops: Sequence[ConditionalOrder], at_ms: int) -> Decimal:
    lives = ((stop, _life(stop)) for stop in stops)
    resting = (stop.ticket.quantity for stop, (begin, end) in lives if begin <= at_ms < end)
    return sum((quantity or Decimal(0) for quantity in resting), Decimal(0))


def _life(stop: ConditionalOrder) -> Span:
    """From when to when it covered; one that still waits covers for ever."""
    end = stop.triggered_ms or stop.updated_ms
    return stop.created_ms, (10**15 if stop.is_open else end)


def _length(span: Span, down: Sequence[Span]) -> int:
    begin, end = span
    lost = sum(max(0, min(end, until) - max(begin, since)) for since, until in down)
    return end - begin - lost


def _conditionals(venue: TradingAccount) -> list[ConditionalOrder]:
    state = venue._register.state
    return [*state.ended_conditionals.values(), *state.open_conditionals.values()]


def _sent(venue: TradingAccount) -> list[VenueOrder]:
    """Plain orders that somebody sent; those that a stop has become are not."""
    return [order for order in venue.orders(SYMBOL) if order.conditional_number is None]


def _role(order: VenueOrder) -> OrderRole | None:
    name = ClientId.parse(order.ticket.client_id)
    return None if name is None else name.role
