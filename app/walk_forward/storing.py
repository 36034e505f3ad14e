"""Keeps what a walk-forward recommends as a versioned parameter set, which is not live by that."""

from collections.abc import Sequence

from app.clock import ExchangeClock
from app.live_parameters import deciding_groups
from app.made_storage import made_storage
from app.settings import Settings
from domain.evidence import LayerName
from domain.parameter_sets import ParameterSet
from engine.parameter_sets.switching import ParameterSwitch
from engine.walk_forward.recommendation import note_on, origin_of
from engine.walk_forward.values import WalkForwardResult


async def store_recommended(
    settings: Settings, result: WalkForwardResult, layers: Sequence[LayerName]
) -> ParameterSet:
    """The set as it was kept, in a database that is made if there is none yet."""
    async with made_storage(settings) as storage:
        switch = ParameterSwitch(
            storage=storage, clock=ExchangeClock(), groups=deciding_groups(settings.strategy)
        )
        return await switch.add(
            result.recommended, origin=origin_of(result), note=note_on(result, layers)
        )
