"""One provider of transfers: when it listened, what it told, and both as of an instant."""

import math

from domain.onchain import ExchangeFlowReading
from layers.onchain.readings.attendance import Attendance
from layers.onchain.readings.flow_hours import FlowHours
from layers.onchain.readings.parameters import FlowHistory
from layers.onchain.readings.spans import DAY_MS, HOUR_MS


class Provider:
    """Its attendance and its flows."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.attendance = Attendance()
        self.flows = FlowHours()


class ProviderThen:
    """A provider as of an instant: what is the same for all coins is looked up once."""

    def __init__(
        self, provider: Provider, shape: FlowHistory, *, at_ms: int, silence_ms: int
    ) -> None:
        attendance = provider.attendance
        self.name = provider.name
        self._provider = provider
        self._shape = shape
        self._at_ms = at_ms
        self._now = attendance.watched(at_ms - silence_ms, at_ms)
        self._before = attendance.watched(at_ms - HOUR_MS - silence_ms, at_ms - HOUR_MS // 2)
        last = (at_ms - HOUR_MS) // HOUR_MS
        hours = shape.days * DAY_MS // HOUR_MS
        known = attendance.known_hours(range(last - hours, last))
        self._watches, self._known = tuple(known), tuple(known.values())
        self._hours_of: dict[str, frozenset[int]] = {}
        self._shared: dict[tuple[int, ...], frozenset[int]] = {}

    def answered_ms(self, asset: str) -> int | None:
        """When it last answered watching a coin, None when it was silent for too long."""
        return next((at for coins, at in self._now.items() if asset in coins), None)

    def hours_known(self, asset: str) -> int:
        """Earlier clock hours in which it listened to a coin."""
        return len(self._hours(asset))

    def is_comparable(self, asset: str) -> bool:
        """Whether the last hour can be compared with enough earlier ones.

        An hour in which it did not listen from the beginning is not compared: what it lacks would
        look unusual.
        """
        is_whole = any(asset in coins for coins in self._before)
        return is_whole and self.hours_known(asset) >= self._shape.least_hours

    def flow(self, asset: str) -> ExchangeFlowReading:
        """Net flow of the last hour, compared with its own earlier hours where that can be."""
        net = self._provider.flows.net_usd(asset, self._at_ms - HOUR_MS, self._at_ms)
        return ExchangeFlowReading(
            provider=self.name,
            net_usd=float(net),
            z_score=self._z_score(asset, net) if self.is_comparable(asset) else None,
            hours_known=self.hours_known(asset),
        )

    def _z_score(self, asset: str, net: int) -> float:
        """Distance from the mean hour in standard deviations of a sample."""
        hours = self._hours(asset)
        count = len(hours)
        total, squares = self._provider.flows.moments(asset, hours, self._at_ms)
        variance = (count * squares - total * total) / (count * (count - 1))
        deviation = max(math.sqrt(variance), self._shape.least_deviation_usd)
        return (net - total / count) / deviation

    def _hours(self, asset: str) -> frozenset[int]:
        """Memorised by coin, and shared by all coins that were watched together."""
        if asset not in self._hours_of:
            held = tuple([at for at, coins in enumerate(self._watches) if asset in coins])
            if held not in self._shared:
                self._shared[held] = frozenset(hour for at in held for hour in self._known[at])
            self._hours_of[asset] = self._shared[held]
        return self._hours_of[asset]
