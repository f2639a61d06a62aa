"""Joining: a code given to a worker, and the one device that shows it knows the code."""

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from healthvisit.domain.errors import OfficeError
from healthvisit.domain.ids import is_record_id
from healthvisit.server.database import audit, moment
from healthvisit.server.feeds import device_feed
from healthvisit.server.folder import Office
from healthvisit.server.tables import TABLES
from healthvisit.wire.identity import EnrolCode
from healthvisit.wire.messages import Enrol, Enrolled, FeedName

_DEVICES, _PEOPLE, _CODES, _WORKERS = (TABLES[n] for n in ("device", "device_person", "enrol_code", "worker"))
_ALIASES, _FEEDS, _SUBSCRIPTIONS = TABLES["worker_alias"], TABLES["feed"], TABLES["subscription"]
WRONG_PROOFS = 5
TYPED_HOURS = 24
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Issued:
    """A code to hand to a worker, with whom and what it joins."""

    text: str = field(repr=False)
    worker: str
    feed: str


def issue_code(office: Office, *, worker: str, caseload: str, now: datetime) -> Issued:
    """Make a code for a worker (by name) and a caseload (by name); who and what is absent is made."""
    card = office.card()
    code = EnrolCode.new(card.sha256)

    def deed(db: Connection) -> Issued:
        feed = caseload_named(db, caseload)
        query = select(_WORKERS.c.id).where(_WORKERS.c.name == worker).order_by(_WORKERS.c.id)
        who = db.execute(query).scalar()
        if who is None:
            who = secrets.token_hex(16)
            db.execute(insert(_WORKERS).values(id=who, name=worker))
        held = select(_SUBSCRIPTIONS).where(_SUBSCRIPTIONS.c.worker == who, _SUBSCRIPTIONS.c.feed == feed)
        if db.execute(held).one_or_none() is None:
            db.execute(insert(_SUBSCRIPTIONS).values(worker=who, feed=feed))
        until = moment(now + timedelta(hours=TYPED_HOURS))
        values = {"id": code.code_id.hex(), "secret": code.secret.hex(), "card": card.sha256.hex(), "until": until}
        db.execute(insert(_CODES).values(**values, worker=who, feed=feed))
        audit(db, "enrol.code_issued", detail=f"{code.code_id.hex()} {who}")
        return Issued(code.text(), who, feed)

    return office.db.write(deed)


def caseload_named(db: Connection, name: str) -> str:
    """The feed of a caseload, made when absent."""
    found = db.execute(select(_FEEDS.c.id).where(_FEEDS.c.kind == "caseload", _FEEDS.c.name == name)).scalar()
    if found is not None:
        return str(found)
    feed = f"caseload:{secrets.token_hex(16)}"
    db.execute(insert(_FEEDS).values(id=feed, kind="caseload", name=name))
    return feed


def enrol(office: Office, ask: Enrol, now: datetime) -> Enrolled:
    """Join a device to a worker and a caseload. The same keys asking again get the same answer.

    Raises:
        OfficeError: ``enrol.code_unknown``, ``enrol.code_used``, ``enrol.code_expired``, ``enrol.code_ended`` (too many
            wrong proofs), ``enrol.proof_wrong`` (tries `left`), ``enrol.device_taken``, ``device.revoked``.
    """
    try:
        return office.db.write(lambda db: _enrol(db, office, ask, now))
    except OfficeError as refusal:
        if refusal.code == "enrol.proof_wrong":
            office.db.write(lambda db: _count_wrong(db, ask.code))
        raise


