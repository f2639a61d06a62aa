"""What each call sends and answers: JSON lines in a zstd frame, media type `MEDIA_TYPE`, under ``/v1``.

The laptop's side of one round, in order (every step commits alone; killed anywhere, the next hello repairs it):

1. *Once*, to join: ``code = parse_code(typed)``; ``GET card?for=`` + the code's `card_start` in hex (unverified) →
   ``read_card(file)``, ``code.require_card(card)``; from here TLS trusts ``card.card.ca`` alone. ``POST enrol`` with
   ``encode(Enrol(...))``, proof from ``code.proof(card.sha256, device_key, worker_keys)`` →
   ``read_enrolled(body, card, device_key)``. A lost answer: send the same again, the same keys get the same answer.
2. ``POST session`` with ``encode(SessionAsk(device=…))`` → `SessionNonce`; refuse a `server_id` or `role` that the
   card does not name; ``POST session`` with ``encode(SessionProof(device, nonce, sig))``, sig by the device key over
   ``identity.session_bytes(server_id, role, device, nonce)`` → `SessionToken`; send ``Authorization: Bearer token``
   from now on. 401 (``auth.token``): ask again.
3. ``POST hello`` with ``encode(Hello(...))`` → ``read_hello(body, card, device)`` = (`Statement`, `HelloNotes`). Refuse
   an epoch it has left, or an `n` not above the last of this epoch. For each incarnation: `at`, `at_hash` against the
   own chain: other hash → new incarnation, everything still held is numbered and sent again; `through` below what was
   answered → those lines are unsent again. For each feed: ``ok``; ``reset`` → forget its cursor, pull from the start,
   accept lower revs, set aside what does not return; ``gone`` → no longer ours; ``behind`` (a hub) → keep everything.
   Safe to drop: lines up to `safe_through`, contained and old enough.
4. ``POST push`` with ``segment.cut(...)`` as the whole body, from ``through + 1`` on, until nothing is unsent →
   ``read_push(body)`` = (`PushAnswer`, [`ChangeAnswer`]). state ``gap``: go on from ``through + 1``; ``fork``: new
   incarnation. Start with 50 changes, double under 5 s, halve on 413 or timeout.
   Then the files that answers name, each after the change that names it: ``PUT blob/SHA-256?offset=&size=`` with at
   most `PACKED_LIMIT` bytes of it from `offset` on → `FileHeld`, how much the office has from the start of the file
   without a gap. Bytes that do not begin there are not taken, so an empty body only asks; a cut line costs one piece.
   With the last byte the whole is compared with its name. ``GET blob/SHA-256?offset=`` → `FILE_TYPE`, the next bytes,
   none at the end. A device may give what a record it wrote names, and have what a record of its feeds names.
5. ``POST pull`` with ``encode(Pull(...))`` → ``read_pull(body)`` = ([`Row`], `PullEnd`), rows and cursors into one
   local transaction, until no feed has more.
   Row kinds: ``ver`` (`body` is ``Record.to_json()``), ``leave`` (no body), ``outcome`` (device feed; body as
   `ChangeAnswer` with `record`: the outcome of an own change when it was not ``ok``, later outcomes replace earlier).

Every answer, errors too, has one of our media types; anything else is a captive portal and acknowledges nothing.
Errors: `ERROR_TYPE`, plain JSON ``{"code","details"}`` → ``read_error(body)``; with 503 a ``Retry-After`` in seconds.
Daily sum of a feed: count of live versions held, and the sum of ``SHA-256(body bytes as pulled)`` mod 2^256 in hex.
"""

from typing import Any, TypeVar

import msgspec

from healthvisit.domain.errors import OfficeError
from healthvisit.wire.identity import (
    ENROLLED_LABEL,
    STATEMENT_LABEL,
    OfficeCard,
    SigningKey,
    require_signature,
    sign_line,
)
from healthvisit.wire.packing import LEVEL_DOWN, pack, unpack
from healthvisit.wire.segment import PACKED_LIMIT, PLAIN_LIMIT, VERSION, require_version

MEDIA_TYPE = "application/vnd.healthvisit+jsonl+zstd"
CARD_TYPE = "application/vnd.healthvisit.card"
FILE_TYPE = "application/vnd.healthvisit.file"
ERROR_TYPE = "application/vnd.healthvisit.error+json"
ANSWER_PACKED_LIMIT = 8 * 1024 * 1024
ANSWER_PLAIN_LIMIT = 32 * 1024 * 1024
_M = TypeVar("_M", bound="Message")


