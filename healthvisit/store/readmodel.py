"""The read model: a disposable in-memory SQLite database projected from the vault's rows.

Every list, search and due date comes from it. It holds what lists need and no long texts; a rebuild is the same
projection over all rows in row order. It is a cache: `schema_hash` changes with the tables, and then it is rebuilt.
"""

import hashlib
import sqlite3
from functools import cache
from typing import NamedTuple

from sqlalchemy import (
    DDL,
    Boolean,
    Column,
    Date,
    Engine,
    Integer,
    MetaData,
    StaticPool,
    String,
    Table,
    create_engine,
    event,
)
from sqlalchemy.schema import CreateTable

PROJECTION_VERSION = 4  # raise when projection writes other values into the same tables

_metadata = MetaData()

# Where a record's sealed rows are: its pulled version and own changes not yet contained in it.
Table(
    "head",
    _metadata,
    Column("record", String, primary_key=True),
    Column("kind", String, nullable=False, index=True),
    Column("subject", String),
    Column("version_seq", Integer),
    Column("rev", Integer, nullable=False),
    Column("own", String, nullable=False),  # row seqs of own changes on top, oldest first, joined by commas
    Column("void", Boolean, nullable=False),
    Column("conflicts", Integer, nullable=False),
    Column("feeds", String, nullable=False),  # feeds that hold the version, joined by commas
    Column("hidden", Boolean, nullable=False),
    Column("hash", String, nullable=False),  # SHA-256 of the version's body as pulled, hex
)

