"""Opens the broker of one account at a real venue."""

from engine.execution.parameters import StopTrigger
from engine.ports.clock import Clock
from exchanges.back_off import Jitter
from exchanges.ccxt_broker.account_books import AccountBooks
from exchanges.ccxt_broker.broker import CcxtBroker
from exchanges.ccxt_broker.calls import VenueCalls
from exchanges.ccxt_broker.dialects import dialect_of
from exchanges.ccxt_broker.hints import HintSource, TimedHints
from exchanges.ccxt_broker.listing import Listing
from exchanges.ccxt_broker.pair_list import PairList
from exchanges.ccxt_broker.trading_client import open_trading_client
from exchanges.ccxt_broker.user_stream import UserStream, UserStreamLimits
from exchanges.rejected_rows import RejectedRows
from exchanges.venues import Venue
from exchanges.weight import WeightBudget


def open_ccxt_broker(
    venue: Venue,
    key: str,
    secret: str,
    *,
    clock: Clock,
    budget: WeightBudget,
    rejected: RejectedRows,
    pairs: PairList,
    jitter: Jitter,
    stop_trigger: StopTrigger,
    rest_url: str | None = None,
    ws_url: str | None = None,
    stream_limits: UserStreamLimits | None = None,
) -> CcxtBroker:
    """A broker for whoever owns the key; connects nowhere yet.

    `budget` is the one of the whole process: a silence the venue asks for concerns every account.
    `pairs` is shared by all accounts of the venue.
    `rest_url` and `ws_url` replace scheme and host of every address. Raises `ConfigurationError`
    for a venue on which Quorum cannot trade.
    """
    dialect = dialect_of(venue.exchange_id)
    client = open_trading_client(
        dialect, key, secret, clock=clock, budget=budget, rejected=rejected, rest_url=rest_url
    )
    calls = VenueCalls(client, budget)
    listing = Listing(client, calls, pairs, rejected)
    hints: HintSource = TimedHints(clock, dialect.hint_seconds)
    if dialect.listens:
        hints = UserStream(
            client,
            calls,
            listing,
            clock=clock,
            jitter=jitter,
            ws_url=ws_url,
            limits=stream_limits,
        )
    books = AccountBooks(
        client, dialect, clock=clock, calls=calls, listing=listing, rejected=rejected
    )
    return CcxtBroker(
        client,
        dialect,
        calls=calls,
        listing=listing,
        books=books,
        hints=hints,
        stop_trigger=stop_trigger,
    )
