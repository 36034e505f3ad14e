"""Signal posts that leave after their entry window: marked, true, and not to be pressed."""

from dataclasses import replace
from datetime import timedelta

from bot.late_posts import LatePosts
from bot.messenger import NotConnectedError, OutcomeUnknownError
from bot.presenters.signal_post import render_signal_post
from domain.messages import Action, OutgoingMessage
from domain.signals import FollowedSignal, SignalState
from engine.issue import post_key, signal_buttons
from engine.ports.storage import OutboxState
from tests.builders.signals import make_followed
from tests.unit.bot.delivery_doubles import ADMIN, Bench, edit, eventually, post, reply

MARK = "🕓 <b>LATE</b> · reached Telegram at"
_NUMBER = 12


async def late_bench(state: SignalState = SignalState.PUBLISHED) -> tuple[Bench, FollowedSignal]:
    """A bench whose clock stands three hours behind a signal's entry window."""
    bench, followed = Bench(), make_followed(state)
    bench.clock.at = followed.signal.valid_until + timedelta(hours=3)
    await store(bench, followed)
    return bench, followed


async def store(bench: Bench, followed: FollowedSignal) -> None:
    async with bench.storage() as unit:
        await unit.signals.add(followed)
        await unit.commit()


def fresh_post(followed: FollowedSignal) -> OutgoingMessage:
    published = replace(followed, course=make_followed(signal=followed.signal).course)
    return replace(
        post(post_key(_NUMBER)),
        text=render_signal_post(published),
        buttons=signal_buttons(_NUMBER, is_executable=True),
    )


async def test_late_post_says_so_and_shows_how_the_signal_stands() -> None:
    bench, followed = await late_bench(SignalState.STOPPED)
    await bench.put(fresh_post(followed))
    async with bench.running():
        await bench.until(post_key(_NUMBER), OutboxState.SENT)
    [call] = bench.messenger.calls
    lines, usual = call.text.split("\n"), render_signal_post(followed).split("\n")
    assert lines[2].startswith(MARK)
    assert lines[2].endswith("do not enter")
    assert lines[:2] + lines[3:] == usual
    assert followed.ledger_hash[:8] in lines[-1]


async def test_late_post_has_no_button_to_execute_it() -> None:
    bench, followed = await late_bench()
    await bench.put(fresh_post(followed))
    async with bench.running():
        await bench.until(post_key(_NUMBER), OutboxState.SENT)
    actions = {button.action for button in bench.messenger.buttons[-1]}
    assert actions == {Action.WHY, Action.CHART}


async def test_post_within_its_entry_window_leaves_as_it_was_put() -> None:
    bench, followed = await late_bench()
    bench.clock.at = followed.signal.valid_until - timedelta(seconds=1)
    await bench.put(fresh_post(followed))
    async with bench.running():
        await bench.until(post_key(_NUMBER), OutboxState.SENT)
    assert bench.messenger.calls[0].text == fresh_post(followed).text
    assert bench.messenger.buttons[-1] == fresh_post(followed).buttons


async def test_older_edits_of_a_late_post_are_not_sent_for_they_would_undo_it() -> None:
    bench, followed = await late_bench(SignalState.STOPPED)
    key = post_key(_NUMBER)
    await bench.put(fresh_post(followed), edit("opened", of=key), reply("told", to=key))
    async with bench.running():
        await bench.until("told", OutboxState.SENT)
    assert bench.messenger.handed() == [key, "told"]
    assert await bench.state("opened") is OutboxState.SUPERSEDED
    assert await bench.state(f"{key}:late") is OutboxState.SENT


async def test_later_edits_keep_the_mark_with_the_time_at_which_the_post_arrived() -> None:
    bench, followed = await late_bench()
    key = post_key(_NUMBER)
    await bench.put(fresh_post(followed))
    async with bench.running():
        await bench.until(key, OutboxState.SENT)
        bench.clock.at += timedelta(hours=1)
        await bench.put(replace(edit("e1", of=key), text="headline\nstatus\nrest"))
        await bench.until("e1", OutboxState.SENT)
    told, edited = (call.text.split("\n") for call in bench.messenger.calls)
    assert edited == ["headline", "status", told[2], "rest"]


