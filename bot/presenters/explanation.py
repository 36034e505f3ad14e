"""The answer to /why: every number behind a signal, or behind the absence of one."""

from bot.presenters.arithmetic import arithmetic_lines, score_line
from bot.presenters.figures import amount, instant, percent, price, reading, score
from bot.presenters.markup import bold, italic, quote
from bot.presenters.page import Line, blank, fit
from bot.presenters.reasons import age_of, has_spoken, silent_lines, spoken_summary
from bot.presenters.signal_post import circumstances, footer
from bot.presenters.status_header import status_line
from bot.presenters.wording import LAYER_NAMES, heading, reference, sentence, title
from domain.decisions import Decision
from domain.directions import Direction
from domain.evidence import Evidence, LayerScore
from domain.plans import TradePlan
from domain.signals import FollowedSignal
from engine.ports.storage import DecisionRecord

_SYMBOL_UNITS = 32


def explain_signal(followed: FollowedSignal) -> str:
    """Why a signal was sent: every layer with all its evidence, and the plan's arithmetic."""
    signal = followed.signal
    return fit(
        [
            Line(f"❔ {bold(f'Why {title(signal)} {reference(followed)}')}"),
            Line(status_line(followed)),
            blank(),
            *_score_lines(signal.decision),
            *_layer_parts(signal.decision),
            blank(),
            *_plan_lines(followed, signal.plan),
            blank(),
            Line(footer(followed)),
        ]
    )


def explain_decision(record: DecisionRecord) -> str:
    """Why the newest decision on a pair sent nothing; or that it was sent, and as what."""
    decision = record.decision
    return fit(
        [
            Line(f"❔ {bold(_subject(decision))} at {instant(decision.as_of)}"),
            *_verdict(record),
            blank(),
            *_score_lines(decision),
            *_layer_parts(decision),
        ]
    )


def _subject(decision: Decision) -> str:
    symbol = quote(decision.symbol, _SYMBOL_UNITS)
    return f"{heading(decision.direction)} {symbol}" if decision.direction else symbol


def _verdict(record: DecisionRecord) -> list[Line]:
    if record.signal_id is not None:
        return [Line(f"✅ Sent as signal #{record.signal_id}")]
    if record.denials:
        reasons = [f"{denial.rule}: {denial.text}" for denial in record.denials]
        return [Line("🚧 No signal: stopped by the risk gate"), *_bullets(reasons)]
    reasons = [str(discard) for discard in record.decision.discards]
    return [Line("⚪ No signal: no quorum"), *_bullets(reasons)]


def _bullets(reasons: list[str]) -> list[Line]:
    return [Line(f"   • {sentence(reason)}", spare=1) for reason in reasons]


def _score_lines(decision: Decision) -> list[Line]:
    told = arithmetic_lines(decision)
    return [
        Line(score_line(decision)),
        *(told or [Line(circumstances(decision.coverage, decision.regime))]),
        Line(_market_line(decision)),
        Line(f"💬 {bold(spoken_summary(decision))}"),
    ]


def _market_line(decision: Decision) -> str:
    close = f"Close {reading(decision.close)}"
    if decision.atr is None:
        return f"{close} · ATR not known yet"
    share = percent(decision.atr / decision.close * 100, 2)
    usual = f", {decision.atr_ratio:.2f} × its mean" if decision.atr_ratio is not None else ""
    return f"{close} · ATR {share} of price{usual}"


def _layer_parts(decision: Decision) -> list[Line]:
    spoken = [layer for layer in decision.layers if has_spoken(layer)]
    lines = [line for layer in spoken for line in _layer_part(layer, decision)]
    return [*lines, *silent_lines(decision)]


def _layer_part(layer: LayerScore, decision: Decision) -> list[Line]:
    direction = decision.direction
    # Without a direction there is nothing to support: the scores are bullishness, and say so.
    unit = "" if direction else " bullish, 50 is neutral"
    number = score(_seen_from(direction, layer.bullishness))
    head = f"🔸 {bold(f'{LAYER_NAMES[layer.layer]} {number}{unit}')} ({_standing(layer, decision)})"
    return [Line(head), *(_evidence_line(item, direction) for item in layer.evidence)]


def _standing(layer: LayerScore, decision: Decision) -> str:
    """How the layer's support came about: "bullishness 36, 8 min old × 0.7, 70% of its data"."""
    covered = f"{percent(layer.coverage * 100)} of its data"
    share = next((share for share in decision.shares if share.layer is layer.layer), None)
    if share is None:
        return f"{age_of(layer)}, {covered}"
    faded = "" if share.freshness >= 1.0 else f" × {share.freshness:g}"
    return f"bullishness {score(layer.bullishness)}, {age_of(layer)}{faded}, {covered}"


def _evidence_line(item: Evidence, direction: Direction | None) -> Line:
    if item.value is None:
        return Line(f"   — {sentence(item.text)} · {italic('no say')}", spare=2)
    number = score(_seen_from(direction, item.bullishness))
    weight = percent(item.weight * 100)
    return Line(f"   {number} · {sentence(item.text)} · {italic(f'weight {weight}')}", spare=1)


def _seen_from(direction: Direction | None, bullishness: float) -> float:
    return direction.support(bullishness) if direction else bullishness


def _plan_lines(followed: FollowedSignal, plan: TradePlan) -> list[Line]:
    costs = plan.costs
    instrument = followed.signal.instrument
    stop = f"{price(plan.stop, instrument)}, {percent(plan.stop_percent, 2)} away"
    fees = (
        f"Costs of a round trip {percent(costs.round_trip * 100, 3)}"
        f" (funding {percent(costs.funding * 100, 3)}) · break-even"
        f" {price(plan.break_even, instrument)}"
    )
    size = (
        f"Notional {amount(plan.notional)} · margin {amount(plan.margin)}"
        f" · loss at the stop {amount(plan.risk_amount)}"
    )
    net, gross = plan.net_reward_to_risk, plan.gross_reward_to_risk
    ratio = f"R:R to TP2 {net:.2f} after costs, {gross:.2f} gross"
    return [Line(f"Stop {stop}"), Line(fees), Line(size), Line(ratio)]
