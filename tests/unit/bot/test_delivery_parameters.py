"""What is allowed of the delivery's limits can also be kept."""

from dataclasses import fields, replace

import pytest

from bot.delivery_parameters import DeliveryParameters
from bot.pace import Pace
from domain.messages import CHANNEL

NAMES = [declared.name for declared in fields(DeliveryParameters)]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("end", ["low", "high"])
def test_a_pace_can_be_kept_at_both_ends_of_every_range(name: str, end: str) -> None:
    (declared,) = (each for each in fields(DeliveryParameters) if each.name == name)
    limit = declared.metadata[end]
    assert limit is not None

    pace = Pace(replace(DeliveryParameters(), **{name: limit}))
    pace.take(CHANNEL, 0.0)

    assert pace.delay(CHANNEL, 0.0) >= 0