async def test_late_post_that_left_at_a_second_attempt_tells_the_time_of_that_one() -> None:
    bench, followed = await late_bench()
    key = post_key(_NUMBER)
    bench.messenger.fail(key, NotConnectedError("away"))
    held = bench.messenger.hold(key)
    await bench.put(fresh_post(followed))
    async with bench.running():
        await eventually(lambda: bench.messenger.handed() == [key])
        bench.clock.at += timedelta(hours=2)
        held.set()
        await bench.until(f"{key}:late", OutboxState.SENT)
        bench.clock.at += timedelta(hours=1)
        await bench.put(replace(edit("e1", of=key), text="headline\nstatus\nrest"))
        await bench.until("e1", OutboxState.SENT)
    assert bench.messenger.handed() == [key, key, "e1"]
    marks = [_mark_in(call.text) for call in bench.messenger.calls]
    arrived = followed.signal.valid_until + timedelta(hours=5)
    assert f"at {arrived:%Y-%m-%d %H:%M} UTC" in marks[1]
    assert marks[2] == marks[1] != marks[0]


async def test_late_post_is_counted_when_it_is_sent_however_many_attempts_that_took() -> None:
    bench, followed = await late_bench()
    await bench.put(fresh_post(followed), edit("e1", of=post_key(_NUMBER)))
    late_posts, row = LatePosts(bench.clock), await bench.row(post_key(_NUMBER))
    async with bench.storage() as unit:
        await late_posts.word(unit, row)
        said = await late_posts.word(unit, row)
        edited = await late_posts.word(unit, await bench.row("e1"))
    assert late_posts.count == 0
    for message in (said, edited, fresh_post(followed)):
        late_posts.note_sent(replace(row, message=message))
    assert late_posts.count == 1


async def test_edit_put_between_two_attempts_at_a_late_post_is_not_sent_either() -> None:
    """The post says by then what the edit would."""
    bench, followed = await late_bench(SignalState.STOPPED)
    key = post_key(_NUMBER)
    bench.messenger.fail(key, NotConnectedError("away"))
    held = bench.messenger.hold(key)
    await bench.put(fresh_post(followed))
    async with bench.running():
        await eventually(lambda: bench.messenger.handed() == [key])
        await bench.put(edit("stopped", of=key))
        held.set()
        await bench.until(key, OutboxState.SENT)
    assert bench.messenger.handed() == [key, key]
    assert await bench.state("stopped") is OutboxState.SUPERSEDED


async def test_edit_that_leaves_after_the_window_has_no_button_to_execute() -> None:
    bench, followed = await late_bench()
    key = post_key(_NUMBER)
    bench.clock.at = followed.signal.valid_until - timedelta(seconds=1)
    await bench.put(fresh_post(followed))
    async with bench.running():
        await bench.until(key, OutboxState.SENT)
        bench.clock.at += timedelta(minutes=1)
        buttons = signal_buttons(_NUMBER, is_executable=True)
        await bench.put(replace(edit("e1", of=key), buttons=buttons))
        await bench.until("e1", OutboxState.SENT)
    assert Action.EXECUTE not in {button.action for button in bench.messenger.buttons[-1]}
    assert bench.messenger.calls[-1].text == "edited"


async def test_late_post_in_doubt_that_is_sent_again_says_how_things_stand_then() -> None:
    bench, followed = await late_bench()
    await bench.make_admin()
    key = post_key(_NUMBER)
    bench.messenger.fail(key, OutcomeUnknownError("502"))
    await bench.put(fresh_post(followed))
    async with bench.running():
        await bench.until(key, OutboxState.UNKNOWN)
        async with bench.storage() as unit:
            row = await unit.outbox.find_by_key(key)
            assert row is not None
            await unit.outbox.postpone(row.id, bench.clock.at)
            await unit.commit()
        bench.wake.set()
        await bench.until(key, OutboxState.SENT)
    sent = [call.text for call in bench.messenger.calls if call.key == key]
    assert len(sent) == 2
    assert all(text.count(MARK) == 1 for text in sent)


def _mark_in(text: str) -> str:
    [mark] = [line for line in text.split("\n") if line.startswith(MARK)]
    return mark


async def test_who_is_asked_about_a_late_post_after_a_kill_is_shown_what_had_left() -> None:
    """By the words of before, he would not find it in the channel and have it sent again."""
    bench, followed = await late_bench(SignalState.STOPPED)
    await bench.make_admin()
    key = post_key(_NUMBER)
    await bench.put(fresh_post(followed))
    row = await bench.row(key)
    async with bench.storage() as unit:
        await LatePosts(bench.clock).word(unit, row)
        await unit.outbox.mark_sending(row.id)
        await unit.commit()
    async with bench.running():
        await bench.until(key, OutboxState.UNKNOWN)
        await bench.until(f"doubt:{row.id}:1:{ADMIN}", OutboxState.SENT)
    question = (await bench.row(f"doubt:{row.id}:1:{ADMIN}")).message
    assert "LATE · reached Telegram at" in question.text
