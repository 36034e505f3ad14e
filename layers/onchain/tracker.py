"""All coins' chains: takes what providers answer, tells what was known at an instant."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

from domain.feeds import FeedAnswer
from domain.onchain import DexActivity, OnChain, StablecoinSupply
from domain.transfers import Transfer
from layers.figures import counted
from layers.onchain.parameters import OnChainParameters
from layers.onchain.readings.facts import Facts
from layers.onchain.readings.instant import Instant
from layers.onchain.readings.limits import Limits
from layers.onchain.readings.smart_wallets import wallet_name


class OnChainTracker:
    """Has no clock: time comes in with the answers, all in exchange milliseconds.

    `smart_wallets` are addresses that the operator follows. `patience` stretches the limits of age,
    for a market that runs faster than the clock that polls providers.

    A reading uses nothing that happened or was known after its instant, so it is the same whatever
    was told since and in whatever order, up to `ages.lateness` before the newest answer; beyond
    that it may know less.
    """

    def __init__(
        self,
        parameters: OnChainParameters,
        *,
        smart_wallets: Collection[str] = (),
        patience: float = 1.0,
    ) -> None:
        self._shape = parameters.reading
        self._limits = Limits.of(parameters.reading, patience)
        self._wallets = frozenset(wallet_name(each) for each in smart_wallets) - {""}
        self._facts = Facts(self._limits)
        self._refused: Counter[str] = Counter()
        self._instant: Instant | None = None

    def observe(self, answer: FeedAnswer) -> list[Transfer]:
        """Take in an answer, and return the transfers that were not known before.

        What is not about chains is left alone.
        """
        self._instant = None
        at_ms, provider = answer.answered_ms, answer.provider
        told = [each for each in answer.observations if isinstance(each, Transfer)]
        fresh = [
            each
            for each in told
            if self._is_credible(each, at_ms) and self._facts.take(provider, each, at_ms)
        ]
        for observation in answer.observations:
            if isinstance(observation, StablecoinSupply):
                self._facts.supply.add(at_ms, provider, observation)
            elif isinstance(observation, DexActivity):
                self._facts.dex[observation.asset].add(at_ms, provider, observation)
        self._facts.note_answer(provider, at_ms, answer.watched)
        return fresh

    def restore(self, transfers: Sequence[tuple[Transfer, int]]) -> None:
        """Take in transfers of an earlier process, each with the instant at which it was known.

        Only transfers are kept over a restart, and so is what they prove: that their provider
        answered at that instant, watching each coin of which it had told by then.
        """
        answers: defaultdict[tuple[int, str], list[Transfer]] = defaultdict(list)
        for transfer, known_ms in transfers:
            answers[known_ms, transfer.provider].append(transfer)
        seen: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
        for (known_ms, provider), told in sorted(answers.items(), key=lambda answer: answer[0]):
            seen[provider] |= {each.asset for each in told}
            self.observe(
                FeedAnswer(
                    provider=provider,
                    answered_ms=known_ms,
                    observations=tuple(told),
                    watched=seen[provider],
                )
            )

    def reading(self, asset: str, as_of_ms: int) -> OnChain:
        """What was known of a coin (canonical) at an instant."""
        if self._instant is None or self._instant.at_ms != as_of_ms:
            self._instant = Instant(as_of_ms, self._facts, self._wallets, self._shape, self._limits)
        return self._instant.reading(asset)

    def notes(self) -> list[str]:
        """What was left out of account, in an operator's words."""
        return [
            f"{counted(count, 'transfer')} left out: {reason}"
            for reason, count in sorted(self._refused.items())
        ]

    def _is_credible(self, transfer: Transfer, known_ms: int) -> bool:
        reason = self._reason_to_refuse(transfer, known_ms)
        if reason:
            self._refused[reason] += 1
        return not reason

    def _reason_to_refuse(self, transfer: Transfer, known_ms: int) -> str:
        if not (math.isfinite(transfer.usd) and transfer.usd >= 0):
            return "value makes no sense"
        if transfer.happened_ms > known_ms + self._limits.ahead_ms:
            return "dated in the future"
        if transfer.happened_ms < known_ms - self._limits.kept_ms:
            return f"older than {counted(self._shape.kept_days, 'day')}"
        return ""
