"""Pushes over a real socket: applied once, whole, and nothing lost, whatever the line does."""

import concurrent.futures
import json
import os
import secrets
from datetime import UTC, datetime

import pytest
import requests
import zstandard

from healthvisit.domain.change import Op
from healthvisit.domain.merge import digest
from healthvisit.domain.record import Kind
from healthvisit.server.admin import list_devices
from healthvisit.wire import messages
from healthvisit.wire.packing import pack
from tests.server.running import Laptop, RefusedError, household, outcomes, person


def refused(deed, code, status):
    with pytest.raises(RefusedError) as caught:
        deed()
    assert (caught.value.code, caught.value.status) == (code, status)
    return caught.value


def test_a_household_pushed_by_one_laptop_is_pulled_by_another(laptops):
    """The whole point: work of one visitor is seen by a colleague of the same caseload."""
    one, two, _ = laptops
    home = one.new(Kind.HOUSEHOLD, household(note="by the well"))
    child = one.new(Kind.PERSON, person("Ýazgeldi"))
    answer, changes = one.push()
    assert (answer.state, answer.through, outcomes(changes)) == ("ok", 2, ["ok", "ok"])
    assert [c.rev for c in changes] == [1, 1]
    two.pull()
    assert two.body(home)["note"] == "by the well"
    assert two.body(child)["given_name"] == "Ýazgeldi"
    assert two.versions[child]["hlc"] == {"": one.hlc}
    assert one.pull()  # own changes come back like anybody's
    assert one.versions == two.versions


def test_a_push_whose_reply_was_lost_is_answered_already(laptop):
    """Catalogue 2: sent again, applied once, and the laptop learns the revision all the same."""
    home = laptop.new(Kind.HOUSEHOLD, household())
    laptop.edit(home, Kind.HOUSEHOLD, {"note": [None, "second gate"]}, rev=1)
    _, first = laptop.push()
    answer, second = laptop.push()
    assert outcomes(first) == ["ok", "ok"]
    assert outcomes(second) == ["already", "already"]
    assert [c.rev for c in second] == [c.rev for c in first] == [1, 2]
    assert answer.through == 2
    laptop.pull()
    assert laptop.versions[home]["rev"] == 2


def test_one_segment_delivered_twice_at_once_is_applied_once(laptop):
    """Catalogue 3: a proxy repeats a request while the first is still inside."""
    home = laptop.new(Kind.HOUSEHOLD, household())
    for n in range(20):
        laptop.edit(home, Kind.HOUSEHOLD, {"note": [f"{n - 1}" if n else None, f"{n}"]})
    body = laptop.cut(1)
    laptop.post("hello", _hello(laptop))  # the connection is there before the race
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: _push_alone(laptop, body), range(4)))
    assert sorted(tuple(sorted(set(outcomes(a)))) for a in answers) == [("already",)] * 3 + [("ok",)]
    laptop.pull()
    assert laptop.versions[home]["rev"] == 21


def _hello(laptop):
    return messages.encode(messages.Hello(incs=[], feeds=[]))


def _push_alone(laptop, body):
    headers = {"Authorization": f"Bearer {laptop.token}"}
    with requests.Session() as http:
        http.trust_env = False
        http.verify = laptop.office.ca
        answer = http.post(f"{laptop.office.url}/v1/push", data=body, headers=headers, timeout=30)
    return messages.read_push(answer.content)[1]


def test_a_segment_that_comes_a_week_late_changes_nothing(laptop):
    """Catalogue 4: older than what is held."""
    home = laptop.new(Kind.HOUSEHOLD, household())
    late = laptop.cut(1)
    laptop.push()
    laptop.edit(home, Kind.HOUSEHOLD, {"note": [None, "newer"]})
    laptop.push(2)
    answer, changes = messages.read_push(laptop.post("push", late))
    assert (answer.through, outcomes(changes)) == (2, ["already"])
    laptop.pull()
    assert laptop.body(home)["note"] == "newer"


def test_a_gap_is_told_with_the_number_to_go_on_from(laptop):
    """Catalogue 45: a segment ahead of its time is not taken."""
    for n in range(4):
        laptop.new(Kind.HOUSEHOLD, household(f"H{n}"))
    answer, changes = laptop.push(3)
    assert (answer.state, answer.through, changes) == ("gap", 0, [])
    laptop.push(1, 2)
    assert laptop.push(4)[0].through == 2
    assert laptop.push(3)[0].through == 4


