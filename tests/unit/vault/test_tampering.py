import shutil
import sqlite3
from contextlib import suppress

import pytest

from healthvisit.domain.errors import StoreError
from healthvisit.vault.anchor import AnchorState
from healthvisit.vault.vault import ANCHOR_FILE, FILE


def fill(vault, names=("1", "2", "3"), value=0):
    for name in names:
        with vault.transaction():
            vault.put("version", name, {"n": value})


def altered(vault):
    with pytest.raises(StoreError, match=r"vault\.altered") as caught:
        vault.verify()
    return caught.value.details


def refused(desk):
    with pytest.raises(StoreError) as caught:
        desk.open()
    return caught.value.code


def test_rows_swapped_between_children_are_refused(desk, vault):
    """One child's weights must never appear under another's name."""
    fill(vault)
    with desk.tampering() as db:
        one, two = (env for (env,) in db.execute("SELECT env FROM rec WHERE seq<3 ORDER BY seq"))
        db.execute("UPDATE rec SET env=? WHERE seq=1", (two,))
        db.execute("UPDATE rec SET env=? WHERE seq=2", (one,))
    vault = desk.open()
    assert [row["id"] for _, row in vault.rows()] == ["3"]
    assert len(vault.damaged()) == 2
    altered(vault)


def test_a_row_from_another_vault_is_refused(new_desk):
    """The same child in a colleague's file is not this file's row."""
    one, two = new_desk("one"), new_desk("two")
    fill(one.create())
    fill(two.create())
    with two.tampering() as db:
        rows = db.execute("SELECT seq, rid, env FROM rec").fetchall()
    with one.tampering() as db:
        db.executemany("UPDATE rec SET rid=?2, env=?3 WHERE seq=?1", rows)
    vault = one.open()
    assert list(vault.rows()) == []
    assert [damage.why.name for damage in vault.damaged()] == ["SEAL"] * 3
    altered(vault)


@pytest.mark.parametrize(("epoch", "why"), [(2, "HEADER"), (0, "HEADER")])
def test_a_row_of_another_key_epoch_is_refused(desk, vault, epoch, why):
    """A row says which key it is under; a key that this vault does not use opens nothing."""
    fill(vault, ["1"])
    with desk.tampering() as db:
        db.execute("UPDATE rec SET env=splice(env, 4, ?)", (epoch.to_bytes(4),))
    vault = desk.open()
    assert list(vault.rows()) == []
    assert [damage.why.name for damage in vault.damaged()] == [why]


def test_a_header_edited_to_match_its_row_is_refused(desk, vault):
    """Making the clear part agree does not make the seal agree."""
    fill(vault, ["1", "2"])
    with desk.tampering() as db:
        rid, env = db.execute("SELECT rid, env FROM rec WHERE seq=2").fetchone()
        (other,) = db.execute("SELECT env FROM rec WHERE seq=1").fetchone()
        db.execute("UPDATE rec SET env=? WHERE seq=2", (other[:8] + (2).to_bytes(8) + rid + other[32:],))
        assert env[8:32] == (2).to_bytes(8) + rid
    vault = desk.open()
    assert [row["id"] for _, row in vault.rows()] == ["1"]
    assert [damage.why.name for damage in vault.damaged()] == ["SEAL"]


def test_one_row_put_back_to_its_older_version_is_noticed(desk, vault):
    """The older row is genuine and opens; only the manifest knows that it is not the last word."""
    fill(vault)
    with desk.tampering() as db:
        old = db.execute("SELECT seq, rid, env FROM rec WHERE seq=2").fetchone()
    vault = desk.open()
    fill(vault, ["2"], value=9)
    with desk.tampering() as db:
        db.execute("DELETE FROM rec WHERE rid=?", (old[1],))
        db.execute("INSERT INTO rec VALUES(?,?,?)", old)
    vault = desk.open()
    assert vault.get("version", "2")["n"] == 0
    assert altered(vault)["part"] == "rows"


def test_a_deleted_row_is_noticed_and_stays_noticed(desk, vault):
    """Later saves do not launder the loss."""
    fill(vault)
    with desk.tampering() as db:
        db.execute("DELETE FROM rec WHERE seq=2")
    vault = desk.open()
    assert altered(vault) == {"part": "rows", "rows": 2, "expected": 3}
    fill(vault, ["4"])
    vault.seal_catalog(b"x", schema_hash=b"schema 1")
    altered(vault)


