"""Entries of the ledger become a record: signals are joined with their outcomes, as corrected."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from domain.decisions import Tier
from domain.directions import Direction
from domain.errors import InvalidDataError
from domain.evidence import LayerName
from domain.ledger import EntryKind, LedgerEntry
from domain.market_regime import Regime
from domain.signals import SignalState
from engine.confluence_parameters import ConfluenceParameters
from engine.ledger import parse_content
from engine.statistics.record import EMPTY_RECORD, Ending, Publication, Record
from engine.statistics.values import TradeResult

_SUPPORTING: Final = ConfluenceParameters().supporting_support
"""A layer above it backed the direction. The declared default: entries don't tell the setting."""

_WITHOUT_ENTRY = frozenset({SignalState.EXPIRED, SignalState.CANCELLED})
_TARGETS = frozenset({SignalState.TP1, SignalState.TP2, SignalState.TP3})
_EQUITY_PERCENT_GRID = Decimal("0.00000001")
"""Results in percent of equity are kept to eight places, so that sums of them are exact."""


def read_record(entries: Iterable[LedgerEntry], after: Record = EMPTY_RECORD) -> Record:
    """The record with the entries that follow; the newest correction of a signal counts.

    Raises `InvalidDataError` that names the entry which is out of its place, cannot be read, or
    speaks of something that those before it don't.
    """
    publications, endings = dict(after.publications), dict(after.endings)
    length, head_hash = after.length, after.head_hash
    for entry in entries:
        _check(entry.previous_hash == head_hash, entry, f"does not follow entry {length}")
        _take(entry, publications, endings)
        length, head_hash = length + 1, entry.hash
    return Record(publications=publications, endings=endings, length=length, head_hash=head_hash)


def _take(
    entry: LedgerEntry, publications: dict[int, Publication], endings: dict[int, Ending]
) -> None:
    content = parse_content(entry)
    try:
        if entry.kind is EntryKind.SIGNAL:
            publication = _publication(content)
            _check(publication.signal_id not in publications, entry, "repeats a signal's id")
            publications[publication.signal_id] = publication
        else:
            endings[content["signal"]] = _ending(entry, content, publications, endings)
    except (LookupError, TypeError, ValueError, ArithmeticError) as error:
        raise InvalidDataError(
            f"ledger entry {entry.sequence} is no readable {entry.kind}: {error!r}"
        ) from error


def _publication(content: Mapping[str, Any]) -> Publication:
    decision, plan = content["decision"], content["plan"]
    direction = Direction(content["direction"])
    return Publication(
        signal_id=content["signal"],
        pair=content["pair"],
        direction=direction,
        published_at=datetime.fromisoformat(content["published_at"]),
        score=Decimal(decision["score"]),
        tier=Tier(decision["tier"]),
        regime=Regime(decision["regime"]),
        supporting=tuple(
            LayerName(layer["layer"])
            for layer in decision["layers"]
            if direction.support(float(layer["bullishness"])) > _SUPPORTING
        ),
        notional=Decimal(plan["notional"]),
        equity=Decimal(plan["risk_amount"]) / Decimal(plan["risk_percent"]) * 100,
    )


def _ending(
    entry: LedgerEntry,
    content: Mapping[str, Any],
    publications: Mapping[int, Publication],
    endings: Mapping[int, Ending],
) -> Ending:
    signal_id = content["signal"]
    _check(signal_id in publications, entry, f"is about signal #{signal_id}, unknown before it")
    earlier = endings[signal_id].stated_in if signal_id in endings else ()
    if entry.kind is EntryKind.OUTCOME:
        _check(not earlier, entry, f"states the outcome of signal #{signal_id} once more")
        outcome = content
    else:
        outcome = content["outcome"]
        _check(bool(earlier), entry, f"corrects signal #{signal_id}, which has no outcome yet")
        is_meant = outcome["signal"] == signal_id and content["restates"] == earlier[-1]
        _check(is_meant, entry, f"does not restate what stood for signal #{signal_id}")
    return _restated(outcome, publications[signal_id], (*earlier, entry.sequence))


def _check(is_right: bool, entry: LedgerEntry, fault: str) -> None:
    if not is_right:
        raise InvalidDataError(f"ledger entry {entry.sequence} ({entry.kind}) {fault}")


def _restated(
    outcome: Mapping[str, Any], publication: Publication, stated_in: tuple[int, ...]
) -> Ending:
    state = SignalState(outcome["state"])
    if not state.is_final:
        raise ValueError(f"{state} is no end")
    is_trade = state not in _WITHOUT_ENTRY
    return Ending(
        state=state,
        ended_at=datetime.fromisoformat(outcome["ended_at"]),
        result=_result(outcome, state, publication) if is_trade else None,
        stated_in=stated_in,
    )


def _result(
    outcome: Mapping[str, Any], state: SignalState, publication: Publication
) -> TradeResult:
    net_percent = Decimal(outcome["net_percent"])
    equity_percent = net_percent * publication.notional / publication.equity
    return TradeResult(
        signal_id=publication.signal_id,
        pair=publication.pair,
        direction=publication.direction,
        state=state,
        net_r=Decimal(outcome["net_r"]),
        net_percent=net_percent,
        equity_percent=equity_percent.quantize(_EQUITY_PERCENT_GRID),
        published_at=publication.published_at,
        triggered_at=datetime.fromisoformat(outcome["triggered_at"]),
        ended_at=datetime.fromisoformat(outcome["ended_at"]),
        score=publication.score,
        tier=publication.tier,
        regime=publication.regime,
        supporting=publication.supporting,
        has_reached_target=any(leg["state"] in _TARGETS for leg in outcome["exits"]),
    )
