"""Who calls: sessions by device key, and what a device may write."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, or_, select

from healthvisit.domain.errors import OfficeError
from healthvisit.server.database import audit, moment
from healthvisit.server.feeds import device_feed
from healthvisit.server.folder import ROLE, Office
from healthvisit.server.tables import TABLES
from healthvisit.wire.identity import session_bytes, verify
from healthvisit.wire.messages import SessionNonce, SessionProof, SessionToken

_DEVICES, _PEOPLE, _ALIASES = TABLES["device"], TABLES["device_person"], TABLES["worker_alias"]
_SUBSCRIPTIONS, _NONCES, _TOKENS = TABLES["subscription"], TABLES["nonce"], TABLES["token"]
TOKEN_MINUTES = 15
NONCE_MINUTES = 5
LATE_DAYS = 90


@dataclass(frozen=True, slots=True)
class Sender:
    """A device as the server knows it. `workers` may sign its lines; `feeds` are those of its people now."""

    device: str
    key: bytes
    status: str
    home: str
    workers: frozenset[str]
    feeds: frozenset[str]

    @property
    def is_office(self) -> bool:
        """Whether it is the server's own writer, which no caseload binds."""
        return self.status == "office"


def sender(db: Connection, device: str, now: datetime) -> Sender:
    """Load a device with its people and feeds.

    Raises:
        OfficeError: ``auth.unknown_device``.
    """
    row = db.execute(select(_DEVICES).where(_DEVICES.c.id == device)).one_or_none()
    if row is None:
        raise OfficeError("auth.unknown_device")
    late = moment(now - timedelta(days=LATE_DAYS))
    people = select(_PEOPLE.c.worker, _PEOPLE.c.to_at).where(
        _PEOPLE.c.device == device, or_(_PEOPLE.c.to_at.is_(None), _PEOPLE.c.to_at > late)
    )
    ends = {row.worker: row.to_at for row in db.execute(people)}
    aliases = db.execute(select(_ALIASES.c.alias).where(_ALIASES.c.worker.in_(ends))).scalars()
    present = [worker for worker, to_at in ends.items() if to_at is None]
    feeds = db.execute(select(_SUBSCRIPTIONS.c.feed).where(_SUBSCRIPTIONS.c.worker.in_(present))).scalars()
    return Sender(
        device=device,
        key=bytes.fromhex(row.key),
        status=row.status,
        home=row.home,
        workers=frozenset([*ends, *aliases]),
        feeds=frozenset([*feeds, device_feed(device)]),
    )


def challenge(office: Office, device: str, now: datetime) -> SessionNonce:
    """A nonce for a device to sign.

    Raises:
        OfficeError: ``auth.unknown_device``.
    """
    nonce = secrets.token_hex(32)

    def deed(db: Connection) -> None:
        sender(db, device, now)
        db.execute(delete(_NONCES).where(_NONCES.c.until < moment(now)))
        db.execute(delete(_TOKENS).where(_TOKENS.c.until < moment(now - timedelta(days=1))))
        until = moment(now + timedelta(minutes=NONCE_MINUTES))
        db.execute(insert(_NONCES).values(nonce=nonce, device=device, until=until))

    office.db.write(deed)
    return SessionNonce(server_id=office.server_id, role=ROLE, nonce=nonce, time=moment(now))


def open_session(office: Office, proof: SessionProof, now: datetime) -> SessionToken:
    """A token for 15 minutes, for a nonce signed by the device's key.

    Raises:
        OfficeError: ``auth.nonce``, ``auth.signature``.
    """
    token = secrets.token_hex(32)
    until = moment(now + timedelta(minutes=TOKEN_MINUTES))

    def deed(db: Connection) -> OfficeError | None:
        spent = delete(_NONCES).where(
            _NONCES.c.nonce == proof.nonce, _NONCES.c.device == proof.device, _NONCES.c.until >= moment(now)
        )
        if db.execute(spent).rowcount != 1:
            return OfficeError("auth.nonce")
        key = db.execute(select(_DEVICES.c.key).where(_DEVICES.c.id == proof.device)).scalar_one()
        signed = session_bytes(office.server_id, ROLE, proof.device, bytes.fromhex(proof.nonce))
        if not _verifies(key, proof.sig, signed):
            audit(db, "auth.signature", device=proof.device)
            return OfficeError("auth.signature")
        db.execute(insert(_TOKENS).values(hash=_token_hash(token), device=proof.device, until=until))
        return None

    if refusal := office.db.write(deed):
        raise refusal
    return SessionToken(token=token, until=until, time=moment(now))


def _verifies(key: str, sig: str, signed: bytes) -> bool:
    try:
        return verify(bytes.fromhex(key), bytes.fromhex(sig), signed)
    except ValueError:
        return False


def device_of(office: Office, token: str, now: datetime) -> Sender:
    """Whose token it is: the only place a device's name is taken from.

    Raises:
        OfficeError: ``auth.token``: none, unknown or ended; ask for another.
    """
    with office.db.read() as db:
        row = db.execute(select(_TOKENS).where(_TOKENS.c.hash == _token_hash(token))).one_or_none()
        if row is not None and row.until >= moment(now):
            return sender(db, row.device, now)
    if row is not None:
        office.db.write(lambda db: audit(db, "auth.token_ended", device=row.device))
    raise OfficeError("auth.token")


def note_refused(office: Office, device: str, code: str) -> None:
    """Write down a push that was refused whole: a broken line now and then, or somebody trying."""
    office.db.write(lambda db: audit(db, code, device=device))


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