def test_a_row_doubled_under_another_number_is_noticed(desk, vault):
    """A second weighing that nobody made."""
    fill(vault)
    with desk.tampering() as db:
        db.execute("INSERT INTO rec SELECT 9, randomblob(16), env FROM rec WHERE seq=2")
    vault = desk.open()
    altered(vault)
    assert [row["id"] for _, row in vault.rows()] == ["1", "2", "3"]
    fill(vault, ["4"])
    assert vault.top_seq() == 10


def test_old_manifest_and_old_rows_do_not_fit_new_ones(desk, vault):
    """Putting back half of the file is no better than putting back a row."""
    fill(vault)
    with desk.tampering() as db:
        old = db.execute("SELECT v FROM vault WHERE k='manifest'").fetchone()
        rows = db.execute("SELECT * FROM rec").fetchall()
    fill(desk.open(), ["4"])
    with desk.tampering() as db:
        new = db.execute("SELECT v FROM vault WHERE k='manifest'").fetchone()
        db.execute("UPDATE vault SET v=? WHERE k='manifest'", old)
    vault = desk.open()
    altered(vault)
    fill(vault, ["5"])
    assert vault.get("version", "4") is not None
    altered(vault)
    with desk.tampering() as db:
        db.execute("UPDATE vault SET v=? WHERE k='manifest'", new)
        db.execute("DELETE FROM rec")
        db.executemany("INSERT INTO rec VALUES(?,?,?)", rows)
    altered(desk.open())


def test_a_damaged_manifest_is_never_made_anew(desk, vault):
    """Counting the rows again would bless whatever is missing; a backup decides."""
    fill(vault)
    with desk.tampering() as db:
        db.execute("UPDATE vault SET v=splice(v, 60, x'0000') WHERE k='manifest'")
    assert refused(desk) == "vault.damaged"


def test_a_whole_file_put_back_from_a_copy_is_noticed(desk, vault):
    """Its own manifest fits, so only the note outside the folder can tell; it stays until a new incarnation."""
    fill(vault)
    desk.close()
    shutil.copy(desk.folder / FILE, desk.folder.parent / "copy")
    vault = desk.open()
    assert not vault.rolled_back
    fill(vault, ["4"])
    vault.write_anchor(AnchorState(inc="00000000000000a1", top_dseq=4, chain=b"h" * 32, removed=(b"s" * 16,)))
    desk.close()
    shutil.copy(desk.folder.parent / "copy", desk.folder / FILE)
    vault = desk.open()
    assert vault.rolled_back
    vault.verify()
    fill(vault, ["5", "6", "7"])
    desk.close()
    vault = desk.open()
    kept = vault.read_anchor()
    assert (kept.inc, kept.top_dseq, kept.chain, kept.removed, kept.row_seq) == (
        "00000000000000a1", 4, b"h" * 32, (b"s" * 16,), 4,
    )  # fmt: skip
    vault.write_anchor(AnchorState(inc="00000000000000b2", top_dseq=7))
    assert vault.read_anchor().inc == "00000000000000b2"
    desk.close()
    assert not desk.open().rolled_back


def test_a_copy_that_went_its_own_way_is_noticed_at_the_same_number(desk, vault):
    """Two laptops from one image: same count, other rows."""
    fill(vault)
    desk.close()
    shutil.copy(desk.folder / FILE, desk.folder.parent / "copy")
    fill(desk.open(), ["4"], value=1)
    desk.close()
    note = (desk.anchors / ANCHOR_FILE).read_bytes()
    shutil.copy(desk.folder.parent / "copy", desk.folder / FILE)
    (desk.anchors / ANCHOR_FILE).unlink()
    fill(desk.open(), ["4"], value=2)
    desk.close()
    (desk.anchors / ANCHOR_FILE).write_bytes(note)
    assert desk.open().rolled_back


@pytest.mark.parametrize("note", [None, b"", b"HA\x01" + bytes(100), b"garbage"])
def test_a_lost_or_garbled_anchor_stops_nothing(desk, vault, note):
    """It is information; without it the office's hello decides."""
    fill(vault)
    desk.close()
    (desk.anchors / ANCHOR_FILE).unlink() if note is None else (desk.anchors / ANCHOR_FILE).write_bytes(note)
    vault = desk.open()
    assert vault.anchor_missing
    assert not vault.rolled_back
    fill(vault, ["4"])
    assert vault.read_anchor().row_seq == 4


def test_the_anchor_is_written_at_most_once_a_second_and_on_closing(desk):
    """A file more at each save would be felt; one too old would accuse nobody."""
    now = [100.0]
    vault = desk.create(clock=lambda: now[0])
    fill(vault, ["1", "2", "3"])
    assert vault.read_anchor().row_seq == 1
    now[0] += 1
    fill(vault, ["4", "5"])
    assert vault.read_anchor().row_seq == 4
    desk.close()
    assert desk.open().read_anchor().row_seq == 5


