"""The office's folder and database: made once, full disks, markers, keys kept elsewhere."""

import asyncio
import os
import sqlite3
import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from healthvisit.domain.errors import OfficeError, StoreError
from healthvisit.server import routes
from healthvisit.server.__main__ import main
from healthvisit.server.database import Database, audit
from healthvisit.server.folder import Office, make
from healthvisit.server.tables import TABLES
from healthvisit.wire import certificates

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path):
    make(tmp_path / "office", now=NOW, hosts=["office.example"])
    return tmp_path / "office"


def fails(code, deed):
    with pytest.raises((StoreError, OfficeError)) as caught:
        deed()
    assert caught.value.code == code


def test_an_office_is_made_once(folder):
    """A second `init` must not change a key laptops already trust."""
    before = {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith("office.db")}
    make(folder, now=NOW, hosts=["office.example"])
    after = {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith("office.db")}
    assert before == after
    if os.name == "posix":
        assert (folder / "root.key").stat().st_mode & 0o077 == 0


def test_a_new_host_gets_a_new_certificate_of_the_same_authority(folder):
    """An office that moves is trusted by the laptops it has."""
    ca = (folder / "ca.pem").read_bytes()
    make(folder, now=NOW, hosts=["10.1.2.3"])
    assert {"office.example", "10.1.2.3", "127.0.0.1"} <= certificates.hosts_of((folder / "server.pem").read_bytes())
    assert (folder / "ca.pem").read_bytes() == ca


def test_without_the_root_key_the_card_cannot_change_but_codes_can_be_made(folder, capsys):
    """The root key belongs in a safe, not on a server."""
    (folder / "root.key").rename(folder.parent / "safe")
    fails("server.root_key_absent", lambda: make(folder, now=NOW, url="https://new.example"))
    words = ["enrol-code", "--dir", str(folder), "--worker", "Aýna", "--caseload", "Oba"]
    assert main(words) == 0
    said = dict(line.split(" ", 1) for line in capsys.readouterr().out.splitlines())
    assert len(said["code"].split()) == 12
    assert said["card"].endswith("card.json")


def test_commands_say_a_code_when_they_refuse(tmp_path, capsys):
    """One line a person or a script can act on."""
    assert main(["device", "list", "--dir", str(tmp_path)]) == 1
    assert capsys.readouterr().err == "refused: server.not_made\n"
    assert main(["init", "--dir", str(tmp_path / "o"), "--db", "mysql://x"]) == 1
    assert "server.database_kind" in capsys.readouterr().err
    make(tmp_path / "made", now=NOW)
    words = ["register", "import", str(tmp_path / "absent.csv"), "--dir", str(tmp_path / "made"), "--caseload", "x"]
    assert main(words) == 1
    assert "register.no_file" in capsys.readouterr().err
    assert main(["device", "revoke", "00" * 16, "--dir", str(tmp_path / "made")]) == 1
    assert main(["device", "list", "--dir", str(tmp_path / "made")]) == 0


def test_a_database_may_lie_elsewhere(tmp_path):
    """`--db`: the same tables on another disk."""
    url = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    make(tmp_path / "office", now=NOW, database=url)
    with Office.open(tmp_path / "office", url) as office:
        assert office.card().card.server_id == office.server_id
    fails("server.other_database", lambda: Office.open(tmp_path / "office"))


def test_a_full_disk_is_told_and_leaves_nothing_half_written(folder):
    """Catalogue 6: the laptop keeps all and says so; when there is room again, it goes on."""
    with Office.open(folder) as office:
        with office.db._writers.connect() as db:
            pages = db.exec_driver_sql("PRAGMA page_count").scalar_one()
            db.exec_driver_sql(f"PRAGMA max_page_count={pages}")

        def write(db):
            for _ in range(200):
                audit(db, "x" * 900)

        fails("server.disk_full", lambda: office.db.write(write))
        with office.db.read() as db:
            assert db.execute(select(TABLES["audit"].c.what).where(TABLES["audit"].c.what.startswith("xx"))).all() == []
        with office.db._writers.connect() as db:
            db.exec_driver_sql("PRAGMA max_page_count=1000000")
        office.db.write(write)
    assert routes.refusal(StoreError("server.disk_full")).status_code == 507


def epoch(folder):
    with Office.open(folder) as office, office.db.read() as db:
        return db.execute(select(TABLES["server"].c.epoch)).scalar_one()


