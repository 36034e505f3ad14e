"""Signals of real runs made again from what was kept of them, and from inputs somebody changed."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from app.recorded_observations import observation_of, read_observations
from app.version import VERSION
from bot.presenters.html_presenter import HtmlPresenter
from db.engine import create_database_engine
from db.input_codec import InputEncoder, decode_inputs
from db.tables import decision_inputs
from domain.candles import CLOSE, HIGH, CandleSeries
from domain.evidence import LayerName
from domain.timeframes import Timeframe
from engine.inputs import Difference, Part, ReplayedSignal, ReplaySignal, SignalInputs
from engine.issue import post_key
from engine.ports.storage import Storage
from tests.e2e.bot_process import started, variables_for
from tests.e2e.line import EAGER, Line, number_of, open_line
from tests.servers.databases import MigratedDatabases
from tests.telegram_server import CHANNEL_ID, Message

pytestmark = pytest.mark.timeout(240)

FIVE = {
    **EAGER,
    "confluence": {**EAGER["confluence"], "layers": tuple(LayerName)},
    "feeds": {"shortest_wall_seconds": 0.5},
    "inputs": {"keep_observations": True},
}
"""Providers outside are asked as well, and memory; what they told is kept for backtests."""

POSTS = 3
LATE = "🕓 <b>LATE</b>"
MOST_BYTES = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A line whose bot has published and stopped."""

    line: Line
    url: str
    posts: list[Message]

    @property
    def storage(self) -> Storage:
        return self.line.storage

    async def assert_replayed(self) -> None:
        """Every post is made again as it was sent, from little room."""
        for post in self.posts:
            found = await replay(self.storage, number_of(post))
            assert found.replayed.is_identical, found.replayed
            assert [each.part for each in found.replayed.parts] == list(Part)
            assert found.kept.inputs.version == VERSION
            assert 0 < found.bytes_kept < MOST_BYTES
            self.assert_sent(await self.stored_text(post))

    async def stored_text(self, post: Message) -> str:
        async with self.storage() as unit:
            row = await unit.outbox.find_by_key(post_key(number_of(post)))
        assert row is not None
        return row.message.text

    def assert_sent(self, stored: str) -> None:
        """Telegram was given what is stored, unless its entry window was over by then."""
        sent = self.line.telegram.journal.of("sendMessage", chat_id=CHANNEL_ID)
        hash_line = stored.splitlines()[-1]
        (text,) = (text for entry in sent if (text := entry.call.text("text")).endswith(hash_line))
        assert text == stored or LATE in text

    async def tamper(self, change: Callable[[SignalInputs], SignalInputs]) -> ReplayedSignal:
        """Replay the first signal from inputs that were changed, and mend them again."""
        number = number_of(self.posts[0])
        async with self.storage() as unit:
            content = await unit.inputs.find_for_signal(number)
        assert content is not None
        changed = change(decode_inputs(content).inputs)
        await self._overwrite(number, InputEncoder()(changed))
        try:
            return await replay(self.storage, number)
        finally:
            await self._overwrite(number, content)

    async def _overwrite(self, number: int, content: bytes) -> None:
        engine = create_database_engine(self.url)
        async with engine.begin() as connection:
            table = decision_inputs
            row = table.update().where(table.c.signal_id == number).values(content=content)
            await connection.execute(row)
        await engine.dispose()


async def replay(storage: Storage, signal_id: int) -> ReplayedSignal:
    use_case = ReplaySignal(storage=storage, decode=decode_inputs, presenter=HtmlPresenter())
    return await use_case(signal_id)


@pytest.fixture(scope="module")
async def published(databases: MigratedDatabases) -> AsyncIterator[Published]:
    url = await databases.blank("sqlite")
    async with open_line(url) as line:
        async with line.bot():
            posts = await line.wait_for_posts(POSTS)
        yield Published(line=line, url=url, posts=posts)


async def test_signals_of_a_run_are_made_again_as_telegram_got_them(published: Published) -> None:
    await published.assert_replayed()


async def test_signals_of_five_layers_are_made_again_out_of_postgresql(
    databases: MigratedDatabases,
) -> None:
    url = await databases.blank("postgresql")
    async with open_line(url, strategy=FIVE) as line:
        async with line.bot():
            posts = await line.wait_for_posts(POSTS)
        published = Published(line=line, url=url, posts=posts)
        await published.assert_replayed()
        snapshots = [
            (await replay(line.storage, number_of(post))).kept.inputs.snapshot for post in posts
        ]
        recorded = await read_observations(line.storage, None, None)
    whole = snapshots[-1]
    assert None not in (whole.order_flow, whole.onchain, whole.sentiment, whole.memory)
    for snapshot in snapshots:
        symbol = snapshot.instrument.symbol
        assert recorded.observation(symbol, snapshot.as_of) == observation_of(snapshot)


