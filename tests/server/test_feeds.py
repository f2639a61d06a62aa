"""Pulling: no row skipped, restores noticed, families that move, and the same records in any order of pushes."""

import concurrent.futures
import hashlib
import json
import os
import random
import shutil
import threading

import pytest
import requests

from healthvisit.domain.change import Op
from healthvisit.domain.record import Kind
from healthvisit.wire import messages
from healthvisit.wire.messages import FeedCursor
from tests.server.running import Laptop, household, outcomes, person


def test_pages_bring_every_record_once(laptop):
    """Catalogue 39: pages with a drop between; a page asked twice brings the same."""
    for n in range(53):
        laptop.new(Kind.HOUSEHOLD, household(f"H{n}"))
    laptop.push()
    seen = []
    more = True
    while more:
        cursors = dict(laptop.cursors)
        lost, _ = laptop.pull_page(rows=10)
        laptop.cursors = cursors  # the answer was lost
        rows, end = laptop.pull_page(rows=10)
        assert [r.record for r in rows] == [r.record for r in lost]
        seen += [r.record for r in rows]
        more = any(feed.more for feed in end.feeds)
    assert len(seen) == len(set(seen)) == 53
    assert laptop.pull() == []


def test_a_page_keeps_to_its_bytes_and_still_goes_on(laptop):
    """A 2G line asks for little; a single big row passes all the same."""
    for n in range(6):
        laptop.new(Kind.HOUSEHOLD, household(f"H{n}", note=os.urandom(4000).hex()))
    laptop.push()
    rows, end = laptop.pull_page(bytes=100)
    assert len(rows) == 1
    assert any(feed.more for feed in end.feeds)
    laptop.pull(bytes=20_000)
    assert len(laptop.versions) == 6


def test_a_record_that_changes_while_a_laptop_pages_ends_at_its_last_version(laptops):
    """Catalogue 41: its row moves to the end."""
    one, two, _ = laptops
    homes = [one.new(Kind.HOUSEHOLD, household(f"H{n}")) for n in range(20)]
    one.push()
    two.pull_page(rows=10)
    one.edit(homes[3], Kind.HOUSEHOLD, {"note": [None, "moved"]}, rev=1)
    one.push_rest()
    two.pull(rows=10)
    assert len(two.versions) == 20
    assert two.body(homes[3])["note"] == "moved"


def test_eight_writers_and_a_reader_skip_no_row(shared_office, caseload):
    """Catalogue 40: numbers are given last, so no number commits before a lower one."""
    writers = [
        Laptop(shared_office, shared_office.code(worker=f"W{n} {caseload}", caseload=caseload)) for n in range(8)
    ]
    reader = Laptop(shared_office, shared_office.code(worker=f"R {caseload}", caseload=caseload))
    done = threading.Event()

    def write(laptop):
        for n in range(6):
            first = len(laptop.lines) + 1
            for _ in range(1 + n % 3):
                laptop.new(Kind.HOUSEHOLD, household())
            assert set(outcomes(laptop.push(first)[1])) == {"ok"}

    def poll():
        rows = []
        while not done.is_set():
            rows += reader.pull_page(rows=7)[0]
        return rows + reader.pull()

    with concurrent.futures.ThreadPoolExecutor(9) as pool:
        polled = pool.submit(poll)
        try:
            for job in [pool.submit(write, laptop) for laptop in writers]:
                job.result()
        finally:
            done.set()
        rows = polled.result()
    wanted = {json.loads(line)["r"] for laptop in writers for line in laptop.lines}
    assert {row.record for row in rows} == wanted
    assert [row.seq for row in rows] == sorted(row.seq for row in rows)
    for laptop in (*writers, reader):
        laptop.http.close()


def test_a_person_follows_the_household_they_live_in(shared_office, caseload):
    """Catalogue 37, 38: everything about a child leaves one caseload and enters the other, and comes back."""
    one = Laptop(shared_office, shared_office.code(worker=f"One {caseload}", caseload=caseload))
    both = Laptop(shared_office, shared_office.code(worker=f"Both {caseload}", caseload=caseload))
    both.join(shared_office.code(worker=f"Both {caseload}", caseload=f"{caseload} b"))
    far = Laptop(shared_office, shared_office.code(worker=f"Far {caseload}", caseload=f"{caseload} b"))
    home = one.new(Kind.HOUSEHOLD, household("Near"))
    child = one.new(Kind.PERSON, person())
    stay = one.new(Kind.MEMBERSHIP, {"person": child, "household": home, "from_on": "2026-01-01"}, subject=child)
    part = one.new(Kind.VISIT_PART, {"person": child}, subject=child)
    one.push()
    away = far.new(Kind.HOUSEHOLD, household("Far"))
    far.push()
    both.edit(stay, Kind.MEMBERSHIP, {"to_on": [None, "2026-06-01"]}, rev=1, subject=child)
    moved = both.new(Kind.MEMBERSHIP, {"person": child, "household": away, "from_on": "2026-06-01"}, subject=child)
    assert outcomes(both.push()[1]) == ["ok", "ok"]
    far.pull()
    assert {child, part, moved, stay, away} == set(far.versions)
    one.pull()
    assert {home} == set(one.versions)
    both.edit(moved, Kind.MEMBERSHIP, {"to_on": [None, "2026-07-01"]}, rev=1, subject=child)
    both.new(Kind.MEMBERSHIP, {"person": child, "household": home, "from_on": "2026-07-01"}, subject=child)
    both.push(3)
    one.pull()
    far.pull()
    assert {child, part, stay, moved} <= set(one.versions)
    assert set(far.versions) == {away}


