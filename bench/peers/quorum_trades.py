"""A freqtrade strategy that takes Quorum's signals and manages each trade by Quorum's rules."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd
from freqtrade.strategy import (  # type: ignore[import-not-found] # the peer alone has it
    IStrategy,
    stoploss_from_absolute,
)

_HOLD_CANDLES = 8
_SHARES = (0.4, 0.4)


class QuorumTrades(IStrategy):  # type: ignore[misc] # see above
    """Entry at the signal's price within one candle; 40 / 40 / 20; stop to break-even, then trail.

    A target that a candle touched is taken at the next one: freqtrade changes a position only where
    a candle opens.
    """

    INTERFACE_VERSION = 3
    timeframe = "15m"
    can_short = True
    stoploss = -0.99
    minimal_roi: ClassVar = {"0": 100}
    use_custom_stoploss = True
    position_adjustment_enable = True
    startup_candle_count = 0
    process_only_new_candles = True

    def bot_start(self, **_: Any) -> None:
        self._signals = json.loads(Path(self.config["quorum_signals"]).read_text())
        self._plans = {str(one["id"]): one for one in self._signals}

    def populate_indicators(
        self, dataframe: pd.DataFrame, metadata: dict[str, Any]
    ) -> pd.DataFrame:
        symbol = metadata["pair"].partition("/")[0] + "USDT"
        mine = {
            pd.Timestamp(one["opened_ms"], unit="ms", tz="UTC"): str(one["id"])
            for one in self._signals
            if one["symbol"] == symbol
        }
        dataframe["signal"] = dataframe["date"].map(mine)
        return dataframe

    def populate_entry_trend(
        self, dataframe: pd.DataFrame, _metadata: dict[str, Any]
    ) -> pd.DataFrame:
        sides = dataframe["signal"].map(lambda one: self._plans[one]["sign"], na_action="ignore")
        dataframe.loc[sides == 1, ["enter_long"]] = 1
        dataframe.loc[sides == -1, ["enter_short"]] = 1
        dataframe["enter_tag"] = dataframe["signal"]
        return dataframe

    def populate_exit_trend(
        self, dataframe: pd.DataFrame, _metadata: dict[str, Any]
    ) -> pd.DataFrame:
        return dataframe

    def custom_entry_price(self, *, entry_tag: str, **_: Any) -> Any:
        return self._plans[entry_tag]["entry"]

    def leverage(self, *_: Any, **__: Any) -> float:
        return 1.0

    def custom_stoploss(self, *, trade: Any, current_rate: float, **_: Any) -> Any:
        plan = self._plans[trade.enter_tag]
        exits = trade.nr_of_successful_exits
        stop = plan["stop"] if exits == 0 else plan["stop_after_first"]
        if exits >= 2:
            best = trade.min_rate if trade.is_short else trade.max_rate
            trailed = best - plan["sign"] * plan["trail"]
            stop = max(stop, trailed) if plan["sign"] > 0 else min(stop, trailed)
        return stoploss_from_absolute(stop, current_rate, is_short=trade.is_short)

    def adjust_trade_position(self, *, trade: Any, **_: Any) -> Any:
        exits = trade.nr_of_successful_exits
        if trade.has_open_orders or trade.max_rate is None or exits >= len(_SHARES):
            return None
        plan = self._plans[trade.enter_tag]
        target = plan["targets"][exits]
        best = trade.min_rate if trade.is_short else trade.max_rate
        if plan["sign"] * (best - target) < 0:
            return None
        return -trade.stake_amount * _SHARES[exits] / (1 - sum(_SHARES[:exits]))

    def custom_exit(self, *, trade: Any, current_time: datetime, **_: Any) -> str | None:
        if trade.max_rate is None or trade.date_entry_fill_utc is None:
            return None
        plan = self._plans[trade.enter_tag]
        best = trade.min_rate if trade.is_short else trade.max_rate
        if plan["sign"] * (best - plan["targets"][2]) >= 0:
            return "third target"
        held = (current_time - trade.date_entry_fill_utc).total_seconds() / 900
        return "held long enough" if held >= _HOLD_CANDLES else None
