"""What was rehearsed on an empty read model must not read the pages of the one that takes its place."""

from datetime import date

from sqlalchemy import insert

from healthvisit.store import next_contacts, readmodel


class Work:
    """What a query needs of a unit of work."""

    def __init__(self, db):
        self.db = db


def test_a_rehearsed_query_finds_the_rows_of_a_catalog_laid_out_otherwise():
    """Today showed 1 of 46 families on every second start: the prepared statement looked where the index had lain."""
    day = date(2026, 11, 23)
    engine, (raw,) = readmodel._make()
    index = raw.execute("SELECT name, sql FROM sqlite_master WHERE name = 'ix_membership_household'").fetchone()
    raw.execute(f"DROP INDEX {index[0]}")
    raw.execute("CREATE TABLE filler (x)")
    raw.execute(index[1])
    (fresh,) = readmodel._make().raw[0].execute("PRAGMA schema_version").fetchone()
    tables = readmodel.TABLES
    with engine.connect() as db:
        db.execute(insert(tables["household"]), [HOUSEHOLD])
        db.execute(insert(tables["membership"]), [MEMBERSHIP])
        db.execute(insert(tables["next_contact"]), [CONTACT])
        db.commit()
    raw.execute(f"PRAGMA schema_version = {fresh}")
    data = raw.serialize()
    with readmodel.prepare().connect() as db:
        assert next_contacts.by_household(Work(db), today=day) == []
    engine, _raw = readmodel.open_readmodel(data)
    with engine.connect() as db:
        assert [row.late for row in next_contacts.by_household(Work(db), today=day)] == [1]


def _row(name, **facts):
    blank = {"String": "", "Date": None, "Boolean": False, "Integer": 0}
    made = {
        c.name: None if c.nullable else blank.get(type(c.type).__name__, "") for c in readmodel.TABLES[name].columns
    }
    return made | facts


HOUSEHOLD = _row("household", id="h")
MEMBERSHIP = _row("membership", id="m", household="h", person="p", from_on=date(2026, 1, 1))
CONTACT = _row(
    "next_contact", person="p", from_on=date(2026, 11, 23), until_on=date(2026, 12, 1), code="M4",
    opens_on=date(2026, 11, 1), target_on=date(2026, 11, 2), closes_on=date(2026, 11, 3), state="overdue", core=True,
)  # fmt: skip
