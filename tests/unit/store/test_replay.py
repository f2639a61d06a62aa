"""A vault opened after a crash: the sealed catalog with the rows since must say what all rows say."""

import shutil
from dataclasses import replace

from healthvisit.domain.household import Household
from healthvisit.domain.merge import Outcome
from healthvisit.domain.record import Kind
from healthvisit.store import office, unit_of_work
from healthvisit.store.readmodel import schema_hash
from healthvisit.vault.vault import CATALOG_FILE
from tests.builders import NOW, TODAY, WORKER, make_store, persons_of, register, reopen, visited


def every_table(store):
    with store.reading(worker=WORKER, now=NOW) as work:
        names = [r[0] for r in work.db.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(map(repr, work.db.exec_driver_sql(f"SELECT * FROM {name}"))) for name in names}  # noqa: S608


def test_a_crash_after_an_exchange_opens_again_and_shows_the_same(tmp_path):
    """The office's answers and versions replaced rows that the catalog names: without care the vault would not open."""
    store = make_store(tmp_path / "laptop")
    household = register(store)
    visited(store, household, TODAY, {"Aýna": {"weight_g": "6200"}})
    people = persons_of(store, household).values()
    with store.unit(worker=WORKER, now=NOW) as work:
        lines = office.lines_from(work, work.chain.inc, 1, limit=500)
        versions = [work.record(record).to_json() for record in (household, *people)]
        for version in versions[:2]:
            office.take_version(work, "caseload:1", version | {"rev": 1})
    store.seal_catalog()
    for address in ("Azatlyk 15", "Bagt 3"):
        with store.unit(worker=WORKER, now=NOW) as work:
            moved = replace(work.get(Household, household), address=address)
            work.put(Kind.HOUSEHOLD, household, moved, subject=household)
    with store.unit(worker=WORKER, now=NOW) as work:
        office.take_answers(work, [office.Answer(chg=line.chg, outcome=Outcome.OK, rev=1) for line in lines[:-1]])
    with store.unit(worker=WORKER, now=NOW) as work:
        for version in versions:
            office.take_version(work, "caseload:1", version | {"rev": 2})
        office.take_leave(work, "caseload:1", versions[-1]["record"])
    before = every_table(store)
    store.vault.close()
    shutil.copytree(tmp_path / "laptop", tmp_path / "rebuilt")
    opened = reopen(tmp_path / "laptop")
    assert every_table(opened) == before
    engine, raw, after = unit_of_work._from_catalog(opened.vault.open_catalog(schema_hash=schema_hash()))
    assert after > 0
    unit_of_work._replay(engine, opened.vault, after)  # and not by way of the slow rebuild
    engine.dispose()
    raw.close()
    opened.vault.close()
    (tmp_path / "rebuilt" / CATALOG_FILE).unlink()
    rebuilt = reopen(tmp_path / "rebuilt")
    assert every_table(rebuilt) == before
    rebuilt.vault.close()
