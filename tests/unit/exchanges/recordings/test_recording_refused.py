"""What is no recording is refused with what, where and how to mend it."""

import gzip
from pathlib import Path

import pytest

from domain.errors import ConfigurationError
from exchanges.recordings import Recording
from exchanges.recordings.messages import HEADER
from tests.unit.exchanges.recordings.recorded import MINUTE_NS, message, read, write


def test_a_folder_without_a_manifest_is_no_recording(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"holds no recording.*python -m app record"):
        Recording(tmp_path)


def test_a_folder_that_does_not_exist_is_no_recording(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="No such file or directory"):
        Recording(tmp_path / "nowhere")


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"sessions": 3}'])
def test_a_manifest_that_cannot_be_read_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "recording.json").write_text(content)

    with pytest.raises(ConfigurationError, match=r"recording\.json is not the manifest"):
        Recording(tmp_path)


@pytest.mark.parametrize(
    "content",
    ['{"format": "quorum recording", "version": 2}', '{"format": "other", "version": 1}'],
)
def test_another_version_is_refused_with_both_versions(tmp_path: Path, content: str) -> None:
    (tmp_path / "recording.json").write_text(content)

    with pytest.raises(ConfigurationError, match="reads 'quorum recording' version 1"):
        Recording(tmp_path)


def test_a_recording_without_a_file_is_told(tmp_path: Path) -> None:
    write(tmp_path, [])

    with pytest.raises(ConfigurationError, match="holds no message yet"):
        Recording(tmp_path)


@pytest.mark.parametrize(
    "line",
    [
        b"1\t2\t2\ta@b\ttwo\n",
        b"1\tx\t3\ta@b\ttwo\n",
        b"1\t2\t99999999999\ta@b\ttwo\n",
        b"." * 9000,
    ],
)
def test_a_line_that_is_none_of_ours_ends_its_file_and_is_reported(
    tmp_path: Path, line: bytes
) -> None:
    good = message(b"good")
    write(tmp_path, [])
    file = tmp_path / "000001_20260105T140000Z.tsv.gz"
    file.write_bytes(gzip.compress(HEADER + good.line() + line + good.line()))

    recording = Recording(tmp_path)

    assert list(recording.messages()) == [good]
    (tail,) = recording.cut_tails
    assert tail.reason.startswith("damaged: a")
    assert tail.left_out >= len(line)


@pytest.mark.parametrize("content", [b"plain text", b"\x1f\x8b\x08\x00"])
def test_a_file_that_is_none_of_ours_is_reported_and_the_others_are_read(
    tmp_path: Path, content: bytes
) -> None:
    write(tmp_path, [message(b"good")])
    (tmp_path / "000000_20200101T000000Z.tsv.gz").write_bytes(content)

    recording = Recording(tmp_path)

    assert [each.body for each in recording.messages()] == [b"good"]
    assert [tail.path.name[:6] for tail in recording.cut_tails] == ["000000"]
    assert [each.body for each in read(tmp_path)] == [b"good"]


def test_files_that_are_missing_between_others_are_told(tmp_path: Path) -> None:
    write(tmp_path, [message(b"%d" % n, after_ns=n * MINUTE_NS) for n in range(6)])
    for number in (1, 3, 4):
        next(tmp_path.glob(f"{number:06d}_*")).unlink()

    recording = Recording(tmp_path)

    assert recording.missing_files == [3, 4]
    assert [each.body for each in recording.messages()] == [b"1", b"4", b"5"]
