"""The verdict on walls that are gone: eaten by trades and passed by the price, or pulled."""

from typing import NamedTuple

from domain.order_book import BookSide, BrokenWall
from layers.orderflow.book.parameters import BookParameters
from layers.orderflow.book.tracked_wall import TrackedWall
from layers.orderflow.book.traded import TradedAt


class _Fallen(NamedTuple):
    """A wall and when it was gone or, once it is broken, when it broke."""

    wall: TrackedWall
    at_ms: int


class FallenWalls:
    """Walls of one side that are gone.

    Books and trades arrive on their own ways, so a verdict waits until the trades that changed the
    book must be known. Until then a wall is neither a spoof nor eaten. One that was too young to be
    told as a wall is not told as a broken one either.
    """

    def __init__(self, side: BookSide, parameters: BookParameters, traded: TradedAt) -> None:
        self._sign = side.sign
        self._parameters = parameters
        self._traded = traded
        self._late_ms = round(parameters.late_trades_seconds * 1000.0)
        self._pass_ms = round(parameters.pass_seconds * 1000.0)
        self._broken_ms = round(parameters.broken_seconds * 1000.0)
        self._unjudged: list[_Fallen] = []
        self._eaten: list[_Fallen] = []
        self._broken: dict[float, _Fallen] = {}

    def clear(self) -> None:
        """Forget all."""
        self._unjudged.clear()
        self._eaten.clear()
        self._broken.clear()

    def add(self, walls: list[TrackedWall], at_ms: int) -> None:
        """Walls have gone."""
        if walls:
            self._unjudged += [_Fallen(wall, at_ms) for wall in walls]

    def follow(self, mid: float, at_ms: int) -> None:
        """Judge what can be judged, and see whether the price has passed an eaten wall."""
        if self._unjudged:
            self._judge(at_ms)
        if self._eaten:
            self._see_passed(mid, at_ms)
        if self._broken:
            self._forget(at_ms)

    def told(self, mid: float, at_ms: int) -> list[BrokenWall]:
        """The walls that broke a short time ago and that the price has not come back across."""
        return [
            BrokenWall(
                side=broken.wall.side,
                price=price,
                size_ratio=broken.wall.greatest_ratio,
                age_seconds=(at_ms - broken.at_ms) / 1000.0,
            )
            for price, broken in self._broken.items()
            if at_ms - broken.at_ms <= self._broken_ms and self._is_passed(price, mid)
        ]

    def _judge(self, at_ms: int) -> None:
        ready = [fallen for fallen in self._unjudged if at_ms - fallen.at_ms >= self._late_ms]
        self._unjudged = self._unjudged[len(ready) :]
        for fallen in ready:
            self._pass_verdict(fallen)

    def _pass_verdict(self, fallen: _Fallen) -> None:
        wall, gone_ms = fallen
        age_seconds = (gone_ms - wall.appeared_ms) / 1000.0
        absorbed = wall.absorbed_share(self._traded, gone_ms)
        was_told = age_seconds >= self._parameters.wall_known_seconds
        if absorbed < self._parameters.untouched_share:
            wall.is_spoof = age_seconds <= self._parameters.spoof_seconds
        elif was_told and absorbed >= self._parameters.eaten_share:
            self._eaten.append(fallen)

    def _see_passed(self, mid: float, at_ms: int) -> None:
        waiting = []
        for fallen in self._eaten:
            if self._is_passed(fallen.wall.price, mid):
                # Taken out first, so that the oldest break stays the first of all.
                self._broken.pop(fallen.wall.price, None)
                self._broken[fallen.wall.price] = _Fallen(fallen.wall, at_ms)
            elif at_ms - fallen.at_ms <= self._pass_ms:
                waiting.append(fallen)
        self._eaten = waiting

    def _is_passed(self, price: float, mid: float) -> bool:
        return self._sign * mid < self._sign * price

    def _forget(self, at_ms: int) -> None:
        while self._broken:
            price, broken = next(iter(self._broken.items()))
            if at_ms - broken.at_ms <= self._broken_ms:
                return
            del self._broken[price]
