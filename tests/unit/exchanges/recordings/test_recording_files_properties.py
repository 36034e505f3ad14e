"""What is written is read, byte for byte; what is cut off takes nothing else with it."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from exchanges.recordings import RecordedMessage, Recording, RecordingWriter
from tests.unit.exchanges.recordings.recorded import BEGUN_NS, MINUTE_NS, read, session, write

messages = st.lists(
    st.builds(
        RecordedMessage,
        local_ns=st.integers(BEGUN_NS, BEGUN_NS + 10 * MINUTE_NS),
        exchange_ms=st.integers(0, 2**53),
        source=st.from_regex(r"[a-z/!][a-z0-9@_?=&%.]{0,40}", fullmatch=True),
        body=st.binary(max_size=300) | st.sampled_from([b"\n", b"a\tb\n1\t2\t3\tx\t", b"{}\n"]),
    ),
    max_size=30,
)


@settings(max_examples=60)
@given(messages.filter(bool))
def test_any_body_comes_back_byte_for_byte_and_in_order(written: list[RecordedMessage]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), written)

        recording = Recording(Path(folder))
        assert list(recording.messages()) == written
        assert recording.cut_tails == []


@settings(max_examples=60)
@given(messages.filter(bool), st.data())
def test_a_file_cut_at_any_byte_yields_a_beginning_of_what_was_written(
    written: list[RecordedMessage], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), written, rotate_ns=100 * MINUTE_NS)
        file = next(Path(folder).glob("*.gz"))
        whole = file.read_bytes()
        cut = data.draw(st.integers(0, len(whole) - 1))
        file.write_bytes(whole[:cut])

        recording = Recording(Path(folder))
        found = list(recording.messages())

        assert found == written[: len(found)]
        assert [tail.path for tail in recording.cut_tails] == [file]


@settings(max_examples=60)
@given(messages.filter(bool), st.data())
def test_a_file_cut_after_a_flush_holds_all_that_was_flushed(
    written: list[RecordedMessage], data: st.DataObject
) -> None:
    flushed = data.draw(st.integers(0, len(written)))
    with tempfile.TemporaryDirectory() as folder:
        with RecordingWriter(Path(folder), session(), rotate_ns=100 * MINUTE_NS) as writer:
            for each in written[:flushed]:
                writer.write(each)
            writer.flush()
            safe = writer.bytes_written
            for each in written[flushed:]:
                writer.write(each)
        file = next(Path(folder).glob("*.gz"))
        whole = file.read_bytes()
        file.write_bytes(whole[: data.draw(st.integers(safe, len(whole)))])

        assert len(read(Path(folder))) >= flushed


@settings(max_examples=60)
@given(messages.filter(bool), st.data())
def test_a_damaged_file_never_raises_and_what_it_loses_is_reported(
    written: list[RecordedMessage], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), written, rotate_ns=100 * MINUTE_NS)
        file = next(Path(folder).glob("*.gz"))
        content = bytearray(file.read_bytes())
        place = data.draw(st.integers(10, len(content) - 1))
        content[place] ^= data.draw(st.integers(1, 255))
        file.write_bytes(content)

        recording = Recording(Path(folder))
        found = list(recording.messages())

        assert found == written or len(recording.cut_tails) == 1
