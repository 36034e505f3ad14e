"""The walls of one side that stand: found, followed while they are hidden, and seen to go."""

from domain.order_book import BookSide, Wall
from layers.orderflow.book.hidden import HiddenWalls
from layers.orderflow.book.parameters import BookParameters
from layers.orderflow.book.snapshot import SideLevels
from layers.orderflow.book.spoofing import BigOrders
from layers.orderflow.book.tracked_wall import LevelScale, TrackedWall
from layers.orderflow.book.traded import TradedAt


class StandingWalls:
    """Walls of a side by price.

    Only the best levels are known. A wall whose price lies beyond the last of them is hidden, not
    gone; one that is missed when its price comes back has ended nobody knows how.
    """

    def __init__(self, side: BookSide, parameters: BookParameters, orders: BigOrders) -> None:
        self._side = side
        self._sign = side.sign
        self._orders = orders
        self._remains = 1.0 - parameters.fallen_share
        self._told_from_ms = parameters.wall_known_seconds * 1000.0
        self._in_sight: dict[float, TrackedWall] = {}
        self._hidden = HiddenWalls(side.sign, parameters.hidden_seconds)
        self._last_price: float | None = None

    def clear(self) -> None:
        """Forget all."""
        self._in_sight.clear()
        self._hidden.clear()
        self._last_price = None

    def follow(self, levels: SideLevels, scale: LevelScale, at_ms: int) -> list[TrackedWall]:
        """Take in the newest book; returns the walls that went before our eyes."""
        gone = self._follow_known(levels, scale, at_ms) if self._in_sight else []
        self._find_again(levels, scale, at_ms)
        if max(levels.sizes) > scale.wall_from:
            self._notice(levels, scale, at_ms)
        self._last_price = levels.prices[-1]
        return gone

    def count_trades(self, traded: TradedAt, until_ms: int) -> None:
        """Add the trades at the walls' prices up to an instant."""
        for wall in self._in_sight.values():
            wall.count_trades(traded, until_ms)
        self._hidden.count_trades(traded, until_ms)

    def told(self, scale: LevelScale, mid: float, traded: TradedAt, at_ms: int) -> list[Wall]:
        """The walls in the book, nearest first, without those too young to be trusted."""
        walls = [
            self._told(wall, scale, mid, traded, at_ms)
            for wall in self._in_sight.values()
            if wall.quantity > scale.wall_from and at_ms - wall.appeared_ms >= self._told_from_ms
        ]
        return sorted(walls, key=lambda wall: wall.distance_percent)

    def _follow_known(self, levels: SideLevels, scale: LevelScale, at_ms: int) -> list[TrackedWall]:
        gone = []
        sizes = dict(levels.levels)
        edge = self._sign * levels.prices[-1]
        for price, wall in tuple(self._in_sight.items()):
            if self._sign * price < edge:
                self._hidden.hide(self._in_sight.pop(price), at_ms)
                continue
            wall.see(sizes.get(price, 0.0), scale)
            if wall.quantity < self._remains * wall.greatest:
                gone.append(self._in_sight.pop(price))
        return gone

    def _find_again(self, levels: SideLevels, scale: LevelScale, at_ms: int) -> None:
        self._hidden.forget(at_ms)
        if self._was_known(levels.prices[-1]):
            return
        back = self._hidden.come_back(levels.prices[-1])
        sizes = dict(levels.levels) if back else {}
        for wall in back:
            wall.see(sizes.get(wall.price, 0.0), scale)
            if wall.quantity >= self._remains * wall.greatest:
                self._in_sight[wall.price] = wall

    def _notice(self, levels: SideLevels, scale: LevelScale, at_ms: int) -> None:
        for price, quantity in levels.levels:
            if quantity > scale.wall_from and price not in self._in_sight:
                wall = TrackedWall.found(self._side, price, quantity, scale, at_ms)
                self._in_sight[price] = wall
                if self._was_known(price):
                    self._orders.add(wall)

    def _was_known(self, price: float) -> bool:
        """Whether the price was among the known levels of the book before."""
        return self._last_price is not None and self._sign * price >= self._sign * self._last_price

    def _told(
        self, wall: TrackedWall, scale: LevelScale, mid: float, traded: TradedAt, at_ms: int
    ) -> Wall:
        return Wall(
            side=self._side,
            price=wall.price,
            quantity=wall.quantity,
            size_ratio=scale.ratio(wall.quantity),
            distance_percent=abs(wall.price - mid) / mid * 100.0,
            age_seconds=(at_ms - wall.appeared_ms) / 1000.0,
            absorbed_share=wall.absorbed_share(traded, at_ms),
        )
