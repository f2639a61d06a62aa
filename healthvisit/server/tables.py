"""The office's tables. Hot paths use them through SQLAlchemy Core as ``TABLES["feed_row"]``.

Moments are text in UTC (``2026-03-01T09:12:00Z``), ids hex digits, hashes and signatures bytes. Nonces, tokens and code
attempts are rows, never memory, so that several processes on PostgreSQL see the same. Schema number: `SCHEMA`.
"""

from sqlalchemy import Column, Index, Integer, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, MetaData, SQLModel

SCHEMA = 1
_metadata = MetaData()


class _Table(SQLModel):
    metadata = _metadata


class ServerRow(_Table, table=True):
    """One row: whose office this is, which history (epoch), and how many commits it has seen."""

    __tablename__ = "server"
    id: int = Field(default=1, primary_key=True)
    server_id: str
    epoch: str
    commits: int = 0
    serial: int = 0  # programme numbers given by the office itself
    schema_number: int = SCHEMA


class CardRow(_Table, table=True):
    """Every card ever given out: a code names the card it was made for."""

    __tablename__ = "card"
    n: int = Field(primary_key=True)
    sha256: str = Field(index=True)
    file: bytes


class WorkerRow(_Table, table=True):
    """Someone who signs changes."""

    __tablename__ = "worker"
    id: str = Field(primary_key=True)
    name: str = Field(index=True)
    key: str = ""


class WorkerAliasRow(_Table, table=True):
    """The id a worker's laptop used before it was joined."""

    __tablename__ = "worker_alias"
    alias: str = Field(primary_key=True)
    worker: str = Field(index=True)


class DeviceRow(_Table, table=True):
    """One vault file somewhere. `status`: active, revoked or office (the server's own writer)."""

    __tablename__ = "device"
    id: str = Field(primary_key=True)
    key: str
    status: str = "active"
    home: str  # the caseload that takes what this device sends and nobody else has
    enrolled_at: str
    seen_at: str = ""
    clock_off_s: int = 0
    forks: int = 0
    unsent: int = 0
    app: str = ""
    statement_n: int = 0


class DevicePersonRow(_Table, table=True):
    """Who has a slot in the vault."""

    __tablename__ = "device_person"
    device: str = Field(primary_key=True)
    worker: str = Field(primary_key=True)
    from_at: str
    to_at: str | None = None


class CodeRow(_Table, table=True):
    """An enrolment code: single use, bound to a worker and a caseload."""

    __tablename__ = "enrol_code"
    id: str = Field(primary_key=True)
    secret: str
    card: str
    worker: str
    feed: str
    until: str
    wrong: int = 0
    device: str | None = None
    device_key: str | None = None


class NonceRow(_Table, table=True):
    """A challenge not answered yet."""

    __tablename__ = "nonce"
    nonce: str = Field(primary_key=True)
    device: str
    until: str


class TokenRow(_Table, table=True):
    """A session: the SHA-256 of its token, never the token."""

    __tablename__ = "token"
    hash: str = Field(primary_key=True)
    device: str
    until: str


class IncarnationRow(_Table, table=True):
    """One numbering of a device's lines and how far it is held without a gap."""

    __tablename__ = "incarnation"
    __table_args__ = (UniqueConstraint("device", "inc"),)
    id: int | None = Field(default=None, primary_key=True)
    device: str
    inc: str
    through: int
    last_hash: bytes


class SegmentRow(_Table, table=True):
    """The signature that proves the lines of one push; `via` names the hub or stick they came by."""

    __tablename__ = "segment"
    id: int | None = Field(default=None, primary_key=True)
    inc_id: int = Field(index=True)
    first: int
    last: int
    prev_hash: bytes
    sig: bytes
    via: str = ""
    at: str


class ChangeRow(_Table, table=True):
    """One numbered line. `first` marks where its change id came first; later numbers of the same line hold no text."""

    __tablename__ = "change"
    __table_args__ = (
        Index("change_chg", "chg", unique=True, sqlite_where=text("first = 1"), postgresql_where=text("first")),
    )
    inc_id: int = Field(primary_key=True)
    dseq: int = Field(primary_key=True)
    chg: str
    first: bool
    record: str
    line: bytes | None = None
    line_hash: bytes
    hash: bytes
    outcome: str
    code: str | None = None
    rev: int = 0


class QuarantineRow(_Table, table=True):
    """A change kept, named and shown, but not merged. `settled_at`: merged later after all."""

    __tablename__ = "quarantine"
    id: int | None = Field(default=None, primary_key=True)
    inc_id: int
    dseq: int
    device: str
    chg: str
    record: str = Field(index=True)
    code: str
    at: str
    settled_at: str | None = None


class RecordRow(_Table, table=True):
    """One record as merged: `version` is the JSON of `domain.record.Record.to_json`."""

    __tablename__ = "record"
    id: str = Field(primary_key=True)
    kind: str = Field(index=True)
    subject: str | None = Field(default=None, index=True)
    rev: int
    version: bytes
    void: bool = False
    conflicts: int = 0


class FeedRow(_Table, table=True):
    """A numbered list laptops follow: a caseload, or ``dev:<id>`` for what concerns one device."""

    __tablename__ = "feed"
    id: str = Field(primary_key=True)
    kind: str
    name: str = ""
    head: int = 0


class FeedItemRow(_Table, table=True):
    """One row a record and feed, moved to a new number with each version. `body` only where no record has it."""

    __tablename__ = "feed_row"
    __table_args__ = (UniqueConstraint("feed", "seq"),)
    feed: str = Field(primary_key=True)
    record: str = Field(primary_key=True, index=True)
    seq: int
    kind: str
    body: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))


class FeedTagRow(_Table, table=True):
    """A random value for each batch of rows, at its first number: tells one history of a feed from another."""

    __tablename__ = "feed_tag"
    feed: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    tag: str


class SubscriptionRow(_Table, table=True):
    """Which caseloads a worker follows."""

    __tablename__ = "subscription"
    worker: str = Field(primary_key=True)
    feed: str = Field(primary_key=True)


class CaseloadRow(_Table, table=True):
    """In which caseload a household or present member is, and was."""

    __tablename__ = "caseload"
    id: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True))
    subject: str = Field(index=True)
    feed: str
    from_at: str
    to_at: str | None = None


class MemberRow(_Table, table=True):
    """Projection of the membership records: who belongs where since when."""

    __tablename__ = "member"
    id: str = Field(primary_key=True)
    person: str = Field(index=True)
    household: str = Field(index=True)
    from_on: str
    present: bool


class FileRow(_Table, table=True):
    """A file that an answer names: `held` bytes of `size` are here; all of them, and they are what their name says."""

    __tablename__ = "blob"
    sha256: str = Field(primary_key=True)
    size: int
    held: int
    at: str


class FilePartRow(_Table, table=True):
    """Bytes of a file from `offset` on, as they came in one call."""

    __tablename__ = "blob_part"
    sha256: str = Field(primary_key=True)
    offset: int = Field(primary_key=True)
    data: bytes


class FileUseRow(_Table, table=True):
    """Which record names a file, and the device that wrote it: this one may give it, who has the record may have it."""

    __tablename__ = "blob_use"
    sha256: str = Field(primary_key=True)
    record: str = Field(primary_key=True)
    device: str


class AuditRow(_Table, table=True):
    """What happened that an administrator may ask about: codes and ids only."""

    __tablename__ = "audit"
    id: int | None = Field(default=None, primary_key=True)
    at: str
    what: str
    device: str = ""
    detail: str = ""


TABLES = dict(_metadata.tables)
METADATA = _metadata
