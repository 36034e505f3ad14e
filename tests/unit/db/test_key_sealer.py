"""Traders' exchange keys, sealed: who can read them, and what is said when nobody can."""

import traceback

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from db.key_sealer import FernetKeySealer
from domain.errors import ConfigurationError
from engine.ports.keys import ApiKey, KeySealer

OLD, NEW, FOREIGN = ("q" * 43 + "=", "Q" * 42 + "g=", "Z" * 42 + "w=")
KEY, SECRET = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zv", "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP"


def sealed_with(*master_keys: str) -> bytes:
    return FernetKeySealer(master_keys).seal(KEY, SECRET)


def test_a_sealed_key_comes_back() -> None:
    sealer: KeySealer = FernetKeySealer([NEW])
    assert sealer.open(sealer.seal(KEY, SECRET)) == ApiKey(key=KEY, secret=SECRET)


@given(st.text(), st.text())
def test_any_key_comes_back_and_is_not_to_be_seen(key: str, secret: str) -> None:
    sealer = FernetKeySealer([NEW])
    assert sealer.open(sealer.seal(key, secret)) == ApiKey(key=key, secret=secret)


def test_nothing_of_a_key_is_in_what_is_stored_and_no_two_are_alike() -> None:
    one, two = sealed_with(NEW), sealed_with(NEW)
    assert one != two
    assert KEY.encode() not in one
    assert SECRET.encode() not in one


def test_the_first_master_key_seals_and_every_one_opens() -> None:
    both = FernetKeySealer([NEW, OLD])
    assert both.open(sealed_with(OLD)).secret == SECRET
    assert FernetKeySealer([NEW]).open(both.seal(KEY, SECRET)).secret == SECRET


def test_after_a_rotation_the_old_master_key_is_not_needed_any_more() -> None:
    rotated = FernetKeySealer([NEW, OLD]).rotate(sealed_with(OLD))
    assert FernetKeySealer([NEW]).open(rotated) == ApiKey(key=KEY, secret=SECRET)
    with pytest.raises(ConfigurationError):
        FernetKeySealer([OLD]).open(rotated)


@pytest.mark.parametrize("step", ["open", "rotate"])
@pytest.mark.parametrize(
    "sealed", [sealed_with(FOREIGN), sealed_with(NEW)[:-1], b"", b"\xff", KEY.encode()]
)
def test_what_no_master_key_opens_is_told_with_a_way_out(step: str, sealed: bytes) -> None:
    with pytest.raises(ConfigurationError, match="Add the old master key") as caught:
        getattr(FernetKeySealer([NEW]), step)(sealed)
    said = "".join(traceback.format_exception(caught.value))
    assert KEY not in said
    assert NEW not in said


@pytest.mark.parametrize("wrong", ["", "hunter2", NEW[:-4], "Q" * 86 + "==", "ü" * 44])
def test_a_wrong_master_key_is_told_by_its_number_and_not_shown(wrong: str) -> None:
    with pytest.raises(
        ConfigurationError, match=r"ACCOUNT_MASTER_KEYS: key 2 .*makes one"
    ) as caught:
        FernetKeySealer([NEW, wrong])
    assert caught.value.__suppress_context__
    assert not wrong or wrong not in "".join(traceback.format_exception(caught.value))


def test_no_master_key_at_all_is_told_with_how_to_make_one() -> None:
    with pytest.raises(ConfigurationError, match=r"ACCOUNT_MASTER_KEYS is empty.*new-key"):
        FernetKeySealer([])


def test_a_generated_master_key_is_taken() -> None:
    assert FernetKeySealer([Fernet.generate_key().decode()]).seal(KEY, SECRET)


def test_a_sealer_shows_no_key() -> None:
    sealer = FernetKeySealer([NEW])
    assert NEW not in repr(sealer)
    assert SECRET not in repr(sealer.open(sealer.seal(KEY, SECRET)))
