"""The limit of whale alerts, on every storage: not each one makes writers queue."""

import asyncio

from engine.alerts import AlertParameters
from engine.ports.storage import Storage
from engine.whale_alerts import AnnounceWhales
from tests.builders.outside import make_transfer
from tests.fakes.clock import AFTERNOON, HandClock
from tests.unit.engine.plain_presenter import PlainPresenter


async def test_providers_that_answer_at_once_do_not_exceed_the_limit(storage: Storage) -> None:
    announce = AnnounceWhales(
        storage=storage,
        presenter=PlainPresenter(),
        clock=HandClock(),
        parameters=AlertParameters(whales_per_hour=2),
    )
    await asyncio.gather(*(announce([make_transfer(f"tx{k}")]) for k in range(12)))
    async with storage() as unit:
        assert len(await unit.outbox.list_put_since(AFTERNOON, prefix="whale:")) == 2
        assert len(await unit.transfers.list_known_since(0)) == 12
