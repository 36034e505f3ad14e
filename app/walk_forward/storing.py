"""Keeps what a walk-forward recommends as a versioned parameter set, which is not live by that."""

from collections.abc import Sequence

from app.clock import ExchangeClock
from app.live_parameters import deciding_groups
from app.made_storage import made_storage
from app.settings import Settings
from domain.evidence import LayerName
from domain.parameter_sets import ParameterSet
from engine.parameter_sets.configuration import RunningParameters
from engine.parameter_sets.switching import ParameterSwitch
from engine.walk_forward.recommendation import note_on, origin_of
from engine.walk_forward.values import WalkForwardResult


async def store_recommended(
    written: Settings,
    running: RunningParameters,
    result: WalkForwardResult,
    layers: Sequence[LayerName],
) -> ParameterSet:
    """The set as it was kept, in a database that is made if there is none yet.

    It holds what the live set holds as well: the values were found with it, and making a set live
    puts whatever it does not name back to the strategy file, which is that of `written`.
    """
    live = {each.name: each.value for each in running.overlaid}
    async with made_storage(written) as storage:
        switch = ParameterSwitch(
            storage=storage, clock=ExchangeClock(), groups=deciding_groups(written.strategy)
        )
        return await switch.add(
            live | dict(result.recommended),
            origin=origin_of(result),
            note=note_on(result, layers),
        )
