"""The trades of one pair and what is read from them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trade:
    """A taker's trade: price in quote currency, quantity in base units.

    `id` grows by one from trade to trade of a pair; `is_buy` says that the taker bought.
    """

    id: int
    exchange_ms: int
    price: float
    quantity: float
    is_buy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TapeWindow:
    """Trades of the last `seconds`: those later than its begin, up to and with its end.

    Volumes in base units, notionals in quote currency, by the side of the taker.
    """

    seconds: int
    trades: int
    buy_volume: float
    sell_volume: float
    buy_notional: float
    sell_notional: float

    @property
    def delta(self) -> float:
        """Taker buys less taker sells, in base units."""
        return self.buy_volume - self.sell_volume

    @property
    def aggressor_ratio(self) -> float | None:
        """Taker buys over all, 0 to 1; None when nothing traded."""
        volume = self.buy_volume + self.sell_volume
        return self.buy_volume / volume if volume else None


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeTrades:
    """Large trades of the last five minutes by the taker's side: how many and their notional."""

    buys: int
    sells: int
    buy_notional: float
    sell_notional: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TapeReading:
    """What the trades up to an instant say.

    `at_ms` is that instant. `covered_seconds` is how long the tape has been whole until then (since
    its first trade, or since trades were missed); a window longer than that is not full. `windows`
    are in rising order of length. `cvd_4h` and `cvd_day` are cumulative volume delta since the last
    4-hour boundary and since midnight UTC (a trade on a boundary is after it), in base units, as
    far as it is covered; `cvd_slope` is its change over 30 s in base units per second. `divergence`
    in [-1, 1] is positive when CVD rises against a falling price, negative for the mirror, of five
    minutes; 0 until these are covered. `velocity_ratio` is trades of the last second over their
    mean per second of 30 s, None with too few trades; `volume_spike_ratio` volume of 3 s over the
    mean of 30 s, None without trades; both None until 30 s are covered. `streak` counts trades in a
    row on one side, none of them missing, negative for sells. `large` are trades of at least 3
    times, `very_large` of 10 times the mean size of the five minutes before each, `big` those above
    a fixed notional. `vpin` in [0, 1] (Easley, Lopez de Prado, O'Hara 2012) is the mean imbalance
    of the 15 minutes in buckets of equal volume; None until 15 minutes are covered, or with too few
    trades. `exhaustion` in [-1, 1] is positive when takers who sold have stopped (bullish),
    negative when buyers have; 0 until five minutes are covered, and when nobody has traded for 30
    s.
    """

    at_ms: int
    last_trade_ms: int | None
    last_price: float | None
    covered_seconds: float
    windows: tuple[TapeWindow, ...]
    cvd_4h: float
    cvd_day: float
    cvd_slope: float
    divergence: float
    velocity_ratio: float | None
    volume_spike_ratio: float | None
    streak: int
    large: LargeTrades
    very_large: LargeTrades
    big: LargeTrades
    vpin: float | None
    exhaustion: float

    def window(self, seconds: int) -> TapeWindow:
        """The window of a length; raises `KeyError` for one that is not read."""
        for window in self.windows:
            if window.seconds == seconds:
                return window
        raise KeyError(seconds)
