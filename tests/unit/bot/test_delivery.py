"""The delivery worker: order, independence, failures, and what is written down of them."""

import asyncio

import pytest

from bot.delivery_parameters import DeliveryParameters
from bot.messenger import (
    MarkupRefusedError,
    NotConnectedError,
    OutcomeUnknownError,
    RetryLaterError,
    UndeliverableError,
)
from domain.errors import StorageUnavailableError
from domain.messages import Action
from engine.ports.storage import OutboxState
from tests.fakes.storage import InMemoryStorage, InMemoryUnitOfWork
from tests.unit.bot.delivery_doubles import ADMIN, Bench, edit, eventually, post, reply


@pytest.fixture
async def bench() -> Bench:
    bench = Bench()
    await bench.make_admin()
    return bench


async def test_messages_to_one_recipient_leave_in_the_order_they_were_put(bench: Bench) -> None:
    keys = [f"signal:{number}" for number in range(1, 8)]
    await bench.put(*(post(key) for key in keys))
    async with bench.running():
        await bench.until("signal:7", OutboxState.SENT)
    assert bench.messenger.handed() == keys


async def test_edit_and_reply_name_the_message_number_of_the_post(bench: Bench) -> None:
    await bench.put(post(), edit("e1"), reply("r1"))
    async with bench.running():
        await bench.until("r1", OutboxState.SENT)
    number = (await bench.row("signal:1")).message_id
    assert [(call.kind, call.reference) for call in bench.messenger.calls] == [
        ("send", None),
        ("edit", number),
        ("send", number),
    ]


async def test_message_put_while_running_leaves_at_once_when_the_worker_is_woken(
    bench: Bench,
) -> None:
    async with bench.running(), asyncio.timeout(0.5):
        await asyncio.sleep(0.01)
        await bench.put(post())
        await bench.until("signal:1", OutboxState.SENT)


async def test_delivery_is_measured_from_handing_over_to_acceptance(bench: Bench) -> None:
    await bench.put(post())
    async with bench.running():
        await bench.until("signal:1", OutboxState.SENT)
    assert [delivered.row.message.key for delivered in bench.measured] == ["signal:1"]
    assert bench.measured[0].handed_over_at <= bench.measured[0].accepted_at


async def test_pause_asked_for_by_one_chat_does_not_hold_up_another(bench: Bench) -> None:
    bench.messenger.fail("signal:1", RetryLaterError("429", 30))
    await bench.put(post(), post("alert", recipient="4711"), post("alert2", recipient="4711"))
    async with bench.running():
        await bench.until("alert2", OutboxState.SENT)
        assert await bench.state("signal:1") is OutboxState.PENDING


async def test_message_is_delivered_once_after_the_pause_that_was_asked_for(bench: Bench) -> None:
    bench.messenger.fail("signal:1", RetryLaterError("429", 0.15))
    await bench.put(post(), post("signal:2"))
    async with bench.running():
        await bench.until("signal:2", OutboxState.SENT)
    assert bench.messenger.handed() == ["signal:1", "signal:1", "signal:2"]
    first, second = bench.measured[:2]
    assert first.row.attempts == 2
    assert second.handed_over_at >= first.accepted_at


async def test_edits_that_wait_out_a_pause_collapse_to_the_newest(bench: Bench) -> None:
    bench.messenger.fail("e1", RetryLaterError("429", 0.2))
    await bench.put(post(), edit("e1"))
    async with bench.running():
        await eventually(lambda: "e1" in bench.messenger.handed())
        await bench.put(*(edit(f"e{number}", text=f"state {number}") for number in range(2, 16)))
        await bench.until("e15", OutboxState.SENT)
    assert bench.messenger.handed() == ["signal:1", "e1", "e15"]
    assert await bench.state("e1") is OutboxState.SUPERSEDED


async def test_message_without_connection_is_repeated(bench: Bench) -> None:
    bench.messenger.fail("signal:1", NotConnectedError("refused"))
    await bench.put(post())
    async with bench.running():
        await bench.until("signal:1", OutboxState.SENT)
    assert bench.messenger.handed() == ["signal:1", "signal:1"]


async def test_send_of_unknown_outcome_is_never_repeated_and_admins_are_asked(
    bench: Bench,
) -> None:
    bench.messenger.fail("signal:1", OutcomeUnknownError("timeout"))
    await bench.put(post())
    async with bench.running():
        await eventually(lambda: len(bench.messenger.calls) == 2)
        await bench.until("signal:1", OutboxState.UNKNOWN)
    row = await bench.row("signal:1")
    question = (await bench.row(f"doubt:{row.id}:1:{ADMIN}")).message
    assert question.recipient == str(ADMIN)
    assert [(b.action, b.subject) for b in question.buttons] == [
        (Action.RESEND, row.id),
        (Action.ARRIVED, row.id),
    ]
    assert bench.messenger.handed().count("signal:1") == 1


