"""The stories that can be told, all told upwards."""

from typing import Final

from exchanges.simulator.scenarios.story import BigOrder, Phase, Setting, Story

_STEP: Final = 20
"""Seconds within which a share of pushing takers is exact."""

_SPOOFED_SECONDS: Final = 240
_SPOOF_EVERY: Final = 8
_SPOOF_LIVES: Final = 3
_SPOOF_SIZE: Final = 30.0


def wall_broken(_: Setting) -> Story:
    """A big ask wall: the price comes to it, buyers eat it up, then the price passes."""
    return Story(
        phases=(
            Phase(seconds=60, to=8, pushing=0.6, activity=1.2),
            *_steadily(120, Phase(seconds=_STEP, to=8, pushing=0.8, activity=1.5)),
            Phase(seconds=60, to=22, pushing=0.75, activity=2.5, open_interest=0.004),
        ),
        orders=(BigOrder(at=8, opposing=True, from_second=0, until_second=180),),
    )


def spoofed(setting: Setting) -> Story:
    """Big bids below a price that goes nowhere, gone after 3 seconds, time and again."""
    nearest = setting.clear_of_trades
    orders = tuple(
        BigOrder(
            at=-(nearest + (second // _SPOOF_EVERY) % 3),
            opposing=False,
            from_second=second,
            until_second=second + _SPOOF_LIVES,
            size=_SPOOF_SIZE,
        )
        for second in range(4, _SPOOFED_SECONDS - _SPOOF_LIVES, _SPOOF_EVERY)
    )
    return Story(phases=_steadily(_SPOOFED_SECONDS, Phase(seconds=_STEP, waver=1.0)), orders=orders)


def absorbed(_: Setting) -> Story:
    """Buyers take for five minutes, and whoever sells to them lets the price not rise."""
    push = Phase(seconds=_STEP, waver=1.0, pushing=0.83, activity=2.0, open_interest=0.002)
    return Story(phases=_steadily(300, push))


def cascade(setting: Setting) -> Story:
    """Shorts are liquidated one after the other while the book thins; then some of it comes back.

    Told downwards, as it mostly happens, longs are.
    """
    return Story(
        phases=(
            Phase(seconds=60, to=setting.gaps(0.003), waver=2.0, pushing=0.6, depth=0.8),
            Phase(
                seconds=60, to=setting.gaps(0.015), pushing=0.78, activity=4.0, depth=0.35,
                forced_every=3.0, open_interest=-0.012,
            ),
            Phase(
                seconds=60, to=setting.gaps(0.034), pushing=0.88, activity=8.0, depth=0.15,
                forced_every=1.0, open_interest=-0.03,
            ),
            Phase(
                seconds=60, to=setting.gaps(0.031), waver=6.0, pushing=0.5, activity=4.0,
                depth=0.4, open_interest=-0.006,
            ),
            Phase(seconds=60, to=setting.gaps(0.024), pushing=0.35, activity=2.0, depth=1.0),
        ),
        spread=3.0,
    )  # fmt: skip


def _steadily(seconds: int, step: Phase) -> tuple[Phase, ...]:
    """A phase that stays the same for so long, step by step."""
    return (step,) * (seconds // step.seconds)
