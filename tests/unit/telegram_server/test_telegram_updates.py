"""The update queue: order, confirmation, repetition, kinds."""

import pytest

from tests.telegram_server import SimulatedUser, TelegramServer
from tests.telegram_server.direct import Ask, Refused
from tests.telegram_server.updates import FIRST_UPDATE_ID, UpdateQueue


@pytest.fixture
def queue() -> UpdateQueue:
    queue = UpdateQueue()
    for number in range(3):
        queue.publish("message", {"number": number})
    return queue


def taken(queue: UpdateQueue, limit: int = 100) -> list[int]:
    """Return which updates a poll would get, counted from the first."""
    return [update.id - FIRST_UPDATE_ID for update in queue.take(limit)]


def test_updates_stay_until_they_are_confirmed(queue: UpdateQueue) -> None:
    assert taken(queue) == taken(queue) == [0, 1, 2]

    queue.confirm(FIRST_UPDATE_ID + 2)

    assert taken(queue) == [2]


def test_poll_takes_no_more_than_its_limit(queue: UpdateQueue) -> None:
    assert taken(queue, limit=2) == [0, 1]


def test_negative_offset_keeps_the_last_only(queue: UpdateQueue) -> None:
    queue.confirm(-1)

    assert taken(queue) == [2]


def test_confirmed_update_can_come_once_more(queue: UpdateQueue) -> None:
    queue.confirm(FIRST_UPDATE_ID + 3)

    queue.redeliver(FIRST_UPDATE_ID + 1)

    assert queue.pending_count == 1
    assert taken(queue) == [1]
    assert taken(queue) == []


def test_kinds_are_filtered_when_they_happen(queue: UpdateQueue) -> None:
    assert queue.publish("chat_member", {}) is None
    queue.allow(["callback_query"])
    assert queue.publish("message", {}) is None
    assert queue.publish("callback_query", {}) is not None
    queue.allow([])
    assert queue.publish("message", {}) is not None

    assert taken(queue) == [0, 1, 2, 3, 4]


def test_everything_pending_can_be_dropped(queue: UpdateQueue) -> None:
    queue.redeliver(FIRST_UPDATE_ID)

    queue.drop_pending()

    assert queue.pending_count == 0


async def test_kinds_last_until_they_are_named_again(
    ask: Ask, server: TelegramServer, ann: SimulatedUser
) -> None:
    await ask("getUpdates", offset=-1, allowed_updates=["callback_query"])
    await ann.send("unheard")
    await ask("getUpdates")
    await ann.send("unheard too")

    (update,) = await ask("getUpdates", allowed_updates=["message"])

    assert update["message"]["text"] == "/start"


async def test_webhook_needs_https_and_kinds_a_list(refused: Refused) -> None:
    webhook = await refused("setWebhook", url="http://q.example")
    kinds = await refused("getUpdates", allowed_updates="message")

    assert webhook == "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
    assert kinds == "Bad Request: can't parse allowed updates JSON object"
