"""A short is a long in the mirror: the same story leads to the same moves."""

from dataclasses import dataclass
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.directions import Direction
from domain.intents import EntryStyle
from domain.positions import PositionBooks
from engine.execution.books.accounting import ledger_of
from engine.execution.values import Moves
from tests.unit.execution.books.errand_boy import ErrandBoy
from tests.unit.execution.books.tiny_venue import TinyVenue
from tests.unit.execution.books.trades import START, at_price, make_books


@dataclass(frozen=True)
class Chapter:
    """What happens before the next look."""

    price: Decimal
    seconds: float
    depth: Decimal
    fault: str


CHAPTERS = st.builds(
    Chapter,
    price=st.decimals(98, 109, places=3),
    seconds=st.sampled_from([0, 1, 7, 61]),
    depth=st.sampled_from([Decimal("0.3"), Decimal(100)]),
    fault=st.sampled_from(["", "", "", "answer is lost", "never arrives", "refused"]),
)


def tell(direction: Direction, style: EntryStyle, story: list[Chapter]) -> ErrandBoy:
    """The story of a trade."""
    venue = TinyVenue(direction, START)
    boy = ErrandBoy(venue, make_books(direction, style=style), _nothing)
    boy.run()
    for chapter in story:
        venue.depth = chapter.depth
        venue.pass_time(chapter.seconds)
        venue.tick(at_price(direction, chapter.price))
        venue.faults = [chapter.fault]
        boy.run()
    return boy


def _nothing(was: PositionBooks, moves: Moves, is_flat: bool) -> None:
    return


def _seen_as_long(boy: ErrandBoy, direction: Direction) -> object:
    books = boy.stored
    numbers, position = ledger_of(books), books.position

    def price(value: Decimal | None) -> Decimal | None:
        return None if value is None else at_price(direction, value)

    orders = [
        (o.client_id, o.state, o.request.quantity, price(o.request.price), price(o.request.trigger))
        for o in books.orders
    ]
    told = [(news.kind, news.text, news.rung, price(news.price)) for news in boy.news]
    where = (books.intent.state, position.state, position.close_reason)
    prices = (price(position.stop), price(position.extreme))
    return (where, prices, orders, told, numbers.realised, numbers.fees, numbers.exited)


@given(style=st.sampled_from(EntryStyle), story=st.lists(CHAPTERS, max_size=8))
@settings(max_examples=80)
def test_mirrored_market_gives_the_mirrored_trade(style: EntryStyle, story: list[Chapter]) -> None:
    long = tell(Direction.LONG, style, story)
    short = tell(Direction.SHORT, style, story)
    assert _seen_as_long(long, Direction.LONG) == _seen_as_long(short, Direction.SHORT)
