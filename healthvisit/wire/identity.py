"""Keys, the office card, enrolment codes and everything that is signed. Knows no store and no clock.

Every signature covers its own label and fields of fixed length; nobody signs bytes another party chose.
Keys are raw bytes: 32 secret, 32 public (Ed25519), signatures 64.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from healthvisit.domain.errors import InputError, OfficeError

CARD_LABEL = b"hv1-card"
STATEMENT_LABEL = b"hv1-stmt"
ENROLLED_LABEL = b"hv1-enrolled"
_SECRET_BYTES = 16
_CARD_BYTES = 12


class SigningKey:
    """An Ed25519 key of a device, a worker, the centre or the office root. Its secret never shows in a repr."""

    __slots__ = ("_key", "public")

    def __init__(self, secret: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(secret)
        self.public = self._key.public_key().public_bytes_raw()

    @classmethod
    def new(cls) -> "SigningKey":
        """A fresh key from the system's randomness."""
        return cls(secrets.token_bytes(32))

    @property
    def secret(self) -> bytes:
        """The 32 bytes to seal; `SigningKey(secret)` is the key again."""
        return self._key.private_bytes_raw()

    def sign(self, data: bytes) -> bytes:
        """64 bytes."""
        return self._key.sign(data)

    def __repr__(self) -> str:
        return f"SigningKey(public={self.public.hex()})"


def verify(public: bytes, signature: bytes, data: bytes) -> bool:
    """Whether `signature` over `data` is by the key whose public half is `public`."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


# --- Signed lines: card, enrolment answer, statement -----------------------------------------------------------------


class _Signature(msgspec.Struct):
    sig: str


def sign_line(label: bytes, line: bytes, key: SigningKey) -> bytes:
    """The line ``{"sig":…}`` that stands under `line`: a signature over the label and SHA-256(line)."""
    return msgspec.json.encode(_Signature(key.sign(label + hashlib.sha256(line).digest()).hex()))


def require_signature(label: bytes, line: bytes, signature_line: bytes, public: bytes) -> None:
    """Check what `sign_line` made.

    Raises:
        OfficeError: ``wire.bad_signature``.
    """
    try:
        sig = bytes.fromhex(msgspec.json.decode(signature_line, type=_Signature).sig)
    except ValueError as exc:
        raise OfficeError("wire.bad_signature") from exc
    if not verify(public, sig, label + hashlib.sha256(line).digest()):
        raise OfficeError("wire.bad_signature")


# --- Office card -----------------------------------------------------------------------------------------------------


class Address(msgspec.Struct, frozen=True):
    """Where a server of the office answers; `role` is ``centre`` or ``hub``."""

    role: str
    url: str


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """What a laptop trusts. `root` and `centre` are public keys in hex; `ca` are PEM certificates, now and next."""

    v: int = 1
    n: int
    server_id: str
    name: str = ""
    root: str
    centre: str
    addresses: list[Address]
    ca: list[str]

    def __repr__(self) -> str:
        return f"Card(n={self.n}, server_id={self.server_id})"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeCard:
    """A card whose own root signed it, with the file it came from."""

    card: Card
    file: bytes = field(repr=False)

    @property
    def sha256(self) -> bytes:
        """Of the whole file: what an enrolment code names."""
        return hashlib.sha256(self.file).digest()

    @property
    def centre_key(self) -> bytes:
        """The key that signs statements and rows."""
        return bytes.fromhex(self.card.centre)

    def urls(self, role: str = "centre") -> list[str]:
        """Addresses of a role, in the card's order, without a slash at the end."""
        return [a.url.rstrip("/") for a in self.card.addresses if a.role == role]


def make_card(card: Card, root: SigningKey) -> bytes:
    """The card's file: one JSON line and the root key's signature under it."""
    line = msgspec.json.encode(card)
    return line + b"\n" + sign_line(CARD_LABEL, line, root) + b"\n"


def read_card(file: bytes) -> OfficeCard:
    """Read a card and check that the root key it names signed it. Whether to trust that root is the code's matter.

    Raises:
        OfficeError: ``card.unreadable``, ``wire.bad_signature``.
    """
    try:
        line, signature_line, rest = file.split(b"\n")
        card = msgspec.json.decode(line, type=Card)
        keys = bytes.fromhex(card.root), bytes.fromhex(card.centre), bytes.fromhex(card.server_id)
    except (ValueError, RecursionError) as exc:
        raise OfficeError("card.unreadable") from exc
    if rest or [len(k) for k in keys] != [32, 32, 16]:
        raise OfficeError("card.unreadable")
    require_signature(CARD_LABEL, line, signature_line, keys[0])
    return OfficeCard(card=card, file=file)


def newer_card(held: OfficeCard, file: bytes) -> OfficeCard:
    """A card that may take the place of the one in hand: signed by the same root, same office, higher number.

    Raises:
        OfficeError: ``card.unreadable``, ``wire.bad_signature``, ``card.other_office``, ``card.not_newer``.
    """
    new = read_card(file)
    if (new.card.root, new.card.server_id) != (held.card.root, held.card.server_id):
        raise OfficeError("card.other_office")
    if new.card.n <= held.card.n:
        raise OfficeError("card.not_newer", n=held.card.n)
    return new