class Message(msgspec.Struct, omit_defaults=True):
    """Base: unknown members are left alone (a newer program's), and nothing is shown by repr: names travel here."""

    def __repr__(self) -> str:
        return type(self).__name__


class Request(Message, omit_defaults=False):
    """Base of what a laptop sends: its `v` always travels."""


class Enrol(Request):
    """Join: ids and keys in hex. `worker` is the id the laptop made for itself, `name` the worker's own name."""

    code: str
    proof: str
    device: str
    key: str
    worker: str
    name: str = ""
    worker_keys: list[str] = []
    v: int = VERSION


class FeedName(Message):
    """A feed to follow. `kind` is ``caseload`` or ``device``."""

    feed: str
    kind: str
    name: str = ""


class Enrolled(Message):
    """Signed by the centre. `worker` is used as `by` from now on; the laptop's own id stays its alias."""

    server_id: str
    device: str
    key: str
    worker: str
    name: str
    feeds: list[FeedName]


class SessionAsk(Request):
    """First call of a session."""

    device: str
    v: int = VERSION


class SessionNonce(Message):
    """32 random bytes to sign, in hex, with who asks for it."""

    server_id: str
    role: str
    nonce: str
    time: str


class SessionProof(Request):
    """Second call: the nonce again and the device key's signature."""

    device: str
    nonce: str
    sig: str
    v: int = VERSION


class SessionToken(Message):
    """Good until `until` (UTC), for this device only."""

    token: str
    until: str
    time: str


class Top(Message):
    """Where an incarnation of the laptop stands: highest number (0: none) and the chain hash there."""

    inc: str
    top: int
    hash: str


class FeedCursor(Message):
    """How far a feed was pulled; no cursor: not at all. `count` and `total`: the daily sum, when it is due."""

    feed: str
    cursor: str | None = None
    count: int | None = None
    total: str | None = None


class Hello(Request):
    """The opening call. `clock` is the laptop's UTC time, `card` the number of the card in hand.

    `n` is the last statement taken: an office put back from a copy goes on above it.
    """

    incs: list[Top]
    feeds: list[FeedCursor]
    app: str = ""
    forms: dict[str, str] = {}
    unsent: int = 0
    clock: str = ""
    card: int = 0
    n: int = 0
    v: int = VERSION


class Held(Message):
    """What the server has of an incarnation. `at` is min(through, the laptop's top) and `at_hash` the chain there."""

    inc: str
    through: int
    hash: str
    at: int
    at_hash: str
    safe_through: int
    safe_hash: str


class FeedState(Message):
    """A feed of the device: ``ok``, ``reset``, ``gone`` or ``behind``."""

    feed: str
    kind: str
    name: str
    state: str


class Statement(Message):
    """What the centre says of a device, signed. `n` rises within an epoch. `status`: ``active`` or ``revoked``."""

    server_id: str
    epoch: str
    n: int
    device: str
    status: str
    incs: list[Held]
    feeds: list[FeedState]
    orders: list[dict[str, Any]] = []


class HelloNotes(Message):
    """Unsigned company of a statement. `notices` are codes: ``clock.off`` (see `clock_off_s`), ``card.newer``."""

    time: str
    backoff_s: float = 0
    notices: list[str] = []
    clock_off_s: int = 0


class PushAnswer(Message):
    """`state`: ``ok``, ``gap`` (start at through + 1) or ``fork`` (another history has these numbers)."""

    epoch: str
    inc: str
    through: int
    state: str = "ok"
    time: str = ""
    backoff_s: float = 0


class ChangeAnswer(Message):
    """What became of one change: ``ok merged conflict already quarantined``; `rev` of its record after it.

    `n` is its number in the segment; a line that is no change at all has the first half of its SHA-256 as `chg`.
    """

    chg: str
    outcome: str
    n: int = 0
    rev: int = 0
    code: str | None = None
    record: str | None = None


class FileHeld(Message):
    """How many bytes of a file the office has, from its start. All of them: it has compared them with their name."""

    held: int


class Pull(Request):
    """Rows after the cursors, at most so many rows and plain bytes (a single row may exceed)."""

    feeds: list[FeedCursor]
    rows: int = 500
    bytes: int = 1024 * 1024
    v: int = VERSION


