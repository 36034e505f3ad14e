"""Keeps what published signals were decided on, in the transaction that publishes them."""

from collections.abc import Callable, Sequence

from engine.inputs.trimming import trim_snapshot, trim_state
from engine.inputs.values import DecisionRules, SignalInputs
from engine.issue import PublishedOn
from engine.ports.storage import UnitOfWork

Encode = Callable[[SignalInputs], bytes]


class KeepInputsOf:
    """Called by `IssueSignals` after the last signal of a close, before it commits."""

    def __init__(self, *, rules: DecisionRules, version: str, encode: Encode) -> None:
        self._rules = rules
        self._version = version
        self._encode = encode

    async def __call__(self, unit: UnitOfWork, published: Sequence[PublishedOn]) -> None:
        """Keep the inputs of each signal."""
        for each in published:
            inputs = inputs_of(each, self._rules, self._version)
            await unit.inputs.add_for_signal(inputs.signal_id, self._encode(inputs))


def inputs_of(published: PublishedOn, rules: DecisionRules, version: str) -> SignalInputs:
    """What a signal was decided on, cut down to what it can depend on."""
    publication, snapshot = published.publication, published.snapshot
    signal = publication.followed.signal
    return SignalInputs(
        version=version,
        rules=rules,
        signal_id=signal.id,
        published_at=signal.published_at,
        sequence=publication.entry.sequence,
        mode=published.mode,
        snapshot=trim_snapshot(snapshot),
        state=trim_state(published.state, snapshot.instrument.symbol),
    )
