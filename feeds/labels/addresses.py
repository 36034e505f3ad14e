"""Addresses of three chains: one spelling each, and a check that they are not mistyped."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Final

BITCOIN: Final = "bitcoin"
ETHEREUM: Final = "ethereum"
SOLANA: Final = "solana"

_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE32: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_HEX: Final = frozenset("0123456789abcdef")
_GENERATORS: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BECH32, _BECH32M = 1, 0x2BC830A3
_CHECKSUM_BYTES: Final = 4
_BITCOIN_BYTES: Final = 25
_SOLANA_BYTES: Final = 32
_ETHEREUM_DIGITS: Final = 40


def one_spelling(chain: str, address: str) -> str:
    """The address as Quorum compares it: of Ethereum in small letters with 0x, else unchanged."""
    if chain != ETHEREUM:
        return address
    digits = address.lower().removeprefix("0x")
    return f"0x{digits}" if _is_hexadecimal(digits) else address


def one_transaction(transaction: str) -> str:
    """A transaction's hash without 0x: some providers write it, others do not."""
    return transaction.removeprefix("0x")


def fault_of(chain: str, address: str) -> str:
    """Why this is no address of that chain; empty when it is one."""
    check = _CHECKS.get(chain)
    if check is None:
        return f"chain '{chain}' is not one of {', '.join(sorted(_CHECKS))}"
    return check(address)


def _ethereum_fault(address: str) -> str:
    digits = address.removeprefix("0x")
    if digits == address or not _is_hexadecimal(digits.lower()):
        return "an Ethereum address is 0x and 40 hexadecimal digits"
    if digits in {digits.lower(), digits.upper()} or digits == _mixed_case(digits.lower()):
        return ""
    return "its capitals are not those of EIP-55: a digit or a capital is mistyped"


def _is_hexadecimal(digits: str) -> bool:
    return len(digits) == _ETHEREUM_DIGITS and _HEX.issuperset(digits)


def _mixed_case(digits: str) -> str:
    """EIP-55: a letter is a capital where the digest of the small letters has 8 or more."""
    import ccxt  # here, for it takes half a second; Python's own sha3 is not Ethereum's keccak

    digest = ccxt.Exchange.hash(digits.encode(), "keccak", "hex")
    pairs = zip(digits, digest, strict=False)
    return "".join(letter.upper() if int(of, 16) >= 8 else letter for letter, of in pairs)


def _bitcoin_fault(address: str) -> str:
    if address.lower().startswith("bc1"):
        return "" if _is_bech32(address) else "the checksum of this bc1 address does not hold"
    decoded = _from_base58(address)
    if decoded is None or len(decoded) != _BITCOIN_BYTES:
        return "a Bitcoin address starts with bc1, 1 or 3 and is 25 bytes in Base58"
    body, checksum = decoded[:-_CHECKSUM_BYTES], decoded[-_CHECKSUM_BYTES:]
    digest = hashlib.sha256(hashlib.sha256(body).digest()).digest()
    holds = digest[:_CHECKSUM_BYTES] == checksum
    return "" if holds else "the checksum of this Base58 address does not hold"


def _solana_fault(address: str) -> str:
    decoded = _from_base58(address)
    if decoded is not None and len(decoded) == _SOLANA_BYTES:
        return ""
    return "a Solana address is 32 bytes in Base58"


def _from_base58(text: str) -> bytes | None:
    number = 0
    for letter in text:
        digit = _BASE58.find(letter)
        if digit < 0:
            return None
        number = number * 58 + digit
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def _is_bech32(address: str) -> bool:
    """BIP-173 and BIP-350: the polymod over prefix and data is a known constant."""
    if address not in {address.lower(), address.upper()}:
        return False
    prefix, _, data = address.lower().rpartition("1")
    if not set(data) <= set(_BASE32):
        return False
    expanded = [ord(x) >> 5 for x in prefix] + [0] + [ord(x) & 31 for x in prefix]
    return _polymod([*expanded, *map(_BASE32.index, data)]) in {_BECH32, _BECH32M}


def _polymod(values: list[int]) -> int:
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATORS):
            checksum ^= generator if (top >> bit) & 1 else 0
    return checksum


_CHECKS: Final[Mapping[str, Callable[[str], str]]] = {
    BITCOIN: _bitcoin_fault,
    ETHEREUM: _ethereum_fault,
    SOLANA: _solana_fault,
}
