"""Best prices as a trader needs them: the newest, with their age."""

from datetime import timedelta
from decimal import Decimal

from domain.timeframes import to_ms
from engine.execution.live_quotes import LiveQuotes
from engine.flow_audience import FlowAudience
from tests.fakes.clock import HandClock

BIDS = [(99.9, 1.0), (99.8, 2.0)]
ASKS = [(100.1, 1.0), (100.2, 2.0)]


def _quotes(clock: HandClock, speed: float = 1.0) -> LiveQuotes:
    quotes = LiveQuotes(clock, speed=speed)
    quotes.on_book("BTCUSDT", to_ms(clock.now()), BIDS, ASKS)
    return quotes


def test_the_newest_book_gives_the_quote() -> None:
    clock = HandClock()

    quote = _quotes(clock).quote("BTCUSDT")

    assert quote is not None
    assert (quote.bid, quote.ask) == (Decimal("99.9"), Decimal("100.1"))
    assert quote.age_seconds == 0


def test_a_pair_nobody_heard_of_has_none() -> None:
    assert _quotes(HandClock()).quote("ETHUSDT") is None


def test_a_quote_ages_while_trades_come_but_no_book() -> None:
    """Books and trades come over different sockets: one may be dead while the other is not."""
    clock = HandClock()
    quotes = _quotes(clock)
    clock.advance(4)
    quotes.on_trade("BTCUSDT", 1, to_ms(clock.now()), 94.0, 1.0, True)

    quote = quotes.quote("BTCUSDT")

    assert quote is not None
    assert quote.age_seconds == quotes.book_age_seconds("BTCUSDT") == 4
    assert quotes.heard_seconds("BTCUSDT") == 0


def test_a_quote_that_is_a_minute_old_is_none_and_its_book_goes_on_ageing() -> None:
    clock = HandClock()
    quotes = _quotes(clock)
    clock.advance(60)
    assert quotes.quote("BTCUSDT") is not None

    clock.advance(1)

    assert quotes.quote("BTCUSDT") is None
    assert quotes.book_age_seconds("BTCUSDT") == 61


def test_data_arrive_as_long_as_books_or_trades_do() -> None:
    clock = HandClock()
    quotes = LiveQuotes(clock)
    unheard = quotes.heard_seconds("BTCUSDT")
    quotes.on_trade("BTCUSDT", 1, to_ms(clock.now()), 100.0, 1.0, True)
    clock.advance(3)
    aged = quotes.heard_seconds("BTCUSDT")

    quotes.on_book("BTCUSDT", to_ms(clock.now()), BIDS, [])

    assert (unheard, aged, quotes.heard_seconds("BTCUSDT")) == (None, 3, 0)


def test_a_gap_takes_the_quote_and_not_the_knowledge_of_when_data_came() -> None:
    """A position that must not go without data is closed for want of them, not for a gap."""
    clock = HandClock()
    quotes = _quotes(clock)
    clock.advance(2)

    quotes.on_gap(["BTCUSDT"])

    assert quotes.book_age_seconds("BTCUSDT") is None
    assert quotes.heard_seconds("BTCUSDT") == 2


def test_where_time_runs_fast_ages_are_told_as_if_it_ran_at_one() -> None:
    clock = HandClock()
    quotes = _quotes(clock, speed=100)
    clock.advance(200)
    assert quotes.heard_seconds("BTCUSDT") == 2

    quote = quotes.quote("BTCUSDT")

    assert quote is not None
    assert quote.age_seconds == 2


def test_after_a_gap_nothing_is_known() -> None:
    quotes = _quotes(HandClock())

    quotes.on_gap(["BTCUSDT"])

    assert quotes.quote("BTCUSDT") is None


def test_a_crossed_or_empty_book_is_none() -> None:
    clock = HandClock()
    for bids, asks in (([], ASKS), (BIDS, []), ([(100.1, 1.0)], [(100.1, 1.0)])):
        quotes = _quotes(clock)
        quotes.on_book("BTCUSDT", to_ms(clock.now()), bids, asks)
        assert quotes.quote("BTCUSDT") is None


def test_an_audience_hears_every_event_in_its_order() -> None:
    clock = HandClock()
    first, second = LiveQuotes(clock), LiveQuotes(clock)
    audience = FlowAudience([first, second])

    audience.on_book("BTCUSDT", to_ms(clock.now()), BIDS, ASKS)
    heard = [first.quote("BTCUSDT"), second.quote("BTCUSDT")]
    audience.on_gap(["BTCUSDT"])

    assert None not in heard
    assert first.quote("BTCUSDT") is second.quote("BTCUSDT") is None


def test_a_late_event_takes_no_newer_data_away() -> None:
    clock = HandClock()
    quotes = _quotes(clock)
    told_ms = to_ms(clock.now())

    quotes.on_trade("BTCUSDT", 1, told_ms - 3000, 100.0, 1.0, True)

    assert quotes.heard_seconds("BTCUSDT") == 0


def test_an_older_book_does_not_replace_a_newer_one() -> None:
    """Two sockets tell the same books while one is changed over."""
    clock = HandClock()
    quotes = _quotes(clock)
    older_ms = to_ms(clock.now()) - 200

    quotes.on_book("BTCUSDT", older_ms, [(98.0, 1.0)], [(98.2, 1.0)])
    quotes.on_book("BTCUSDT", older_ms, BIDS, [])

    quote = quotes.quote("BTCUSDT")
    assert quote is not None
    assert (quote.bid, quote.age_seconds) == (Decimal("99.9"), 0)


def test_an_event_that_names_a_time_to_come_does_not_look_new_for_ever() -> None:
    clock = HandClock()
    quotes = LiveQuotes(clock)
    quotes.on_book("BTCUSDT", to_ms(clock.now()) + 3_600_000, BIDS, ASKS)
    clock.advance(5)
    ages = [quotes.book_age_seconds("BTCUSDT"), quotes.heard_seconds("BTCUSDT")]

    quotes.on_book("BTCUSDT", to_ms(clock.now()), [(98.0, 1.0)], [(98.2, 1.0)])

    quote = quotes.quote("BTCUSDT")
    assert ages == [5, 5]
    assert quote is not None
    assert quote.bid == Decimal("98.0")


def test_a_clock_that_is_set_back_keeps_no_quote_from_being_replaced() -> None:
    clock = HandClock()
    quotes = _quotes(clock)
    clock.set(clock.now() - timedelta(minutes=10))

    quotes.on_book("BTCUSDT", to_ms(clock.now()), [(98.0, 1.0)], [(98.2, 1.0)])

    quote = quotes.quote("BTCUSDT")
    clock.advance(5)
    assert quote is not None
    assert quote.bid == Decimal("98.0")
    assert quotes.book_age_seconds("BTCUSDT") == quotes.heard_seconds("BTCUSDT") == 5