def test_an_overlapping_segment_adds_only_what_is_new(laptop):
    """Re-cutting is free: numbers known are answered, the rest is applied."""
    for n in range(4):
        laptop.new(Kind.HOUSEHOLD, household(f"H{n}"))
    laptop.push(1, 2)
    answer, changes = laptop.push(2, 4)
    assert (answer.through, outcomes(changes)) == (4, ["already", "ok", "ok"])


def test_a_twin_that_uses_the_same_numbers_is_a_fork_and_loses_nothing(laptop):
    """Catalogue 34, 35: a laptop put back from a copy sends its lines under a new incarnation, all arrive once."""
    home = laptop.new(Kind.HOUSEHOLD, household())
    laptop.push()
    shared = list(laptop.lines)
    laptop.edit(home, Kind.HOUSEHOLD, {"note": [None, "first life"]})
    laptop.push(2)
    laptop.lines = shared
    laptop.edit(home, Kind.HOUSEHOLD, {"address": [None, "second life"]})
    assert laptop.push(2)[0].state == "fork"
    statement, _ = laptop.hello()
    held = statement.incs[0]
    assert (held.through, held.at) == (2, 2)
    assert held.at_hash != laptop.chain(2).hex()
    laptop.inc = "ff" * 8
    assert outcomes(laptop.push()[1]) == ["already", "ok"]
    laptop.pull()
    assert laptop.body(home)["note"] == "first life"
    assert laptop.body(home)["address"] == "second life"


def test_damage_on_the_way_is_refused_whole(laptop):
    """Catalogue 9: no half of a segment is ever used."""
    for n in range(5):
        laptop.new(Kind.HOUSEHOLD, household(f"H{n}"))
    good = laptop.cut(1)
    for bad in (
        good[:-7],
        good[:40],
        good[: len(good) // 2] + bytes([good[len(good) // 2] ^ 4]) + good[len(good) // 2 + 1 :],
    ):
        with pytest.raises(RefusedError, match=r"wire\."):
            laptop.post("push", bad)
    assert laptop.hello()[0].incs[0].through == 0
    assert outcomes(laptop.push()[1]) == ["ok"] * 5


def test_bombs_and_giants_are_refused_within_the_cap(laptop):
    """Catalogue 10: neither a body too large nor one that unpacks too large takes memory."""
    bomb = zstandard.ZstdCompressor().compress(bytes(100_000_000))
    refused(lambda: laptop.post("push", bomb), "wire.too_big", 413)
    refused(lambda: laptop.post("push", os.urandom(2_000_000)), "wire.too_big", 413)
    refused(lambda: laptop.post("push", b"<html>"), "wire.unreadable", 400)


def test_one_invalid_change_among_a_hundred_is_kept_and_told(laptop):
    """Catalogue 11: it blocks nothing, is stored, and its author hears of it again by the device's feed."""
    for n in range(100):
        laptop.new(Kind.HOUSEHOLD, household(f"H{n}"), **({"hlc": "soon"} if n == 50 else {}))
        laptop.hlc = "" if n == 50 else laptop.hlc
    _, changes = laptop.push()
    assert outcomes(changes).count("ok") == 99
    bad = changes[50]
    assert (bad.outcome, bad.code) == ("quarantined", "change.bad_stamp")
    laptop.pull()
    assert laptop.outcomes == {
        bad.chg: {"chg": bad.chg, "outcome": "quarantined", "n": 51, "code": bad.code, "record": bad.record}
    }
    _, again = laptop.push()
    assert (again[50].outcome, again[50].code) == ("quarantined", "change.bad_stamp")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"no json at all", "change.unreadable"),
        (b'{"chg":"%s"}' % (b"a1" * 16), "change.unreadable"),
        (b"[" * 100_000, "change.unreadable"),
        (b'{"chg":"x","r":"y"}', "change.bad_id"),
        (b"", "change.unreadable"),
    ],
)
def test_a_line_that_is_no_change_is_numbered_and_kept(laptop, line, code):
    """The chain must go on behind it: a wedge would lose everything that follows."""
    laptop.lines.append(line)
    home = laptop.new(Kind.HOUSEHOLD, household())
    _, changes = laptop.push()
    assert [(c.outcome, c.code) for c in changes] == [("quarantined", code), ("ok", None)]
    laptop.pull()
    assert home in laptop.versions


