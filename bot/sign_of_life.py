"""After a message without an answer: nothing leaves until the carrier gives a sign of life.

Else one message after the other would be in doubt for as long as it gives none.
"""

import logging

from bot.delivery_parameters import DeliveryParameters
from bot.messenger import DeliveryError, Messenger, RetryLaterError
from engine.ports.clock import Clock

_log = logging.getLogger(__name__)


class SignOfLife:
    """Asks the carrier, with growing pauses, for as long as there is a reason to."""

    def __init__(
        self, *, messenger: Messenger, clock: Clock, parameters: DeliveryParameters
    ) -> None:
        self._messenger = messenger
        self._clock = clock
        self._parameters = parameters
        self._silences = 0
        self._ask_again_at = clock.monotonic()

    def note_silence(self) -> None:
        """A message was handed over and no answer came."""
        self._silences += 1

    async def find_pause(self) -> float:
        """Wall seconds for which nothing may leave; 0 as a rule."""
        if self._silences == 0:
            return 0.0
        now = self._clock.monotonic()
        if now >= self._ask_again_at:
            self._ask_again_at = now + await self._ask()
        return max(0.0, self._ask_again_at - self._clock.monotonic())

    async def _ask(self) -> float:
        try:
            await self._messenger.check()
        except RetryLaterError as asked:
            return asked.seconds
        except DeliveryError as failure:
            self._silences += 1
            pause = self._parameters.back_off(self._silences)
            _log.warning("delivery waits for an answer seconds=%.1f: %s", pause, failure)
            return pause
        self._silences = 0
        return 0.0
