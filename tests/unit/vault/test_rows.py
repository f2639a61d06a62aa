import threading
from contextlib import contextmanager, suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from healthvisit.domain.errors import StoreError

LINE = '{"chg":"c1","r":"019a"}'


def put(vault, t="draft", id="1", **payload):
    with vault.transaction():
        return vault.put(t, id, payload)


@contextmanager
def failing(vault):
    """A transaction whose last step goes wrong."""
    with suppress(ZeroDivisionError), vault.transaction():
        yield
        raise ZeroDivisionError


def test_a_row_comes_back_after_unlocking_again(desk, vault):
    """The first promise: what was saved is there tomorrow."""
    seq = put(vault, note="Üsgülewük ýok", weight_g=3400)
    desk.close()
    vault = desk.open()
    assert vault.get("draft", "1") == {"t": "draft", "id": "1", "v": 1, "note": "Üsgülewük ýok", "weight_g": 3400}
    assert vault.read(seq) == vault.get("draft", "1")
    assert vault.get("draft", "2") is None
    assert (vault.top_seq(), vault.count) == (1, 1)
    assert not vault.rolled_back
    assert not vault.anchor_missing


def test_a_replaced_row_moves_to_the_end(vault):
    """A replay after a catalog sees every row that differs since, so a replacement takes the next number."""
    put(vault, id="1", n=1)
    put(vault, id="2", n=2)
    assert put(vault, id="1", n=3) == 3
    assert [(seq, row["id"], row["n"]) for seq, row in vault.rows()] == [(2, "2", 2), (3, "1", 3)]
    assert [seq for seq, _ in vault.rows(after=2)] == [3]
    with pytest.raises(LookupError):
        vault.read(1)
    vault.verify()


def test_an_ended_row_is_seen_as_gone(vault):
    """A replay must learn that a draft ended, or it would come back after a crash."""
    put(vault)
    with vault.transaction():
        vault.end("draft", "1")
    assert vault.get("draft", "1") is None
    assert [row for _, row in vault.rows()] == [{"t": "gone", "id": "1", "v": 1, "was": "draft"}]
    assert put(vault, n=2) == 3
    assert vault.get("draft", "1")["n"] == 2
    vault.verify()


def test_a_changes_line_never_differs(vault):
    """The line was signed and chained; outcome and rev may join it, nothing else."""
    put(vault, "change", "c1", line=LINE, d=1)
    put(vault, "change", "c1", line=LINE, d=1, outcome="ok", rev=4)
    with pytest.raises(ValueError, match="never differs"):
        put(vault, "change", "c1", line=LINE + " ", d=1)
    assert vault.get("change", "c1")["outcome"] == "ok"
    vault.verify()


def test_a_failed_block_leaves_nothing(vault):
    """A visit is saved whole or not at all, and the manifest's figures go back with the rows."""
    put(vault, n=1)
    before = vault._manifest
    with failing(vault):
        vault.put("draft", "1", {"n": 2})
        vault.end("draft", "1")
        vault.put("draft", "2", {})
    assert vault._manifest == before
    assert vault.get("draft", "1")["n"] == 1
    assert put(vault, id="2") == 2
    vault.verify()


def test_a_refused_row_cannot_be_passed_over(vault):
    """A caller who swallows an error half-way through a replacement must not commit the half."""
    put(vault, "change", "c1", line=LINE)
    with pytest.raises(RuntimeError, match="passed over"), vault.transaction(), pytest.raises(ValueError, match="line"):
        vault.put("change", "c1", {"line": "other"})
    assert vault.get("change", "c1")["line"] == LINE
    vault.verify()


def test_transactions_do_not_nest_and_rows_need_one(vault):
    """Two units of work at once would commit each other's halves."""
    with vault.transaction(), pytest.raises(RuntimeError, match="already open"), vault.transaction():
        pass
    with pytest.raises(RuntimeError, match="inside a transaction"):
        vault.put("draft", "1", {})
    with pytest.raises(RuntimeError, match="inside a transaction"):
        vault.note(hlc="0" * 16)


def test_a_payload_cannot_claim_to_be_another_row(vault):
    """A payload read, changed and put back keeps its own name or is a bug."""
    put(vault, n=1)
    with vault.transaction():
        vault.put("draft", "1", vault.get("draft", "1") | {"n": 2})
    with pytest.raises(ValueError, match="those of its row"), vault.transaction():
        vault.put("draft", "2", vault.get("draft", "1"))
    assert vault.get("draft", "1")["n"] == 2


def test_the_vault_may_move_to_another_thread(vault):
    """It is opened on one thread and lives on the vault lane."""
    lane = threading.Thread(target=lambda: put(vault, n=5))
    lane.start()
    lane.join()
    assert vault.get("draft", "1")["n"] == 5


