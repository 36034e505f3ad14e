"""What a reader must know before believing the figures of a backtest."""

from collections.abc import Iterator, Mapping

from domain.evidence import LayerName
from domain.timeframes import Timeframe
from engine.backtest.funding import funding_gaps
from engine.backtest.observations import NOTHING_OBSERVED, Observations
from engine.backtest.values import PairHistory, TestedStrategy


def warnings_of(
    histories: Mapping[str, PairHistory],
    strategy: TestedStrategy,
    observations: Observations,
    layers_missing: tuple[LayerName, ...],
) -> Iterator[str]:
    """Each in a sentence, the ones that matter most first."""
    yield (
        "Survivorship: the pairs are those whose history is at hand today; pairs that were "
        "delisted meanwhile, and that a scan of the time would have chosen, are not among them."
    )
    yield from _about_layers(strategy, layers_missing)
    yield from _about_fills(histories, strategy)
    yield from _about_instruments(histories)
    if observations is NOTHING_OBSERVED:
        yield (
            "No spread was recorded: slippage is what the costs assume where it is unknown. "
            "Every pair with a history was watched all the time, whatever a scan would have said."
        )
    yield from _about_funding(histories, strategy)
    yield (
        f"Assumed: signals are published {strategy.assumed.publication_seconds:g} s after their "
        f"close, outcomes written {strategy.assumed.outcome_seconds:g} s after theirs, and an "
        f"operator resumes {strategy.assumed.resume_hours:g} h after the day of a drawdown stop."
    )


def _about_layers(strategy: TestedStrategy, layers_missing: tuple[LayerName, ...]) -> Iterator[str]:
    if not layers_missing:
        return
    names = ", ".join(layers_missing)
    weights = strategy.decision.confluence.weights()
    reached = 1.0 - sum(weights[layer] for layer in layers_missing)
    needed = strategy.decision.confluence.minimum_coverage
    text = f"Nothing is known of the layers {names}: they count as missing, as they would live."
    if reached < needed:
        text += (
            f" What is left covers {reached:.0%} at best, below the {needed:.0%} that a signal "
            "needs: switch those layers off to test the others alone."
        )
    yield text


def _about_fills(histories: Mapping[str, PairHistory], strategy: TestedStrategy) -> Iterator[str]:
    coarse = sorted(s for s, each in histories.items() if each.finest is not Timeframe.M1)
    if not coarse:
        return
    yield (
        f"Coarse fills: {_names(coarse)} are not followed on 1m candles, which do not cover the "
        "span and its warm-up without a gap, or are not what was asked for. Their entry counts as "
        "met only where price trades through it against the trade, and a stop counts before a "
        "target of the same candle."
    )
    window = strategy.issuing.entry_window
    never = sorted(s for s in coarse if histories[s].finest.length > window)
    if never:
        yield (
            f"The entry window is shorter than a candle of {_names(never)}: none of their signals "
            "can be entered."
        )
    hourly = [
        s for s in coarse if histories[s].finest.length > Timeframe.M15.length and s not in never
    ]
    if hourly:
        yield (
            "Only signals that are decided on at a full hour can be entered on the candles of "
            f"{_names(hourly)}."
        )


def _about_funding(histories: Mapping[str, PairHistory], strategy: TestedStrategy) -> Iterator[str]:
    assumed = f"{strategy.risk.costs.unknown_funding_percent:g} % in either direction"
    unfunded = sorted(symbol for symbol, history in histories.items() if not history.funding)
    if unfunded:
        yield f"Funding of {_names(unfunded)} is unknown and counts as {assumed}."
    gaps = {s: len(funding_gaps(each.funding)) for s, each in sorted(histories.items())}
    lacking = [f"{n} {'stretch' if n == 1 else 'stretches'} of {s}" for s, n in gaps.items() if n]
    if lacking:
        yield (
            f"Settled funding lacks {_names(lacking)}: in and right after them it is unknown and "
            f"counts as {assumed}."
        )


def _about_instruments(histories: Mapping[str, PairHistory]) -> Iterator[str]:
    inferred = sorted(symbol for symbol, history in histories.items() if history.is_inferred)
    if inferred:
        yield f"Price and quantity steps of {_names(inferred)} were read off their candles."


def _names(symbols: list[str]) -> str:
    most = 5
    shown = ", ".join(symbols[:most])
    return shown if len(symbols) <= most else f"{shown} and {len(symbols) - most} more"
