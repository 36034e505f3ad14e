"""Inputs as bytes: bytes that are none, of another format, and of other parameters."""

import zlib
from dataclasses import replace

import msgspec
import pytest

from db.input_codec import FORMAT, InputEncoder, decode_inputs
from domain.errors import InvalidDataError
from domain.memory import Memory
from tests.unit.inputs.any_inputs import make_inputs

ENVELOPE = msgspec.msgpack.Decoder(list[object])
RULES, MEMORY, FACTS, CANDLES = range(4)


def opened(content: bytes) -> list[object]:
    return ENVELOPE.decode(content[1:])


def closed(parts: list[object]) -> bytes:
    return bytes((FORMAT,)) + msgspec.msgpack.encode(parts)


def with_rules(content: bytes, **changes: object) -> bytes:
    """The envelope with other issue parameters, as another version would have kept them."""
    parts = opened(content)
    packed = parts[RULES]
    assert isinstance(packed, bytes)
    rules = msgspec.msgpack.decode(zlib.decompress(packed))
    rules["issuing"] = {
        name: value for name, value in (rules["issuing"] | changes).items() if value is not None
    }
    parts[RULES] = zlib.compress(msgspec.msgpack.encode(rules))
    return closed(parts)


def test_parameters_that_have_come_and_gone_are_told() -> None:
    content = InputEncoder()(make_inputs())
    kept = decode_inputs(with_rules(content, maximum_lateness_seconds=None, patience_of_old=3.0))
    assert kept.gone == ("issuing.patience_of_old",)
    assert kept.added == ("issuing.maximum_lateness_seconds",)
    assert kept.inputs.rules == make_inputs().rules


def test_parameter_that_is_no_longer_allowed_is_refused_by_its_name() -> None:
    content = with_rules(InputEncoder()(make_inputs()), entry_window_seconds=1.0)
    with pytest.raises(InvalidDataError, match="entry_window_seconds"):
        decode_inputs(content)


@pytest.mark.parametrize("content", [b"", b"\x00", bytes((FORMAT + 1,)) + b"anything"])
def test_another_format_is_refused_with_what_to_do(content: bytes) -> None:
    with pytest.raises(InvalidDataError, match="replay it with the version that published it"):
        decode_inputs(content)


@pytest.mark.parametrize("part", [RULES, MEMORY, FACTS])
def test_part_that_is_spoilt_is_refused(part: int) -> None:
    parts = opened(InputEncoder()(make_inputs()))
    parts[part] = b"spoilt"
    with pytest.raises(InvalidDataError, match="cannot be read"):
        decode_inputs(closed(parts))


@pytest.mark.parametrize("columns", [b"spoilt", zlib.compress(b"seven b"), zlib.compress(b"")])
def test_candles_that_are_spoilt_are_refused(columns: bytes) -> None:
    parts = opened(InputEncoder()(make_inputs()))
    series = parts[CANDLES]
    assert isinstance(series, list)
    series[0] = [*series[0][:2], columns]
    with pytest.raises(InvalidDataError, match="candles cannot be read"):
        decode_inputs(closed(parts))


def test_cut_off_envelope_is_refused() -> None:
    with pytest.raises(InvalidDataError, match="cannot be read"):
        decode_inputs(InputEncoder()(make_inputs())[:-3])


def test_likeness_of_an_unknown_word_is_refused() -> None:
    parts = opened(InputEncoder()(make_inputs()))
    counts = [[["sideways"], "live", 1, 1, 0.5]]
    parts[MEMORY] = zlib.compress(msgspec.msgpack.encode([0, counts]))
    with pytest.raises(InvalidDataError, match="likeness"):
        decode_inputs(closed(parts))


def test_one_encoder_keeps_up_with_rules_and_memory_that_change() -> None:
    encode, one = InputEncoder(), make_inputs()
    issuing = replace(one.rules.issuing, entry_window_seconds=600.0)
    other = replace(
        one,
        rules=replace(one.rules, issuing=issuing),
        snapshot=replace(one.snapshot, memory=Memory(at_ms=5)),
    )
    for inputs in (one, other, one):
        kept = decode_inputs(encode(inputs)).inputs
        assert kept.rules == inputs.rules
        assert kept.snapshot.memory == inputs.snapshot.memory