class Row(Message):
    """One row of a feed. `body` are the bytes as stored: see the module's docstring for the kinds."""

    feed: str
    seq: int
    kind: str
    record: str
    rev: int = 0
    body: msgspec.Raw = msgspec.Raw()


class FeedEnd(Message):
    """Where a feed's pull stands now; with state ``reset`` or ``gone`` no row came and the cursor is null."""

    feed: str
    cursor: str | None = None
    more: bool = False
    state: str = "ok"


class PullEnd(Message):
    """Last line of a pull's answer."""

    epoch: str
    feeds: list[FeedEnd]
    backoff_s: float = 0


def encode(*messages: Message, level: int = LEVEL_DOWN) -> bytes:
    """Messages as one body."""
    return pack([msgspec.json.encode(m) for m in messages], level=level)


def decode_request(data: bytes, type: type[_M]) -> _M:
    """The server's reading of a one-line body.

    Raises:
        OfficeError: ``wire.too_big``, ``wire.unreadable``, ``wire.newer``.
    """
    lines = unpack(data, packed_limit=PACKED_LIMIT, plain_limit=PLAIN_LIMIT)
    require_version(lines[0])
    return _decode(lines[0], type)


def read_answer(data: bytes, type: type[_M]) -> _M:
    """The laptop's reading of a one-line answer: `SessionNonce`, `SessionToken`."""
    return _decode(_answer_lines(data, 1)[0], type)


def signed(label: bytes, message: Message, key: SigningKey, *more: Message) -> bytes:
    """A body whose first line is signed: line, signature, further lines."""
    line = msgspec.json.encode(message)
    return pack([line, sign_line(label, line, key), *(msgspec.json.encode(m) for m in more)], level=LEVEL_DOWN)


def read_enrolled(data: bytes, card: OfficeCard, device_key: bytes) -> Enrolled:
    """The answer to enrol, checked against card and own key.

    Raises:
        OfficeError: ``wire.unreadable``, ``wire.bad_signature``, ``wire.other_device``.
    """
    line, signature = _answer_lines(data, 2)[:2]
    require_signature(ENROLLED_LABEL, line, signature, card.centre_key)
    answer = _decode(line, Enrolled)
    if answer.key != device_key.hex() or answer.server_id != card.card.server_id:
        raise OfficeError("wire.other_device")
    return answer


def read_hello(data: bytes, card: OfficeCard, device: str) -> tuple[Statement, HelloNotes]:
    """The answer to hello; the caller compares `epoch` and `n` with what it holds.

    Raises:
        OfficeError: ``wire.unreadable``, ``wire.bad_signature``, ``wire.other_device``.
    """
    line, signature, notes = _answer_lines(data, 3)[:3]
    require_signature(STATEMENT_LABEL, line, signature, card.centre_key)
    statement = _decode(line, Statement)
    if statement.device != device or statement.server_id != card.card.server_id:
        raise OfficeError("wire.other_device")
    return statement, _decode(notes, HelloNotes)


def read_push(data: bytes) -> tuple[PushAnswer, list[ChangeAnswer]]:
    """The answer to push."""
    first, *rest = _answer_lines(data, 1)
    return _decode(first, PushAnswer), [_decode(line, ChangeAnswer) for line in rest]


def read_pull(data: bytes) -> tuple[list[Row], PullEnd]:
    """The answer to pull."""
    *rows, end = _answer_lines(data, 1)
    return [_decode(line, Row) for line in rows], _decode(end, PullEnd)


class ErrorAnswer(Message):
    """The one shape of a refusal."""

    code: str
    details: dict[str, Any] = {}


def error_body(code: str, details: dict[str, Any]) -> bytes:
    """A refusal as plain JSON."""
    return msgspec.json.encode(ErrorAnswer(code=code, details=details))


def read_error(data: bytes) -> ErrorAnswer:
    """A refusal read back. Raises ``wire.unreadable``."""
    return _decode(data, ErrorAnswer)


def _answer_lines(data: bytes, least: int) -> list[bytes]:
    lines = unpack(data, packed_limit=ANSWER_PACKED_LIMIT, plain_limit=ANSWER_PLAIN_LIMIT)
    if len(lines) < least:
        raise OfficeError("wire.unreadable")
    return lines


def _decode(line: bytes, type: type[_M]) -> _M:
    try:
        return msgspec.json.decode(line, type=type)
    except (ValueError, RecursionError) as exc:
        raise OfficeError("wire.unreadable") from exc