def test_a_marker_that_leads_begins_a_new_epoch_and_a_torn_one_does_not(folder):
    """Catalogue 30: an older database put back is noticed at the next opening; a damaged marker is no proof of that."""
    first = epoch(folder)
    assert epoch(folder) == first
    marker = folder / "server.marker"
    marker.write_text(f"{first} {999:020d}\n")
    second = epoch(folder)
    assert second != first
    assert epoch(folder) == second
    marker.write_bytes(b"\x00\xff torn")
    assert epoch(folder) == second
    with Office.open(folder) as office:
        office.db.write(lambda db: audit(db, "x"))
    assert marker.read_text().startswith(second)


def test_a_deed_that_writes_nothing_leaves_no_trace(folder):
    """Repeats must not cost an fsync, nor move the marker."""
    before = (folder / "server.marker").read_bytes()
    with Office.open(folder) as office:
        assert office.db.write(lambda db: db.execute(select(TABLES["server"].c.id)).scalar_one()) == 1
        with pytest.raises(ZeroDivisionError):
            office.db.write(lambda db: (audit(db, "undone"), 1 / 0))
        with office.db.read() as db:
            assert db.execute(select(TABLES["audit"].c.what).where(TABLES["audit"].c.what == "undone")).all() == []
    assert (folder / "server.marker").read_bytes() == before


def test_a_database_of_a_newer_server_is_left_alone(folder):
    """An older program must not write into tables it does not know."""
    with sqlite3.connect(folder / "office.db") as db:
        db.execute("UPDATE server SET schema_number = 99")
    db.close()
    fails("server.newer_database", lambda: Office.open(folder))


def test_a_damaged_database_is_told(folder):
    """A broken disk gives one clear code, not a trace of internals."""
    (folder / "office.db").write_bytes(b"no database at all" * 1000)
    fails("server.database", lambda: Office.open(folder))


def test_lookups_of_a_push_use_an_index(folder):
    """A scan of all changes for each push would make the office slower with every visit."""
    asked = {
        "change": select(TABLES["change"].c.rev).where(TABLES["change"].c.first, TABLES["change"].c.chg.in_(["a"])),
        "feed_row": select(TABLES["feed_row"].c.seq).where(TABLES["feed_row"].c.record.in_(["a"])),
        "caseload": select(TABLES["caseload"].c.feed).where(TABLES["caseload"].c.subject.in_(["a"])),
        "quarantine": select(TABLES["quarantine"].c.code).where(TABLES["quarantine"].c.record.in_(["a"])),
    }
    with Office.open(folder) as office, office.db.read() as db:
        for query in asked.values():
            text = str(query.compile(db.engine, compile_kwargs={"literal_binds": True}))
            plan = " ".join(str(row) for row in db.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}"))
            assert "SEARCH" in plan
            assert "SCAN" not in plan


def test_only_a_full_line_sends_a_caller_away():
    """4.16: hundreds may wait; beyond that 503 with a time to come back."""
    line = routes.Line(waiting=3)
    most = 2 * (os.cpu_count() or 1) + 3
    release = threading.Event()

    async def crowd():
        waiting = [asyncio.ensure_future(line.run(release.wait)) for _ in range(most)]
        await asyncio.sleep(0)
        try:
            with pytest.raises(OfficeError, match=r"server\.busy"):
                await line.run(bool)
        finally:
            release.set()
            await asyncio.gather(*waiting)
        assert await line.run(bool) is False

    asyncio.run(crowd())
    line.close()
    answer = routes.refusal(OfficeError("server.busy"))
    assert answer.status_code == 503
    assert 2 <= int(answer.headers["retry-after"]) <= 10


def test_a_fault_of_ours_is_answered_and_logged_without_its_words(caplog):
    """What an exception says may hold a name; a log line holds its type and place."""

    async def broken(_scope, _receive, _send):
        raise ValueError("Amina Yusuf")

    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(routes.Refusals(broken)({"type": "http"}, None, send))
    assert sent[0]["status"] == 500
    assert b"server.fault" in sent[1]["body"]
    assert "ValueError in test_office_folder.py" in caplog.text
    assert "Amina" not in caplog.text


def test_two_processes_write_in_turn(folder):
    """A command beside the running server waits for the lock instead of failing."""
    marker = folder / "server.marker"
    url = f"sqlite:///{folder / 'office.db'}"
    with Database(url, marker) as one, Database(url, marker) as two:
        threads = [
            threading.Thread(target=lambda db=db: [db.write(lambda c: audit(c, "turn")) for _ in range(20)])
            for db in (one, two)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with one.read() as db:
            query = select(TABLES["audit"].c.id).where(TABLES["audit"].c.what == "turn")
            assert len(db.execute(query).all()) == 40
