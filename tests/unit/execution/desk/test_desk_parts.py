"""The pure parts of the desk: what it believes, compares, holds back and tells."""

from dataclasses import replace
from decimal import Decimal

from domain.accounts import OPERATOR
from domain.directions import Direction
from domain.intents import IntentState
from domain.orders import (
    Order,
    OrderKind,
    OrderReport,
    OrderRole,
    OrderState,
    Side,
    VenuePosition,
)
from domain.positions import CloseReason, PositionBooks, PositionState
from engine.execution.books.wishes import wish_close
from engine.execution.desk.account_venue import Reading
from engine.execution.desk.comparing import compare, request_of
from engine.execution.desk.doubts import Doubts
from engine.execution.desk.entering import send_unsent, urgent_only, withhold_entries
from engine.execution.desk.looking import is_protected, missing_orders
from engine.execution.desk.pauses import Pauses
from engine.execution.parameters import ExecutionParameters
from engine.execution.telling.cards import progress_of, trade_card
from engine.execution.telling.news_messages import messages_of
from engine.execution.values import Moves, News, NewsKind, Sight
from engine.ports.broker import Quote
from tests.fakes.broker import hand_stop
from tests.unit.execution.desk.desk_floor import (
    BTC,
    PAPER,
    QUANTITY,
    TAG,
    Floor,
    TradePresenter,
)
from tests.unit.execution.desk.entries import make_entry

HELD = VenuePosition(
    symbol=BTC.symbol, direction=Direction.LONG, quantity=QUANTITY, entry_price=Decimal(64_210)
)


async def _open_books() -> PositionBooks:
    floor = Floor()
    async with floor.working():
        await floor.trade()
        return await floor.books()


async def _new_books() -> PositionBooks:
    floor = Floor()
    await floor.confirm()
    return await floor.books()


def _reading(
    *orders: OrderReport, positions: tuple[VenuePosition, ...] = (), at: float = 1.0
) -> Reading:
    return Reading(began_at=at, orders=orders, positions=positions)


def _report(order: Order) -> OrderReport:
    request = order.request
    return OrderReport(
        symbol=request.symbol,
        client_id=request.client_id,
        venue_id="1",
        state=OrderState.RESTING,
        direction=None,
        side=request.side,
        kind=request.kind,
        quantity=request.quantity,
        reduces=request.reduces,
        price=request.price,
        trigger=request.trigger,
    )


async def test_a_reading_older_than_the_books_is_not_believed() -> None:
    books, doubts = await _open_books(), Doubts()
    doubts.note_change(5.0)
    assert not doubts.judge(books, _reading(positions=(HELD,), at=5.0)).is_known
    assert doubts.judge(books, _reading(positions=(HELD,), at=5.1)).is_known


async def test_a_contradiction_is_believed_when_a_later_reading_repeats_it() -> None:
    books, doubts = await _open_books(), Doubts()
    assert not doubts.judge(books, _reading(at=1.0)).is_known
    assert doubts.take_question()
    assert not doubts.take_question()
    assert not doubts.judge(books, _reading(at=1.0)).is_known
    assert doubts.judge(books, _reading(at=2.0)).is_known


async def test_a_contradiction_that_changes_begins_anew() -> None:
    books, doubts = await _open_books(), Doubts()
    doubts.judge(books, _reading(at=1.0))
    half = replace(HELD, quantity=QUANTITY / 2)
    assert not doubts.judge(books, _reading(positions=(half,), at=2.0)).is_known
    doubts.note_change(2.5)
    assert not doubts.judge(books, _reading(positions=(half,), at=3.0)).is_known


async def test_comparing_finds_strays_others_and_foreign_positions() -> None:
    books = await _open_books()
    ours = [_report(order) for order in books.orders if not order.is_final]
    stray = replace(ours[0], client_id=f"q{TAG}-99-s0-1")
    other = replace(ours[0], client_id="qabcdef-1-s0-1")
    by_hand = hand_stop(BTC.symbol, Direction.LONG, QUANTITY, Decimal(60_000))
    short = replace(HELD, direction=Direction.SHORT)
    found = compare(
        _reading(*ours, stray, other, by_hand, positions=(HELD, short)), [books], TAG, PAPER
    )
    assert found.strays == (stray,)
    assert found.others == ("abcdef",)
    assert found.foreign == (short,)


