"""A trader's own account: connected, limited, erased, its key sealed anew."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest

from domain.accounts import Account, ExecutionMode, KeyPermissions, PositionMode
from domain.directions import Direction
from domain.errors import (
    AccessRefusedError,
    ConfigurationError,
    ConflictError,
    InvalidDataError,
    NotFoundError,
    QuorumError,
    TemporaryVenueError,
    VenueRefusedError,
)
from domain.intents import IntentState
from domain.orders import VenuePosition
from domain.plans import Denied
from engine.execution.accounts.connecting import (
    ConnectAccount,
    DisconnectAccount,
    RotateKeys,
    SetLimits,
)
from engine.execution.requests import Connected
from engine.ports.broker import Broker
from engine.ports.execution_storage import SealedKey
from engine.ports.keys import ApiKey, KeySealer
from tests.fakes.broker import hand_stop
from tests.unit.engine.kept import look_into
from tests.unit.execution.offers.filling import find, open_trade, rest_stop
from tests.unit.execution.offers.trading_floor import (
    ADMIN,
    ANN,
    BEN,
    STRANGER,
    Floor,
    rules_of,
    words_of,
)

KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI"


class CountingSealer(KeySealer):
    """No secret is safe with it: it shows which generation of master key sealed what."""

    def __init__(self) -> None:
        self.generation = 1
        self.is_lost = False

    def seal(self, api_key: str, api_secret: str) -> bytes:
        return f"{self.generation}|{api_key}|{api_secret}".encode()

    def open(self, sealed: bytes) -> ApiKey:
        if self.is_lost:
            raise ConfigurationError("no master key opens this")
        _, key, secret = sealed.decode().split("|")
        return ApiKey(key=key, secret=secret)

    def rotate(self, sealed: bytes) -> bytes:
        if not sealed.startswith(b"1|"):
            raise ConfigurationError("no master key opens this")
        opened = self.open(sealed)
        return self.seal(opened.key, opened.secret)


@dataclass
class Office:
    floor: Floor
    sealer: CountingSealer = field(default_factory=CountingSealer)
    tried: list[ApiKey] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    is_withdrawal_told: bool = True

    async def _admit(self, account: Account) -> None:
        self.changed.append(account.name)

    async def _dismiss(self, account: str) -> None:
        self.changed.append(account)

    async def _open(self, key: ApiKey) -> Broker:
        self.tried.append(key)
        return self.floor.broker

    async def connect(
        self, user_id: int = ANN, key: str = KEY, secret: str = SECRET
    ) -> Connected | Denied:
        connect = ConnectAccount(
            storage=self.floor.storage,
            clock=self.floor.clock,
            sealer=self.sealer,
            open_candidate=self._open,
            on_connected=self._admit,
            is_withdrawal_told=self.is_withdrawal_told,
            operator_key="AKIDOPERATOR",
        )
        return await connect(user_id, key, secret)

    async def disconnect(self, user_id: int = ANN) -> bool:
        disconnect = DisconnectAccount(
            storage=self.floor.storage,
            presenter=self.floor.presenter,
            clock=self.floor.clock,
            on_disconnected=self._dismiss,
        )
        return await disconnect(user_id)

    async def limit(self, share: str, positions: int | None, user_id: int = ANN) -> Account:
        limits = SetLimits(storage=self.floor.storage, maximum_positions=5)
        return await limits(user_id, Decimal(share), positions)

    async def rotate(self) -> int:
        return await RotateKeys(storage=self.floor.storage, sealer=self.sealer)()

    async def kept(self, user_id: int = ANN) -> tuple[Account | None, SealedKey | None]:
        async with self.floor.storage() as unit:
            return await unit.accounts.find_of(user_id), await unit.accounts.find_key(user_id)


async def begun() -> Office:
    office = Office(await Floor(is_live_allowed=True).begin())
    await office.floor.set_mode(ExecutionMode.LIVE)
    return office


async def test_key_that_can_trade_and_nothing_worse_is_kept_sealed() -> None:
    office = await begun()
    office.floor.broker.mode = PositionMode.HEDGE
    connected = await office.connect(key=f" {KEY} ", secret=f"{SECRET}\n")
    assert connected == Connected(
        account="trader:11",
        equity=Decimal(10_000),
        is_new=True,
        position_mode=PositionMode.HEDGE,
    )
    account, key = await office.kept()
    assert account == Account(
        name="trader:11",
        mode=ExecutionMode.LIVE,
        user_id=ANN,
        connected_at=office.floor.clock.now(),
    )
    assert key is not None
    assert office.sealer.open(key.sealed) == ApiKey(key=KEY, secret=SECRET)
    assert (office.changed, office.floor.broker.closed) == (["trader:11"], 1)


async def assert_nothing_kept(office: Office, user_id: int = ANN) -> None:
    assert await office.kept(user_id) == (None, None)
    assert office.changed == []
    assert (await look_into(office.floor.storage)).messages == []


@pytest.mark.parametrize("user_id", [STRANGER, 0])
async def test_strangers_key_is_not_even_tried(user_id: int) -> None:
    office = await begun()
    assert rules_of(await office.connect(user_id)) == ["not_a_trader"]
    assert office.tried == []
    await assert_nothing_kept(office, user_id)


@pytest.mark.parametrize(("key", "secret"), [("", SECRET), (KEY, " "), ("", "")])
async def test_half_a_key_is_not_tried(key: str, secret: str) -> None:
    office = await begun()
    assert rules_of(await office.connect(key=key, secret=secret)) == ["no_key"]
    assert office.tried == []


@pytest.mark.parametrize(
    ("can_trade", "can_withdraw", "rules"),
    [
        (True, True, ["can_withdraw"]),
        (True, None, ["withdrawal_unknown"]),
        (False, False, ["cannot_trade"]),
        (False, True, ["can_withdraw", "cannot_trade"]),
    ],
)
async def test_key_with_wrong_permissions_is_refused_and_kept_nowhere(
    can_trade: bool, can_withdraw: bool | None, rules: list[str]
) -> None:
    office = await begun()
    office.floor.broker.permissions = KeyPermissions(can_trade=can_trade, can_withdraw=can_withdraw)
    assert rules_of(await office.connect()) == rules
    assert office.floor.broker.closed == 1
    await assert_nothing_kept(office)


async def test_venue_that_never_tells_about_withdrawals_is_taken_at_its_word() -> None:
    office = await begun()
    office.is_withdrawal_told = False
    office.floor.broker.permissions = KeyPermissions(can_trade=True, can_withdraw=True)
    assert rules_of(await office.connect()) == ["can_withdraw"]
    office.floor.broker.permissions = KeyPermissions(can_trade=True, can_withdraw=None)
    assert isinstance(await office.connect(), Connected)


@pytest.mark.parametrize(
    ("failure", "rule"),
    [
        (AccessRefusedError(KEY), "key_refused"),
        (VenueRefusedError(KEY), "key_refused"),
        (TemporaryVenueError(KEY), "venue_silent"),
        (InvalidDataError(KEY), "venue_silent"),
    ],
)
async def test_venue_trouble_is_told_without_the_key(failure: QuorumError, rule: str) -> None:
    office = await begun()
    office.floor.broker.failure = failure
    found = await office.connect()
    assert rules_of(found) == [rule]
    assert KEY not in words_of(found)
    assert office.floor.broker.closed == 1
    await assert_nothing_kept(office)


async def test_new_key_replaces_the_old_one_and_keeps_the_limits() -> None:
    office = await begun()
    await office.connect()
    await office.limit("0.25", 2)
    again = await office.connect(key="SECOND")
    assert isinstance(again, Connected)
    assert not again.is_new
    account, key = await office.kept()
    assert account is not None
    assert (account.risk_share, account.maximum_positions) == (Decimal("0.25"), 2)
    assert key is not None
    assert office.sealer.open(key.sealed).key == "SECOND"


async def with_position() -> Office:
    office = await begun()
    await office.connect()
    await office.floor.press(confirm=False)
    office.changed.clear()
    return office


async def test_new_key_must_open_the_account_that_holds_the_live_positions() -> None:
    office = await with_position()
    found = await office.connect(key="SECOND")
    assert rules_of(found) == ["other_account"]
    assert "SOL/USDT" in words_of(found)
    assert office.changed == []
    held = VenuePosition(
        symbol="SOLUSDT", direction=Direction.LONG, quantity=Decimal(1), entry_price=Decimal(99)
    )
    office.floor.broker.held.append(held)
    assert isinstance(await office.connect(key="SECOND"), Connected)


@pytest.mark.parametrize(
    ("direction", "part", "is_taken"),
    [
        (Direction.LONG, Decimal(1), True),
        (Direction.LONG, Decimal("0.5"), False),
        (Direction.LONG, Decimal(3), False),
        (Direction.SHORT, Decimal(1), False),
    ],
)
async def test_account_that_holds_something_else_on_the_pair_is_another_one(
    direction: Direction, part: Decimal, is_taken: bool
) -> None:
    office, quantity, _ = await with_open_trade()
    office.floor.broker.held.append(
        VenuePosition(
            symbol="SOLUSDT", direction=direction, quantity=quantity * part, entry_price=Decimal(99)
        )
    )
    assert isinstance(await office.connect(key="SECOND"), Connected) is is_taken


async def test_order_of_ours_that_rests_proves_the_account_whatever_was_closed_since() -> None:
    office, quantity, position_id = await with_open_trade()
    stop = hand_stop("SOLUSDT", Direction.LONG, quantity, Decimal(98))
    office.floor.broker.resting.append(stop)
    assert rules_of(await office.connect(key="SECOND")) == ["other_account"]
    stop_id = await rest_stop(office.floor, position_id)
    office.floor.broker.resting.append(replace(stop, client_id=stop_id))
    assert isinstance(await office.connect(key="SECOND"), Connected)


async def with_open_trade() -> tuple[Office, Decimal, int]:
    """And the quantity that is open, and the position's id."""
    office = await begun()
    await office.connect()
    position_id = await open_trade(office.floor)
    quantity = (await find(office.floor, position_id)).intent.quantity
    return office, quantity, position_id


