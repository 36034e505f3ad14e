"""What entries say: everything a stranger needs to recompute an outcome, and to count it."""

import json
from collections.abc import Mapping
from typing import Any

from domain.errors import InvalidDataError
from domain.evidence import LayerScore
from domain.instruments import to_decimal
from domain.ledger import LedgerEntry
from domain.plans import Target, TradePlan, TradingCosts
from domain.signals import Course, Exit, Signal


def signal_content(signal: Signal) -> dict[str, object]:
    """What was published: the decision, the plan, and the times and rules that bind it."""
    return {
        "signal": signal.id,
        "symbol": signal.plan.symbol,
        "pair": signal.instrument.pair,
        "tick": signal.instrument.tick,
        "direction": signal.plan.direction,
        "published_at": signal.published_at,
        "valid_until": signal.valid_until,
        "decision": _decision(signal),
        "plan": _plan(signal.plan),
        "rules": {
            "maximum_hold_candles": signal.rules.maximum_hold_candles,
            "entry_tolerance_ticks": signal.rules.entry_tolerance_ticks,
            "give_up_hours": to_decimal(signal.rules.give_up_hours),
        },
    }


def outcome_content(signal: Signal, course: Course) -> dict[str, object]:
    """How it ended: every exit, what it was measured by, and the net result."""
    return {
        "signal": signal.id,
        "symbol": signal.plan.symbol,
        "pair": signal.instrument.pair,
        "direction": signal.plan.direction,
        "state": course.state,
        "published_at": signal.published_at,
        "triggered_at": course.triggered_at,
        "ended_at": course.ended_at,
        "entry": signal.plan.entry,
        "stop_distance": signal.plan.stop_distance,
        "costs": _costs(signal.plan.costs),
        "exits": [_exit(leg) for leg in course.exits],
        "net_r": course.realised_r,
        "net_percent": course.realised_percent,
    }


def correction_content(
    signal: Signal, course: Course, *, restates: int, reason: str
) -> dict[str, object]:
    """An outcome told anew, in full, and why.

    `restates` is the sequence number of the entry that stood until now: the signal's outcome, or an
    earlier correction of it.
    """
    return {
        "signal": signal.id,
        "restates": restates,
        "reason": reason,
        "outcome": outcome_content(signal, course),
    }


def parse_content(entry: LedgerEntry) -> Mapping[str, Any]:
    """The content of an entry in canonical values: decimals and instants are strings.

    Whether the entry holds is for `verify_chain` to say. Raises `InvalidDataError` for a body that
    no entry has.
    """
    try:
        body = json.loads(entry.body)
    except ValueError as error:
        raise InvalidDataError(f"ledger entry {entry.sequence} is not JSON") from error
    content = body.get("content") if isinstance(body, dict) else None
    if not isinstance(content, dict):
        raise InvalidDataError(f"ledger entry {entry.sequence} has no content")
    return content


def _decision(signal: Signal) -> dict[str, object]:
    decision = signal.decision
    return {
        "as_of": decision.as_of,
        "score": to_decimal(decision.score),
        "raw_score": to_decimal(decision.raw_score),
        "coverage": to_decimal(decision.coverage),
        "threshold": to_decimal(decision.threshold),
        "tier": decision.tier,
        "regime": decision.regime,
        "layers_on": decision.layers_on,
        "layers": [_layer(layer) for layer in decision.layers],
    }


def _layer(layer: LayerScore) -> dict[str, object]:
    return {
        "layer": layer.layer,
        "bullishness": to_decimal(layer.bullishness),
        "age_seconds": to_decimal(layer.age_seconds),
        "coverage": to_decimal(layer.coverage),
    }


def _plan(plan: TradePlan) -> dict[str, object]:
    return {
        "entry": plan.entry,
        "stop": plan.stop,
        "stop_distance": plan.stop_distance,
        "targets": [_target(target) for target in plan.targets],
        "break_even": plan.break_even,
        "trail": plan.atr,
        "costs": _costs(plan.costs),
        "gross_reward_to_risk": plan.gross_reward_to_risk,
        "net_reward_to_risk": plan.net_reward_to_risk,
        "quantity": plan.quantity,
        "notional": plan.notional,
        "margin": plan.margin,
        "leverage": plan.leverage,
        "risk_amount": plan.risk_amount,
        "risk_percent": plan.risk_percent,
        "shrinks": plan.shrinks,
    }


def _target(target: Target) -> dict[str, object]:
    return {"price": target.price, "multiple": target.multiple, "fraction": target.fraction}


def _costs(costs: TradingCosts) -> dict[str, object]:
    return {
        "entry_fee": costs.entry_fee,
        "exit_fee": costs.exit_fee,
        "slippage": costs.slippage,
        "funding": costs.funding,
    }


def _exit(leg: Exit) -> dict[str, object]:
    return {"state": leg.state, "price": leg.price, "fraction": leg.fraction, "at": leg.at}
