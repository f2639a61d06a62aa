import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from healthvisit.domain.errors import StoreError
from healthvisit.vault import database, vault
from healthvisit.vault.rows import SealedRows
from healthvisit.vault.vault import FILE

ROOT = Path(__file__).parents[3]

PASSPHRASE = "altyn deňiz ýyldyz gapy söz"  # the one that `desk` opens with

SAVES_UNTIL_KILLED = """
import sys
from pathlib import Path
from healthvisit.vault.vault import Vault
vault = Vault.open(Path(sys.argv[1]), Path(sys.argv[2]), passphrase=sys.argv[3])
for n in range(vault.top_seq(), 10**9):
    with vault.transaction():
        vault.put("change", f"c{n}", {"line": f"line {n}", "d": n})
        vault.put("draft", "open visit", {"n": n, "note": "x" * (n % 3000)})
        if n % 5 == 0:
            vault.end("draft", "open visit")
    print(n, flush=True)
    if n % 11 == 0:
        vault.seal_catalog(b"x" * 100_000, schema_hash=b"schema 1")
"""

TRIES_TO_OPEN = """
import sys
from pathlib import Path
from healthvisit.domain.errors import StoreError
from healthvisit.vault.vault import Vault
try:
    Vault.open(Path(sys.argv[1]), Path(sys.argv[2]), passphrase=sys.argv[3])
except StoreError as error:
    print(error.code)
"""


def child(code, desk):
    command = [sys.executable, "-c", code, str(desk.folder), str(desk.anchors), PASSPHRASE]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(ROOT)})


def test_every_save_that_was_acknowledged_survives_a_kill(desk, counts):
    """The battery falls out, the process is killed: what the screen called saved is there."""
    desk.create().close()
    dice = random.Random(5)  # noqa: S311 - a seed that can be run again
    acknowledged = set()
    for _ in range(counts.kills):
        with child(SAVES_UNTIL_KILLED, desk) as process:
            for _ in range(dice.randint(1, 60)):
                acknowledged.add(int(process.stdout.readline()))
            process.kill()
            acknowledged.update(
                int(line) for line in process.stdout.read().splitlines(keepends=True) if line[-1:] == b"\n"
            )
        opened = desk.open()
        opened.verify()
        rows = [row for _, row in opened.rows()]
        assert {f"c{n}" for n in acknowledged} <= {row["id"] for row in rows}
        assert opened.damaged() == []
        assert not opened.rolled_back
        opened.close()


def test_a_second_process_is_told_that_the_vault_is_open(desk):
    """Two programs writing one caseload would lose each other's visits."""
    opened = desk.create()
    with child(TRIES_TO_OPEN, desk) as process:
        assert process.stdout.read() == b"vault.in_use\n"
    with opened.transaction():
        opened.put("draft", "1", {})
    opened.close()
    with child(TRIES_TO_OPEN, desk) as process:
        assert process.stdout.read() == b""


def test_the_unlock_screen_is_told_too(desk):
    """Reading the labels needs the file for a moment."""
    desk.create()
    with pytest.raises(StoreError, match=r"vault\.in_use"):
        vault.Vault.labels(desk.folder)


def test_a_torn_log_gives_back_exactly_the_saves_that_were_whole(desk, tmp_path, counts):
    """Power lost in the middle of writing: the last save is whole or absent, those before it are untouched."""
    opened = desk.create()
    ends = []
    for n in range(4):
        with opened.transaction():
            opened.put("version", str(n), {"n": n, "note": "x" * 3000})
            opened.put("draft", "1", {"n": n})
        ends.append((desk.folder / f"{FILE}-wal").stat().st_size)
    keys, base = opened._keys, tmp_path / "torn"
    base.mkdir()
    db, log = (desk.folder / FILE).read_bytes(), (desk.folder / f"{FILE}-wal").read_bytes()
    assert len(log) == ends[-1]
    for at in [*range(ends[-2] + 1, len(log), counts.every_byte), len(log) - 1]:
        garbled = log[:at] + random.Random(at).randbytes(len(log) - at)  # noqa: S311 - as above
        for torn in (log[:at], garbled, log[:at] + bytes(len(log) - at)):
            (base / FILE).write_bytes(db)
            (base / f"{FILE}-wal").write_bytes(torn)
            assert saved(base, keys) == [0, 1, 2]
    (base / FILE).write_bytes(db)
    (base / f"{FILE}-wal").write_bytes(log)
    assert saved(base, keys) == [0, 1, 2, 3]


def saved(folder, keys):
    """The versions in the vault at `folder`, opened with keys at hand so that many images can be tried."""
    connection = database.connect(folder / FILE)
    (sealed,) = connection.execute("SELECT v FROM vault WHERE k='manifest'").fetchone()
    rows = SealedRows(connection, keys, vault.open_manifest(keys, sealed))
    rows.verify()
    found = [row["n"] for _, row in rows.rows() if row["t"] == "version"]
    assert rows.get("draft", "1")["n"] == found[-1]
    connection.close()
    return found


def test_a_full_disk_refuses_the_save_and_loses_nothing(desk):
    """She frees some space and saves again; nothing has to be typed twice."""
    opened = desk.create()
    with opened.transaction():
        opened.put("draft", "1", {"n": 1})
    (pages,) = opened._db.execute("PRAGMA page_count").fetchone()
    opened._db.execute(f"PRAGMA max_page_count={pages + 4}")
    refusals = []
    for n in range(2, 12):
        try:
            with opened.transaction():
                opened.put("draft", "1", {"n": n})
                opened.put("version", str(n), {"note": os.urandom(4000).hex()})
        except StoreError as error:
            refusals.append(error.code)
        opened.verify()
    assert len(refusals) > 5
    assert set(refusals) == {"vault.disk_full"}
    kept = opened.get("draft", "1")["n"]
    opened._db.execute("PRAGMA max_page_count=1000000")
    with opened.transaction():
        opened.put("draft", "1", {"n": 99})
    desk.close()
    opened = desk.open()
    opened.verify()
    assert opened.get("draft", "1")["n"] == 99
    assert opened.count == kept


def test_a_write_protected_disk_is_named(desk):
    """Reading goes on; the message says what to do about saving."""
    opened = desk.create()
    with opened.transaction():
        opened.put("draft", "1", {"n": 1})
    opened._db.execute("PRAGMA query_only=ON")
    with pytest.raises(StoreError, match=r"vault\.read_only"), opened.transaction():
        opened.put("draft", "1", {"n": 2})
    assert opened.get("draft", "1")["n"] == 1


def test_a_disk_that_refuses_is_translated_once():
    """Every refusal of the file system has a sentence."""
    codes = {28: "vault.disk_full", 13: "vault.read_only", 30: "vault.read_only", 5: "vault.disk_error"}
    assert {number: database.refused(OSError(number, "x")).code for number in codes} == codes


def test_closing_twice_is_harmless(desk):
    """Lock and exit may both close."""
    opened = desk.create()
    opened.close()
    opened.close()
    assert shutil.rmtree(desk.folder) is None
