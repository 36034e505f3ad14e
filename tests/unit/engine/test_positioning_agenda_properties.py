"""Whatever fails and whoever comes and goes: nobody waits while another is asked twice."""

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.positioning_agenda import PositioningAgenda

PERIOD = 10

rounds = st.lists(
    st.tuples(
        st.sets(st.sampled_from("abcdef"), min_size=1),  # streamed
        st.integers(1, 4),  # room
        st.sets(st.sampled_from("abcdef")),  # those that fail
        st.integers(0, 2 * PERIOD),  # age of the row that is told
    ),
    max_size=25,
)


@settings(max_examples=100)
@given(rounds)
def test_nobody_is_asked_while_somebody_due_has_waited_longer(
    steps: list[tuple[set[str], int, set[str], int]],
) -> None:
    agenda = PositioningAgenda(PERIOD)
    asked_at: dict[str, int] = {}
    told: dict[str, int] = {}
    for number, (streamed, room, failing, age) in enumerate(steps):
        now = 1_000 + 3 * number
        asked_at = {one: at for one, at in asked_at.items() if one in streamed}
        told = {one: at for one, at in told.items() if one in streamed}
        due = agenda.due(sorted(streamed), now)

        assert set(due) == {one for one in streamed if told.get(one, 0) + PERIOD <= now}
        waits = [asked_at.get(one, 0) for one in due]
        assert waits == sorted(waits)

        for one in due[:room]:
            agenda.note_asked(one, now)
            asked_at[one] = now
            if one not in failing:
                agenda.note_told(one, now - age, now)
                told[one] = now - age
