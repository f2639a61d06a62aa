"""Parts of files among the rows: as sealed as these, and passed over by a replay."""

import os

import pytest

from healthvisit.domain.errors import StoreError
from healthvisit.vault.keys import FILE_PART
from healthvisit.vault.rows import PART_SIZE

NAME = "ab" * 32 + ".0"


def put_part(vault, data, name=NAME):
    with vault.transaction():
        return vault.put_part(name, data)


@pytest.mark.parametrize("data", [b"", b"\0", b"a\0b\0", os.urandom(PART_SIZE)])
def test_a_part_comes_back_byte_for_byte(desk, vault, data):
    """A picture with one byte changed is another picture; bytes that could be taken for a separator are bytes."""
    put_part(vault, data)
    desk.close()
    vault = desk.open()
    assert vault.get(FILE_PART, NAME)["data"] == data
    vault.verify()


def test_a_part_fits_its_row(vault):
    """A row of a vault is at most a megabyte, so that a save never holds the laptop up for long."""
    with pytest.raises(ValueError, match="larger than its row"), vault.transaction():
        vault.put_part(NAME, bytes(PART_SIZE + 1))
    seq = put_part(vault, os.urandom(PART_SIZE))
    ((size,),) = vault._all("SELECT length(env) FROM rec WHERE seq=?", (seq,))
    assert size <= 1024 * 1024


def test_a_replay_never_opens_a_large_part(desk, vault, monkeypatch):
    """Unlocking after a kill reads what lists need: the day's photographs cost it nothing."""
    with vault.transaction():
        vault.put("draft", "1", {"n": 1})
    put_part(vault, os.urandom(PART_SIZE))
    with vault.transaction():
        vault.put("draft", "2", {"note": os.urandom(100_000).hex()})  # as large, and no part: it is read
    desk.close()
    vault = desk.open()
    opened = []
    whole = vault._payload
    monkeypatch.setattr(vault, "_payload", lambda seq, rid, env: opened.append(seq) or whole(seq, rid, env))
    assert [row["id"] for _, row in vault.rows()] == ["1", "2"]
    assert opened == [1, 3]


def test_an_ended_part_is_seen_and_leaves_no_bytes(desk, vault):
    """A picture thrown away is gone from the file, not only from sight."""
    put_part(vault, os.urandom(PART_SIZE))
    with vault.transaction():
        vault.end(FILE_PART, NAME)
    assert [row["was"] for _, row in vault.rows()] == [FILE_PART]
    ((size,),) = vault._all("SELECT sum(length(env)) FROM rec")
    assert size < 1000
    vault.verify()


def test_an_altered_part_is_noticed(desk, vault):
    """P8: nobody changes a picture behind our back."""
    put_part(vault, os.urandom(PART_SIZE))
    with desk.tampering() as db:
        db.execute("UPDATE rec SET env=splice(env, 200000, x'00112233')")
    vault = desk.open()
    with pytest.raises(StoreError) as caught:
        vault.get(FILE_PART, NAME)
    assert caught.value.code == "vault.row_damaged"


def test_only_the_key_tells_a_part_from_a_record(new_desk):
    """Whoever has the disk learns from no row id what is a picture; another vault gives the same file another id."""
    one, two = (new_desk(name).create() for name in ("one", "two"))
    for vault in (one, two):
        put_part(vault, b"the same")
        with vault.transaction():
            for n in range(200):
                vault.put("draft", str(n), {})
    ids = [{rid for (rid,) in vault._all("SELECT rid FROM rec")} for vault in (one, two)]
    assert not ids[0] & ids[1]
    assert [sum(map(one._keys.is_file_part, held)) for held in ids] == [1, 0]