def test_a_feed_not_followed_is_gone_and_a_strange_cursor_is_reset(laptop):
    """The server alone decides what a device reads."""
    _, end = messages.read_pull(
        laptop.post("pull", messages.encode(messages.Pull(feeds=[FeedCursor(feed="caseload:other")])))
    )
    assert [(f.state, f.cursor) for f in end.feeds] == [("gone", None)]
    feed = laptop.feeds[0]
    laptop.new(Kind.HOUSEHOLD, household())
    laptop.push()
    laptop.pull()
    _, seq, tag = laptop.cursors[feed].split(".")
    for cursor in (f"{'0' * 32}.{seq}.{tag}", "", "x", "a.b.c", "a.-1.c", f"{end.epoch}.999.", f"{end.epoch}.1e5."):
        states = laptop.hello(feeds=[FeedCursor(feed=feed, cursor=cursor)])[0].feeds
        assert {f.state for f in states if f.feed == feed} == {"reset"}


def test_a_daily_sum_that_differs_resets_that_feed_alone(laptop):
    """Catalogue 55: silent drift by a bug or a bad disk is found."""
    laptop.new(Kind.HOUSEHOLD, household())
    laptop.new(Kind.HOUSEHOLD, household())
    laptop.push()
    rows = laptop.pull()
    total = sum(int.from_bytes(hashlib.sha256(bytes(row.body)).digest()) for row in rows) % (1 << 256)
    feed = laptop.feeds[0]

    def state(count, total):
        asked = FeedCursor(feed=feed, cursor=laptop.cursors[feed], count=count, total=f"{total:064x}")
        return next(f.state for f in laptop.hello(feeds=[asked])[0].feeds if f.feed == feed)

    assert state(2, total) == "ok"
    assert state(2, total ^ 1) == "reset"
    assert state(1, total) == "reset"


def test_statements_rise_and_name_what_is_held(laptop):
    """An old statement played again changes nothing, because its number is not above the last."""
    laptop.new(Kind.HOUSEHOLD, household())
    first, _ = laptop.hello()
    laptop.push()
    second, _ = laptop.hello()
    assert second.n > first.n
    held = second.incs[0]
    assert (held.through, held.at, held.safe_through) == (1, 1, 0)
    assert held.hash == held.at_hash == laptop.chain(1).hex()


def restored(office, copy, *, marker):
    """Stop the server, put an older database back, and start it again."""
    office.stop()
    for path in office.folder.glob("office.db*"):
        path.unlink()
    shutil.copy(copy, office.folder / "office.db")
    if not marker:
        (office.folder / "server.marker").unlink()
    office.start()


@pytest.mark.parametrize("marker", [True, False])
def test_an_older_database_put_back_is_noticed_and_everything_comes_back(own_office, tmp_path, marker):
    """Catalogue 29, 30: by the marker a new epoch begins; without it each cursor's tag differs. Same result."""
    one, two = (Laptop(own_office, own_office.code(worker=f"W{n}")) for n in range(2))
    one.new(Kind.HOUSEHOLD, household("before"))
    one.push()
    two.pull()
    own_office.stop()
    shutil.copy(own_office.folder / "office.db", tmp_path / "copy.db")
    own_office.start()
    lost = one.new(Kind.HOUSEHOLD, household("after"))
    one.push(2)
    two.pull()
    epoch = two.hello()[0].epoch
    restored(own_office, tmp_path / "copy.db", marker=marker)
    for laptop in (one, two):
        laptop.log_in()
    statement, _ = one.hello()
    assert (statement.epoch != epoch) is marker
    assert statement.incs[0].through == 1
    other = two.new(Kind.HOUSEHOLD, household("filled the numbers again"))
    two.push()
    assert "reset" in {f.state for f in two.hello()[0].feeds}
    one.push(2)
    for laptop in (one, two):
        laptop.versions.clear()
        laptop.pull()
        assert {lost, other} <= set(laptop.versions)
        assert len(laptop.versions) == 3


