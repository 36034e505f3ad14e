"""Whale alerts: the large ones, once, and never too many."""

from dataclasses import dataclass, field, replace

import pytest

from domain.access import Role
from domain.errors import ConflictError, StorageUnavailableError
from domain.messages import CHANNEL, OutgoingMessage
from domain.timeframes import to_ms
from domain.transfers import Transfer, TransferKind
from engine.alerts import AlertParameters, Audience
from engine.ports.storage import Storage
from engine.whale_alerts import AnnounceWhales
from tests.builders.outside import MINUTE_MS, make_transfer
from tests.fakes.clock import AFTERNOON, HandClock
from tests.fakes.storage import InMemoryStorage
from tests.unit.engine.failing_storage import FailingStorage
from tests.unit.engine.kept import look_into
from tests.unit.engine.plain_presenter import PlainPresenter

MILLION = 1e6
DEPOSIT, WITHDRAWAL = TransferKind.DEPOSIT, TransferKind.WITHDRAWAL
MINT, BURN = TransferKind.MINT, TransferKind.BURN


@dataclass
class Lookout:
    """Transfers are told at once, in the afternoon."""

    parameters: AlertParameters = field(default_factory=AlertParameters)
    storage: InMemoryStorage = field(default_factory=InMemoryStorage)

    def __post_init__(self) -> None:
        self.clock = HandClock(AFTERNOON)
        self.announce = self.restarted()

    def restarted(
        self, storage: Storage | None = None, parameters: AlertParameters | None = None
    ) -> AnnounceWhales:
        """As after a restart: nothing is known but what is stored."""
        return AnnounceWhales(
            storage=storage or self.storage,
            presenter=PlainPresenter(),
            clock=self.clock,
            parameters=parameters or self.parameters,
        )

    def transfer(self, name: str, millions: float = 20.0) -> Transfer:
        """One that happens now."""
        return make_transfer(name, usd=millions * MILLION, happened_ms=to_ms(self.clock.now()))

    async def see(self, name: str, millions: float = 20.0) -> None:
        await self.announce([self.transfer(name, millions)])

    async def messages(self) -> list[OutgoingMessage]:
        return (await look_into(self.storage)).messages

    async def texts(self) -> list[str]:
        return [message.text for message in await self.messages()]

    async def stored(self) -> list[str]:
        async with self.storage() as unit:
            known = await unit.transfers.list_known_since(0)
        return [transfer.transaction for transfer, _ in known]

    async def make_admins(self, *ids: int) -> None:
        async with self.storage() as unit:
            for number in ids:
                await unit.users.grant(number, Role.ADMIN, at=AFTERNOON, how="settings")
            await unit.commit()


async def test_large_transfer_is_stored_and_told_to_the_channel_without_a_sound() -> None:
    lookout = Lookout()
    await lookout.see("tx1", 23.4)
    (message,) = await lookout.messages()
    assert message.key == f"whale:{lookout.transfer('tx1').key}"
    assert (message.recipient, message.silent) == (CHANNEL, True)
    assert message.text == "23400000 moved, 0 more: 0"
    assert await lookout.stored() == ["tx1"]


@pytest.mark.parametrize(
    ("kind", "asset", "millions", "is_told"),
    [
        (DEPOSIT, "BTC", 10.0, True),
        (DEPOSIT, "BTC", 9.99, False),
        (WITHDRAWAL, "SOL", 10.0, True),
        (WITHDRAWAL, "USDT", 10.0, True),
        (MINT, "USDT", 50.0, True),
        (MINT, "USDT", 49.9, False),
        (BURN, "USDC", 50.0, True),
        (MINT, "BTC", 500.0, False),
        (TransferKind.BETWEEN_EXCHANGES, "BTC", 500.0, False),
        (TransferKind.BETWEEN_WALLETS, "BTC", 500.0, False),
    ],
)
async def test_only_what_is_worth_it_is_told_but_all_is_stored(
    kind: TransferKind, asset: str, millions: float, is_told: bool
) -> None:
    lookout = Lookout()
    await lookout.announce([make_transfer(kind=kind, asset=asset, usd=millions * MILLION)])
    assert len(await lookout.messages()) == int(is_told)
    assert await lookout.stored() == ["tx1"]


@pytest.mark.parametrize(("minutes", "is_told"), [(30, True), (31, False), (-31, False)])
async def test_old_news_and_news_from_the_future_are_not_told(minutes: int, is_told: bool) -> None:
    lookout = Lookout()
    happened_ms = to_ms(AFTERNOON) - minutes * MINUTE_MS
    await lookout.announce([make_transfer(happened_ms=happened_ms)])
    assert len(await lookout.messages()) == int(is_told)


async def test_movement_is_told_once_whoever_repeats_it_and_across_restarts() -> None:
    lookout = Lookout()
    transfer = lookout.transfer("tx1")
    await lookout.announce([transfer])
    await lookout.announce([transfer, replace(transfer, provider="etherscan", usd=99 * MILLION)])
    lookout.clock.advance(2 * 3600)
    await lookout.restarted()([transfer])
    assert len(await lookout.messages()) == 1


async def test_largest_of_a_batch_come_first_and_the_rest_is_held_back() -> None:
    lookout = Lookout()
    await lookout.announce([lookout.transfer(f"tx{k}", millions=10.0 + k) for k in range(6)])
    assert [text.split()[0] for text in await lookout.texts()] == [
        "15000000",
        "14000000",
        "13000000",
        "12000000",
    ]


