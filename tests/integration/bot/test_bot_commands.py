"""Commands over real sockets: who may ask what, where, and what comes back."""

from dataclasses import replace

import pytest

from bot.presenters.conversation import (
    ADMIN_ONLY,
    FAILED,
    NOT_FOUND,
    PAIRED,
    PRIVATE_ONLY,
    REPORT_USAGE,
    SIGNAL_USAGE,
    STATS_USAGE,
    TOO_FAST,
    TRY_LATER,
    UNKNOWN_INPUT,
    WHY_USAGE,
    WRONG_CODE,
    period_usage,
)
from domain.breakers import Latch
from domain.decisions import Discard
from domain.errors import TemporaryVenueError
from engine.ports.storage import DecisionRecord
from tests.builders.reports import no_statistics
from tests.builders.signals import CLOSED_AT, make_decision, make_followed
from tests.integration.bot.telegram_room import ADMIN, CODE, STRANGER, Room
from tests.telegram_server import Message, SimulatedUser


async def ask(room: Room, user: SimulatedUser, text: str) -> str:
    """The bot's answer to a message in private."""
    before = len(user.chat.posts)
    await user.send(text)
    answer: Message = await user.chat.wait(lambda posts: posts[before] if posts[before:] else None)
    return answer.text


async def test_start_greets_and_offers_operator_commands_to_operators_only(room: Room) -> None:
    ann, bob = room.server.user(ADMIN, "Ann"), room.server.user(STRANGER, "Bob")
    async with room.answering():
        assert "/pause" in await ask(room, ann, "/start")
        assert "/pause" not in await ask(room, bob, "/start")


async def test_everybody_may_read_what_is_public(room: Room) -> None:
    bob = room.server.user(STRANGER, "Bob")
    await room.publish(make_followed())
    discarded = make_decision(None, symbol="SOLUSDT", score=50, discards=(Discard.NO_DIRECTION,))
    async with room.storage() as unit:
        await unit.decisions.add([DecisionRecord(decision=discarded)])
        await unit.commit()
    async with room.answering():
        assert "Quorum" in await ask(room, bob, "/start")
        assert "1 live" in await ask(room, bob, "/open")
        assert "Entry  64210.5" in await ask(room, bob, "/signal #12")
        assert "Why 🟢 LONG BTC/USDT #12" in await ask(room, bob, "/why 12")
        assert "no quorum" in await ask(room, bob, "/why sol")


async def test_everybody_may_read_the_record_and_how_to_check_it(room: Room) -> None:
    bob = room.server.user(STRANGER, "Bob")
    async with room.answering():
        await ask(room, bob, "/start")
        assert "By pair · last 7 days" in await ask(room, bob, "/stats pair week")
        assert "Daily report" in await ask(room, bob, "/report")
        assert "Check the record yourself" in await ask(room, bob, "/verify")


@pytest.mark.parametrize(
    ("command", "words", "caption"),
    [
        ("/stats 7", "Track record · last 7 days", "How trades ended · last 7 days"),
        ("/pnl", "Results · last 7 days", "Results of all trades, summed up · last 7 days"),
        ("/winrate all", "Win rate · since the first", "Score and what came of it · since the"),
        ("/drawdown month", "Drawdown · last 30 days", "Results of all trades, summed up · last"),
    ],
)
async def test_words_come_first_and_then_the_picture(
    room: Room, command: str, words: str, caption: str
) -> None:
    bob = room.server.user(STRANGER, "Bob")
    async with room.answering():
        await ask(room, bob, "/start")
        await bob.send(command)
        picture = await bob.chat.wait(lambda posts: next((p for p in posts if p.photo), None))
    first = bob.chat.posts[1]
    assert words in first.text
    assert first.photo is None
    assert picture.photo is not None
    assert (picture.photo.width, picture.photo.height) == (1000, 600)
    assert picture.text.startswith(caption)


async def test_empty_record_gives_words_and_no_picture(room: Room) -> None:
    bob = room.server.user(STRANGER, "Bob")
    room.statistics = no_statistics()
    async with room.answering():
        await ask(room, bob, "/start")
        for command in ("/stats", "/pnl", "/winrate", "/drawdown"):
            assert "No trade has ended" in await ask(room, bob, command)
    assert all(post.photo is None for post in bob.chat.posts)


