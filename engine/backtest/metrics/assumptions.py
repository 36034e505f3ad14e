"""What a backtest takes for granted, in sentences with their numbers."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from domain.timeframes import Timeframe
from engine.backtest.values import BacktestParameters, BacktestResult, PairCoverage
from engine.issue import IssueParameters
from risk.costs import CostParameters
from risk.gate import RiskParameters

_ON_MINUTES: Final = "the live rule: the first candle that holds the entry, stop before target"
_ON_LONGER: Final = (
    "the careful rule: an entry counts only where price trades through it, a stop wherever it is "
    "touched, a target in the candle of the entry only where the close proves it"
)


def assumptions_of(result: BacktestResult) -> tuple[str, ...]:
    """Sentences on costs, times, fills and money."""
    strategy = result.strategy
    return (
        *_costs(strategy.risk.costs),
        *_times(strategy.assumed, strategy.issuing, strategy.risk),
        *_fills(result.pairs),
        *_money(result.equity),
    )


def _costs(costs: CostParameters) -> Iterator[str]:
    yield (
        f"Fees: {costs.entry_fee_percent:g} % of notional on the way in, "
        f"{costs.exit_fee_percent:g} % on each way out."
    )
    yield (
        f"Slippage: half the spread ({costs.unknown_spread_percent:g} % where it is unknown) and "
        f"{costs.slippage_atr_share:g} of ATR per side; none on the way out at a target."
    )
    yield (
        "Funding: what is due within the longest hold, never a gain; "
        f"{costs.unknown_funding_percent:g} % where it is unknown."
    )


def _times(
    assumed: BacktestParameters, issuing: IssueParameters, risk: RiskParameters
) -> Iterator[str]:
    yield (
        f"Published {assumed.publication_seconds:g} s after a close, to be entered within "
        f"{issuing.entry_window_seconds:g} s of it, closed at the latest "
        f"{risk.lifecycle.maximum_hold_candles} candles after the entry."
    )
    yield f"Outcomes are known {assumed.outcome_seconds:g} s after the close of their minute."
    yield (
        f"After a drawdown stop an operator resumes {assumed.resume_hours:g} h after midnight UTC."
    )


def _fills(pairs: Sequence[PairCoverage]) -> Iterator[str]:
    for timeframe in Timeframe:
        count = sum(pair.finest is timeframe for pair in pairs)
        if count:
            rule = _ON_MINUTES if timeframe is Timeframe.M1 else _ON_LONGER
            yield f"{count} of {len(pairs)} pairs are followed on {timeframe} candles by {rule}."


def _money(equity: Decimal) -> Iterator[str]:
    yield (
        f"Sizes refer to {equity.normalize():,f} USDT throughout: results add up and are not "
        "reinvested, unless a figure says that it is compounded."
    )
    yield "A trade that is open at the end is in no figure but exposure."
