import os
import shutil
import sys

import pytest

from healthvisit.domain.errors import StoreError
from healthvisit.vault.vault import CATALOG_FILE, FILE

SCHEMA = b"schema 1"
DATA = os.urandom(2_500_000)


@pytest.fixture
def sealed(desk):
    """A vault with two rows, one ended, and a catalog of three parts."""
    vault = desk.create()
    with vault.transaction():
        vault.put("draft", "1", {})
        vault.put("draft", "2", {})
    with vault.transaction():
        vault.end("draft", "1")
    vault.seal_catalog(DATA, schema_hash=SCHEMA)
    return vault


def test_a_catalog_comes_back_with_the_row_it_goes_up_to(desk, sealed):
    """Unlocking takes the snapshot and replays what is above it."""
    assert sealed.open_catalog(schema_hash=SCHEMA) == (DATA, 3)
    with sealed.transaction():
        sealed.put("draft", "3", {})
    desk.close()
    vault = desk.open()
    data, seq = vault.open_catalog(schema_hash=SCHEMA)
    assert data == DATA
    assert [row["id"] for _, row in vault.rows(after=seq)] == ["3"]


def test_ended_rows_go_when_a_catalog_is_written(sealed):
    """Only then: before, a replay needs them."""
    assert [row["id"] for _, row in sealed.rows()] == ["2"]
    assert sealed.count == 1
    assert sealed.top_seq() == 4  # deleting takes a number too: one number never stands for two states
    sealed.verify()


def test_a_row_revived_after_its_end_is_not_deleted(sealed):
    """Ended, put again, then a catalog: the living row stays."""
    with sealed.transaction():
        sealed.end("draft", "2")
    with sealed.transaction():
        sealed.put("draft", "2", {"n": 2})
    sealed.seal_catalog(b"", schema_hash=SCHEMA)
    assert sealed.get("draft", "2")["n"] == 2
    assert sealed.open_catalog(schema_hash=SCHEMA) == (b"", 6)


def test_ended_rows_found_while_rebuilding_go_with_the_next_catalog(desk, sealed):
    """After a crash the list of ended rows is gone; a replay finds them again."""
    with sealed.transaction():
        sealed.end("draft", "2")
    desk.close()
    vault = desk.open()
    list(vault.rows())
    vault.seal_catalog(DATA, schema_hash=SCHEMA)
    assert vault.count == 0
    vault.verify()


def damage(path, how):
    whole = path.read_bytes()
    match how:
        case "absent":
            path.unlink()
        case "empty":
            path.write_bytes(b"")
        case "cut at a part":
            path.write_bytes(whole[: 40 + 2 * (4 + 12 + 1024 * 1024 + 16)])
        case "cut":
            path.write_bytes(whole[:-1000])
        case "longer":
            path.write_bytes(whole + bytes(5))
        case "parts swapped":
            size = 4 + 12 + 1024 * 1024 + 16
            path.write_bytes(
                whole[:40] + whole[40 + size : 40 + 2 * size] + whole[40 : 40 + size] + whole[40 + 2 * size :]
            )
        case "more parts":
            path.write_bytes(whole[:36] + b"\xff\xff\xff\xff" + whole[40:])
        case "row seq":
            path.write_bytes(whole[:27] + b"\x02" + whole[28:])
        case int():
            path.write_bytes(whole[:how] + bytes([whole[how] ^ 1]) + whole[how + 1 :])


HOWS = [
    "absent",
    "empty",
    "cut at a part",
    "cut",
    "longer",
    "parts swapped",
    "more parts",
    "row seq",
    0,
    3,
    10,
    30,
    42,
    99,
    -1,
]


@pytest.mark.parametrize("how", HOWS)
def test_a_doubtful_catalog_is_no_catalog(desk, sealed, how):
    """It costs a rebuild and changes nothing else: no error reaches the visitor."""
    desk.close()
    damage(desk.folder / CATALOG_FILE, how)
    vault = desk.open()
    assert vault.open_catalog(schema_hash=SCHEMA) is None
    assert [row["id"] for _, row in vault.rows()] == ["2"]
    vault.verify()


def test_a_catalog_of_other_tables_is_refused(sealed):
    """After an update the read model may look different."""
    assert sealed.open_catalog(schema_hash=b"schema 2") is None


def test_an_old_catalog_does_not_bring_back_what_has_ended(desk, sealed):
    """A copy of an earlier catalog shows drafts that were deleted since."""
    shutil.copy(desk.folder / CATALOG_FILE, desk.folder.parent / "old.cat")
    with sealed.transaction():
        sealed.end("draft", "2")
    sealed.seal_catalog(b"later", schema_hash=SCHEMA)
    shutil.copy(desk.folder.parent / "old.cat", desk.folder / CATALOG_FILE)
    assert sealed.open_catalog(schema_hash=SCHEMA) is None


def test_only_the_catalog_written_last_counts(desk, sealed):
    """An earlier one may be whole, of this vault and of these tables, and is still not the one."""
    shutil.copy(desk.folder / CATALOG_FILE, desk.folder.parent / "old.cat")
    sealed.seal_catalog(b"later", schema_hash=SCHEMA)
    shutil.copy(desk.folder.parent / "old.cat", desk.folder / CATALOG_FILE)
    assert sealed.open_catalog(schema_hash=SCHEMA) is None


def test_a_catalog_newer_than_a_vault_put_back_is_refused(desk, sealed):
    """The vault went back, its catalog did not."""
    desk.close()
    shutil.copy(desk.folder / FILE, desk.folder.parent / "copy")
    vault = desk.open()
    with vault.transaction():
        vault.put("draft", "9", {})
    vault.seal_catalog(b"later", schema_hash=SCHEMA)
    desk.close()
    shutil.copy(desk.folder.parent / "copy", desk.folder / FILE)
    assert desk.open().open_catalog(schema_hash=SCHEMA) is None


def test_a_catalog_over_deleted_rows_is_refused(desk, sealed):
    """A child whose row was removed behind our back must not be shown as if it were there."""
    with desk.tampering() as db:
        db.execute("DELETE FROM rec")
    assert desk.open().open_catalog(schema_hash=SCHEMA) is None


def test_before_the_first_catalog_there_is_none(vault):
    """A file of that name left by another vault means nothing."""
    assert vault.open_catalog(schema_hash=SCHEMA) is None


@pytest.mark.skipif(sys.platform != "linux", reason="needs /dev/full")
def test_a_disk_full_while_writing_the_catalog_keeps_the_one_before(desk, sealed):
    """Locking on a full disk loses time at the next unlock at worst."""
    (desk.folder / f"{CATALOG_FILE}.new").symlink_to("/dev/full")
    with pytest.raises(StoreError, match=r"vault\.disk_full"):
        sealed.seal_catalog(b"later", schema_hash=SCHEMA)
    assert sealed.open_catalog(schema_hash=SCHEMA) == (DATA, 3)
    sealed.seal_catalog(b"later", schema_hash=SCHEMA)
    assert sealed.open_catalog(schema_hash=SCHEMA) == (b"later", 4)
