"""Whether the channel shows what the database says was sent: nothing lost, nothing doubled."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from domain.messages import CHANNEL
from engine.issue import post_key
from engine.ledger import verify_chain
from engine.ports.storage import OutboxRow, OutboxState
from tests.e2e.line import has_ended, number_of
from tests.e2e.record import Record
from tests.telegram_server import Message

_WAITING = (OutboxState.PENDING, OutboxState.SENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFindings:
    """Counts, and lists of the signals and rows that are not as they should be.

    `in_doubt_there` are posts that arrived although their answer was lost: they stand in the
    channel once, and the bot does not know their number. `unended` are posts of ended signals that
    do not show the end although their number is known.
    """

    ledger_entries: int
    chain_broken_at: int | None
    signals: int
    ended: int
    posts: int
    lost: tuple[int, ...]
    doubled: tuple[int, ...]
    unknown_to_record: tuple[int, ...]
    repeated_texts: int
    unended: tuple[int, ...]
    messages_sent: int
    replies_sent: int
    edits_made: int
    edits_overtaken: int
    not_in_channel: tuple[str, ...]
    strangers_in_channel: int
    in_doubt_there: int
    pending: tuple[str, ...]
    unknown: int
    failed: int
    failed_edits: int

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost or doubled and the record holds."""
        wrong = (self.lost, self.doubled, self.unknown_to_record, self.unended, self.not_in_channel)
        uncounted = self.strangers_in_channel - self.in_doubt_there
        return self.chain_broken_at is None and not any(wrong) and not uncounted


def compare_messages(
    record: Record, rows: Sequence[OutboxRow], channel: Sequence[Message]
) -> MessageFindings:
    """Hold the record and the outbox against the bot's standing posts of the channel."""
    posts = [post for post in channel if is_signal(post)]
    numbers = Counter(number_of(post) for post in posts)
    sends = [row for row in rows if row.message.recipient == CHANNEL]
    sent = [row for row in sends if row.message.edits is None and row.state is OutboxState.SENT]
    ids, shown = {row.message_id for row in sent}, {post.id for post in channel}
    states = Counter(row.state for row in rows)
    return MessageFindings(
        ledger_entries=len(record.entries),
        chain_broken_at=verify_chain(record.entries),
        signals=len(record.published),
        ended=len(record.ended),
        posts=len(posts),
        lost=tuple(sorted(set(record.published) - set(numbers))),
        doubled=tuple(sorted(number for number, count in numbers.items() if count > 1)),
        unknown_to_record=tuple(sorted(set(numbers) - set(record.published))),
        repeated_texts=_repeated(channel),
        unended=_unended(record, sends, posts),
        messages_sent=len(sent),
        replies_sent=sum(row.message.replies_to is not None for row in sent),
        edits_made=_edits(sends, OutboxState.SENT),
        edits_overtaken=_edits(sends, OutboxState.SUPERSEDED),
        not_in_channel=tuple(row.message.key for row in sent if row.message_id not in shown),
        strangers_in_channel=len(shown - ids),
        in_doubt_there=_there(sends),
        pending=tuple(row.message.key for row in rows if row.state in _WAITING),
        unknown=states[OutboxState.UNKNOWN],
        failed=states[OutboxState.FAILED],
        failed_edits=_edits(rows, OutboxState.FAILED),
    )


def is_signal(post: Message) -> bool:
    """Whether it is the post of a signal: it shows a number, and replies to nothing."""
    try:
        number_of(post)
    except AssertionError:
        return False
    return post.reply_to is None


def _repeated(channel: Sequence[Message]) -> int:
    counts = Counter((post.history[0], post.reply_to and post.reply_to.id) for post in channel)
    return sum(count - 1 for count in counts.values())


def _unended(
    record: Record, sends: Sequence[OutboxRow], posts: Sequence[Message]
) -> tuple[int, ...]:
    known = {row.message.key for row in sends if row.state is OutboxState.SENT}
    ended = set(record.ended)
    numbers = (number_of(post) for post in posts if not has_ended(post))
    return tuple(sorted(one for one in numbers if one in ended and post_key(one) in known))


def _edits(rows: Sequence[OutboxRow], state: OutboxState) -> int:
    return sum(row.message.edits is not None and row.state is state for row in rows)


def _there(sends: Sequence[OutboxRow]) -> int:
    """New messages of the channel that the operator said are there: their rows count as failed."""
    return sum(row.message.edits is None and row.state is OutboxState.FAILED for row in sends)