async def test_what_reduces_a_foreign_position_is_kept_and_what_opens_is_a_stray() -> None:
    stop = hand_stop(BTC.symbol, Direction.SHORT, QUANTITY, Decimal(70_000))
    stop = replace(stop, client_id=f"q{TAG}-99-s0-1")
    target = replace(stop, client_id=f"q{TAG}-99-t1-1", kind=OrderKind.LIMIT, direction=None)
    entry = replace(target, client_id=f"q{TAG}-99-e0-1", reduces=False)
    elsewhere = replace(stop, client_id=f"q{TAG}-98-s0-1", symbol="ETHUSDT")
    other_way = replace(stop, client_id=f"q{TAG}-97-s0-1", side=Side.SELL, direction=Direction.LONG)
    short = replace(HELD, direction=Direction.SHORT)
    reading = _reading(stop, target, entry, elsewhere, other_way, positions=(short,))
    found = compare(reading, [], TAG, PAPER)
    assert found.kept == (stop, target)
    assert found.strays == (entry, elsewhere, other_way)
    assert compare(replace(reading, positions=()), [], TAG, PAPER).kept == ()


async def test_orders_of_another_account_of_ours_are_no_strays_but_show_a_twin() -> None:
    books = await _open_books()
    ours = [_report(order) for order in books.orders if not order.is_final]
    found = compare(_reading(*ours), [books], TAG, OPERATOR)
    assert found.strays == ()
    assert found.others == ()
    assert found.twins == (PAPER,)


async def test_an_order_that_our_books_call_final_is_a_stray() -> None:
    books = await _open_books()
    entry = next(order for order in books.orders if order.role is OrderRole.ENTRY)
    assert compare(_reading(_report(entry)), [books], TAG, PAPER).strays == (_report(entry),)


async def test_the_direction_of_an_order_in_one_way_mode_follows_from_what_it_does() -> None:
    stop = hand_stop(BTC.symbol, Direction.SHORT, QUANTITY, Decimal(70_000))
    assert request_of(replace(stop, direction=None)).direction is Direction.SHORT
    entry = replace(stop, direction=None, reduces=False)
    assert request_of(entry).direction is Direction.LONG


async def test_stops_protect_only_as_far_as_they_reach() -> None:
    books = await _open_books()
    stop = hand_stop(BTC.symbol, Direction.LONG, QUANTITY, Decimal(60_000))
    assert is_protected(books, _reading(stop))
    assert not is_protected(books, _reading(replace(stop, quantity=QUANTITY / 2)))
    assert not is_protected(books, _reading(replace(stop, side=Side.BUY)))
    assert not is_protected(books, _reading(replace(stop, kind=OrderKind.LIMIT)))
    assert not is_protected(books, _reading(replace(stop, symbol="ETHUSDT")))


async def test_only_orders_that_should_rest_can_be_missing() -> None:
    books = await _open_books()
    assert {order.role for order in missing_orders(books, ())} == {
        OrderRole.STOP,
        OrderRole.TARGET,
    }
    assert missing_orders(books, {order.client_id for order in books.orders}) == []


async def test_an_entry_is_held_back_without_a_trace_while_it_may_go_out_later() -> None:
    was = await _new_books()
    entry = make_entry(was)
    moves = Moves(
        books=replace(was, orders=(entry,)), place=(entry,), news=(News(kind=NewsKind.SENT),)
    )
    held_back = withhold_entries(was, moves, None, was.intent.created_at)
    assert held_back == Moves(books=was)