# --- Enrolment code --------------------------------------------------------------------------------------------------

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": " "})
_CODE_FORMAT = 1
_GROUPS = 12
_GROUP = 5  # four symbols and their check letter


@dataclass(frozen=True, slots=True)
class EnrolCode:
    """What a worker is given to join: a secret and the beginning of the hash of the card it belongs to."""

    secret: bytes = field(repr=False)
    card_start: bytes

    @classmethod
    def new(cls, card_sha256: bytes) -> "EnrolCode":
        """A fresh code for a card."""
        return cls(secrets.token_bytes(_SECRET_BYTES), card_sha256[:_CARD_BYTES])

    @property
    def code_id(self) -> bytes:
        """8 bytes that name the code without telling it."""
        return hashlib.sha256(b"hv1-code" + self.secret).digest()[:8]

    def text(self) -> str:
        """Twelve groups of four symbols and a check letter, such as ``"07A2K 9QZX1 …"``."""
        payload = bytes([_CODE_FORMAT]) + self.secret + self.card_start
        payload += hashlib.sha256(payload).digest()[:1]
        number = int.from_bytes(payload)
        symbols = "".join(_ALPHABET[number >> shift & 31] for shift in range(5 * (4 * _GROUPS - 1), -1, -5))
        groups = (symbols[i : i + 4] for i in range(0, len(symbols), 4))
        return " ".join(group + _check_letter(group, index) for index, group in enumerate(groups))

    def require_card(self, card: OfficeCard) -> None:
        """Refuse a card that is not the one the code was made for.

        Raises:
            OfficeError: ``enrol.other_card``.
        """
        if not hmac.compare_digest(card.sha256[:_CARD_BYTES], self.card_start):
            raise OfficeError("enrol.other_card")

    def proof(self, card_sha256: bytes, device_key: bytes, worker_keys: list[bytes]) -> bytes:
        """32 bytes that show knowledge of the secret and bind these keys and this card."""
        message = b"hv1-enrol" + card_sha256 + device_key + b"".join(worker_keys)
        return hmac.digest(self.secret, message, "sha256")


def parse_code(text: str) -> EnrolCode:
    """Read a code as typed by a person: any case, dashes or spaces, O for 0, I or L for 1.

    Raises:
        InputError: ``enrol.code_mistyped`` with `group` (from 1), or ``enrol.code_incomplete`` with `groups` typed so
            far and `needed`.
    """
    groups = text.upper().translate(_MISREAD).split()
    if len(groups) == 1:
        groups = [groups[0][i : i + _GROUP] for i in range(0, len(groups[0]), _GROUP)]
    for index, group in enumerate(groups[:_GROUPS]):
        symbols, check = group[:-1], group[-1]
        known = len(group) == _GROUP and all(c in _ALPHABET for c in group)
        if not known or check != _check_letter(symbols, index):
            raise InputError("enrol.code_mistyped", group=index + 1)
    if len(groups) != _GROUPS:
        raise InputError("enrol.code_incomplete", groups=len(groups), needed=_GROUPS)
    number = 0
    for symbol in "".join(group[:-1] for group in groups):
        number = number << 5 | _ALPHABET.index(symbol)
    payload = number.to_bytes(_GROUPS * 4 * 5 // 8)
    if payload[0] != _CODE_FORMAT or payload[-1:] != hashlib.sha256(payload[:-1]).digest()[:1]:
        raise InputError("enrol.code_mistyped", group=_GROUPS)
    return EnrolCode(payload[1 : 1 + _SECRET_BYTES], payload[1 + _SECRET_BYTES : -1])


def _check_letter(group: str, index: int) -> str:
    """Polynomial over GF(32): sees every wrong symbol, every swap of neighbours, and a group in another's place."""
    value = index + 1
    for symbol in group:
        value = _times_two(value) ^ _ALPHABET.index(symbol)
    return _ALPHABET[_times_two(value)]


def _times_two(value: int) -> int:
    value <<= 1
    return value ^ 0b100101 if value & 0b100000 else value


# --- Session and rows ------------------------------------------------------------------------------------------------


def session_bytes(server_id: str, role: str, device: str, nonce: bytes) -> bytes:
    """What a device signs to get a token: it names the server and role the device means to speak to."""
    who = bytes.fromhex(server_id) + role.encode().ljust(8, b"\0") + bytes.fromhex(device)
    return b"hv1-session" + who + nonce


def row_bytes(
    *, server_id: str, epoch: str, feed: str, seq: int, kind: str, record: str, rev: int, body: bytes
) -> bytes:
    """What the centre signs for one row that a hub or a stick carries."""
    where = bytes.fromhex(server_id) + bytes.fromhex(epoch) + hashlib.sha256(feed.encode()).digest()
    what = kind.encode().ljust(16, b"\0") + bytes.fromhex(record) + rev.to_bytes(8)
    return b"hv1-row" + where + seq.to_bytes(8) + what + hashlib.sha256(body).digest()
