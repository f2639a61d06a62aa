"""Files that answer questions, in a real store: there again, noticed when altered, let go when nothing names them."""

import os
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from healthvisit.domain.attachment import name_of, named_by, sha256_of
from healthvisit.domain.errors import StoreError
from healthvisit.store import drafts, files
from healthvisit.vault.rows import PART_SIZE
from healthvisit.vault.vault import FILE
from tests.builders import NOW, WORKER, make_store, reopen

PICTURE = os.urandom(2 * PART_SIZE + 17)


@pytest.fixture
def store(tmp_path):
    made = make_store(tmp_path)
    yield made
    made.vault.close()


def save(store, deed, now=NOW):
    with store.unit(worker=WORKER, now=now) as work:
        return deed(work)


def put_draft(work, draft_id, *names):
    listed = {"household": "h", "started_at": "", "saved_at": draft_id, "page": "", "persons": ""}
    answers = [["/data/photo", name] for name in names]
    drafts.put_draft(work, draft_id, listed=listed, content={"parts": [{"snapshot": str(answers)}]})


def held(store, sha256):
    return save(store, lambda work: files.find(work, sha256))


def refused(store, deed):
    with pytest.raises(StoreError) as caught:
        save(store, deed)
    return caught.value.code


def test_an_answer_names_the_content_and_nothing_else():
    """What the file was called on the telephone may be a child's name."""
    name = name_of(b"letter", "PDF")
    assert name.endswith(".pdf")
    assert sha256_of(name) == sha256_of(name_of(b"letter")) == name[:64]
    assert name_of(b"letter", "Aýna 2") == name[:64]
    assert named_by([name, "5,85", "a" * 63, None]) == {name[:64]}


@pytest.mark.parametrize("end", ["close", "kill"])
def test_a_file_is_there_again_after_the_program_ended(tmp_path, end):
    """Closed in order or killed: what was kept is kept."""
    store = make_store(tmp_path)
    sha256 = save(store, lambda work: files.put(work, PICTURE))
    store.close() if end == "close" else store.vault.close()
    store = reopen(tmp_path)
    assert save(store, lambda work: files.read(work, sha256)) == PICTURE
    assert held(store, sha256) == files.Held(sha256, len(PICTURE), files.DRAFT)
    store.vault.verify()
    store.close()


def test_a_file_chosen_twice_is_kept_once(store):
    """The same photograph in two questions takes its room once."""
    sha256 = save(store, lambda work: files.put(work, PICTURE))
    before = store.vault.top_seq()
    assert save(store, lambda work: files.put(work, PICTURE)) == sha256
    assert store.vault.top_seq() == before
    assert save(store, files.total) == len(PICTURE)


def test_a_damaged_part_is_noticed_and_the_file_chosen_again_is_whole(tmp_path):
    """Never half a picture under the name of a whole one."""
    store = make_store(tmp_path)
    sha256 = save(store, lambda work: files.put(work, PICTURE))
    store.close()
    with closing(sqlite3.connect(tmp_path / FILE)) as db, db:
        ((seq,),) = db.execute("SELECT seq FROM rec WHERE length(env) > 500000 LIMIT 1").fetchall()
        db.execute(
            "UPDATE rec SET env = CAST(substr(env, 1, 999) || x'00' || substr(env, 1001) AS BLOB) WHERE seq=?", (seq,)
        )
    store = reopen(tmp_path)
    assert refused(store, lambda work: files.read(work, sha256)) == "file.damaged"
    save(store, lambda work: files.put(work, PICTURE))
    assert save(store, lambda work: files.read(work, sha256)) == PICTURE
    store.close()


def test_a_part_exchanged_for_another_of_the_same_vault_is_noticed_by_the_hash(store):
    """Row and seal may be right and the content still not what its name says."""
    sha256 = save(store, lambda work: files.put(work, PICTURE))
    save(store, lambda work: work.vault.put_part(f"{sha256}.1", bytes(PART_SIZE)))
    assert refused(store, lambda work: files.read(work, sha256)) == "file.damaged"
    assert refused(store, lambda work: files.read(work, "0" * 64)) == "file.absent"


def test_a_picture_replaced_in_a_draft_is_let_go(store):
    """Nobody wanted it; its room is free again."""
    one, two = (save(store, lambda work, d=data: files.put(work, d)) for data in (PICTURE, b"another"))
    save(store, lambda work: put_draft(work, "d1", f"{one}.jpg"))
    assert held(store, one) is not None
    save(store, lambda work: put_draft(work, "d1", f"{two}.jpg"))
    assert held(store, one) is None
    assert held(store, two) is not None
    assert not [size for (size,) in store.vault._all("SELECT length(env) FROM rec") if size > 100_000]


def test_a_draft_thrown_away_takes_its_files_along_unless_another_names_them(store):
    """What another visit still shows stays."""
    sha256 = save(store, lambda work: files.put(work, PICTURE))
    save(store, lambda work: put_draft(work, "d1", sha256))
    save(store, lambda work: put_draft(work, "d2", sha256))
    save(store, lambda work: drafts.end_draft(work, "d1"))
    assert held(store, sha256) is not None
    save(store, lambda work: drafts.end_draft(work, "d2"))
    assert held(store, sha256) is None


def test_what_a_signed_record_names_is_never_let_go(store):
    """A correction begun and thrown away must not take the signed picture with it."""
    sha256 = save(store, lambda work: files.put(work, PICTURE))
    save(store, lambda work: put_draft(work, "d1", sha256))
    save(store, lambda work: (files.sign(work, [sha256]), drafts.end_draft(work, "d1")))
    loose = save(store, lambda work: files.put(work, b"chosen while correcting"))
    save(store, lambda work: put_draft(work, "d2", sha256, loose))
    save(store, lambda work: drafts.end_draft(work, "d2"))
    assert held(store, loose) is None
    assert held(store, sha256).state == files.WAITING
    save(store, lambda work: files.note_sent(work, sha256))
    save(store, lambda work: files.sign(work, [sha256]))
    assert held(store, sha256).state == files.SENT
    save(store, files.forget_sent)
    assert held(store, sha256).state == files.WAITING


def test_a_file_that_no_draft_ever_named_goes_after_a_day(store):
    """Chosen in the moment the battery fell out; one chosen just now waits for its draft."""
    sha256 = save(store, lambda work: files.put(work, PICTURE))
    save(store, lambda work: (put_draft(work, "d1"), drafts.end_draft(work, "d1")), NOW + timedelta(hours=1))
    assert held(store, sha256) is not None
    save(store, lambda work: (put_draft(work, "d1"), drafts.end_draft(work, "d1")), NOW + timedelta(days=2))
    assert held(store, sha256) is None


def test_a_save_that_fails_keeps_no_half_file(store):
    """All parts or none."""
    with pytest.raises(ZeroDivisionError):
        save(store, lambda work: (files.put(work, PICTURE), 1 / 0))
    assert store.vault.count == 1
    assert save(store, files.total) == 0
