"""Whatever was read, it is exposed in full, and in a form that Prometheus can read."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from engine.monitoring.values import StreamReading
from monitoring.metrics import Metrics
from tests.unit.monitoring.exposed import samples
from tests.unit.monitoring.full_reading import KINDS, full_reading

_NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
_AGES = st.none() | st.floats(0, 1e9)


@st.composite
def _streams(draw: st.DrawFn) -> tuple[StreamReading, ...]:
    keys = draw(st.lists(st.tuples(_NAMES, st.sampled_from(KINDS)), unique=True, max_size=10))
    return tuple(
        StreamReading(symbol=symbol, kind=kind, age_seconds=draw(_AGES)) for symbol, kind in keys
    )


def _exposed(streams: tuple[StreamReading, ...]) -> dict[tuple[str, frozenset[str]], float]:
    """Every figure by its name and the values of its labels."""
    metrics = Metrics(version="1")
    metrics.take(replace(full_reading(), streams=streams))
    return {
        (name, frozenset(value for _, value in labels)): figure
        for (name, labels), figure in samples(metrics).items()
    }


@given(_streams())
def test_every_stream_is_exposed_whatever_its_name(streams: tuple[StreamReading, ...]) -> None:
    exposed = _exposed(streams)

    for each in streams:
        key = "quorum_stream_age_seconds", frozenset({each.symbol, each.kind})
        assert exposed.get(key) == each.age_seconds


@given(_streams())
def test_the_oldest_and_the_unheard_are_those_of_the_streams(
    streams: tuple[StreamReading, ...],
) -> None:
    exposed = _exposed(streams)

    for kind in {each.kind for each in streams}:
        ages = [each.age_seconds for each in streams if each.kind == kind]
        known = [age for age in ages if age is not None]
        oldest = exposed.get(("quorum_stream_oldest_age_seconds", frozenset({kind})))
        assert oldest == (max(known) if known else None)
        assert exposed["quorum_streams_unheard", frozenset({kind})] == ages.count(None)
