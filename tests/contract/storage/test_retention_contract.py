"""What may be deleted when it is old, and what must not, on both databases."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.late_posts import late_key
from db.engine import create_database_engine
from db.repositories.retention import KEPT_MARKS, KEPT_MESSAGES
from db.tables import metadata
from db.unit_of_work import SqlStorage
from domain.breakers import Latch
from domain.messages import CHANNEL, OutgoingMessage
from domain.signals import SignalState
from domain.timeframes import to_ms
from domain.watchlist import WatchChange, WatchChangeKind
from engine.execution.telling.offer_cards import card_key
from engine.issue import post_key
from engine.ports.retention import History, Pruned
from engine.ports.storage import BreakerEvent, DecisionRecord, OutboxRow
from tests.builders.outside import make_sentiment_snapshot, make_transfer
from tests.builders.shadows import make_followed_shadow, make_shadow
from tests.builders.signals import CLOSED_AT, make_decision
from tests.servers.databases import BACKENDS, POSTGRESQL, MigratedDatabases

QUARTER = timedelta(minutes=15)
LATER = CLOSED_AT + timedelta(days=1)


@pytest.fixture(params=BACKENDS)
async def storage(
    request: pytest.FixtureRequest, databases: MigratedDatabases, postgres_engine: AsyncEngine
) -> AsyncIterator[SqlStorage]:
    """An empty storage that can delete: the fake in memory forgets everything anyway."""
    if request.param == POSTGRESQL:
        await databases.blank(POSTGRESQL)
        yield SqlStorage(postgres_engine)
        return
    engine = create_database_engine(await databases.blank(request.param))
    yield SqlStorage(engine)
    await engine.dispose()


async def prune(
    storage: SqlStorage,
    history: History,
    *,
    after: datetime | None = None,
    before: datetime = LATER,
    limit: int = 100,
) -> Pruned:
    async with storage() as unit:
        pruned = await unit.retention.prune(history, after=after, before=before, limit=limit)
        await unit.commit()
    return pruned


def record(
    closes: int = 0, *, symbol: str = "BTCUSDT", signal_id: int | None = None
) -> DecisionRecord:
    """A decision so many closes later than usual."""
    decision = make_decision(symbol=symbol, as_of=CLOSED_AT + closes * QUARTER)
    return DecisionRecord(decision=decision, signal_id=signal_id)


async def decide(storage: SqlStorage, *records: DecisionRecord) -> None:
    async with storage() as unit:
        await unit.decisions.add(records)
        await unit.commit()


async def decided_closes(storage: SqlStorage) -> list[int]:
    """Closes that a decision is kept of, as `record` counts them."""
    async with storage() as unit:
        counts = [
            await unit.decisions.count_between(
                CLOSED_AT + number * QUARTER, CLOSED_AT + (number + 1) * QUARTER
            )
            for number in range(8)
        ]
    return [number for number, count in enumerate(counts) if count.decided]


async def test_old_decisions_go_and_the_newest_on_a_pair_stays(storage: SqlStorage) -> None:
    await decide(storage, *[record(number) for number in range(4)])
    await decide(storage, record(0, symbol="ETHUSDT"))
    assert await prune(storage, History.DECISIONS) == Pruned(rows=3, until=CLOSED_AT + 2 * QUARTER)
    assert await decided_closes(storage) == [0, 3]
    async with storage() as unit:
        assert await unit.decisions.find_latest("ETHUSDT") == record(0, symbol="ETHUSDT")


async def test_what_is_not_old_stays(storage: SqlStorage) -> None:
    await decide(storage, *[record(number) for number in range(4)])
    await prune(storage, History.DECISIONS, before=CLOSED_AT + 2 * QUARTER)
    assert await decided_closes(storage) == [2, 3]


async def test_the_decision_behind_a_signal_stays(storage: SqlStorage) -> None:
    await decide(storage, record(0), record(1, signal_id=12), record(2), record(3))
    await prune(storage, History.DECISIONS)
    assert await decided_closes(storage) == [1, 3]


async def test_the_decision_behind_a_shadow_stays_as_long_as_the_shadow(
    storage: SqlStorage,
) -> None:
    await decide(storage, *[record(number) for number in range(4)])
    began = make_shadow(decided_at=CLOSED_AT + QUARTER + timedelta(seconds=3))
    async with storage() as unit:
        await unit.shadows.add([make_followed_shadow(SignalState.STOPPED, shadow=began)])
        await unit.commit()
    await prune(storage, History.DECISIONS)
    assert await decided_closes(storage) == [1, 3]
    await prune(storage, History.SHADOWS)
    await prune(storage, History.DECISIONS)
    assert await decided_closes(storage) == [3]


async def test_a_shadow_of_another_pair_keeps_nothing(storage: SqlStorage) -> None:
    await decide(storage, *[record(number, symbol="ETHUSDT") for number in range(2)])
    async with storage() as unit:
        await unit.shadows.add([make_followed_shadow(SignalState.STOPPED)])
        await unit.commit()
    assert (await prune(storage, History.DECISIONS)).rows == 1


async def test_batches_go_from_old_to_new_and_end(storage: SqlStorage) -> None:
    await decide(storage, *[record(number) for number in range(6)])
    first = await prune(storage, History.DECISIONS, limit=2)
    assert first == Pruned(rows=2, until=CLOSED_AT + QUARTER)
    assert await decided_closes(storage) == [2, 3, 4, 5]
    second = await prune(storage, History.DECISIONS, after=first.until, limit=2)
    third = await prune(storage, History.DECISIONS, after=second.until, limit=2)
    assert (second.rows, third) == (2, Pruned(rows=1, until=CLOSED_AT + 4 * QUARTER))
    assert await prune(storage, History.DECISIONS, after=third.until) == Pruned()


async def test_a_batch_may_end_among_decisions_of_one_close(storage: SqlStorage) -> None:
    pairs = ("BTCUSDT", "ETHUSDT", "SOLUSDT")
    await decide(storage, *[record(number, symbol=pair) for number in (0, 1) for pair in pairs])
    first = await prune(storage, History.DECISIONS, limit=2)
    assert await prune(storage, History.DECISIONS, after=first.until, limit=2) == Pruned(
        rows=1, until=CLOSED_AT
    )


async def test_nothing_is_gone_before_the_commit(storage: SqlStorage) -> None:
    await decide(storage, record(0), record(1))
    async with storage() as unit:
        await unit.retention.prune(History.DECISIONS, after=None, before=LATER, limit=9)
    assert await decided_closes(storage) == [0, 1]


async def test_a_live_shadow_stays(storage: SqlStorage) -> None:
    live, ended = make_shadow(1), make_shadow(2)
    async with storage() as unit:
        await unit.shadows.add(
            [
                make_followed_shadow(SignalState.TRIGGERED, shadow=live),
                make_followed_shadow(SignalState.STOPPED, shadow=ended),
            ]
        )
        await unit.commit()
    assert (await prune(storage, History.SHADOWS)).rows == 1
    async with storage() as unit:
        assert [each.shadow.id for each in await unit.shadows.list_live()] == [1]


POST = post_key(12)


async def put(storage: SqlStorage, *messages: OutgoingMessage) -> None:
    async with storage() as unit:
        await unit.outbox.put(messages, at=CLOSED_AT)
        await unit.commit()


async def deliver(storage: SqlStorage, *keys: str) -> None:
    """Send what has these keys."""
    async with storage() as unit:
        for number, key in enumerate(keys):
            row = await found(storage, key)
            await unit.outbox.mark_sending(row.id)
            await unit.outbox.mark_sent(row.id, 100 + number)
        await unit.commit()


async def found(storage: SqlStorage, key: str) -> OutboxRow:
    async with storage() as unit:
        row = await unit.outbox.find_by_key(key)
    assert row is not None
    return row


async def kept_keys(storage: SqlStorage) -> set[str]:
    async with storage() as unit:
        rows = await unit.outbox.list_put_since(CLOSED_AT - QUARTER, prefix="")
    return {row.message.key for row in rows}


def message(key: str, **changes: str) -> OutgoingMessage:
    return OutgoingMessage(key=key, recipient=CHANNEL, text="words", **changes)  # type: ignore[arg-type] # of these fields all are texts


async def test_posts_and_cards_stay_and_what_was_said_about_them_goes(
    storage: SqlStorage,
) -> None:
    card = card_key(3)
    said = [
        message(POST),
        message(f"{POST}:tp1", replies_to=POST),
        message(f"{POST}:tp1:post", edits=POST),
        message(card),
        message(f"{card}:card:1", edits=card),
        message("report:2025-10-06"),
    ]
    await put(storage, *said)
    await deliver(storage, *[each.key for each in said])
    assert (await prune(storage, History.MESSAGES)).rows == 4
    assert await kept_keys(storage) == {POST, card}


def test_the_keys_that_stay_are_those_of_posts_and_cards() -> None:
    assert [f"{prefix}12" for prefix in KEPT_MESSAGES] == [post_key(12), card_key(12)]
    assert KEPT_MARKS.replace("%", "12") == late_key(post_key(12))


async def test_the_mark_of_a_late_post_stays_for_as_long_as_the_post(storage: SqlStorage) -> None:
    """A correction, which may come at any age, would take it off the post."""
    mark = late_key(POST)
    said = [message(POST), message(f"{POST}:tp1:post", edits=POST), message(mark, edits=POST)]
    await put(storage, *said)
    await deliver(storage, POST, mark)
    assert (await prune(storage, History.MESSAGES)).rows == 1
    assert await kept_keys(storage) == {POST, mark}


async def test_a_message_that_waits_or_is_in_doubt_stays(storage: SqlStorage) -> None:
    await put(storage, *[message(key) for key in ("waits", "goes", "doubted", "failed")])
    async with storage() as unit:
        for key in ("goes", "doubted", "failed"):
            await unit.outbox.mark_sending((await found(storage, key)).id)
        await unit.outbox.mark_unknown((await found(storage, "doubted")).id)
        await unit.outbox.mark_failed((await found(storage, "failed")).id, "thrown out")
        await unit.commit()
    assert (await prune(storage, History.MESSAGES)).rows == 1
    assert await kept_keys(storage) == {"waits", "goes", "doubted"}


async def test_an_event_of_a_breaker_that_stands_stays(storage: SqlStorage) -> None:
    events = [
        BreakerEvent(breaker=name, at=CLOSED_AT + number * QUARTER, symbol=None, text="tripped")
        for name in ("drawdown", "fees")
        for number in (0, 1)
    ]
    latch = Latch(breaker="drawdown", level=3, tripped_at=CLOSED_AT + QUARTER, text="3 % lost")
    async with storage() as unit:
        await unit.state.add_breaker_events(events)
        await unit.state.set_latch(latch)
        await unit.commit()
    assert (await prune(storage, History.BREAKER_EVENTS)).rows == 3
    async with storage() as unit:
        left = await unit.state.list_breaker_events(CLOSED_AT, LATER)
    assert left == [events[1]]


async def test_observations_transfers_sentiment_and_changes_go_by_their_age(
    storage: SqlStorage,
) -> None:
    early, late = CLOSED_AT, CLOSED_AT + timedelta(days=2)
    changes = [
        WatchChange(symbol="BTCUSDT", kind=WatchChangeKind.JOIN, at=at, score=60.0, reason="in")
        for at in (early, late)
    ]
    async with storage() as unit:
        for at in (early, late):
            rows = [(symbol, at, b"content") for symbol in ("BTCUSDT", "ETHUSDT")]
            await unit.inputs.add_observations(rows)
            await unit.transfers.add([make_transfer(f"at {at}")], known_ms=to_ms(at))
            await unit.sentiment.add(make_sentiment_snapshot(to_ms(at)))
        await unit.watchlist.replace([], changes)
        await unit.commit()
    pruned = {
        history: (await prune(storage, history)).rows
        for history in (
            History.OBSERVATIONS,
            History.TRANSFERS,
            History.SENTIMENT,
            History.WATCH_CHANGES,
        )
    }
    assert list(pruned.values()) == [2, 1, 1, 1]
    async with storage() as unit:
        assert len(await unit.inputs.list_observations(early, late + QUARTER)) == 2
        assert [at_ms for _, at_ms in await unit.transfers.list_known_since(0)] == [to_ms(late)]
        assert [each.at_ms for each in await unit.sentiment.list_since(0)] == [to_ms(late)]
        assert await unit.watchlist.list_changes(limit=9) == changes[1:]


KEPT_FOR_EVER = (
    "ledger signals past_outcomes users intents positions orders fills accounts account_keys "
    "parameter_sets live_changes readiness_verdicts decision_inputs"
)


@pytest.mark.parametrize("table", KEPT_FOR_EVER.split())
def test_what_is_kept_for_ever_can_not_even_be_named(table: str) -> None:
    assert table in metadata.tables
    with pytest.raises(ValueError, match=table):
        History(table)
