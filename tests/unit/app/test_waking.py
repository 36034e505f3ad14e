"""The delivery worker looks at the outbox after a use case, whatever came of it."""

import pytest

from app.waking import waking
from domain.errors import NotFoundError


async def press(signal_id: int, *, user_id: int) -> str:
    if signal_id == 0:
        raise NotFoundError("there is no signal #0")
    return f"{user_id} pressed {signal_id}"


async def test_the_answer_is_that_of_the_use_case_and_delivery_is_woken_after_it() -> None:
    order: list[str] = []

    async def working() -> None:
        order.append("worked")

    await waking(working, lambda: order.append("woken"))()
    assert order == ["worked", "woken"]
    assert await waking(press, lambda: None)(3, user_id=7) == "7 pressed 3"


async def test_delivery_is_woken_after_an_error_too() -> None:
    wakes: list[int] = []
    with pytest.raises(NotFoundError):
        await waking(press, lambda: wakes.append(1))(0, user_id=7)
    assert wakes == [1]