async def test_key_that_another_trader_has_connected_is_refused() -> None:
    office = await begun()
    await office.connect(ANN)
    refused = await office.connect(BEN)
    assert isinstance(refused, Denied)
    assert rules_of(refused) == ["key_taken"]
    assert KEY not in words_of(refused)
    assert await office.kept(BEN) == (None, None)
    assert isinstance(await office.connect(BEN, key="AKIDOTHER"), Connected)
    assert isinstance(await office.connect(ANN), Connected)


async def test_key_of_the_operator_is_refused() -> None:
    office = await begun()
    assert rules_of(await office.connect(ANN, key="AKIDOPERATOR")) == ["key_taken"]
    assert await office.kept(ANN) == (None, None)


async def test_key_that_nobody_can_open_any_more_stands_in_nobodys_way() -> None:
    office = await begun()
    await office.connect(ANN)
    office.sealer.is_lost = True
    assert isinstance(await office.connect(BEN), Connected)


async def test_disconnected_account_is_erased_with_its_key() -> None:
    office = await begun()
    await office.connect()
    office.changed.clear()
    assert await office.disconnect()
    assert await office.kept() == (None, None)
    assert office.changed == ["trader:11"]
    assert not await office.disconnect()


async def test_nobody_is_disconnected_by_somebody_else() -> None:
    office = await begun()
    await office.connect(ANN)
    assert not await office.disconnect(BEN)
    assert not await office.disconnect(ADMIN)
    assert await office.kept(ANN) != (None, None)