@pytest.mark.parametrize(
    "body",
    [
        b'{"name":"\\ud800"}',
        b'{"name":NaN}',
        b'{"name":"\xff"}',
        b'"text"',
        b'{"n":' + b"9" * 5000 + b"}",
    ],
)
def test_a_body_no_laptop_could_read_never_reaches_one(laptop, body):
    """A poisonous row would stop every pull of the caseload."""
    laptop.new(Kind.HOUSEHOLD, {"name": "here"})
    laptop.lines[-1] = laptop.lines[-1].replace(b'{"name":"here"}', body)
    _, changes = laptop.push()
    assert [(c.outcome, c.code) for c in changes] == [("quarantined", "change.unreadable")]
    assert [row.kind for row in laptop.pull()] == ["outcome"]


def test_an_edit_that_cannot_be_merged_blocks_nothing(laptop):
    """An element without an id meets a set: kept for a person, the next edit is merged on its own (catalogue 12)."""
    home = laptop.new(Kind.HOUSEHOLD, household())
    laptop.write(home, Kind.HOUSEHOLD, Op.EDIT, add={"phones": [{"number": "+99365000000"}]})
    laptop.edit(home, Kind.HOUSEHOLD, {"note": [None, "later"]})
    _, changes = laptop.push()
    assert [(c.outcome, c.code) for c in changes] == [
        ("ok", None),
        ("quarantined", "change.not_mergeable"),
        ("ok", None),
    ]
    laptop.pull()
    assert laptop.body(home)["note"] == "later"


def test_the_same_change_id_with_another_text_is_kept_apart(laptop):
    """A change id is unique for ever; a clash is a fault to look at, not an update."""
    home = laptop.new(Kind.HOUSEHOLD, household())
    laptop.push()
    chg = json.loads(laptop.lines[0])["chg"]
    laptop.edit(home, Kind.HOUSEHOLD, {"note": [None, "other"]}, chg=chg)
    _, changes = laptop.push(2)
    assert [(c.outcome, c.code) for c in changes] == [("quarantined", "chg.clash")]
    laptop.pull()
    assert "note" not in laptop.body(home)


def test_an_edit_that_comes_before_its_record_waits_for_it(laptops):
    """After a restore a colleague may call first: her edit is merged when the record comes, and she is told."""
    one, two, _ = laptops
    home = one.new(Kind.HOUSEHOLD, household())
    two.edit(home, Kind.HOUSEHOLD, {"note": [None, "from two"]}, rev=1)
    _, early = two.push()
    assert [(c.outcome, c.code) for c in early] == [("quarantined", "change.no_record")]
    one.push()
    two.pull()
    assert two.body(home)["note"] == "from two"
    assert two.outcomes[early[0].chg]["outcome"] == "ok"
    assert two.outcomes[early[0].chg]["rev"] == two.versions[home]["rev"] == 2


def test_a_stamp_from_2099_never_wins_and_its_device_is_flagged(laptops):
    """Catalogue 16: a later true edit still wins."""
    one, two, _ = laptops
    home = one.new(Kind.HOUSEHOLD, household(note="a"))
    one.push()
    one.edit(home, Kind.HOUSEHOLD, {"note": ["a", "from 2099"]}, hlc=f"{4_070_908_800_000:012x}0000")
    one.push(2)
    two.edit(home, Kind.HOUSEHOLD, {"note": ["a", "true and later"]}, hlc=_soon())
    _, changes = two.push()
    assert outcomes(changes) == ["merged"]
    two.pull()
    assert two.body(home)["note"] == "true and later"
    with one.office.opened() as office:
        flagged = {d["id"]: d["clock_off_s"] for d in list_devices(office)}
    assert flagged[one.device] > 10**9
    assert flagged[two.device] == 0


def _soon():
    return f"{int(datetime.now(UTC).timestamp() * 1000) + 2000:012x}0000"


