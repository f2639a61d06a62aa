"""Names of things: record ids that any laptop can make alone, and the programme number people read aloud."""

import hashlib
import os
import secrets
from datetime import datetime
from typing import NewType

HouseholdId = NewType("HouseholdId", str)
PersonId = NewType("PersonId", str)
VisitId = NewType("VisitId", str)
WorkerId = NewType("WorkerId", str)
RecordId = NewType("RecordId", str)

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32: no I, L, O, U
_DIGITS = _ALPHABET[:31]  # of a programme number: a prime count, so that no two characters weigh the same
_RECORD_ID_LENGTH = 32


def new_record_id(now: datetime) -> str:
    """A fresh UUIDv7 as 32 hex digits: sorts by making time, unique without asking anybody."""
    milliseconds = int(now.timestamp() * 1000) & (1 << 48) - 1
    number = milliseconds << 80 | int.from_bytes(os.urandom(10))
    number = number & ~(0xF << 76) | 7 << 76  # version
    number = number & ~(0b11 << 62) | 0b10 << 62  # variant
    return f"{number:032x}"


def derived_id(*parts: str) -> str:
    """The same 32 hex digits for the same parts: for records that must not double when made again from one source."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:_RECORD_ID_LENGTH]


def new_change_id() -> str:
    """A random 128-bit change id as 32 hex digits, unique on the server for ever."""
    return secrets.token_hex(16)


def is_record_id(text: str) -> bool:
    """Whether `text` has the shape of an id: 32 lower-case hex digits."""
    return len(text) == _RECORD_ID_LENGTH and all(c in "0123456789abcdef" for c in text)


def device_block(device_id: str) -> str:
    """The four characters that begin every number made on a device: its own number for people, as on the help sheet."""
    number = int.from_bytes(hashlib.sha256(b"hv1-block" + bytes.fromhex(device_id)).digest()[:8])
    return "".join(_DIGITS[number // len(_DIGITS) ** place % len(_DIGITS)] for place in (3, 2, 1, 0))


def programme_number(device_id: str, serial: int) -> str:
    """The number people read aloud: a block from the device, a serial, a check character.

    Args:
        device_id: 32 hex digits.
        serial: 1 for the first household made on this device, never used again.

    Returns:
        Such as ``"K7QX-0143-R"``; the last character guards against a wrong or swapped character.
    """
    body = f"{device_block(device_id)}-{serial:04d}"
    return f"{body}-{_check_character(body)}"


def is_programme_number(text: str) -> bool:
    """Whether `text` is a programme number whose check character fits."""
    body, _, check = text.strip().upper().rpartition("-")
    return bool(body) and all(c in _DIGITS or c == "-" for c in body) and check == _check_character(body)


def _check_character(body: str) -> str:
    """Weighted sum modulo 31 (a prime), so that every single slip and every swap of neighbours is seen."""
    values = [_DIGITS.index(c) for c in body if c != "-"]
    return _DIGITS[sum(weight * value for weight, value in enumerate(values, start=2)) % len(_DIGITS)]
