"""Whatever is switched in whatever order, rolling back ends; whatever fits is what comes out."""

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import ConfigurationError
from domain.parameters import Parameters
from engine.confluence_parameters import ConfluenceParameters
from engine.parameter_sets.applying import apply, known_names
from engine.parameter_sets.history import live_version, rolled_back
from tests.builders.research import make_change

GROUPS: dict[str, Parameters] = {"confluence": ConfluenceParameters()}
VERSIONS = st.lists(st.one_of(st.none(), st.integers(min_value=1, max_value=5)), max_size=12)
VALUES = st.dictionaries(
    st.sampled_from(sorted(known_names(GROUPS))), st.floats(allow_nan=True), max_size=4
)


@given(VERSIONS)
@settings(max_examples=100)
def test_rolling_back_never_leads_to_what_is_live_and_ends_at_the_strategy_file(
    versions: list[int | None],
) -> None:
    changes = [make_change(version) for version in versions]
    seen = {live_version(changes)}
    while live_version(changes) is not None:
        before = rolled_back(changes)
        assert before not in seen
        seen.add(before)
        changes.append(make_change(before))


@given(VALUES)
@settings(max_examples=100)
def test_values_are_all_taken_or_all_refused(values: dict[str, float]) -> None:
    try:
        found = known_names(apply(GROUPS, values))
    except ConfigurationError:
        return
    assert found == known_names(GROUPS) | values