# One own change: its number, chain hash and what the office said. `unit` is the first number of its save.
Table(
    "own_change",
    _metadata,
    Column("chg", String, primary_key=True),
    Column("record", String, nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("inc", String, nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("chain", String, nullable=False),
    Column("unit", Integer, nullable=False),
    Column("row_seq", Integer, nullable=False),
    Column("hlc", String, nullable=False),
    Column("outcome", String, index=True),
    Column("code", String),
    Column("rev", Integer, nullable=False),
)

# One household as lists show it.
Table(
    "household",
    _metadata,
    Column("id", String, primary_key=True),
    Column("number", String, nullable=False),
    Column("name", String, nullable=False),
    Column("address", String, nullable=False),
    Column("place", String, nullable=False),
    Column("language", String, nullable=False),
    Column("note", String, nullable=False),
    Column("may_ring", Boolean),
    Column("two_go", Boolean, nullable=False),
    Column("moved_on", Date),
    Column("phones", String, nullable=False),
    Column("strict", String, nullable=False),
    Column("loose", String, nullable=False),
)

# One person as lists and due dates need it; the birth's days stand beside.
Table(
    "person",
    _metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("sex", String, nullable=False),
    Column("surname", String, nullable=False),
    Column("given_name", String, nullable=False),
    Column("patronymic", String, nullable=False),
    Column("born_on", Date),
    Column("born_precision", String, nullable=False),
    Column("died_on", Date),
    Column("mother", String, index=True),
    Column("phones", String, nullable=False),
    Column("strict", String, nullable=False),
    Column("loose", String, nullable=False),
)

# Days and order of a birth.
Table(
    "birth",
    _metadata,
    Column("id", String, primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("gestation_days", Integer),
    Column("weight_g", Integer),
    Column("birth_order", Integer),
    Column("birth_of", Integer),
    Column("left_on", Date),
)

# Who belongs to which household.
Table(
    "membership",
    _metadata,
    Column("id", String, primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("household", String, nullable=False, index=True),
    Column("role", String, nullable=False),
    Column("from_on", Date, nullable=False),
    Column("to_on", Date),
)

# A person's time in the programme.
Table(
    "enrolment",
    _metadata,
    Column("id", String, primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("from_on", Date, nullable=False),
    Column("to_on", Date),
)

# A pregnancy's due day.
Table(
    "pregnancy",
    _metadata,
    Column("id", String, primary_key=True),
    Column("mother", String, nullable=False, index=True),
    Column("due_on", Date),
    Column("ended_on", Date),
)

# One signed visit. `replaced_by` is the visit that amends it.
Table(
    "visit",
    _metadata,
    Column("id", String, primary_key=True),
    Column("household", String, nullable=False, index=True),
    Column("worker", String, nullable=False),
    Column("on", Date, nullable=False, index=True),
    Column("started_at", String, nullable=False),
    Column("signed_at", String, nullable=False),
    Column("place", String, nullable=False),
    Column("source", String, nullable=False),
    Column("amends", String),
    Column("reason", String),
    Column("next_on", Date),
    Column("agreed", String, nullable=False),
    Column("void", Boolean, nullable=False),
)

# One person's part of a signed visit.
Table(
    "visit_part",
    _metadata,
    Column("id", String, primary_key=True),
    Column("visit", String, nullable=False, index=True),
    Column("person", String, nullable=False, index=True),
    Column("on", Date),
    Column("code", String),
    Column("amends", String, index=True),
    Column("void", Boolean, nullable=False),
)

# One growth entry. `scores` is JSON: indicator to ``[z, flagged, why_not]``, as made by `standard` and `engine`.
Table(
    "growth",
    _metadata,
    Column("part", String, primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("on", Date, nullable=False),
    Column("weight_g", Integer),
    Column("length_mm", Integer),
    Column("posture", String),
    Column("head_mm", Integer),
    Column("muac_mm", Integer),
    Column("oedema", String),
    Column("age_days", Integer),
    Column("corrected", Boolean, nullable=False),
    Column("scores", String, nullable=False),
    Column("standard", String, nullable=False),
    Column("engine", String, nullable=False),
)

# A day agreed, a cancellation, and attempts as JSON ``[[on, reason], …]``.
Table(
    "planned_contact",
    _metadata,
    Column("id", String, primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("code", String, nullable=False),
    Column("agreed_on", Date),
    Column("cancelled", String),
    Column("attempts", String, nullable=False),
)

# One referral as the lists need it.
Table(
    "referral",
    _metadata,
    Column("id", String, primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("household", String, nullable=False, index=True),
    Column("reason", String, nullable=False),
    Column("urgency", String, nullable=False),
    Column("status", String, nullable=False),
    Column("made_at", String, nullable=False),
    Column("ask_on", Date),
    Column("screen", String),
    Column("arrived", Boolean, nullable=False),
)

# Something to look at; neutral reason codes only.
Table(
    "task",
    _metadata,
    Column("id", String, primary_key=True),
    Column("household", String, nullable=False, index=True),
    Column("person", String),
    Column("reason", String, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("state", String, nullable=False),
)

# One development check; answers, reasons and words stay in its sealed row. `amends` joins ids by commas.
Table(
    "development_check",
    _metadata,
    Column("id", String, primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("on", Date, nullable=False),
    Column("made_at", String, nullable=False),
    Column("amends", String, nullable=False),
)

# One result of another tool; as above.
Table(
    "assessment",
    _metadata,
    Column("id", String, primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("on", Date, nullable=False),
    Column("made_at", String, nullable=False),
    Column("amends", String, nullable=False),
)

# The month of a motor milestone, as said on a day.
Table(
    "milestone",
    _metadata,
    Column("id", String, primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("code", String, nullable=False),
    Column("said_on", Date, nullable=False),
    Column("made_at", String, nullable=False),
    Column("months", Integer),
)

# A visit begun and not signed.
Table(
    "draft",
    _metadata,
    Column("id", String, primary_key=True),
    Column("household", String, nullable=False, index=True),
    Column("started_at", String, nullable=False),
    Column("saved_at", String, nullable=False),
    Column("page", String, nullable=False),
    Column("persons", String, nullable=False),
    Column("amends", String),
)

# A file that answers a question; its parts are in the vault alone.
Table(
    "file",
    _metadata,
    Column("id", String, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("at", String, nullable=False),
)

# Which record names which file.
Table(
    "named_file",
    _metadata,
    Column("record", String, primary_key=True),
    Column("file", String, primary_key=True),
)

# A person's next contact as computed from `from_on` to `until_on`; no `code` means that none comes. See _STALE.
Table(
    "next_contact",
    _metadata,
    Column("person", String, primary_key=True),
    Column("from_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),
    Column("code", String),
    Column("opens_on", Date),
    Column("target_on", Date),
    Column("closes_on", Date),
    Column("state", String),
    Column("core", Boolean),
    Column("agreed_on", Date),
)

# Small facts of the projection itself, such as the highest stamp seen.
Table(
    "meta",
    _metadata,
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)

TABLES = dict(sorted(_metadata.tables.items()))

_STALE = {  # whose next contact is to be computed again when a row of a table is written or goes
    "person": "person = {row}.id",
    "birth": "person = {row}.person",
    "enrolment": "person = {row}.person",
    "pregnancy": "person = {row}.mother",
    "planned_contact": "person = {row}.person",
    "visit_part": "person = {row}.person",
    "visit": "person IN (SELECT person FROM visit_part WHERE visit = {row}.id)",
}
_TRIGGERS = [
    " ".join(
        ("CREATE TRIGGER", f"{table}_{deed.lower()}", "AFTER", deed, "ON", table, "BEGIN",
         "DELETE FROM next_contact WHERE", whose.format(row="OLD" if deed == "DELETE" else "NEW"), "; END")
    )
    for table, whose in _STALE.items()
    for deed in ("INSERT", "UPDATE", "DELETE")
]  # fmt: skip
for _text in _TRIGGERS:
    event.listen(_metadata, "after_create", DDL(_text))  # type: ignore[no-untyped-call]


@cache
def schema_hash() -> bytes:
    """8 bytes that change with any table or with `PROJECTION_VERSION`: an older catalog is then rebuilt."""
    tables = (str(CreateTable(table)) for table in TABLES.values())
    text = "".join((*tables, *_TRIGGERS, str(PROJECTION_VERSION)))
    return hashlib.sha256(text.encode()).digest()[:8]


_spare: list["_Made"] = []


class _Made(NamedTuple):
    """An engine, and the one connection that it gives out: the first of `raw`."""

    engine: Engine
    raw: list[sqlite3.Connection]


def prepare() -> Engine:
    """Make an empty read model beforehand; the next `open_readmodel` takes its engine, with what it has compiled."""
    _spare.append(_make())
    return _spare[-1].engine


def open_readmodel(data: bytes | bytearray | None = None) -> tuple[Engine, sqlite3.Connection]:
    """A read model in memory, empty or from a catalog's serialised bytes, and its one raw connection.

    Raises:
        sqlite3.Error: When the bytes are no database; the caller rebuilds.
    """
    made = _spare.pop() if _spare else _make()
    if data is not None:
        other = _connect()  # SQLite's own statements are not taken over: they know where the empty one's pages lie
        other.deserialize(data)
        made.engine.dispose()
        made.raw.pop().close()
        made.raw.append(other)
    return made.engine, made.raw[0]


def _make() -> _Made:
    raw = [_connect()]
    engine = create_engine("sqlite://", creator=lambda: raw[0], poolclass=StaticPool, hide_parameters=True, echo=False)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    _metadata.create_all(engine)
    return _Made(engine, raw)


def _connect() -> sqlite3.Connection:
    raw = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    raw.execute("PRAGMA temp_store=MEMORY")
    raw.execute("PRAGMA foreign_keys=ON")
    return raw
