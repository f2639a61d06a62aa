"""The read model: a disposable in-memory SQLite database projected from the vault's rows.

Every list, search and due date comes from it. It holds what lists need and no long texts; a rebuild is the same
projection over all rows in row order. It is a cache: `schema_hash` changes with the tables, and then it is rebuilt.
"""

import hashlib
import sqlite3
from datetime import date

from sqlalchemy import Engine, StaticPool, create_engine, event
from sqlalchemy.schema import CreateTable
from sqlmodel import Field, MetaData, SQLModel

PROJECTION_VERSION = 2  # raise when projection writes other values into the same tables

_metadata = MetaData()


class _Table(SQLModel):
    metadata = _metadata


class HeadRow(_Table, table=True):
    """Where a record's sealed rows are: its pulled version and own changes not yet contained in it."""

    __tablename__ = "head"
    record: str = Field(primary_key=True)
    kind: str = Field(index=True)
    subject: str | None = None
    version_seq: int | None = None
    rev: int = 0
    own: str = ""  # row seqs of own changes on top, oldest first, joined by commas
    void: bool = False
    conflicts: int = 0
    feeds: str = ""  # feeds that hold the version, joined by commas
    hidden: bool = False
    hash: str = ""  # SHA-256 of the version's body as pulled, hex


class OwnChangeRow(_Table, table=True):
    """One own change: its number, chain hash and what the office said. `unit` is the first number of its save."""

    __tablename__ = "own_change"
    chg: str = Field(primary_key=True)
    record: str = Field(index=True)
    kind: str
    inc: str = Field(index=True)
    number: int
    chain: str
    unit: int
    row_seq: int
    hlc: str
    outcome: str | None = Field(default=None, index=True)
    code: str | None = None
    rev: int = 0


class HouseholdRow(_Table, table=True):
    """One household as lists show it."""

    __tablename__ = "household"
    id: str = Field(primary_key=True)
    number: str
    name: str
    address: str
    place: str
    language: str
    note: str
    may_ring: bool | None = None
    two_go: bool
    moved_on: date | None = None
    phones: str
    strict: str
    loose: str


class PersonRow(_Table, table=True):
    """One person as lists and due dates need it; the birth's days stand beside."""

    __tablename__ = "person"
    id: str = Field(primary_key=True)
    kind: str
    sex: str
    surname: str
    given_name: str
    patronymic: str
    born_on: date | None = None
    born_precision: str
    died_on: date | None = None
    mother: str | None = Field(default=None, index=True)
    phones: str
    strict: str
    loose: str


class BirthRow(_Table, table=True):
    """Days and order of a birth."""

    __tablename__ = "birth"
    id: str = Field(primary_key=True)
    person: str = Field(index=True)
    gestation_days: int | None = None
    weight_g: int | None = None
    birth_order: int | None = None
    birth_of: int | None = None
    left_on: date | None = None


class MembershipRow(_Table, table=True):
    """Who belongs to which household."""

    __tablename__ = "membership"
    id: str = Field(primary_key=True)
    person: str = Field(index=True)
    household: str = Field(index=True)
    role: str
    from_on: date
    to_on: date | None = None


class EnrolmentRow(_Table, table=True):
    """A person's time in the programme."""

    __tablename__ = "enrolment"
    id: str = Field(primary_key=True)
    person: str = Field(index=True)
    from_on: date
    to_on: date | None = None


class PregnancyRow(_Table, table=True):
    """A pregnancy's due day."""

    __tablename__ = "pregnancy"
    id: str = Field(primary_key=True)
    mother: str = Field(index=True)
    due_on: date | None = None
    ended_on: date | None = None


class VisitRow(_Table, table=True):
    """One signed visit. `replaced_by` is the visit that amends it."""

    __tablename__ = "visit"
    id: str = Field(primary_key=True)
    household: str = Field(index=True)
    worker: str
    on: date = Field(index=True)
    started_at: str
    signed_at: str
    place: str
    source: str
    amends: str | None = None
    reason: str | None = None
    next_on: date | None = None
    agreed: str
    void: bool = False


class PartRow(_Table, table=True):
    """One person's part of a signed visit."""

    __tablename__ = "visit_part"
    id: str = Field(primary_key=True)
    visit: str = Field(index=True)
    person: str = Field(index=True)
    on: date | None = None
    code: str | None = None
    amends: str | None = Field(default=None, index=True)
    void: bool = False


class GrowthRow(_Table, table=True):
    """One growth entry. `scores` is JSON: indicator to ``[z, flagged, why_not]``."""

    __tablename__ = "growth"
    part: str = Field(primary_key=True)
    person: str = Field(index=True)
    on: date
    weight_g: int | None = None
    length_mm: int | None = None
    posture: str | None = None
    head_mm: int | None = None
    oedema: str | None = None
    age_days: int | None = None
    corrected: bool
    scores: str


class PlannedRow(_Table, table=True):
    """A day agreed, a cancellation, and attempts as JSON ``[[on, reason], …]``."""

    __tablename__ = "planned_contact"
    id: str = Field(primary_key=True)
    person: str = Field(index=True)
    code: str
    agreed_on: date | None = None
    cancelled: str | None = None
    attempts: str


class ReferralRow(_Table, table=True):
    """One referral as the lists need it."""

    __tablename__ = "referral"
    id: str = Field(primary_key=True)
    person: str = Field(index=True)
    household: str = Field(index=True)
    reason: str
    urgency: str
    status: str
    made_at: str
    ask_on: date | None = None
    screen: str | None = None
    arrived: bool


class TaskRow(_Table, table=True):
    """Something to look at; neutral reason codes only."""

    __tablename__ = "task"
    id: str = Field(primary_key=True)
    household: str = Field(index=True)
    person: str | None = None
    reason: str
    due_on: date
    state: str


class DraftRow(_Table, table=True):
    """A visit begun and not signed."""

    __tablename__ = "draft"
    id: str = Field(primary_key=True)
    household: str = Field(index=True)
    started_at: str
    saved_at: str
    page: str
    persons: str
    amends: str | None = None


class MetaRow(_Table, table=True):
    """Small facts of the projection itself, such as the highest stamp seen."""

    __tablename__ = "meta"
    name: str = Field(primary_key=True)
    value: str


TABLES = dict(sorted(_metadata.tables.items()))


def schema_hash() -> bytes:
    """8 bytes that change with any table or with `PROJECTION_VERSION`: an older catalog is then rebuilt."""
    text = "".join(str(CreateTable(table)) for table in TABLES.values()) + str(PROJECTION_VERSION)
    return hashlib.sha256(text.encode()).digest()[:8]


def open_readmodel(data: bytes | bytearray | None = None) -> tuple[Engine, sqlite3.Connection]:
    """A read model in memory, empty or from a catalog's serialised bytes, and its one raw connection.

    Raises:
        sqlite3.Error: When the bytes are no database; the caller rebuilds.
    """
    raw = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    if data is not None:
        raw.deserialize(data)
    raw.execute("PRAGMA temp_store=MEMORY")
    raw.execute("PRAGMA foreign_keys=ON")
    engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool, hide_parameters=True, echo=False)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    if data is None:
        _metadata.create_all(engine)
    return engine, raw
