"""Runs under freqtrade's own Python: candles as its files, no network for markets, its command.

`freqtrade_run.py prepare FOLDER` writes what a backtest needs; `freqtrade_run.py run FOLDER` is
freqtrade's own `backtesting` command over it.
"""

import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
_WALLET = 1_000_000
_STAKE = 1_000


def pair_of(symbol: str) -> str:
    return f"{symbol.removesuffix('USDT')}/USDT:USDT"


def prepare(folder: Path) -> None:
    """Feather files as freqtrade stores them; mark prices as traded, funding nothing."""
    import numpy as np
    import pandas as pd

    data = folder / "data" / "futures"
    data.mkdir(parents=True)
    symbols = sorted(path.stem for path in (folder / "candles").glob("*.npy"))
    for symbol in symbols:
        columns = np.load(folder / "candles" / f"{symbol}.npy")
        frame = pd.DataFrame(columns.T, columns=["date", "open", "high", "low", "close", "volume"])
        frame["date"] = pd.to_datetime(frame["date"].astype("int64"), unit="ms", utc=True)
        stem = f"{symbol.removesuffix('USDT')}_USDT_USDT"
        frame.to_feather(data / f"{stem}-15m-futures.feather")
        hourly = frame[frame["date"].dt.minute == 0].reset_index(drop=True)
        for timeframe, rows in (("1h", hourly), ("8h", hourly[hourly["date"].dt.hour % 8 == 0])):
            rows = rows.reset_index(drop=True)
            rows.to_feather(data / f"{stem}-{timeframe}-mark.feather")
            nothing = rows.assign(open=0.0, high=0.0, low=0.0, close=0.0, volume=0.0)
            nothing.to_feather(data / f"{stem}-{timeframe}-funding_rate.feather")
    (folder / "config.json").write_text(json.dumps(_config(symbols, folder)))


def run(folder: Path) -> None:
    """freqtrade's command, with the venue's list of markets made up instead of asked for."""
    from freqtrade.exchange import Exchange  # type: ignore[import-not-found] # the peer alone has it
    from freqtrade.main import main  # type: ignore[import-not-found] # the peer alone has it

    symbols = json.loads((folder / "config.json").read_text())["exchange"]["pair_whitelist"]

    def load_markets(exchange: Any, **_: Any) -> None:
        exchange._api_async.set_markets(  # noqa: SLF001 - there is no other way offline
            [_market(pair) for pair in symbols]
        )

    Exchange._load_async_markets = load_markets  # noqa: SLF001 - as above
    main(
        [
            "backtesting",
            *("--config", str(folder / "config.json")),
            *("--datadir", str(folder / "data")),
            *("--userdir", str(folder)),
            *("--strategy-path", str(HERE)),
            *("--strategy", "QuorumTrades"),
            *("--export", "trades"),
            *("--cache", "none"),
        ]
    )


def _config(symbols: list[str], folder: Path) -> dict[str, Any]:
    return {
        "dry_run": True,
        "dry_run_wallet": _WALLET,
        "stake_currency": "USDT",
        "stake_amount": _STAKE,
        "max_open_trades": -1,
        "trading_mode": "futures",
        "margin_mode": "isolated",
        "timeframe": "15m",
        "fee": 0.0005,
        "futures_funding_rate": 0,
        "dataformat_ohlcv": "feather",
        "unfilledtimeout": {"entry": 14, "exit": 14, "unit": "minutes"},
        "entry_pricing": {"price_side": "same", "use_order_book": True},
        "exit_pricing": {"price_side": "same", "use_order_book": True},
        "pairlists": [{"method": "StaticPairList"}],
        "exchange": {
            "name": "binance",
            "enable_ws": False,
            "pair_whitelist": [pair_of(symbol) for symbol in symbols],
        },
        "quorum_signals": str(folder / "signals.json"),
    }


def _market(pair: str) -> dict[str, Any]:
    base = pair.partition("/")[0]
    return {
        "id": f"{base}USDT",
        "symbol": pair,
        "base": base,
        "quote": "USDT",
        "settle": "USDT",
        "baseId": base,
        "quoteId": "USDT",
        "settleId": "USDT",
        "type": "swap",
        "spot": False,
        "margin": False,
        "swap": True,
        "future": False,
        "option": False,
        "contract": True,
        "linear": True,
        "inverse": False,
        "active": True,
        "contractSize": 1.0,
        "taker": 0.0005,
        "maker": 0.0002,
        "precision": {"amount": 0.001, "price": 0.01},
        "limits": {
            "amount": {"min": 0.001, "max": None},
            "price": {"min": 0.01, "max": None},
            "cost": {"min": 5.0, "max": None},
            "leverage": {"min": 1, "max": 125},
        },
        "info": {"contractType": "PERPETUAL", "status": "TRADING"},
    }


if __name__ == "__main__":
    {"prepare": prepare, "run": run}[sys.argv[1]](Path(sys.argv[2]))
