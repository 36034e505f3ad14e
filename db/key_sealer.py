"""Seals traders' exchange keys with Fernet: AES-128-CBC and HMAC-SHA256 (cryptography.io)."""

from collections.abc import Sequence
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from db.codec import JsonCodec
from domain.errors import ConfigurationError
from engine.ports.keys import ApiKey

_API_KEY: Final = JsonCodec(ApiKey)

_HOW_TO_MAKE: Final = "`python -m app accounts new-key` makes one"


class FernetKeySealer:
    """Encrypts with the first master key, decrypts with any: the first is the newest.

    To change it, put the new one in front, rotate every sealed key, then take the old one away.
    """

    def __init__(self, master_keys: Sequence[str]) -> None:
        """Master keys are 32 bytes in URL-safe base64. Raises `ConfigurationError`."""
        if not master_keys:
            raise ConfigurationError(
                "ACCOUNT_MASTER_KEYS is empty: there is nothing to encrypt traders' exchange keys "
                f"with; {_HOW_TO_MAKE}"
            )
        numbered = enumerate(master_keys, start=1)
        self._keys = MultiFernet([_read_master_key(number, text) for number, text in numbered])

    def seal(self, api_key: str, api_secret: str) -> bytes:
        """Encrypt under the newest master key."""
        text = _API_KEY.encode(ApiKey(key=api_key, secret=api_secret))
        return self._keys.encrypt(text.encode())

    def open(self, sealed: bytes) -> ApiKey:
        """Decrypt. Raises `ConfigurationError` where no master key opens it."""
        try:
            return _API_KEY.decode(self._keys.decrypt(sealed).decode())
        except InvalidToken:
            raise _cannot_open() from None

    def rotate(self, sealed: bytes) -> bytes:
        """The same key under the newest master key. Raises what `open` raises."""
        try:
            return self._keys.rotate(sealed)
        except InvalidToken:
            raise _cannot_open() from None


def _read_master_key(number: int, text: str) -> Fernet:
    try:
        return Fernet(text)
    except ValueError:
        # The cause adds nothing, and where locals are printed it would show the key.
        raise ConfigurationError(
            f"ACCOUNT_MASTER_KEYS: key {number} is not 32 bytes in URL-safe base64; {_HOW_TO_MAKE}"
        ) from None


def _cannot_open() -> ConfigurationError:
    return ConfigurationError(
        "a trader's sealed exchange key cannot be opened: it was sealed with a master key that is "
        "not in ACCOUNT_MASTER_KEYS, or it was changed in the database. Add the old master key "
        "behind the newest one, or have the trader connect the account again"
    )
