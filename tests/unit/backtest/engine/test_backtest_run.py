"""What a backtest says beside its record: coverage, reasons, warnings, refusals."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from domain.candles import HIGH, LOW
from domain.decisions import Decision, Discard
from domain.derivatives import Funding
from domain.errors import InvalidDataError, NotFoundError
from domain.evidence import LayerName
from domain.market import MarketSnapshot
from domain.messages import OutgoingMessage
from domain.timeframes import Timeframe, to_ms
from engine.backtest.candidates import find_candidates
from engine.backtest.guards import Sample, find_disagreements
from engine.backtest.observations import NOTHING_OBSERVED, Observations
from engine.backtest.run import run_backtest
from engine.backtest.snapshots import funding_at
from engine.backtest.storage import BacktestStorage
from engine.backtest.values import (
    BacktestResult,
    FundingPayment,
    Observation,
    PairHistory,
    TestedStrategy,
)
from engine.decide import decide
from tests.unit.backtest.engine.walks import (
    BLOCK_BEGINS,
    COARSE,
    make_histories,
    make_strategy,
)
from tests.unit.layers.technical.markets import columns_of, series_of

START = BLOCK_BEGINS + timedelta(hours=6)
END = START + timedelta(hours=8)
PAIRS = ("AAA", "BBB")
CANDLES_ALONE = make_strategy(threshold=56.0)


def histories_of(**changes: Any) -> dict[str, PairHistory]:
    return make_histories(PAIRS, START, END, seed=7, **changes)


async def backtested(
    histories: Mapping[str, PairHistory], strategy: TestedStrategy = CANDLES_ALONE, **asked: Any
) -> BacktestResult:
    candidates = {
        symbol: find_candidates(
            history, strategy, START, END, asked.get("observations", NOTHING_OBSERVED)
        )
        for symbol, history in histories.items()
    }
    return await run_backtest(histories, candidates, strategy, start=START, end=END, **asked)


async def test_five_layers_on_candles_alone_give_no_signal_and_say_why() -> None:
    result = await backtested(histories_of(), TestedStrategy())
    assert result.signals == ()
    assert set(result.layers_missing) == set(LayerName) - {LayerName.TECHNICAL}
    with_direction = result.decided - sum(
        result.discards.get(each, 0) for each in (Discard.NO_DIRECTION, Discard.TOO_FEW_INDICATORS)
    )
    assert result.discards[Discard.LOW_COVERAGE] == with_direction > 0
    assert any("below the 60% that a signal needs" in each for each in result.warnings)


async def test_every_close_of_the_span_is_counted_for_each_pair() -> None:
    result = await backtested(histories_of())
    assert result.decided == 2 * 8 * 4
    assert [each.symbol for each in result.pairs] == ["AAAUSDT", "BBBUSDT"]
    assert all(each.decided == 32 and not each.warming_up for each in result.pairs)
    assert result.candidates >= len(result.signals) > 0


async def test_what_a_reader_must_know_is_said() -> None:
    histories = histories_of(timeframes=COARSE)
    inferred = {symbol: replace(each, is_inferred=True) for symbol, each in histories.items()}
    text = " ".join((await backtested(inferred)).warnings)
    for word in ("Survivorship", "Coarse fills", "read off their candles", "Funding", "Assumed"):
        assert word in text


async def test_a_sample_of_decisions_is_the_same_on_data_cut_where_they_were_made() -> None:
    sample = Sample(5)
    await backtested(histories_of(), on_decision=sample.add)

    def live(snapshot: MarketSnapshot) -> Decision:
        return decide(snapshot, CANDLES_ALONE.decision)

    assert len(sample.judged) > 2
    assert find_disagreements(sample.judged, live) == []


async def test_messages_are_handed_on_and_nothing_else_is_kept() -> None:
    told: list[OutgoingMessage] = []

    def take(messages: Sequence[OutgoingMessage], at: datetime) -> None:
        assert START <= at <= END
        told.extend(messages)

    result = await backtested(histories_of(), on_messages=take)
    posts = [each for each in told if each.key.count(":") == 1 and each.key.startswith("signal:")]
    assert len(posts) == len(result.signals)
    with pytest.raises(NotFoundError, match="positions"):
        _ = BacktestStorage().positions


async def test_progress_is_told_day_by_day() -> None:
    strategy, end = make_strategy(threshold=52.0), START + timedelta(days=2)
    histories = make_histories(PAIRS, START, end, seed=7, timeframes=COARSE)
    candidates = {
        symbol: find_candidates(each, strategy, START, end) for symbol, each in histories.items()
    }
    days: list[datetime] = []
    await run_backtest(
        histories, candidates, strategy, start=START, end=end, on_progress=days.append
    )
    assert [each.date() for each in days] == [
        (START + timedelta(days=count)).date() for count in (1, 2)
    ]


class Spreads(Observations):
    def observation(self, symbol: str, as_of: datetime) -> Observation:
        funding = Funding(rate=0.0001, next_at=as_of + timedelta(hours=1))
        return Observation(known_at=as_of, spread_percent=0.5, funding=funding)


async def test_spread_and_funding_that_were_recorded_are_paid() -> None:
    plain = await backtested(histories_of())
    observed = await backtested(histories_of(), observations=Spreads())
    denied = observed.denials.get("net_reward_to_risk", 0)
    assert denied > plain.denials.get("net_reward_to_risk", 0)


def test_funding_is_told_at_the_rate_settled_last_for_the_next_time() -> None:
    hours = [START + timedelta(hours=8 * count) for count in range(3)]
    payments = [
        FundingPayment(at_ms=to_ms(at), rate=0.0001 * place) for place, at in enumerate(hours, 1)
    ]
    assert funding_at(payments, hours[0] + timedelta(hours=1)) is None
    told = funding_at(payments, hours[1] + timedelta(hours=1))
    assert told == Funding(rate=0.0002, next_at=hours[2])
    assert funding_at(payments, hours[2] + timedelta(hours=9)) is None


def test_funding_right_after_missing_payments_is_unknown() -> None:
    hours = (0, 8, 24, 32)
    payments = [
        FundingPayment(at_ms=to_ms(START + timedelta(hours=hour)), rate=0.0001) for hour in hours
    ]
    assert funding_at(payments, START + timedelta(hours=25)) is None
    told = funding_at(payments, START + timedelta(hours=33))
    assert told == Funding(rate=0.0001, next_at=START + timedelta(hours=40))


async def test_stretches_without_settled_funding_are_counted_by_pair() -> None:
    def paid(hours: tuple[int, ...]) -> tuple[FundingPayment, ...]:
        return tuple(
            FundingPayment(at_ms=to_ms(START + timedelta(hours=hour)), rate=1e-4) for hour in hours
        )

    found = {"AAAUSDT": paid((0, 8, 24, 32, 48)), "BBBUSDT": paid((0, 8, 9))}
    histories = {
        symbol: replace(history, funding=found.get(symbol, paid((0, 8, 16, 33))))
        for symbol, history in histories_of().items()
    }
    result = await backtested(histories)
    (told,) = [text for text in result.warnings if "funding lacks" in text]
    assert "2 stretches of AAAUSDT" in told
    assert "BBBUSDT" not in told


def broken(name: str) -> PairHistory:
    history = histories_of(timeframes=COARSE)["AAAUSDT"]
    main = history.candles[Timeframe.M15]
    columns = columns_of(main)
    if name == "impossible 15m candle":
        columns[HIGH, 40] = columns[LOW, 40] / 2
    elif name == "impossible 15m":
        columns[LOW, 40] = np.nan
    elif name == "filed as":
        return replace(history, candles={**history.candles, Timeframe.M1: main})
    elif name == "no 15m candles":
        return replace(history, candles={Timeframe.H1: history.candles[Timeframe.H1]})
    elif name == "to be followed on 1m":
        return replace(history, finest=Timeframe.M1)
    elif name == "repeat or are out of order":
        payment = FundingPayment(at_ms=5, rate=0.1)
        return replace(history, funding=(payment, payment))
    series = series_of(Timeframe.M15, main.first_index, columns)
    return replace(history, candles={**history.candles, Timeframe.M15: series})


@pytest.mark.parametrize(
    "name",
    [
        "impossible 15m candle",
        "impossible 15m",
        "filed as",
        "no 15m candles",
        "to be followed on 1m",
        "repeat or are out of order",
    ],
)
def test_a_history_that_cannot_be_is_refused_and_named(name: str) -> None:
    history = broken(name)
    if name == "filed as":
        history = replace(history, finest=Timeframe.M1)
    with pytest.raises(InvalidDataError, match=rf"(?s)AAAUSDT.*|{name}.*AAAUSDT") as refused:
        find_candidates(history, CANDLES_ALONE, START, END)
    assert name in str(refused.value)