async def test_an_entry_that_may_never_go_out_ends_the_trade_unless_something_is_under_way() -> (
    None
):
    was = await _new_books()
    entry, at = make_entry(was), was.intent.created_at
    moves = Moves(books=replace(was, orders=(entry,)), place=(entry,))
    ended = withhold_entries(was, moves, "halted", at)
    assert ended.books.intent.state is IntentState.REFUSED
    assert ended.books.position.state is PositionState.CLOSED
    assert [each.text for each in ended.news] == ["halted"]
    busy = replace(was, orders=(replace(entry, state=OrderState.RESTING),))
    second = replace(entry, attempt=2, request=replace(entry.request, client_id="second"))
    again = Moves(books=replace(busy, orders=(*busy.orders, second)), place=(second,))
    assert withhold_entries(busy, again, "halted", at) == Moves(books=busy)


async def test_what_certainly_did_not_arrive_is_sent_again_only_while_it_is_wanted() -> None:
    books = await _new_books()
    entry = make_entry(books)
    moves = Moves(books=replace(books, orders=(entry,)), ask=(entry,))
    name, now = entry.client_id, books.intent.created_at
    parameters = ExecutionParameters()
    entry_price = books.position.plan.entry
    near = Quote(bid=entry_price, ask=entry_price, age_seconds=0)
    sight = Sight(now=now, quote=near)
    again = send_unsent(moves, {name}, sight, parameters, may_enter=True)
    assert [order.client_id for order in again.resend] == [name]
    assert again.ask == ()
    assert again.books.orders[0].asked_at == now
    assert send_unsent(moves, {"other"}, sight, parameters, may_enter=True) == moves
    late = replace(sight, now=books.intent.expires_at)
    assert send_unsent(moves, {name}, late, parameters, may_enter=True) == moves
    away = replace(sight, quote=replace(near, bid=entry_price / 2, ask=entry_price / 2))
    assert send_unsent(moves, {name}, away, parameters, may_enter=True) == moves
    assert send_unsent(moves, {name}, Sight(now=now), parameters, may_enter=True) == moves
    closing = replace(moves, books=wish_close(moves.books, CloseReason.BY_TRADER))
    assert send_unsent(closing, {name}, sight, parameters, may_enter=True) == closing


async def test_what_cannot_be_written_down_is_sent_only_if_it_protects_or_closes() -> None:
    books = await _open_books()
    entry, stop = books.orders[0], books.orders[1]
    target = books.orders[2]
    moves = Moves(books=books, place=(entry, stop, target), cancel=(target,))
    assert urgent_only(books, moves) == Moves(books=books, place=(stop,), cancel=(target,))


async def test_nothing_is_told_where_nothing_changed() -> None:
    books = await _open_books()
    assert messages_of(TradePresenter(), books, books, ()) == []


async def test_news_have_keys_that_tell_them_apart() -> None:
    was, books = await _new_books(), await _open_books()
    news = (
        News(kind=NewsKind.TARGET_FILLED, rung=2),
        News(kind=NewsKind.CLOSED),
        News(kind=NewsKind.CHANGED_BY_HAND),
        News(kind=NewsKind.STOP_MOVED),
    )
    progress = progress_of(books)
    messages = messages_of(TradePresenter(), was, books, news)
    assert [message.key for message in messages] == [
        f"intent:1:card:{progress}",
        "intent:1:target filled:2",
        "intent:1:closed:0",
        f"intent:1:changed by hand:{progress}",
    ]


async def test_the_numbers_on_a_card_are_those_of_the_share_that_was_chosen() -> None:
    books = await _new_books()
    plan = books.intent.plan
    half = replace(books.intent, quantity=plan.quantity / 2)
    card = trade_card(half)
    assert card.worst_loss == plan.risk_amount / 2
    assert card.notional == plan.notional / 2
    assert card.margin == card.notional / 5
    assert card.equity == plan.risk_amount * 100 / plan.risk_percent
    assert trade_card(half, equity=Decimal(7)).equity == Decimal(7)


def test_pauses_grow_to_their_longest_and_begin_anew() -> None:
    pauses = Pauses(1.0, 3.0)
    assert [pauses.next() for _ in range(4)] == [1.0, 2.0, 3.0, 3.0]
    pauses.reset()
    assert pauses.next() == 1.0