def test_a_clock_of_1970_is_accepted_in_order(laptop):
    """Catalogue 17: the clock never decides whether data is taken."""
    home = laptop.new(Kind.HOUSEHOLD, household(note="a"), hlc="0000000000010000")
    laptop.edit(home, Kind.HOUSEHOLD, {"note": ["a", "b"]}, hlc="0000000000010001")
    laptop.edit(home, Kind.HOUSEHOLD, {"note": ["b", "c"]}, hlc="0000000000010002")
    assert outcomes(laptop.push()[1]) == ["ok"] * 3
    laptop.pull()
    assert laptop.body(home)["note"] == "c"
    _, notes = laptop.hello(clock="1970-01-01T00:10:00Z")
    assert notes.notices == ["clock.off"]
    assert notes.clock_off_s < -(10**9)


def test_two_workers_edit_two_fields_and_both_stand(laptops):
    """Catalogue 19."""
    one, two, three = laptops
    child = one.new(Kind.PERSON, person())
    one.push()
    one.edit(child, Kind.PERSON, {"born_on": [None, "2026-01-02"]}, rev=1)
    two.edit(child, Kind.PERSON, {"patronymic": [None, "Myradowiç"]}, rev=1)
    assert outcomes(one.push(2)[1]) == outcomes(two.push()[1]) == ["ok"]
    three.pull()
    assert three.body(child)["born_on"] == "2026-01-02"
    assert three.body(child)["patronymic"] == "Myradowiç"


def test_two_workers_change_one_clinical_field_and_both_values_stay(laptops):
    """Catalogue 20: the first stands, the other is in an open conflict every laptop sees."""
    one, two, _ = laptops
    child = one.new(Kind.PERSON, person(born_on="2026-01-01"))
    one.push()
    one.edit(child, Kind.PERSON, {"born_on": ["2026-01-01", "2026-01-02"]}, rev=1)
    two.edit(child, Kind.PERSON, {"born_on": ["2026-01-01", "2026-01-03"]}, rev=1)
    one.push(2)
    _, changes = two.push()
    assert outcomes(changes) == ["conflict"]
    for laptop in laptops:
        laptop.pull()
        assert laptop.body(child)["born_on"] == "2026-01-02"
        conflict = laptop.versions[child]["conflicts"][0]
        assert (conflict["name"], conflict["value"], conflict["by"]) == ("born_on", "2026-01-03", two.worker)
    assert two.outcomes[changes[0].chg]["outcome"] == "conflict"


def test_both_set_the_same_value_without_a_conflict(laptops):
    """Catalogue 21."""
    one, two, _ = laptops
    child = one.new(Kind.PERSON, person())
    one.push()
    for laptop in (one, two):
        laptop.edit(child, Kind.PERSON, {"born_on": [None, "2026-01-02"]}, rev=1)
    one.push(2)
    assert outcomes(two.push()[1]) == ["merged"]
    two.pull()
    assert "conflicts" not in two.versions[child]


@pytest.mark.parametrize("first_keeps", [True, False])
def test_two_decisions_that_differ_are_a_conflict_on_the_decision(laptops, first_keeps):
    """Catalogue 22: neither supervisor's word is lost, whoever comes first."""
    one, two, three = laptops
    child = one.new(Kind.PERSON, person(born_on="2026-01-01"))
    one.push()
    one.edit(child, Kind.PERSON, {"born_on": ["2026-01-01", "2026-01-02"]}, rev=1)
    two.edit(child, Kind.PERSON, {"born_on": ["2026-01-01", "2026-01-03"]}, rev=1)
    one.push(2)
    two.push()
    three.pull()
    seen = three.versions[child]["rev"]
    keeps, takes = (one, three) if first_keeps else (three, one)
    decisions = {
        keeps: {"born_on": ["2026-01-02", "2026-01-02"]},
        takes: {"born_on": ["2026-01-02", "2026-01-03"]},
    }
    for laptop in (one, three):
        laptop.edit(child, Kind.PERSON, decisions[laptop], rev=seen)
        laptop.push_rest()
    two.pull()
    shown = two.versions[child]
    values = {shown["body"]["born_on"], *(c["value"] for c in shown.get("conflicts", ()))}
    assert values == {"2026-01-02", "2026-01-03"}
    assert shown["conflicts"]