async def test_account_with_live_positions_is_not_disconnected() -> None:
    office = await with_position()
    with pytest.raises(ConflictError, match=r"SOL/USDT.*close them first"):
        await office.disconnect()
    assert await office.kept() != (None, None)
    assert office.changed == []


async def test_offers_of_a_disconnected_account_are_declined() -> None:
    office = await begun()
    await office.connect()
    offer = await office.floor.offer()
    assert offer.account == "trader:11"
    await office.disconnect()
    intent = await office.floor.find()
    assert intent is not None
    assert (intent.state, intent.reason) == (
        IntentState.DECLINED,
        "the account was disconnected",
    )


async def test_offers_of_other_accounts_outlive_the_disconnected_one() -> None:
    office = await begun()
    await office.connect()
    await office.floor.set_mode(ExecutionMode.PAPER)
    assert (await office.floor.offer()).account == "paper:11"
    await office.disconnect()
    assert await office.floor.state_of() is IntentState.OFFERED


async def test_limits_are_kept_and_can_be_taken_back() -> None:
    office = await begun()
    await office.connect()
    limited = await office.limit("0.5", 3)
    assert (limited.risk_share, limited.maximum_positions) == (Decimal("0.5"), 3)
    assert (await office.kept())[0] == limited
    assert (await office.limit("1", None)).maximum_positions is None


@pytest.mark.parametrize(
    ("share", "positions", "words"),
    [
        ("0", None, "above 0 and up to 1"),
        ("-1", None, "above 0 and up to 1"),
        ("1.01", None, "above 0 and up to 1"),
        ("NaN", None, "above 0 and up to 1"),
        ("1", 0, "1 to 5"),
        ("1", 6, "1 to 5"),
    ],
)
async def test_limits_out_of_range_are_refused_in_words(
    share: str, positions: int | None, words: str
) -> None:
    office = await begun()
    await office.connect()
    before = await office.kept()
    with pytest.raises(ConfigurationError, match=words):
        await office.limit(share, positions)
    assert await office.kept() == before


async def test_limits_need_an_account() -> None:
    office = await begun()
    with pytest.raises(NotFoundError):
        await office.limit("0.5", 1)


async def test_every_key_is_sealed_anew() -> None:
    office = await begun()
    assert await office.rotate() == 0
    await office.connect(ANN)
    await office.connect(BEN, key="BENS")
    office.sealer.generation = 2
    assert await office.rotate() == 2
    for user_id, expected in ((ANN, KEY), (BEN, "BENS")):
        _, key = await office.kept(user_id)
        assert key is not None
        assert key.sealed == f"2|{expected}|{SECRET}".encode()


async def test_rotation_that_fails_half_way_changes_no_key() -> None:
    office = await begun()
    await office.connect(ANN)
    office.sealer.generation = 2
    await office.connect(BEN, key="AKIDOTHER")
    before = await office.kept(ANN)
    with pytest.raises(ConfigurationError):
        await office.rotate()
    assert await office.kept(ANN) == before


def test_key_never_shows_itself() -> None:
    key = ApiKey(key=KEY, secret=SECRET)
    for text in (repr(key), str(key), f"{key}", f"{[key]}", f"{ {'key': key} }"):
        assert KEY not in text
        assert SECRET not in text