def test_clock_stamp_and_device_stay_in_the_manifest(desk, vault):
    """A vault that was put back must say from which day it is."""
    assert vault.last_hlc == "0" * 16
    with vault.transaction():
        vault.note(hlc="0195f2a10b3c0001", device="ab" * 16)
    desk.close()
    vault = desk.open()
    assert vault.last_hlc == "0195f2a10b3c0001"
    assert vault._manifest.device == bytes.fromhex("ab" * 16)


def test_many_and_large_rows_come_in_order(vault):
    """A rebuild reads in batches; none may be skipped or doubled at a batch's edge."""
    with vault.transaction():
        for n in range(300):
            vault.put("version", str(n), {"n": n, "body": "x" * (n * 40)})
    assert [(seq, row["n"]) for seq, row in vault.rows()] == [(n + 1, n) for n in range(300)]


deeds = st.lists(
    st.tuples(st.sampled_from(["put", "end", "fail", "catalog", "reopen"]), st.integers(0, 3), st.integers(0, 9)),
    max_size=12,
)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds)
def test_whatever_is_done_rows_manifest_and_a_plain_dict_agree(new_desk, tmp_path_factory, work):
    """Saves, ends, failures, catalogs and reopening in any order: the vault is a dictionary that survives."""
    desk = new_desk(tmp_path_factory.mktemp("any").name)
    vault, expected = desk.create(), {}
    for deed, key, value in work:
        match deed:
            case "put":
                put(vault, id=str(key), n=value)
                expected[str(key)] = value
            case "end" if str(key) in expected:
                with vault.transaction():
                    vault.end("draft", str(key))
                del expected[str(key)]
            case "fail":
                with failing(vault):
                    vault.put("draft", str(key), {"n": -1})
            case "catalog":
                vault.seal_catalog(b"x", schema_hash=b"schema 1")
            case "reopen":
                desk.close()
                vault = desk.open()
        vault.verify()
    living = {row["id"]: row["n"] for _, row in vault.rows() if row["t"] != "gone"}
    assert living == expected
    assert not vault.rolled_back
    assert vault.damaged() == []
    desk.close()


def test_one_flipped_byte_costs_one_row(desk, vault):
    """Damage to a disk block is one child's record, named and kept, and the rest works."""
    with vault.transaction():
        for n in range(50):
            vault.put("version", str(n), {"n": n})
    with desk.tampering() as db:
        db.execute("UPDATE rec SET env=splice(env, 99, x'0000') WHERE seq=20")
        db.execute("UPDATE rec SET env=zeroblob(400) WHERE seq=30")
    vault = desk.open()
    assert [row["n"] for _, row in vault.rows()] == [n for n in range(50) if n not in {19, 29}]
    assert [(damage.row_seq, damage.why.name) for damage in vault.damaged()] == [(20, "SEAL"), (30, "HEADER")]
    for deed in (lambda: vault.get("version", "19"), lambda: vault.read(20)):
        with pytest.raises(StoreError, match=r"vault\.row_damaged"):
            deed()
    put(vault, "version", "19", n=190)
    desk.close()
    vault = desk.open()
    assert [damage.row_seq for damage in vault.damaged()] == [20, 30]
    assert vault.get("version", "19")["n"] == 190
    with desk.tampering() as db:
        assert db.execute("SELECT seq, length(env) FROM quarantine ORDER BY seq").fetchall() == [(20, 316), (30, 400)]


def test_a_damaged_row_is_never_overwritten(desk, vault):
    """Saving over a row that cannot be read keeps the unreadable one for repair."""
    put(vault, n=1)
    with desk.tampering() as db:
        db.execute("UPDATE rec SET env=splice(env, 99, x'0000')")
    vault = desk.open()
    put(vault, n=2)
    assert vault.get("draft", "1")["n"] == 2
    assert [damage.row_seq for damage in vault.damaged()] == [1]
    vault.verify()


def test_damage_on_a_full_disk_is_named_and_reading_goes_on(desk, vault):
    """Quarantine needs room; without it the row stays where it is."""
    put(vault, id="1")
    put(vault, id="2")
    with desk.tampering() as db:
        db.execute("UPDATE rec SET env=zeroblob(400) WHERE seq=1")
    vault = desk.open()
    vault._db.execute("PRAGMA query_only=ON")
    assert [seq for seq, _ in vault.rows()] == [2]
    assert [damage.row_seq for damage in vault.damaged()] == [1]
    vault._db.execute("PRAGMA query_only=OFF")
    put(vault, id="3")
    assert [seq for seq, _ in vault.rows()] == [2, 3]