async def test_message_in_doubt_does_not_hold_up_the_next(bench: Bench) -> None:
    bench.messenger.fail("signal:1", OutcomeUnknownError("timeout"))
    await bench.put(post(), post("signal:2"), reply("r1"))
    async with bench.running():
        await bench.until("r1", OutboxState.SENT)
    assert bench.messenger.calls[-1].reference is None


async def test_question_about_a_doubt_that_is_itself_in_doubt_is_not_asked_about(
    bench: Bench,
) -> None:
    bench.messenger.fail("signal:1", OutcomeUnknownError("timeout"))
    bench.messenger.fail(f"doubt:1:1:{ADMIN}", OutcomeUnknownError("timeout"))
    await bench.put(post())
    async with bench.running():
        await bench.until(f"doubt:1:1:{ADMIN}", OutboxState.UNKNOWN)
    assert bench.messenger.handed() == ["signal:1", f"doubt:1:1:{ADMIN}"]


async def test_resent_message_that_is_in_doubt_again_is_asked_about_again(bench: Bench) -> None:
    bench.messenger.fail("signal:1", OutcomeUnknownError("timeout"), OutcomeUnknownError("again"))
    await bench.put(post())
    async with bench.running():
        await bench.until("signal:1", OutboxState.UNKNOWN)
        async with bench.storage() as unit:
            await unit.outbox.postpone(1, (await unit.outbox.get(1)).created_at)
            await unit.commit()
        bench.wake.set()
        await bench.until(f"doubt:1:2:{ADMIN}", OutboxState.SENT)


async def test_edit_of_unknown_outcome_is_repeated(bench: Bench) -> None:
    bench.messenger.fail("e1", OutcomeUnknownError("timeout"))
    await bench.put(post(), edit("e1"))
    async with bench.running():
        await bench.until("e1", OutboxState.SENT)
    assert bench.messenger.handed() == ["signal:1", "e1", "e1"]


async def test_refused_message_fails_and_the_next_one_leaves(bench: Bench) -> None:
    bench.messenger.fail("signal:1", UndeliverableError("message to edit not found"))
    await bench.put(post(), post("signal:2"))
    async with bench.running():
        await bench.until("signal:2", OutboxState.SENT)
    assert await bench.state("signal:1") is OutboxState.FAILED


async def test_channel_that_threw_the_bot_out_is_alerted_once_a_day(bench: Bench) -> None:
    for key in ("signal:1", "signal:2", "signal:3"):
        bench.messenger.fail(key, UndeliverableError("bot was kicked"))
    await bench.put(post(), post("signal:2"), post("signal:3"))
    async with bench.running():
        await bench.until("signal:3", OutboxState.FAILED)
        await bench.until(f"undelivered:2025-10-06:bot was kicked:{ADMIN}", OutboxState.SENT)
    assert len([key for key in bench.messenger.handed() if key.startswith("undelivered")]) == 1


async def test_operator_who_blocked_the_bot_causes_no_alert(bench: Bench) -> None:
    bench.messenger.fail("alert", UndeliverableError("bot was blocked by the user"))
    await bench.put(post("alert", recipient="4711"))
    async with bench.running():
        await bench.until("alert", OutboxState.FAILED)
    assert bench.messenger.handed() == ["alert"]


async def test_refused_markup_leaves_once_as_plain_text_and_admins_are_told(bench: Bench) -> None:
    bench.messenger.fail("signal:1", MarkupRefusedError("can't parse entities"))
    await bench.put(post(text="<b>1 &lt; 2</b>\nnext"))
    async with bench.running():
        await bench.until(f"markup:1:{ADMIN}", OutboxState.SENT)
    assert [call.text for call in bench.messenger.calls[:2]] == [
        "<b>1 &lt; 2</b>\nnext",
        "1 &lt; 2\nnext",
    ]
    assert await bench.state("signal:1") is OutboxState.SENT


async def test_message_whose_plain_text_is_refused_too_fails(bench: Bench) -> None:
    bench.messenger.fail("signal:1", MarkupRefusedError("no"), MarkupRefusedError("no"))
    await bench.put(post())
    async with bench.running():
        await bench.until("signal:1", OutboxState.FAILED)