def _enrol(db: Connection, office: Office, ask: Enrol, now: datetime) -> Enrolled:
    code = db.execute(select(_CODES).where(_CODES.c.id == ask.code)).one_or_none()
    if code is None:
        raise OfficeError("enrol.code_unknown")
    if code.wrong >= WRONG_PROOFS:
        raise OfficeError("enrol.code_ended")
    if not _proves(code.secret, code.card, ask):
        raise OfficeError("enrol.proof_wrong", left=WRONG_PROOFS - code.wrong - 1)
    if (code.device, code.device_key) != (ask.device, ask.key):
        if code.device is not None:
            raise OfficeError("enrol.code_used")
        if code.until < moment(now):
            raise OfficeError("enrol.code_expired")
        _join(db, ask, code, moment(now))
    return _enrolled(db, office, ask, code.worker)


def _count_wrong(db: Connection, code: str) -> None:
    db.execute(update(_CODES).where(_CODES.c.id == code).values(wrong=_CODES.c.wrong + 1))
    audit(db, "enrol.proof_wrong", detail=code)


def _proves(secret: str, card: str, ask: Enrol) -> bool:
    try:
        keys = [bytes.fromhex(ask.key), *map(bytes.fromhex, ask.worker_keys)]
        given = bytes.fromhex(ask.proof)
    except ValueError:
        return False
    if any(len(key) != _KEY_BYTES for key in keys) or not (is_record_id(ask.device) and is_record_id(ask.worker)):
        return False
    card_hash = bytes.fromhex(card)
    code = EnrolCode(bytes.fromhex(secret), card_hash[:12])
    return hmac.compare_digest(code.proof(card_hash, keys[0], keys[1:]), given)


def _join(db: Connection, ask: Enrol, code: Any, at: str) -> None:
    worker = code.worker
    held = db.execute(select(_DEVICES).where(_DEVICES.c.id == ask.device)).one_or_none()
    alias = db.execute(select(_ALIASES.c.worker).where(_ALIASES.c.alias == ask.worker)).scalar()
    known = db.execute(select(_WORKERS.c.id).where(_WORKERS.c.id == ask.worker)).scalar()
    if (held is not None and held.key != ask.key) or not {alias, known} <= {None, worker}:
        raise OfficeError("enrol.device_taken")
    if held is None:
        values = {"id": ask.device, "key": ask.key, "home": code.feed, "enrolled_at": at}
        db.execute(insert(_DEVICES).values(values))
        db.execute(insert(_FEEDS).values(id=device_feed(ask.device), kind="device"))
    elif held.status != "active":
        raise OfficeError("device.revoked")
    person = select(_PEOPLE).where(_PEOPLE.c.device == ask.device, _PEOPLE.c.worker == worker)
    if db.execute(person).one_or_none() is None:
        db.execute(insert(_PEOPLE).values(device=ask.device, worker=worker, from_at=at))
    if alias is None and known is None:
        db.execute(insert(_ALIASES).values(alias=ask.worker, worker=worker))
    if ask.worker_keys:
        db.execute(update(_WORKERS).where(_WORKERS.c.id == worker).values(key=ask.worker_keys[0]))
    db.execute(update(_CODES).where(_CODES.c.id == code.id).values(device=ask.device, device_key=ask.key))
    audit(db, "enrol.joined", device=ask.device, detail=worker)


def _enrolled(db: Connection, office: Office, ask: Enrol, worker: str) -> Enrolled:
    name = db.execute(select(_WORKERS.c.name).where(_WORKERS.c.id == worker)).scalar_one()
    query = select(_FEEDS.c.id, _FEEDS.c.kind, _FEEDS.c.name).join_from(
        _SUBSCRIPTIONS, _FEEDS, _FEEDS.c.id == _SUBSCRIPTIONS.c.feed
    )
    feeds = [
        FeedName(feed=row.id, kind=row.kind, name=row.name)
        for row in db.execute(query.where(_SUBSCRIPTIONS.c.worker == worker).order_by(_FEEDS.c.id))
    ]
    return Enrolled(
        server_id=office.server_id,
        device=ask.device,
        key=ask.key,
        worker=worker,
        name=name,
        feeds=[*feeds, FeedName(feed=device_feed(ask.device), kind="device")],
    )
