"""From weighed components to what a layer answers: the arithmetic that all layers share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from domain.directions import NEUTRAL
from domain.evidence import Evidence
from domain.parameters import Parameters, parameter
from layers.component import Component
from layers.declarations import DESIGN


def weight(default: float, of: str) -> Any:
    """Declare how much a component has to say in its layer."""
    return parameter(default, doc=f"weight of {of}", unit="share", source=DESIGN, low=0, high=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights(Parameters):
    """Say of each component of a layer; what counts is a weight over the sum of all.

    The components are the fields, in the order of the evidence.
    """

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        if not any(getattr(self, name) for name in self.names()):
            raise ValueError("at least one of them needs a weight above 0")

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The components."""
        return tuple(each.name for each in fields(cls))

    def shares(self) -> tuple[float, ...]:
        """Weights in the order of the components, adding up to 1."""
        return shares_of([getattr(self, name) for name in self.names()])


def shares_of(weights: Sequence[float]) -> tuple[float, ...]:
    """Weights made to add up to 1; at least one must be above 0."""
    total = sum(weights)
    return tuple(each / total for each in weights)


def mean_distance(components: Sequence[Component], shares: Sequence[float]) -> float:
    """Weighed sum of the distances from neutral; what is missing adds nothing."""
    return sum(
        share * component.distance for share, component in zip(shares, components, strict=True)
    )


def coverage_of(components: Sequence[Component], shares: Sequence[float]) -> float:
    """Share of the layer's data that was there, in [0, 1]."""
    covered = sum(
        share * component.coverage for share, component in zip(shares, components, strict=True)
    )
    return min(1.0, covered)


def evidence_of(
    names: Sequence[str], components: Sequence[Component], shares: Sequence[float]
) -> Iterator[Evidence]:
    """A reason for each component, in their order."""
    for name, share, component in zip(names, shares, components, strict=True):
        yield Evidence(name, component.value, NEUTRAL + component.distance, share, component.text)
