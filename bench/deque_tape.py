"""The tape as it is usually written: a deque and running floats for each window.

And all windows anew from a list of trades. Both know the present only.
"""

from collections import deque

_SECONDS = (1, 3, 5, 30, 60, 300, 900)
_MULTIPLES = (3.0, 10.0)
_BIG_NOTIONAL = 50_000.0
_FOUR_HOURS_MS = 14_400_000
_DAY_MS = 86_400_000
_BUCKETS = 50
_BUCKET_VOLUME = 1.0

_Entry = tuple[int, float, float, bool]


class Window:
    """Trades of the last seconds with their sums."""

    __slots__ = (
        "buy_notional",
        "buy_volume",
        "length_ms",
        "sell_notional",
        "sell_volume",
        "trades",
    )

    def __init__(self, seconds: float) -> None:
        self.length_ms = seconds * 1000
        self.trades: deque[_Entry] = deque()
        self.buy_volume = self.sell_volume = self.buy_notional = self.sell_notional = 0.0

    def push(self, entry: _Entry) -> None:
        now, quantity, notional, is_buy = entry
        self.trades.append(entry)
        if is_buy:
            self.buy_volume += quantity
            self.buy_notional += notional
        else:
            self.sell_volume += quantity
            self.sell_notional += notional
        self.evict(now - self.length_ms)

    def evict(self, until_ms: float) -> None:
        trades = self.trades
        while trades and trades[0][0] <= until_ms:
            _, quantity, notional, is_buy = trades.popleft()
            if is_buy:
                self.buy_volume -= quantity
                self.buy_notional -= notional
            else:
                self.sell_volume -= quantity
                self.sell_notional -= notional


class DequeTape:
    """All windows of the order-flow layer, evicted at each trade."""

    def __init__(self) -> None:
        self.windows = [Window(seconds) for seconds in _SECONDS]
        self.five_minutes = self.windows[5]
        self.large = [Window(300) for _ in range(len(_MULTIPLES) + 1)]
        self.cvd_4h = self.cvd_day = 0.0
        self.last_ms = 0
        self.streak = 0
        self.buckets: deque[float] = deque(maxlen=_BUCKETS)
        self.bucket_buys = self.bucket_sells = 0.0

    def push(self, exchange_ms: int, price: float, quantity: float, is_buy: bool) -> None:
        entry = exchange_ms, quantity, price * quantity, is_buy
        self._sort_by_size(entry)
        for window in self.windows:
            window.push(entry)
        self._accumulate(exchange_ms, quantity if is_buy else -quantity)
        streak = self.streak
        self.streak = (max(streak, 0) + 1) if is_buy else (min(streak, 0) - 1)
        self._fill_bucket(quantity, is_buy)

    def _sort_by_size(self, entry: _Entry) -> None:
        window = self.five_minutes
        if window.trades:
            mean = (window.buy_volume + window.sell_volume) / len(window.trades)
            for multiple, large in zip(_MULTIPLES, self.large, strict=False):
                if entry[1] >= multiple * mean:
                    large.push(entry)
        if entry[2] > _BIG_NOTIONAL:
            self.large[-1].push(entry)

    def _accumulate(self, exchange_ms: int, signed: float) -> None:
        if exchange_ms // _FOUR_HOURS_MS != self.last_ms // _FOUR_HOURS_MS:
            self.cvd_4h = 0.0
        if exchange_ms // _DAY_MS != self.last_ms // _DAY_MS:
            self.cvd_day = 0.0
        self.cvd_4h += signed
        self.cvd_day += signed
        self.last_ms = exchange_ms

    def _fill_bucket(self, quantity: float, is_buy: bool) -> None:
        if is_buy:
            self.bucket_buys += quantity
        else:
            self.bucket_sells += quantity
        if self.bucket_buys + self.bucket_sells >= _BUCKET_VOLUME:
            self.buckets.append(abs(self.bucket_buys - self.bucket_sells))
            self.bucket_buys = self.bucket_sells = 0.0


def recomputed(
    trades: list[tuple[int, int, float, float, bool]],
) -> list[tuple[float, float, float, float]]:
    """Sums of every window from scratch."""
    newest = trades[-1][1]
    sums = []
    for seconds in _SECONDS:
        recent = [trade for trade in trades if trade[1] > newest - 1000 * seconds]
        buys = [trade for trade in recent if trade[4]]
        sells = [trade for trade in recent if not trade[4]]
        sums.append(
            (
                sum(trade[3] for trade in buys),
                sum(trade[3] for trade in sells),
                sum(trade[2] * trade[3] for trade in buys),
                sum(trade[2] * trade[3] for trade in sells),
            )
        )
    return sums
