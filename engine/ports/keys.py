"""Keys of traders' accounts: never readable in storage, in a log or in an error."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ApiKey:
    """A key of an exchange and its secret. Whatever prints it shows neither."""

    key: str
    secret: str

    def __repr__(self) -> str:
        """Says what it is, and nothing of it."""
        return "ApiKey(hidden)"


class KeySealer(Protocol):
    """Encrypts keys with a master key that the storage does not have."""

    def seal(self, api_key: str, api_secret: str) -> bytes:
        """Encrypt under the newest master key."""

    def open(self, sealed: bytes) -> ApiKey:
        """Decrypt. Raises `ConfigurationError` where no master key of ours opens it."""

    def rotate(self, sealed: bytes) -> bytes:
        """The same key under the newest master key. Raises what `open` raises."""
