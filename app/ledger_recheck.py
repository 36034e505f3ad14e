"""`python -m app ledger recheck`: the record against the exchange's candles as they are now."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import track

from app.clock import ExchangeClock
from app.instance import InstanceGuard
from app.ledger_candles import opened_facts
from app.ledger_export import opened_storage
from app.settings import load_settings
from app.settings.sections import StorageSettings
from bot.presenters.html_presenter import HtmlPresenter
from domain.errors import NotFoundError
from engine.correct_outcomes import Recheck, RecheckOutcomes


async def recheck_record(signal_id: int | None, *, apply: bool) -> int:
    """Recheck and print; the exit code is 1 when something differs and was not corrected."""
    settings, console = load_settings(), Console()
    clock = ExchangeClock(speed=settings.exchange.clock_speed)
    async with (
        opened_storage(settings) as storage,
        _alone(settings.storage, clock, needed=apply),
        opened_facts(settings.exchange, clock) as facts,
    ):
        recheck = RecheckOutcomes(
            storage=storage, facts=facts, presenter=HtmlPresenter(), clock=clock
        )
        ended = await recheck.find_ended(signal_id)
        if signal_id is not None and not ended:
            raise NotFoundError(
                f"signal #{signal_id} has no outcome in the record, so there is nothing to recheck"
            )
        aside = Console(stderr=True)
        shown = track(ended, "following anew", console=aside, disable=not aside.is_terminal)
        found = [await recheck(each, apply=apply) for each in shown]
    print_rechecks(found, console)
    return 1 if any(one.differences and one.correction is None for one in found) else 0


def print_rechecks(found: list[Recheck], console: Console) -> None:
    """Each difference and obstacle, and the sums."""
    for one in found:
        _print_one(one, console)
    differing = sum(bool(one.differences) for one in found)
    unknown = sum(one.obstacle is not None for one in found)
    console.print(
        f"{len(found)} outcomes followed anew: {len(found) - differing - unknown} hold, "
        f"{differing} differ, {unknown} could not be followed"
    )
    if any(one.differences and one.correction is None for one in found):
        console.print("nothing was written; --apply appends the corrections")


def _print_one(one: Recheck, console: Console) -> None:
    title = f"#{one.signal.id} {one.signal.instrument.pair} (entry {one.restates})"
    if one.obstacle is not None:
        console.print(escape(f"{title}: {one.obstacle}"))
    if not one.differences:
        return
    console.print(escape(f"{title} differs:"))
    for each in one.differences:
        console.print(escape(f"  {each.field}: recorded {each.recorded}, now {each.recomputed}"))
    if one.correction is not None:
        console.print(escape(f"  corrected by entry {one.correction.sequence}"))


@asynccontextmanager
async def _alone(
    settings: StorageSettings, clock: ExchangeClock, *, needed: bool
) -> AsyncIterator[None]:
    """The record has one writer: whoever corrects it holds the bot's own lock."""
    if not needed:
        yield
        return
    guard = InstanceGuard(settings, clock)
    try:
        await guard.acquire()
        yield
    finally:
        await guard.release()
