"""Files begin anew by time, are never written again, and a full disk is told in one clear text."""

import gzip
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from random import Random

import pytest

from domain.errors import ConfigurationError, InvalidDataError
from exchanges.recordings import Recording, RecordingWriter
from tests.unit.exchanges.recordings.recorded import MINUTE_NS, message, read, session, write


def test_a_file_begins_anew_after_the_time_given_and_is_named_by_its_start(tmp_path: Path) -> None:
    written = [message(b"%d" % n, after_ns=n * MINUTE_NS // 2) for n in range(5)]
    write(tmp_path, written)

    assert [path.name for path in Recording(tmp_path).files] == [
        "000001_20260105T140000Z.tsv.gz",
        "000002_20260105T140100Z.tsv.gz",
        "000003_20260105T140200Z.tsv.gz",
    ]
    assert read(tmp_path) == written


def test_a_stranger_reads_a_file_with_gzip_alone(tmp_path: Path) -> None:
    write(tmp_path, [message(b'{"e":"x"}', source="btcusdt@aggTrade")])

    header, line = gzip.decompress(Recording(tmp_path).files[0].read_bytes()).splitlines()
    assert header.split(b"\t")[1:] == [b"local_ns", b"exchange_ms", b"size", b"source", b"body"]
    assert line.split(b"\t") == [
        b"1767621600000000000",
        b"0",
        b"9",
        b"btcusdt@aggTrade",
        b'{"e":"x"}',
    ]


def test_a_restart_adds_a_file_and_a_session_and_keeps_what_is_there(tmp_path: Path) -> None:
    write(tmp_path, [message(b"first")])
    before = {path: path.read_bytes() for path in tmp_path.glob("*.gz")}
    with RecordingWriter(tmp_path, session("ETHUSDT"), rotate_ns=MINUTE_NS) as writer:
        writer.write(message(b"second"))

    assert all(path.read_bytes() == content for path, content in before.items())
    assert [each.body for each in read(tmp_path)] == [b"first", b"second"]
    assert Recording(tmp_path).manifest.pairs == ["BTCUSDT", "ETHUSDT"]


def test_what_was_flushed_is_readable_while_the_file_is_still_being_written(tmp_path: Path) -> None:
    with RecordingWriter(tmp_path, session(), rotate_ns=MINUTE_NS) as writer:
        writer.write(message(b"flushed"))
        writer.flush()
        writer.write(message(b"not yet"))

        assert [each.body for each in read(tmp_path)] == [b"flushed"]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(ConfigurationError, match=r"cannot write the recording to .*/file/below"):
        RecordingWriter(tmp_path / "file" / "below", session(), rotate_ns=MINUTE_NS)


def test_a_second_writer_is_refused_until_the_first_is_done(tmp_path: Path) -> None:
    with RecordingWriter(tmp_path, session(), rotate_ns=MINUTE_NS) as writer:
        writer.write(message(b"first"))
        with pytest.raises(ConfigurationError, match=r"another recorder is writing to .*--out"):
            RecordingWriter(tmp_path, session("ETHUSDT"), rotate_ns=MINUTE_NS)
    write(tmp_path, [message(b"second")])

    assert [each.body for each in read(tmp_path)] == [b"first", b"second"]
    assert Recording(tmp_path).manifest.pairs == ["BTCUSDT"]


def test_a_folder_whose_manifest_is_none_of_ours_is_left_alone_and_free(tmp_path: Path) -> None:
    (tmp_path / "recording.json").write_text("{")
    with pytest.raises(ConfigurationError, match="is not the manifest"):
        write(tmp_path, [])
    (tmp_path / "recording.json").unlink()

    write(tmp_path, [message(b"now")])
    assert [each.body for each in read(tmp_path)] == [b"now"]


def test_a_disk_that_is_full_at_a_new_file_is_told(tmp_path: Path) -> None:
    with (
        RecordingWriter(tmp_path, session(), rotate_ns=MINUTE_NS) as writer,
        _files_of_at_most(0),
        pytest.raises(ConfigurationError, match="File too large"),
    ):
        writer.write(message(b"never"))


def test_a_full_disk_is_told_and_what_was_written_stays(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path, session(), rotate_ns=MINUTE_NS)
    with _files_of_at_most(8192), pytest.raises(ConfigurationError, match="File too large"):
        _write_until_refused(writer)
    writer.close()

    found = [int(each.body.split()[0]) for each in read(tmp_path)]
    assert len(found) > 50
    assert found == list(range(len(found)))


def _write_until_refused(writer: RecordingWriter) -> None:
    draw = Random(1)
    for number in count():
        writer.write(message(b"%d " % number + draw.randbytes(100)))
        writer.flush()


@contextmanager
def _files_of_at_most(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("source", ["a\tb", "a\nb", "a" * 1001])
def test_a_source_that_no_line_can_hold_is_refused(tmp_path: Path, source: str) -> None:
    with (
        RecordingWriter(tmp_path, session(), rotate_ns=MINUTE_NS) as writer,
        pytest.raises(InvalidDataError, match="cannot be recorded"),
    ):
        writer.write(message(source=source))


def test_a_body_beyond_all_reason_is_refused(tmp_path: Path) -> None:
    with (
        RecordingWriter(tmp_path, session(), rotate_ns=MINUTE_NS) as writer,
        pytest.raises(InvalidDataError, match="67,108,865 bytes cannot be recorded"),
    ):
        writer.write(message(bytes(64 * 1024 * 1024 + 1)))