async def test_no_more_than_the_limit_within_an_hour_also_after_a_restart() -> None:
    lookout = Lookout()
    for minute in range(12):
        await lookout.restarted()([lookout.transfer(f"tx{minute}")])
        lookout.clock.advance(60)
    assert len(await lookout.messages()) == 4
    assert len(await lookout.stored()) == 12


async def test_what_was_held_back_is_summed_up_in_the_next_alert_and_only_there() -> None:
    lookout = Lookout()
    for k in range(4):
        await lookout.see(f"early{k}")
    lookout.clock.advance(30 * 60)
    for millions in (10.0, 15.0, 20.0):
        await lookout.see(f"held{millions}", millions)
    lookout.clock.advance(31 * 60)
    await lookout.see("next", 11.0)
    await lookout.see("after", 12.0)
    assert (await lookout.texts())[4:] == [
        "11000000 moved, 3 more: 45000000",
        "12000000 moved, 0 more: 0",
    ]


async def test_sum_of_what_was_held_back_stands_in_one_alert_of_a_batch() -> None:
    lookout = Lookout()
    await lookout.announce([lookout.transfer(f"tx{k}") for k in range(4)])
    lookout.clock.advance(30 * 60)
    await lookout.see("held")
    lookout.clock.advance(31 * 60)
    await lookout.announce([lookout.transfer(name, 15.0) for name in ("one", "two")])
    assert (await lookout.texts())[4:] == [
        "15000000 moved, 1 more: 20000000",
        "15000000 moved, 0 more: 0",
    ]


async def test_what_a_full_batch_held_back_is_summed_up_later() -> None:
    lookout = Lookout()
    await lookout.announce([lookout.transfer(f"tx{k}", millions=20.0 + k) for k in range(6)])
    lookout.clock.advance(59 * 60)
    await lookout.restarted()([lookout.transfer("still full", 30.0)])
    lookout.clock.advance(60)
    lookout.clock.advance(0.001)
    await lookout.see("next", 12.0)
    assert (await lookout.texts())[-1] == "12000000 moved, 1 more: 30000000"


async def test_held_back_of_more_than_an_hour_ago_is_forgotten() -> None:
    lookout = Lookout()
    await lookout.announce([lookout.transfer(f"tx{k}") for k in range(6)])
    lookout.clock.advance(2 * 3600)
    await lookout.see("next", 12.0)
    assert (await lookout.texts())[-1] == "12000000 moved, 0 more: 0"


async def test_small_and_old_transfers_are_not_counted_as_held_back() -> None:
    lookout = Lookout()
    await lookout.see("first")
    old_ms = to_ms(lookout.clock.now()) - 40 * MINUTE_MS
    await lookout.announce([make_transfer("old", happened_ms=old_ms)])
    await lookout.see("small", 1.0)
    await lookout.see("next", 12.0)
    assert (await lookout.texts())[-1] == "12000000 moved, 0 more: 0"


async def test_admins_are_told_each_and_the_limit_counts_alerts_not_messages() -> None:
    lookout = Lookout(AlertParameters(whales=Audience.ADMINS))
    await lookout.make_admins(11, 22)
    for k in range(6):
        await lookout.see(f"tx{k}")
    messages = await lookout.messages()
    assert [message.recipient for message in messages] == ["11", "22"] * 4
    assert len({message.key for message in messages}) == 8
    assert all(message.key.startswith("whale:bitcoin:tx") for message in messages)


async def test_off_stores_and_tells_nobody() -> None:
    lookout = Lookout(AlertParameters(whales=Audience.OFF))
    await lookout.see("tx1", 99.0)
    assert (await lookout.messages(), await lookout.stored()) == ([], ["tx1"])


async def test_without_an_admin_nobody_is_told() -> None:
    lookout = Lookout(AlertParameters(whales=Audience.ADMINS))
    await lookout.see("tx1")
    assert (await lookout.messages(), await lookout.stored()) == ([], ["tx1"])


async def test_another_limit_holds() -> None:
    lookout = Lookout(AlertParameters(whales_per_hour=1))
    await lookout.see("tx1")
    await lookout.see("tx2", 31.0)
    lookout.clock.advance(3599)
    await lookout.see("tx3", 32.0)
    assert len(await lookout.messages()) == 1


async def test_failure_at_any_step_keeps_neither_the_transfer_nor_its_alert() -> None:
    counting = FailingStorage(InMemoryStorage())
    lookout = Lookout()
    await lookout.restarted(counting.storage)([lookout.transfer("tx1")])
    assert {"transfers.add", "outbox.put", "commit"} < set(counting.steps)
    for number, step in enumerate(counting.steps):
        lookout = Lookout()
        failing = FailingStorage(lookout.storage, number)
        with pytest.raises(StorageUnavailableError):
            await lookout.restarted(failing.storage)([lookout.transfer("tx1")])
        assert (await lookout.stored(), await lookout.messages()) == ([], []), step
        await lookout.see("tx1")
        assert len(await lookout.messages()) == 1


async def test_lost_race_is_run_again() -> None:
    lookout = Lookout()
    failing = FailingStorage(lookout.storage, 0, ConflictError("somebody was quicker"))
    await lookout.restarted(failing.storage)([lookout.transfer("tx1")])
    assert failing.has_failed
    assert len(await lookout.messages()) == 1