async def test_operator_asks_what_is_at_risk_and_what_stands_in_the_way(room: Room) -> None:
    ann = room.server.user(ADMIN, "Ann")
    await ann.send("/start")
    async with room.answering():
        assert "#12 🟢 LONG BTC/USDT" in await ask(room, ann, "/heat")
        assert "None is in force" in await ask(room, ann, "/breakers")
        assert await ask(room, ann, "/breakers often") == period_usage("breakers")
    assert {"heat", "breakers", "pnl", "verify"} <= set(room.server.commands_of(ann))
    assert "heat" not in room.server.commands_of(room.server.user(STRANGER, "Bob"))


async def test_resume_tells_what_forbids_signals_all_the_same(room: Room) -> None:
    ann = room.server.user(ADMIN, "Ann")
    latch = Latch(
        breaker="daily_drawdown", level=2, tripped_at=CLOSED_AT, text="The day's loss is 3.2 %"
    )
    async with room.storage() as unit:
        await unit.state.set_latch(latch)
        await unit.commit()
    async with room.answering():
        await ask(room, ann, "/start")
        answer = await ask(room, ann, "/resume")
    assert "no new signals yet" in answer
    assert "The day's loss is 3.2 %. Resume again from 2025-10-07 00:00 UTC" in answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/signal", SIGNAL_USAGE),
        ("/signal abc", SIGNAL_USAGE),
        ("/signal 99", NOT_FOUND),
        ("/why", WHY_USAGE),
        ("/why <b>", WHY_USAGE),
        ("/why 99", NOT_FOUND),
        ("/why NOPE", NOT_FOUND),
        ("/stats many", STATS_USAGE),
        ("/stats 99999", STATS_USAGE),
        ("/stats pair never", STATS_USAGE),
        ("/pnl fortnight", period_usage("pnl")),
        ("/winrate 0", period_usage("winrate")),
        ("/drawdown <b>", period_usage("drawdown")),
        ("/report year", REPORT_USAGE),
        ("hello", UNKNOWN_INPUT),
        ("/moon", UNKNOWN_INPUT),
    ],
)
async def test_what_makes_no_sense_is_answered_with_help(
    room: Room, text: str, answer: str
) -> None:
    bob = room.server.user(STRANGER, "Bob")
    async with room.answering():
        await ask(room, bob, "/start")
        assert await ask(room, bob, text) == answer


async def test_operator_pauses_and_resumes(room: Room) -> None:
    ann = room.server.user(ADMIN, "Ann")
    async with room.answering():
        await ask(room, ann, "/start")
        assert "Paused" in await ask(room, ann, "/pause news <b>at</b> 15:00")
        async with room.storage() as unit:
            pause = await unit.state.get_pause()
        assert (pause.is_paused, pause.by) == (True, str(ADMIN))
        assert pause.reason == "news <b>at</b> 15:00"
        assert "Running" in await ask(room, ann, "/resume")
        assert "Status" in await ask(room, ann, "/status")


@pytest.mark.parametrize(
    "command", ["/status", "/health", "/heat", "/breakers", "/pause now", "/resume"]
)
async def test_stranger_is_refused_politely_and_nothing_changes(room: Room, command: str) -> None:
    bob = room.server.user(STRANGER, "Bob")
    async with room.answering():
        await ask(room, bob, "/start")
        assert await ask(room, bob, command) == ADMIN_ONLY
    async with room.storage() as unit:
        assert not (await unit.state.get_pause()).is_paused


async def test_operator_asks_how_the_feeds_are_doing(room: Room) -> None:
    ann = room.server.user(ADMIN, "Ann")
    await ann.send("/start")
    async with room.answering():
        answer = await ask(room, ann, "/health")
    assert "Health" in answer
    assert "fear_greed good · last good 3 min ago" in answer
    assert "health" in room.server.commands_of(ann)


async def test_operator_commands_do_not_work_in_a_group(room: Room) -> None:
    ann = room.server.user(ADMIN, "Ann")
    group = room.server.group(-1009, "Traders", bot_is_admin=True)
    async with room.answering():
        await ann.send("/pause", chat=group)
        await room.server.wait_for_message(group, PRIVATE_ONLY)
    async with room.storage() as unit:
        assert not (await unit.state.get_pause()).is_paused


