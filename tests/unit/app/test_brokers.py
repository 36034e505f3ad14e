"""Which broker an account gets, with whose key, and when it is refused one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from app.account_locks import AccountLocks
from app.brokers import Brokers, open_sealer, operator_key
from app.clock import ExchangeClock
from app.settings.sections import ExchangeSettings
from db.key_sealer import FernetKeySealer
from domain.accounts import OPERATOR, Account, ExecutionMode, paper_account
from domain.errors import AccessRefusedError, ConfigurationError
from engine.execution.parameters import StopTrigger
from engine.ports.broker import Broker
from engine.ports.execution_storage import SealedKey
from engine.ports.keys import ApiKey, KeySealer
from exchanges.ccxt_broker.broker import CcxtBroker
from exchanges.paper.broker import PaperBroker
from exchanges.paper.parameters import PaperParameters
from exchanges.paper.venue import PaperVenue
from exchanges.rejected_rows import RejectedRows
from exchanges.weight import WeightBudget
from tests.fakes.storage import InMemoryStorage

TRADER = Account(
    name="trader:7",
    mode=ExecutionMode.LIVE,
    user_id=7,
    connected_at=datetime(2026, 1, 5, tzinfo=UTC),
)
OPERATORS = Account(name=OPERATOR, mode=ExecutionMode.LIVE)
WITH_KEY = ExchangeSettings(api_key=SecretStr("opened-key"), api_secret=SecretStr("opened-secret"))


@dataclass
class Counter:
    """Brokers over a storage, and what they wanted hidden. Nothing connects to anywhere."""

    folder: Path
    settings: ExchangeSettings = WITH_KEY
    sealer: KeySealer | None = None
    storage: InMemoryStorage = field(default_factory=InMemoryStorage)
    hidden: list[str] = field(default_factory=list)

    def brokers(self) -> Brokers:
        clock = ExchangeClock()
        paper = PaperVenue(
            storage=self.storage,
            clock=clock,
            instrument=lambda _: None,
            funding=lambda _: None,
            parameters=PaperParameters(),
        )
        return Brokers(
            self.settings,
            storage=self.storage,
            clock=clock,
            budget=WeightBudget(clock),
            paper=paper,
            sealer=self.sealer,
            locks=AccountLocks(self.folder),
            rejected=RejectedRows(),
            stop_trigger=StopTrigger.MARK,
            hide=self.hidden.extend,
        )

    def locks(self) -> list[Path]:
        return list(self.folder.iterdir())

    async def connect(self, sealed: bytes) -> None:
        async with self.storage() as unit:
            await unit.accounts.connect(TRADER, SealedKey(user_id=7, sealed=sealed))
            await unit.commit()


@asynccontextmanager
async def opened(brokers: Brokers, account: Account) -> AsyncIterator[Broker]:
    broker = await brokers.open(account)
    try:
        yield broker
    finally:
        await broker.close()


def make_sealer() -> FernetKeySealer:
    return FernetKeySealer([Fernet.generate_key().decode()])


async def test_paper_takes_neither_key_nor_lock(tmp_path: Path) -> None:
    counter = Counter(tmp_path, settings=ExchangeSettings())
    broker = await counter.brokers().open(paper_account(7))
    assert isinstance(broker, PaperBroker)
    assert (counter.hidden, counter.locks()) == ([], [])


async def test_the_operators_key_comes_from_the_settings_and_is_hidden(tmp_path: Path) -> None:
    counter = Counter(tmp_path)
    async with opened(counter.brokers(), OPERATORS):
        assert counter.hidden == ["opened-key", "opened-secret"]


async def test_without_a_key_of_the_operator_there_is_no_account_of_his(tmp_path: Path) -> None:
    counter = Counter(tmp_path, settings=ExchangeSettings())
    with pytest.raises(AccessRefusedError, match="BINANCE_API_KEY and BINANCE_API_SECRET"):
        await counter.brokers().open(OPERATORS)


async def test_a_traders_key_is_opened_and_hidden(tmp_path: Path) -> None:
    sealer = make_sealer()
    counter = Counter(tmp_path, sealer=sealer)
    await counter.connect(sealer.seal("his-own-key", "his-own-secret"))
    async with opened(counter.brokers(), TRADER):
        assert counter.hidden == ["his-own-key", "his-own-secret"]


async def test_a_traders_key_that_no_master_key_opens_is_refused(tmp_path: Path) -> None:
    counter = Counter(tmp_path, sealer=make_sealer())
    await counter.connect(make_sealer().seal("his-own-key", "his-own-secret"))
    with pytest.raises(AccessRefusedError, match="trader:7: a trader's sealed exchange key"):
        await counter.brokers().open(TRADER)


async def test_a_trader_who_has_disconnected_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AccessRefusedError, match="/connect it again"):
        await Counter(tmp_path, sealer=make_sealer()).brokers().open(TRADER)


async def test_without_master_keys_no_traders_key_is_opened(tmp_path: Path) -> None:
    with pytest.raises(AccessRefusedError, match="ACCOUNT_MASTER_KEYS"):
        await Counter(tmp_path).brokers().open(TRADER)


async def test_a_second_quorum_gets_the_account_when_the_first_closes_it(tmp_path: Path) -> None:
    first, second = Counter(tmp_path).brokers(), Counter(tmp_path).brokers()
    async with opened(first, OPERATORS):
        with pytest.raises(AccessRefusedError, match="another Quorum on this machine"):
            await second.open(OPERATORS)
    async with opened(second, OPERATORS):
        pass


async def test_where_nobody_can_trade_the_account_is_left_free(tmp_path: Path) -> None:
    elsewhere = WITH_KEY.model_copy(update={"name": "kraken"})
    for _ in range(2):
        with pytest.raises(ConfigurationError):
            await Counter(tmp_path, settings=elsewhere).brokers().open(OPERATORS)


async def test_one_may_look_with_a_key_that_another_quorum_trades_with(tmp_path: Path) -> None:
    counter = Counter(tmp_path)
    async with opened(counter.brokers(), OPERATORS):
        candidate = await Counter(tmp_path).brokers().open_with(operator_key(WITH_KEY))
        await candidate.close()


async def test_two_simulated_venues_do_not_know_each_other(tmp_path: Path) -> None:
    here = WITH_KEY.model_copy(update={"rest_url": "http://127.0.0.1:1"})
    there = WITH_KEY.model_copy(update={"rest_url": "http://127.0.0.1:2"})
    async with (
        opened(Counter(tmp_path, settings=here).brokers(), OPERATORS),
        opened(Counter(tmp_path, settings=there).brokers(), OPERATORS),
    ):
        pass


def test_without_master_keys_nothing_is_sealed() -> None:
    assert open_sealer([]) is None
    assert open_sealer([SecretStr(Fernet.generate_key().decode())]) is not None


async def test_accounts_of_a_process_share_the_list_of_pairs_and_the_count_of_odd_rows(
    tmp_path: Path,
) -> None:
    brokers, key = Counter(tmp_path).brokers(), ApiKey(key="a-key", secret="a-secret")
    one, other = await brokers.open_with(key), await brokers.open_with(key)
    try:
        assert isinstance(one, CcxtBroker)
        assert isinstance(other, CcxtBroker)
        assert one._listing._pairs is other._listing._pairs
        assert one._listing._rejected is other._listing._rejected
    finally:
        await one.close()
        await other.close()