@pytest.mark.parametrize("void_first", [True, False])
def test_a_void_and_an_edit_meet_and_a_person_decides(laptops, void_first):
    """Catalogue 23: in either order the edit is not lost."""
    one, two, three = laptops
    child = one.new(Kind.PERSON, person(born_on="2026-01-01"))
    one.push()
    one.pull()
    seen = one.versions[child]["body"]
    one.write(child, Kind.PERSON, Op.VOID, put={"void": [digest(seen), True]}, rev=1)
    two.edit(child, Kind.PERSON, {"born_on": ["2026-01-01", "2026-01-09"]}, rev=1)
    for laptop in (one, two) if void_first else (two, one):
        laptop.push_rest()
    three.pull()
    shown = three.versions[child]
    assert shown["body"]["born_on"] == "2026-01-09"
    assert [c["name"] for c in shown["conflicts"]] == ["void"]


def test_what_one_adds_to_a_list_stays_when_another_cuts_it(laptops):
    """Catalogue 24: an element nobody saw cannot be cut."""
    one, two, three = laptops
    child = one.new(Kind.PERSON, person(aliases=["Amanjan"]))
    one.push()
    one.write(child, Kind.PERSON, Op.EDIT, add={"aliases": ["Amanjik"]}, rev=1)
    two.write(child, Kind.PERSON, Op.EDIT, cut={"aliases": ["Amanjan"]}, rev=1)
    two.push()
    one.push(2)
    three.pull()
    assert three.body(child)["aliases"] == ["Amanjik"]


def test_three_of_five_edits_give_the_state_of_the_third(laptop):
    """Catalogue 26: the rest follow."""
    home = laptop.new(Kind.HOUSEHOLD, household(note="0"))
    for n in range(5):
        laptop.edit(home, Kind.HOUSEHOLD, {"note": [f"{n}", f"{n + 1}"]})
    laptop.push(1, 4)
    laptop.pull()
    assert laptop.body(home)["note"] == "3"
    laptop.push(5)
    laptop.pull()
    assert laptop.body(home)["note"] == "5"


def test_a_visit_that_comes_before_its_family_is_kept_and_moves_in_with_it(shared_office, caseload):
    """Catalogue 28: held where its sender sees it; when the family turns out to be another's, it goes there."""
    one = Laptop(shared_office, shared_office.code(worker="One", caseload=caseload))
    two = Laptop(shared_office, shared_office.code(worker="Two", caseload=f"{caseload} b"))
    home = secrets.token_hex(16)
    visit = one.new(Kind.VISIT, {"household": home, "on": "2026-11-20"}, subject=home)
    assert outcomes(one.push()[1]) == ["ok"]
    one.pull()
    assert visit in one.versions
    two.new(Kind.HOUSEHOLD, household(), record=home)
    assert outcomes(two.push()[1]) == ["ok"]
    two.pull()
    assert {home, visit} <= set(two.versions)
    one.pull()
    assert visit in one.left


def test_unknown_kinds_and_fields_of_a_newer_laptop_survive(laptops):
    """Catalogue 14: carried, shown raw, never dropped."""
    one, two, _ = laptops
    thing = one.new("dream", {"colour": "blue", "deep": {"er": [1, 2.5, None]}}, subject=None)
    home = one.new(Kind.HOUSEHOLD, household(solar=True))
    assert outcomes(one.push()[1]) == ["ok", "ok"]
    two.pull()
    two.edit(home, Kind.HOUSEHOLD, {"note": [None, "x"]}, rev=1)
    two.edit(thing, "dream", {"colour": ["blue", "red"]}, rev=1)
    assert outcomes(two.push()[1]) == ["ok", "ok"]
    one.pull()
    assert one.body(thing) == {"colour": "red", "deep": {"er": [1, 2.5, None]}}
    assert one.body(home)["solar"] is True


def test_a_newer_protocol_is_told_what_this_server_speaks(laptop):
    """4.15: 426 with the list, for pushes and questions."""
    for call in ("push", "hello", "pull", "session"):
        error = refused(lambda call=call: laptop.post(call, pack([b'{"v":2,"other":true}'])), "wire.newer", 426)
        assert error.details == {"speaks": [1]}