async def test_stop_lets_the_message_under_way_finish_and_begins_no_other(bench: Bench) -> None:
    gate = bench.messenger.hold("signal:1")
    await bench.put(post(), post("signal:2"))
    async with bench.running() as worker:
        await eventually(lambda: bool(bench.messenger.calls))
        worker.stop()
        gate.set()
    assert await bench.state("signal:1") is OutboxState.SENT
    assert await bench.state("signal:2") is OutboxState.PENDING


async def test_limits_space_out_a_burst(bench: Bench) -> None:
    bench.parameters = DeliveryParameters(
        chat_interval=0.4, chat_burst=2, group_per_minute=1000, overall_interval=0.0
    )
    await bench.put(*(post(f"alert:{n}", recipient="4711") for n in range(4)))
    async with bench.running():
        await bench.until("alert:3", OutboxState.SENT)
    left = [delivered.handed_over_at for delivered in bench.measured]
    assert left[1] - left[0] < 0.4
    assert left[3] - left[0] >= 0.75  # two waits of 0.4, timed by another clock than the limiter's


async def test_failing_storage_ends_the_worker_only_after_what_is_under_way(bench: Bench) -> None:
    breaking = BreakingStorage(bench.storage)
    bench.storage = breaking
    gate = bench.messenger.hold("alert")
    await bench.put(post("alert", recipient="4711"))
    worker = bench.worker()
    running = asyncio.get_running_loop().create_task(worker.run())
    await eventually(lambda: bool(bench.messenger.calls))
    breaking.is_broken = True
    bench.wake.set()
    await asyncio.sleep(0.02)
    assert not running.done()
    breaking.is_broken = False
    gate.set()
    with pytest.raises(ConnectionError, match="database is gone"):
        await running
    assert await bench.state("alert") is OutboxState.SENT


async def test_storage_that_is_away_is_waited_for_however_often_it_is_asked(bench: Bench) -> None:
    away = AwayStorage(bench.storage)
    bench.storage = away
    async with bench.running():
        await eventually(lambda: away.refused > 6)
        away.is_away = False
        await bench.put(post())
        await bench.until("signal:1", OutboxState.SENT)
    assert bench.messenger.handed() == ["signal:1"]


async def test_outcome_that_storage_does_not_take_is_written_later_and_nobody_is_asked(
    bench: Bench,
) -> None:
    away = AwayStorage(bench.storage, is_away=False)
    bench.storage = away
    gate = bench.messenger.hold("signal:1")
    await bench.put(post(), post("signal:2"))
    bench.messenger.fail("signal:2", UndeliverableError("kicked"))
    async with bench.running():
        await eventually(lambda: bool(bench.messenger.calls))
        away.is_away = True
        gate.set()
        await eventually(lambda: away.refused > 3)
        away.is_away = False
        await bench.until("signal:2", OutboxState.FAILED)
    assert await bench.state("signal:1") is OutboxState.SENT
    assert (await bench.row("signal:1")).message_id == 101
    assert bench.messenger.handed()[:2] == ["signal:1", "signal:2"]
    assert not any(key.startswith("doubt") for key in bench.messenger.handed())


async def test_after_a_message_in_doubt_nothing_leaves_before_a_sign_of_life(bench: Bench) -> None:
    bench.messenger.fail("signal:1", OutcomeUnknownError("502"))
    bench.messenger.silences = [OutcomeUnknownError("502"), RetryLaterError("429", 0.01)]
    await bench.put(post(), post("signal:2"))
    async with bench.running():
        await bench.until("signal:1", OutboxState.UNKNOWN)
        await bench.until("signal:2", OutboxState.SENT)
    assert bench.messenger.silences == []
    assert bench.messenger.handed().count("signal:2") == 1


class AwayStorage(InMemoryStorage):
    """Away, until it is not."""

    def __init__(self, sound: InMemoryStorage, *, is_away: bool = True) -> None:
        self._shared = sound._shared
        self.is_away = is_away
        self.refused = 0

    def __call__(self) -> InMemoryUnitOfWork:
        if self.is_away:
            self.refused += 1
            raise StorageUnavailableError("the database is away")
        return super().__call__()


class BreakingStorage(InMemoryStorage):
    is_broken = False

    def __init__(self, sound: InMemoryStorage) -> None:
        self._shared = sound._shared

    def __call__(self) -> InMemoryUnitOfWork:
        if self.is_broken:
            raise ConnectionError("the database is gone")
        return super().__call__()