def test_the_marker_of_a_failed_save_is_forgotten(vault):
    """A number that was never committed must not be in the note."""
    vault.write_anchor(AnchorState(inc="a1" * 8, top_dseq=1))
    with suppress(ZeroDivisionError), vault.transaction():
        vault.write_anchor(AnchorState(inc="a1" * 8, top_dseq=2))
        raise ZeroDivisionError
    fill(vault, ["1"])
    vault.close()
    assert vault.read_anchor().top_dseq == 1


PLANTED = [
    "CREATE TRIGGER t AFTER INSERT ON rec BEGIN DELETE FROM keyslot; END",
    "CREATE VIEW spy AS SELECT * FROM rec",
    "CREATE TABLE extra(x)",
    "CREATE INDEX i ON rec(env)",
    "ALTER TABLE rec ADD COLUMN copy",
    "DROP TABLE quarantine",
]


@pytest.mark.parametrize("statement", PLANTED)
def test_a_planted_trigger_view_or_table_is_refused(desk, vault, statement):
    """SQL inside the file would run with the keys in memory."""
    with desk.tampering() as db:
        db.execute(statement)
    assert refused(desk) == "vault.schema"
    with pytest.raises(StoreError, match=r"vault\.schema"):
        type(vault).labels(desk.folder)


@pytest.mark.parametrize(
    ("pragma", "code"),
    [("application_id=7", "vault.not_ours"), ("user_version=2", "vault.newer"), ("user_version=0", "vault.not_ours")],
)
def test_another_programs_or_a_newer_file_is_left_alone(desk, vault, pragma, code):
    """A file of a later release must be opened by that release, not repaired by this one."""
    with desk.tampering() as db:
        db.execute(f"PRAGMA {pragma}")
    before = (desk.folder / FILE).read_bytes()
    assert refused(desk) == code
    assert (desk.folder / FILE).read_bytes() == before


def test_what_is_no_database_is_called_damaged_and_what_is_absent_absent(desk, vault):
    """The first needs a backup, the second a look at the right folder."""
    desk.close()
    assert type(vault).exists(desk.folder)
    path = desk.folder / FILE
    whole = path.read_bytes()
    path.write_bytes(b"not a database at all, not even close" * 300)
    assert refused(desk) == "vault.damaged"
    path.write_bytes(whole[:100] + b"\xff" * 3996 + whole[4096:])
    assert refused(desk) == "vault.damaged"
    path.unlink()
    assert refused(desk) == "vault.absent"
    assert not type(vault).exists(desk.folder)


def test_rows_of_the_wrong_type_are_damage_not_a_crash(desk, vault):
    """SQLite lets an attacker store anything anywhere."""
    fill(vault, ["1", "2"])
    with desk.tampering() as db:
        db.execute("PRAGMA ignore_check_constraints=ON")
        db.execute("UPDATE rec SET env='" + "t" * 400 + "' WHERE seq=1")
        db.execute("INSERT INTO rec VALUES(7, 'text', 12)")
        db.execute("UPDATE keyslot SET label=x'ff00ff'")
    vault = desk.open()
    assert [row["id"] for _, row in vault.rows()] == ["2"]
    altered(vault)
    with desk.tampering() as db:
        db.execute("INSERT INTO rec VALUES(9223372036854775807, randomblob(16), zeroblob(400))")
    assert refused(desk) == "vault.altered"


def test_a_second_vault_is_never_made_over_a_first(desk, vault):
    """Also not over a log whose file was moved away: it holds the last saves."""
    desk.close()
    for keep in (FILE, f"{FILE}-wal"):
        (desk.folder / FILE).rename(desk.folder / keep)
        with pytest.raises(StoreError, match=r"vault\.exists"):
            desk.create()


def test_a_half_made_vault_does_not_stand_in_the_way(desk):
    """Power lost while the very first vault was being made."""
    desk.folder.mkdir()
    (desk.folder / f"{FILE}.new").write_bytes(b"half")
    vault = desk.create()
    fill(vault)
    assert list(vault.rows())
    assert not (desk.folder / f"{FILE}.new").exists()


def test_a_database_error_that_only_a_bug_causes_rises_as_it_is(vault):
    """Telling a visitor about our own mistakes helps nobody; the crash handler takes them."""
    with pytest.raises(sqlite3.OperationalError):
        vault._all("SELECT nothing FROM nowhere")