def test_killed_after_the_commit_the_hello_shows_what_is_held(own_office):
    """Catalogue 5: nothing is sent again, and the outcomes come by the device's feed."""
    laptop = Laptop(own_office, own_office.code())
    home = laptop.new(Kind.HOUSEHOLD, household())
    laptop.edit(home, Kind.HOUSEHOLD, {"note": [None, "x"]}, hlc="never")
    laptop.push()  # its answer is thrown away
    own_office.kill()
    with pytest.raises(requests.ConnectionError):
        laptop.hello()
    own_office.start()
    laptop.log_in()
    assert laptop.hello()[0].incs[0].through == 2
    laptop.pull()
    assert home in laptop.versions
    assert [o["outcome"] for o in laptop.outcomes.values()] == ["quarantined"]


def test_a_server_says_when_it_is_ready_and_ends_with_its_parent(own_office):
    """Practice mode leaves no process behind, and its log says nothing."""
    laptop = Laptop(own_office, own_office.code())
    laptop.new(Kind.PERSON, person("Ogulgerek"))
    laptop.push()
    laptop.pull()
    assert own_office.stop() == 0
    assert own_office.said == ""
    again = own_office.port
    assert own_office.start().port == again
    for path in own_office.folder.iterdir():
        if not path.name.startswith("office.db"):
            assert b"Ogulgerek" not in path.read_bytes()


@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_pushes_ends_in_the_same_records(shared_office, seed):
    """P4 and P5: three laptops offline for a while; whoever calls first, the same records, no clinical value lost."""
    dice = random.Random(seed)  # noqa: S311 -- repeatable
    results = []
    plan = _plan(dice)
    for turn in range(2):
        laptops = [
            Laptop(shared_office, shared_office.code(worker=f"{n} {seed} {turn}", caseload=f"any {seed} {turn}"))
            for n in range(3)
        ]
        ids = {name: hashlib.sha256(f"{name} {seed} {turn}".encode()).hexdigest()[:32] for name in ("a", "b", "c")}
        for who, name, field, value in plan:
            _write(laptops[who], ids[name], name, field, value)
        sent = [0, 0, 0]
        order = [n for n, laptop in enumerate(laptops) for _ in laptop.lines]
        dice.shuffle(order)
        for n in order:
            if sent[n] < len(laptops[n].lines):
                to = min(len(laptops[n].lines), sent[n] + dice.randint(1, 3))
                laptops[n].push(max(1, sent[n] + 1 - dice.randint(0, 1)), to)
                sent[n] = to
        views = []
        for laptop in laptops:
            laptop.pull(rows=dice.randint(1, 9))
            views.append(laptop.versions)
            laptop.http.close()
        assert views[0] == views[1] == views[2]
        results.append({name: _essence(views[0][ids[name]]) for name in ids})
        _nothing_lost(plan, results[-1])
    assert [_commuting(r) for r in results[:1]] == [_commuting(r) for r in results[1:]]


def _plan(dice):
    """Who writes what: clinical fields with clashes, a set, and notes only one of them writes."""
    plan = [(n, name, "new", None) for n, name in enumerate("abc")]
    for count in range(24):
        who, name = dice.randrange(3), dice.choice("abc")
        field = dice.choice(["surname", "given_name", "born_on", "aliases"])
        plan.append((who, name, field, f"{field}-{count}"))
    return plan


def _write(laptop, record, name, field, value):
    if field == "new":
        laptop.new(Kind.PERSON, {"kind": "adult", "sex": "f", "surname": name}, record=record)
    elif field == "aliases":
        laptop.write(record, Kind.PERSON, Op.EDIT, add={"aliases": [value]}, rev=1)
    else:
        seen = laptop.outcomes.get((record, field), name if field == "surname" else None)
        laptop.edit(record, Kind.PERSON, {field: [seen, value]}, rev=1)
        laptop.outcomes[record, field] = value  # what this author sees from now on


def _essence(version):
    kept = {field: {value} for field, value in version["body"].items() if isinstance(value, str)}
    for conflict in version.get("conflicts", ()):
        kept.setdefault(conflict["name"], set()).add(conflict["value"])
    return kept | {"aliases": set(version["body"].get("aliases", ()))}


def _nothing_lost(plan, result):
    """The last word of each author on each field is current or stands in a conflict, or its successor saw it."""
    last = {(who, name, field): value for who, name, field, value in plan if field not in ("new", "aliases")}
    for (_, name, field), value in last.items():
        assert value in result[name].get(field, set()), (name, field, value)
    for _, name, field, value in plan:
        if field == "aliases":
            assert value in result[name]["aliases"]


def _commuting(result):
    return {name: fields["aliases"] for name, fields in result.items()}