async def test_anonymous_administrator_and_channel_post_have_no_rights(room: Room) -> None:
    ann = room.server.user(ADMIN, "Ann")
    group = room.server.group(-1009, "Traders", bot_is_admin=True)
    async with room.answering():
        await ann.send("/pause", chat=room.channel)
        await ann.send_anonymously("/pause", group)
        await room.server.wait_for_message(group, ADMIN_ONLY)
    async with room.storage() as unit:
        assert not (await unit.state.get_pause()).is_paused
    assert room.channel.posts == []


async def test_forwarded_text_of_an_operator_does_not_make_its_forwarder_one(room: Room) -> None:
    ann, bob = room.server.user(ADMIN, "Ann"), room.server.user(STRANGER, "Bob")
    async with room.answering():
        await ask(room, bob, "/start")
        await bob.send("/pause", forwarded_from=ann.person)
        await room.server.wait_for_message(bob.chat, ADMIN_ONLY)


async def test_pairing_code_makes_the_first_operator_once(room_without_admin: Room) -> None:
    room = room_without_admin
    bob, eve = room.server.user(STRANGER, "Bob"), room.server.user(666, "Eve")
    async with room.answering():
        assert await ask(room, eve, "/start wrong") == WRONG_CODE
        assert await ask(room, bob, f"/start {CODE}") == PAIRED
        assert await ask(room, eve, f"/start {CODE}") == WRONG_CODE
        assert "Status" in await ask(room, bob, "/status")
        assert await ask(room, eve, "/status") == ADMIN_ONLY
    assert "pause" in room.server.commands_of(bob)
    assert "pause" not in room.server.commands_of(eve)


async def test_pairing_code_shown_in_a_group_is_not_taken(room_without_admin: Room) -> None:
    room = room_without_admin
    bob = room.server.user(STRANGER, "Bob")
    group = room.server.group(-1009, "Traders", bot_is_admin=True)
    async with room.answering():
        await bob.send(f"/start {CODE}", chat=group)
        await room.server.wait_for_message(group, "Quorum")
    assert await room.list_admins() == []


async def test_command_menus_follow_the_role_and_an_absent_operator_is_no_problem(
    room: Room,
) -> None:
    ann, bob = room.server.user(ADMIN, "Ann"), room.server.user(STRANGER, "Bob")
    await ann.send("/start")
    await room.make_admin(31337)
    async with room.answering():
        assert set(room.server.commands_of(ann)) > set(room.server.commands_of(bob))
        assert "stats" in room.server.commands_of(bob)


async def test_flood_is_slowed_down_with_one_warning(room: Room) -> None:
    bob, ann = room.server.user(STRANGER, "Bob"), room.server.user(ADMIN, "Ann")
    async with room.answering():
        await ask(room, bob, "/start")
        for _ in range(20):
            await bob.send("/help")
        await room.server.wait_for_message(bob.chat, TOO_FAST)
        assert "/pause" in await ask(room, ann, "/start")
    texts = [post.text for post in bob.chat.posts]
    assert texts.count(TOO_FAST) == 1
    assert len(texts) < 9


async def test_commands_sent_while_the_bot_was_down_are_not_answered_late(room: Room) -> None:
    ann = room.server.user(ADMIN, "Ann")
    await ann.send("/start")
    await ann.send("/pause")
    async with room.answering():
        assert "Status" in await ask(room, ann, "/status")
    assert len(ann.chat.posts) == 1


@pytest.mark.parametrize(
    ("failure", "answer"),
    [
        (TemporaryVenueError("GET /fapi/v1/klines timed out"), TRY_LATER),
        (ZeroDivisionError("secret detail"), FAILED),
    ],
)
async def test_failing_use_case_becomes_a_sentence(
    room: Room, failure: Exception, answer: str
) -> None:
    ann = room.server.user(ADMIN, "Ann")
    room.failure = failure
    async with room.answering():
        await ask(room, ann, "/start")
        assert await ask(room, ann, "/status") == answer


async def test_markup_in_names_and_reasons_is_shown_as_it_is(room: Room) -> None:
    bob = room.server.user(STRANGER, "Bob")
    followed = make_followed()
    signal = replace(followed.signal, instrument=replace(followed.signal.instrument, base="<b>&A"))
    await room.publish(replace(followed, signal=signal))
    async with room.answering():
        await ask(room, bob, "/start")
        assert "LONG <b>&A/USDT" in await ask(room, bob, "/signal 12")
