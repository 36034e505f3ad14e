"""Looks at the accounts that are traded with, at the exchange. It asks, and sends no order."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import URL

from app.brokers import open_live_broker, operator_key
from app.clock import ExchangeClock
from app.doctor.account_verdicts import SeenAccount, judge_account, judge_delay, refused_key
from app.doctor.check import CheckResult, Examination, warning
from app.doctor.exchange import asking
from app.doctor.trading import KeptTrading, open_key, read_trading
from app.settings import Settings
from db.key_sealer import FernetKeySealer
from domain.accounts import OPERATOR
from domain.errors import AccessRefusedError, QuorumError
from engine.execution.desk.account_venue import Reading
from engine.ports.broker import Broker
from engine.ports.keys import ApiKey
from exchanges.exchange_time import measure
from exchanges.venues import venue
from exchanges.weight import WeightBudget

Hide = Callable[[Sequence[str]], None]
"""Keeps secrets that are met on the way out of the report."""

_ANSWER_SECONDS: Final = 20.0
"""Less than the check has: one account must not take the lines of the others with it."""

_SAMPLES: Final = 3
_MEND_SILENCE: Final = "check the network; if it lasts, look at positions and stops at the exchange"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedKey:
    """The key of an account."""

    account: str
    key: ApiKey


async def examine_accounts(settings: Settings, url: URL, hide: Hide) -> Examination:
    """How long requests are on their way, and how each account stands that a key is known of.

    Nothing without a key. Raises `StorageUnavailableError`, and what asking for the time raises.
    """
    kept = await read_trading(url)
    keys = _keys(settings, kept)
    if not keys:
        return
    hide([text for named in keys for text in (named.key.key, named.key.secret)])
    clock = ExchangeClock(speed=settings.exchange.clock_speed)
    budget = WeightBudget(clock, weight_per_minute=venue(settings.exchange.name).weight_per_minute)
    async with asking(settings.exchange, clock, budget) as facts:
        reading = await measure(facts, clock, samples=_SAMPLES)
    clock.align(reading.exchange_now, reading.at_monotonic)
    yield judge_delay(reading.round_trip_seconds)
    for lines in await asyncio.gather(*(_ask(settings, one, kept, clock, budget) for one in keys)):
        for line in lines:
            yield line


def _keys(settings: Settings, kept: KeptTrading) -> list[NamedKey]:
    """The operator's, and those of traders that the master keys open: the others have a line."""
    found = []
    if settings.exchange.api_key is not None and settings.exchange.api_secret is not None:
        found.append(NamedKey(account=OPERATOR, key=operator_key(settings.exchange)))
    master_keys = [key.get_secret_value() for key in settings.trading.master_keys]
    if master_keys:
        sealer = FernetKeySealer(master_keys)
        opened = [(each.account.name, open_key(sealer, each)) for each in kept.keys]
        found += [NamedKey(account=name, key=key) for name, key in opened if key is not None]
    return found


async def _ask(
    settings: Settings,
    named: NamedKey,
    kept: KeptTrading,
    clock: ExchangeClock,
    budget: WeightBudget,
) -> list[CheckResult]:
    broker = open_live_broker(
        settings.exchange,
        named.key,
        clock=clock,
        budget=budget,
        stop_trigger=settings.strategy.execution.stop_trigger,
    )
    name = f"account {named.account}"
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            seen = await look_at(broker, named.account)
    except AccessRefusedError as error:
        return [refused_key(named.account, str(error))]
    except QuorumError as error:
        return [warning(name, str(error), _MEND_SILENCE)]
    except TimeoutError:
        return [warning(name, f"no answer within {_ANSWER_SECONDS:g} s", _MEND_SILENCE)]
    finally:
        await broker.close()
    return judge_account(seen, kept.live, kept.tag)


async def look_at(broker: Broker, account: str) -> SeenAccount:
    """Ask for everything that is judged. Raises what a broker raises."""
    permissions = await broker.read_permissions()
    standing = await broker.read_standing()
    orders, positions = await broker.list_open_orders(), await broker.list_positions()
    reading = Reading(began_at=0.0, orders=tuple(orders), positions=tuple(positions))
    return SeenAccount(name=account, permissions=permissions, standing=standing, reading=reading)