async def test_another_candle_shows_in_the_decision_and_in_all_that_follows(
    published: Published,
) -> None:
    def with_higher_close(inputs: SignalInputs) -> SignalInputs:
        candles = dict(inputs.snapshot.candles)
        candles[Timeframe.M15] = raised(candles[Timeframe.M15])
        return replace(inputs, snapshot=replace(inputs.snapshot, candles=candles))

    found = await published.tamper(with_higher_close)
    assert "close" in names(found, Part.DECISION)
    assert {"entry", "stop"} <= names(found, Part.PLAN)
    assert {"content.plan.entry", "hash"} <= names(found, Part.LEDGER)
    (text,) = (each for each in differences(found, Part.MESSAGE) if each.name == "text")
    assert any(line.startswith("-") and "Entry" in line for line in text.lines)
    assert names(found, Part.TERMS) == set()


async def test_another_parameter_of_risk_leaves_the_decision_and_shows_in_the_plan(
    published: Published,
) -> None:
    def with_less_equity(inputs: SignalInputs) -> SignalInputs:
        return replace(inputs, state=replace(inputs.state, equity=inputs.state.equity / 2))

    found = await published.tamper(with_less_equity)
    assert names(found, Part.DECISION) == names(found, Part.TERMS) == set()
    assert "quantity" in names(found, Part.PLAN)
    assert "entry" not in names(found, Part.PLAN)


async def test_another_window_shows_in_the_terms(published: Published) -> None:
    def with_longer_window(inputs: SignalInputs) -> SignalInputs:
        issuing = replace(inputs.rules.issuing, entry_window_seconds=1800.0)
        return replace(inputs, rules=replace(inputs.rules, issuing=issuing))

    found = await published.tamper(with_longer_window)
    assert names(found, Part.DECISION) == names(found, Part.PLAN) == set()
    assert names(found, Part.TERMS) == {"valid_until"}


async def test_stricter_threshold_shows_in_the_decision_as_the_reason_to_discard(
    published: Published,
) -> None:
    def with_higher_threshold(inputs: SignalInputs) -> SignalInputs:
        decision = inputs.rules.decision
        confluence = replace(decision.confluence, medium_threshold=89.5)
        stricter = replace(decision, confluence=confluence)
        return replace(inputs, rules=replace(inputs.rules, decision=stricter))

    found = await published.tamper(with_higher_threshold)
    assert {"threshold", "tier", "discards[0]"} <= names(found, Part.DECISION)


async def test_command_says_identical_and_says_so_to_programs(
    published: Published, tmp_path: Path
) -> None:
    number = str(number_of(published.posts[0]))
    code, told, _ = await run(published, tmp_path / "words", number)
    assert code == 0, told
    for part in Part:
        assert f"{part}: identical" in told
    assert "as the settings here" in told
    code, told, _ = await run(published, tmp_path / "json", number, "--json")
    answer = json.loads(told)
    assert (code, answer["identical"], answer["signal"]) == (0, True, int(number))
    assert answer["version"] == {"then": VERSION, "here": VERSION}


async def test_command_on_a_signal_that_is_not_there_says_so(
    published: Published, tmp_path: Path
) -> None:
    code, told, logged = await run(published, tmp_path / "absent", "99999")
    assert (code, told) == (2, "")
    assert "there is no signal #99999" in logged


async def run(published: Published, folder: Path, *arguments: str) -> tuple[int, str, str]:
    folder.parent.mkdir(exist_ok=True)
    variables: Mapping[str, str] = {
        **variables_for(published.line, folder.parent),
        "DATABASE_URL": published.url,
    }
    async with started(folder, ["replay", *arguments], variables) as process:
        code = await process.wait()
        return code, process.printed, process.logged


def raised(series: CandleSeries) -> CandleSeries:
    """The last close and high a ten-thousandth higher: another price, seldom another verdict."""
    columns = np.array(series.columns)
    columns[[HIGH, CLOSE], -1] *= 1.0001
    view = memoryview(columns.tobytes()).cast("d", columns.shape)
    return CandleSeries(series.timeframe, series.first_index, view)


def names(found: ReplayedSignal, part: Part) -> set[str]:
    return {each.name for each in differences(found, part)}


def differences(found: ReplayedSignal, part: Part) -> tuple[Difference, ...]:
    return next(each.differences for each in found.replayed.parts if each.part is part)
