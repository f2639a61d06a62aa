"""Two laptops and an office over a real line: whatever fails on the way, nothing is lost, doubled or overwritten."""

import shutil
from datetime import date, timedelta
from threading import Event

import pytest

from healthvisit.domain.errors import OfficeError, OfficeUnreachableError
from healthvisit.domain.merge import Outcome
from healthvisit.domain.record import Kind
from healthvisit.store import exchange, office, people, visits
from healthvisit.wire import segment
from tests import builders
from tests.laptops import (
    FaultyLine,
    Laptop,
    assert_applied_once,
    assert_same_as_office,
    lose_first,
    utc_now,
)

YESTERDAY = utc_now().date() - timedelta(days=1)


def sign(laptop: Laptop, household: str, on: date = YESTERDAY) -> str:
    """A visit signed on the laptop, its frame and the part of the one child in one transaction."""

    def deed(work):
        child = next(row.id for row in work_people(work, household, on) if row.kind == "child")
        return builders.sign_visit(work, household, on, {child: {"weight_g": "6200"}}, agreed="Ene süýdi bilen")

    return laptop.at_store(deed)


def work_people(work, household, on):
    return people.load_caseload(work, today=on + timedelta(days=2), households=(household,)).persons.values()


def quiet(*laptops: Laptop) -> None:
    """Exchange until nobody has anything to send or fetch."""
    for _ in range(2):
        for one in laptops:
            one.exchange()


def test_a_family_and_its_visit_made_on_one_laptop_are_seen_on_the_other(shared_office, laptop):
    """The whole point of the line: a colleague of the caseload sees the family, the weight and the visit."""
    first, second = laptop(shared_office), laptop(shared_office)
    household = first.register("Myradow")
    visit = sign(first, household)
    sent = first.exchange()
    assert sent.sent == first.outcomes()["ok"] > 5
    assert first.unsent() == 0
    assert second.exchange().received >= sent.sent
    assert second.families() == ["Myradow"]
    assert second.record(visit).body["household"] == household
    child = second.person_named("Aýna")
    weights = second.at_store(lambda work: visits.growth_of(work, child))
    assert [point.weight_g for point in weights] == [6200]
    for one in (first, second):
        assert_same_as_office(one, shared_office)


def test_work_done_before_joining_goes_up_under_the_laptops_own_worker_id(shared_office, laptop):
    """A laptop works for weeks before anybody gives it a code; what was signed then must not be refused."""
    early = laptop()
    early.register("Annaýew")
    alias = early.who.worker
    early.join(shared_office.url, shared_office.code("Early nurse", "early caseload"))
    assert early.who.worker != alias
    early.register("Orazow")
    early.exchange()
    assert set(early.outcomes()) == {"ok"}
    assert_same_as_office(early, shared_office)


def test_edits_of_different_fields_on_two_laptops_both_stand(shared_office, laptop):
    """Nurse and social worker edit one family offline: address and phone merge without a question."""
    first, second = laptop(shared_office), laptop(shared_office)
    household = first.register()
    quiet(first, second)
    first.edit(Kind.HOUSEHOLD, household, address="Azatlyk 14")
    second.edit(Kind.HOUSEHOLD, household, note="Gök derweze")
    quiet(first, second)
    for one in (first, second):
        assert (one.household(household).address, one.household(household).note) == ("Azatlyk 14", "Gök derweze")
        assert one.attention() == []
        assert_same_as_office(one, shared_office)


def test_one_clinical_field_set_differently_is_a_conflict_on_both_laptops(shared_office, laptop):
    """P5: a date of birth never changes silently; both values stay until a person decides, and that is seen by both."""
    first, second = laptop(shared_office), laptop(shared_office)
    first.register()
    quiet(first, second)
    child = first.person_named("Aýna")
    first.edit(Kind.PERSON, child, born_on=date(2026, 7, 8))
    second.edit(Kind.PERSON, child, born_on=date(2026, 7, 28))
    quiet(first, second)
    for one in (first, second):
        assert [(a.code, a.fields) for a in one.attention()] == [("conflict", ("born_on",))]
        record = one.record(child)
        assert record.body["born_on"] == "2026-07-08"
        assert [c.value for c in record.conflicts] == ["2026-07-28"]
    second.edit(Kind.PERSON, child, born_on=date(2026, 7, 18))
    quiet(second, first)
    for one in (first, second):
        assert one.attention() == []
        assert one.record(child).body["born_on"] == "2026-07-18"
        assert_same_as_office(one, shared_office)


@pytest.mark.parametrize("call", ["hello", "push", "pull"])
def test_a_lost_reply_doubles_nothing(shared_office, laptop, call):
    """The commonest fault on a bad line: the office has it, the laptop did not hear. Sent again, it is `already`."""
    first, second = laptop(shared_office), laptop(shared_office)
    household = first.register()
    with pytest.raises(OfficeUnreachableError):
        first.exchange(FaultyLine(first.line(), lose_first(call)))
    first.exchange()
    assert first.unsent() == 0
    assert set(first.outcomes()) == ({"already"} if call == "push" else {"ok"})
    second.exchange()
    assert second.household(household) is not None
    assert_applied_once(shared_office)
    for one in (first, second):
        assert_same_as_office(one, shared_office)


def test_a_push_delivered_twice_is_applied_once(shared_office, laptop):
    """A proxy that repeats a request must not double a visit."""
    first = laptop(shared_office)
    first.register()
    first.exchange(FaultyLine(first.line(), twice=True))
    assert set(first.outcomes()) == {"already"}
    assert_applied_once(shared_office)
    assert_same_as_office(first, shared_office)


def test_killed_between_the_answer_to_push_and_storing_it(shared_office, laptop):
    """A kill at the worst moment: after restart everything is still there, is sent again and stands once."""
    first = laptop(shared_office)
    household = first.register()

    class Killed(BaseException):
        pass

    class KillingLine(FaultyLine):
        def push(self, body):
            super().push(body)
            raise Killed

    with pytest.raises(Killed):
        first.exchange(KillingLine(first.line()))
    first.kill()
    again = first.reopen()
    try:
        assert again.household(household) is not None
        assert again.unsent() > 0
        again.exchange()
        assert set(again.outcomes()) == {"already"}
        assert_applied_once(shared_office)
        assert_same_as_office(again, shared_office)
    finally:
        again.close()


def test_a_signed_visit_is_on_the_screen_at_every_moment_of_the_exchange(shared_office, laptop):
    """Between the office's answer and the pull a visit must not vanish: the worker would key it in a second time."""
    first, second = laptop(shared_office), laptop(shared_office)
    household = first.register()
    quiet(first, second)
    visit = sign(first, household)
    seen = []

    class Watched(FaultyLine):
        def _heard(self, call, answer):
            seen.append(first.record(visit) is not None)
            return super()._heard(call, answer)

    with pytest.raises(OfficeUnreachableError):
        first.exchange(Watched(first.line(), lose_first("pull")))
    assert set(first.outcomes()) == {"ok"}  # answered, and not pulled
    assert first.record(visit) is not None
    first.exchange(Watched(first.line()))
    assert all(seen)
    assert len(seen) >= 5
    assert first.at_store(lambda work: len(visits.visits_of(work, household))) == 1
    assert_same_as_office(first, shared_office)


def test_the_office_stopped_and_started_again_on_the_same_data(own_office, laptop):
    """The office's computer is switched off at five: next morning's exchange goes on where yesterday's ended."""
    first, second = laptop(own_office, caseload="one"), laptop(own_office, caseload="one")
    first.register("Myradow")
    first.exchange()
    own_office.stop()
    first.register("Orazow")
    with pytest.raises(OfficeUnreachableError) as refused:
        first.exchange()
    assert refused.value.code == "office.unreachable"
    assert first.unsent() > 0
    own_office.start()
    for one in (first, second):
        one.exchange(one.line(own_office.url))
    assert second.families() == ["Myradow", "Orazow"]
    for one in (first, second):
        assert_same_as_office(one, own_office)


def test_the_office_killed_in_the_middle_loses_nothing(own_office, laptop):
    """A power cut at the office after it committed: the laptop sends again and is told `already`."""
    first = laptop(own_office)

    class PowerCut(FaultyLine):
        def push(self, body):
            super().push(body)
            own_office.kill()
            raise OfficeUnreachableError("office.unreachable")

    first.register()
    with pytest.raises(OfficeUnreachableError):
        first.exchange(PowerCut(first.line()))
    own_office.start()
    first.exchange(first.line(own_office.url))
    assert set(first.outcomes()) == {"already"}
    assert_applied_once(own_office)
    assert_same_as_office(first, own_office)


def test_a_laptop_put_back_from_a_copy_takes_a_new_name_and_all_arrives_once(shared_office, laptop, tmp_path):
    """Someone restores last week's folder: numbers are never reused for other content, and both histories arrive."""
    first = laptop(shared_office)
    first.register("Myradow")
    first.exchange()
    first.register("Copied")  # in the copy, not sent yet
    inc = first.store.chain.inc
    shutil.copytree(first.folder / "data", tmp_path / "copy")
    first.register("Annaýew")
    first.exchange()
    first.close()
    shutil.rmtree(first.folder / "data")
    shutil.copytree(tmp_path / "copy", first.folder / "data")
    back = first.reopen()
    try:
        assert back.store.rolled_back
        assert back.store.chain.inc != inc
        back.register("Orazow")
        back.exchange()
        assert back.families() == ["Annaýew", "Copied", "Myradow", "Orazow"]
        assert_applied_once(shared_office)
        assert_same_as_office(back, shared_office)
        numbers = [home["body"]["number"] for home in back.shown().values() if home["kind"] == Kind.HOUSEHOLD]
        assert len(set(numbers)) == 4
    finally:
        back.close()


def test_a_cloned_laptop_that_nobody_noticed_is_found_by_the_office(shared_office, laptop, tmp_path):
    """A disk image restored on a second machine, marker and all: both twins' work arrives, unharmed."""
    first = laptop(shared_office)
    first.register("Myradow")
    first.exchange()
    first.close()
    shutil.copytree(first.folder, tmp_path / "twin")
    one = first.reopen()
    twin = Laptop(tmp_path / "twin", opened=first.store).reopen()
    try:
        for name, own in (("Orazow", one), ("Annaýew", twin)):
            own.register(name)
            own.exchange()
            assert own.unsent() == 0  # also the twin, whose numbers were taken: in one exchange
        one.exchange()
        assert one.families() == twin.families() == ["Annaýew", "Myradow", "Orazow"]
        assert one.store.chain.inc != twin.store.chain.inc
        assert one.unsent() == twin.unsent() == 0
        assert_applied_once(shared_office)
        for own in (one, twin):
            assert_same_as_office(own, shared_office)
    finally:
        one.close()
        twin.close()


def test_a_save_between_hello_and_push_of_a_laptop_put_back_is_numbered_anew_at_once(shared_office, laptop, tmp_path):
    """Hello saw nothing wrong, then a save took a number that the office knows with other content: both stand."""
    first = laptop(shared_office)
    first.register("Myradow")
    first.exchange()
    first.close()
    shutil.copytree(first.folder, tmp_path / "copy")
    ahead = first.reopen()
    ahead.register("Annaýew")
    ahead.exchange()
    ahead.close()
    shutil.rmtree(first.folder)
    shutil.copytree(tmp_path / "copy", first.folder)
    back = first.reopen()
    inc = back.store.chain.inc

    class Busy(FaultyLine):
        def hello(self, ask):
            answer = super().hello(ask)
            back.register("Orazow")
            return answer

    try:
        back.exchange(Busy(back.line()))
        assert back.store.chain.inc != inc
        assert back.unsent() == 0
        assert back.families() == ["Annaýew", "Myradow", "Orazow"]
        assert_applied_once(shared_office)
        assert_same_as_office(back, shared_office)
    finally:
        back.close()


@pytest.mark.parametrize("marker", ["kept", "lost"])
def test_an_office_put_back_from_an_older_copy_gets_everything_again(own_office, laptop, tmp_path, marker):
    """The office's disk dies and yesterday's copy is put back, announced to nobody: the laptops bring back the rest."""
    first, second = laptop(own_office, caseload="one"), laptop(own_office, caseload="one")
    early = first.register("Myradow")
    quiet(first, second)
    own_office.copy_database(tmp_path / "backup.db")
    late = first.register("Orazow")
    second.edit(Kind.HOUSEHOLD, early, address="Bagt 3")
    quiet(first, second)
    quiet(first, second)
    own_office.stop()
    own_office.put_back(tmp_path / "backup.db")
    if marker == "lost":
        (own_office.folder / "server.marker").unlink()
    own_office.start()
    for one in (first, second):
        one.line(own_office.url)
        assert one.household(late) is not None
    quiet(second, first)
    quiet(second, first)
    assert first.household(early).address == "Bagt 3"
    assert second.household(late).name == "Orazow"
    assert_applied_once(own_office)
    for one in (first, second):
        assert one.unsent() == 0
        assert_same_as_office(one, own_office)


def test_a_twin_that_fills_the_numbers_an_office_put_back_has_lost_is_found_by_its_hash(own_office, laptop, tmp_path):
    """Same numbers, other content: without hashes in hello the first laptop would believe its work is there."""
    first = laptop(own_office)
    first.register("Myradow")
    first.exchange()
    own_office.copy_database(tmp_path / "backup.db")
    first.close()
    shutil.copytree(first.folder, tmp_path / "twin")
    one, twin = first.reopen(), Laptop(tmp_path / "twin", opened=first.store).reopen()
    try:
        one.register("Annaýew")
        one.exchange()
        own_office.stop()
        own_office.put_back(tmp_path / "backup.db")
        own_office.start()
        twin.register("Orazow")
        twin.exchange(twin.line(own_office.url))
        quiet(one, twin)
        assert one.families() == twin.families() == ["Annaýew", "Myradow", "Orazow"]
        assert_applied_once(own_office)
        for own in (one, twin):
            assert own.unsent() == 0
            assert_same_as_office(own, own_office)
    finally:
        one.close()
        twin.close()


def test_what_an_office_put_back_has_lost_for_good_is_set_aside_and_not_erased(own_office, laptop, tmp_path):
    """Its author's laptop is gone too: the colleague's version leaves the screens and stays sealed for rescue."""
    author, colleague = laptop(own_office, caseload="one"), laptop(own_office, caseload="one")
    author.register("Myradow")
    quiet(author, colleague)
    own_office.copy_database(tmp_path / "backup.db")
    lost = author.register("Orazow")
    quiet(author, colleague)
    own_office.stop()
    own_office.put_back(tmp_path / "backup.db")
    own_office.start()
    colleague.exchange(colleague.line(own_office.url))
    assert colleague.families() == ["Myradow"]
    assert_same_as_office(colleague, own_office)
    kept = colleague.at_store(lambda work: work.vault.get("version", lost))
    assert kept["body"]["name"] == "Orazow"
    assert kept["feeds"] == []


def test_a_revoked_laptop_keeps_its_work_and_is_given_nothing(own_office, laptop):
    """P6: stolen or found again, it pulls nothing, and the nurse's unsent visits go to quarantine, never to the bin."""
    first, other = laptop(own_office, caseload="one"), laptop(own_office, caseload="one")
    first.register("Myradow")
    quiet(first, other)
    other.register("Annaýew")
    other.exchange()
    household = first.register("Orazow")
    own_office.revoke(first.who.device)
    result = first.exchange()
    assert result.revoked
    assert result.received == 0
    assert first.families() == ["Myradow", "Orazow"]
    assert first.outcomes()["quarantined"] == own_office.rows("SELECT count(*) FROM quarantine")[0][0] > 0
    assert {item.code for item in first.attention()} == {"device.revoked"}
    with pytest.raises(OfficeError) as refused:
        first.line().pull(exchange.messages.Pull(feeds=first.at_store(exchange.cursors)))
    assert refused.value.code == "device.revoked"
    assert first.exchange().revoked  # and again, without harm
    first.close()
    again = first.reopen()
    assert again.household(household) is not None
    again.close()
    other.exchange()
    assert other.families() == ["Annaýew", "Myradow"]


def test_a_refused_change_is_told_to_its_author_and_blocks_nothing(shared_office, laptop):
    """P7: an edit of a family in another caseload is kept, named and shown; everything else goes through."""
    mine, theirs = laptop(shared_office), laptop(shared_office, caseload="another caseload")
    foreign = theirs.register("Annaýew")
    theirs.exchange()
    version = theirs.record(foreign)
    feed = mine.feeds()[0]
    mine.at_store(lambda work: office.take_version(work, feed, version.to_json()))
    mine.edit(Kind.HOUSEHOLD, foreign, address="Bagt 3")
    household = mine.register("Myradow")
    mine.exchange()
    assert mine.outcomes()["quarantined"] == 1
    assert [(item.record, item.code) for item in mine.attention()] == [(foreign, "scope.not_yours")]
    assert mine.household(household) is not None
    assert mine.unsent() == 0


def test_an_edit_that_waited_for_its_record_is_no_longer_refused_once_it_has_come(shared_office, laptop):
    """The office merges it later by itself; the author's list must not show it as refused for ever."""
    author, late = laptop(shared_office), laptop(shared_office)
    household = author.register("Myradow")
    version = author.record(household)
    feed = late.feeds()[0]
    late.at_store(lambda work: office.take_version(work, feed, version.to_json()))
    late.edit(Kind.HOUSEHOLD, household, note="Gök derweze")
    late.exchange()
    assert [item.code for item in late.attention()] == ["change.no_record"]
    quiet(author, late)
    assert late.attention() == []
    assert author.household(household).note == late.household(household).note == "Gök derweze"
    assert_same_as_office(late, shared_office)


def test_many_changes_travel_in_growing_segments_that_never_cut_a_save(shared_office, laptop):
    """Three weeks of work: few requests, and a visit's frame never arrives without its parts."""
    first = laptop(shared_office)
    units = {}
    for number in range(90):
        first.register(f"Myradow{number}")
    for line in first.at_store(lambda work: office.lines_from(work, work.chain.inc, 1, limit=10_000)):
        units.setdefault(line.unit, []).append(line.number)
    line = FaultyLine(first.line())
    told = []
    result = first.exchange(line, progress=lambda sent, of: told.append((sent, of)))
    assert result.sent > 500
    sizes = []
    for body in line.pushed:
        header = segment.read(body, public_key=None).header
        sizes.append(header.to - header.first + 1)
        assert all(not (numbers[0] < header.first <= numbers[-1]) for numbers in units.values())
    assert sizes[0] <= 50 < sizes[1] <= 100 < sizes[2] <= 200
    assert told[-1] == (result.sent, result.sent)
    assert_same_as_office(first, shared_office)


def test_a_segment_too_big_is_halved_and_a_bad_line_begins_smaller_next_time(shared_office, laptop):
    """On 2G the line drops at 60 %: the next attempt must not try the same mouthful again."""
    first = laptop(shared_office)
    for number in range(12):
        first.register(f"Myradow{number}")

    class Narrow(FaultyLine):
        limit = 20
        refusal: OfficeError = OfficeError("wire.too_big")

        def push(self, body):
            header = segment.read(body, public_key=None).header
            if header.to - header.first + 1 > self.limit:
                raise self.refusal
            return super().push(body)

    cut_off = Narrow(first.line())
    cut_off.refusal = OfficeUnreachableError("office.unreachable")
    with pytest.raises(OfficeUnreachableError):
        first.exchange(cut_off)
    with pytest.raises(OfficeUnreachableError):
        first.exchange(cut_off)  # 24 at once: still too much
    with pytest.raises(OfficeUnreachableError):
        first.exchange(cut_off)  # 12 get through, the next 24 do not: kept
    assert 0 < first.unsent() < sum(first.outcomes().values())
    narrow = Narrow(first.line())
    first.exchange(narrow)
    assert first.unsent() == 0
    assert_applied_once(shared_office)
    assert_same_as_office(first, shared_office)


def test_a_stopped_exchange_keeps_what_it_has_done_and_the_next_one_goes_on(shared_office, laptop):
    """Stopped on the screen, or the lid closed: what was answered stays answered."""
    first, second = laptop(shared_office), laptop(shared_office)
    for number in range(20):
        first.register(f"Myradow{number}")
    stop = Event()
    result = first.exchange(stop=stop, progress=lambda *_: stop.set())
    assert result.stopped
    assert first.unsent() > 0
    first.exchange()
    assert first.unsent() == 0

    class OnePage(FaultyLine):
        def pull(self, ask):
            ask.rows = 30
            return self._heard("pull", self._line.pull(ask))

    stop.clear()
    line = OnePage(second.line(), lambda call: call == "pull" and stop.set() is not None)
    assert second.exchange(line, stop=stop).stopped
    assert 0 < len(second.families()) < 20
    second.exchange()
    assert_same_as_office(second, shared_office)


def test_silent_drift_is_found_by_the_daily_sum_and_repaired_without_touching_unsent_work(shared_office, laptop):
    """A bug or a bad disk: the feed is fetched anew, what does not return is set aside, own work stays."""
    first = laptop(shared_office)
    kept = first.register("Myradow")
    first.exchange()
    feed = next(f for f in first.feeds() if f.startswith("caseload"))
    ghost = {**first.record(kept).to_json(), "record": "ee" * 16, "rev": 3}
    first.at_store(lambda work: office.take_version(work, feed, ghost))
    wrong = {**first.record(kept).to_json(), "rev": 9, "body": {"name": "Drifted", "number": "x"}}
    first.at_store(lambda work: office.take_version(work, feed, wrong))
    unsent = first.register("Orazow")
    first.at_store(lambda work: work.put_state("office", work.state("office") | {"summed_on": "2026-01-01"}))
    first.exchange()
    first.exchange()
    assert first.families() == ["Myradow", "Orazow"]
    assert first.household(unsent) is not None
    assert first.at_store(lambda work: work.vault.get("version", "ee" * 16))["feeds"] == []
    assert_same_as_office(first, shared_office)


def test_the_daily_sum_waits_for_a_day_with_a_line(own_office, laptop):
    """Asked without a line, it must not count as done: drift would stay for another day."""
    first = laptop(own_office)
    first.register()
    first.exchange()
    own_office.stop()
    with pytest.raises(OfficeUnreachableError):
        first.exchange()
    assert "summed_on" not in first.at_store(lambda work: work.state("office"))


def test_one_version_nobody_can_show_does_not_block_the_others(shared_office, laptop):
    """P7: a colleague's newer or broken program writes a shape this one does not know."""
    first, second = laptop(shared_office), laptop(shared_office)
    first.register("Myradow")
    child = first.person_named("Aýna")
    growth = {"kind": "growth", "privacy": "ordinary", "fields": {"on": "2026-11-01", "weight_g": 1 << 63}}
    odd = {"visit": "aa" * 16, "person": child, "form": {"name": "n", "sha256": "0"}, "entries": [growth]}
    first.at_store(lambda work: work._write([builders_edit("visit_part", "dd" * 16, child, odd)]))
    broken = {"name": "Orazow", "number": "n", "phones": 5, "may_ring": [1], "place": 3}
    first.at_store(lambda work: work._write([builders_edit("household", "cc" * 16, "cc" * 16, broken)]))
    first.register("Annaýew")
    first.exchange()
    second.exchange()
    assert second.families() == ["Annaýew", "Myradow"]
    assert second.record("dd" * 16).body == odd
    assert_same_as_office(second, shared_office)


def builders_edit(kind, record, subject, body):
    from healthvisit.domain.change import Op
    from healthvisit.store.journal import Edit

    return Edit(kind=kind, record=record, subject=subject, op=Op.NEW, body=body)


def test_the_outcome_words_are_those_of_merge(shared_office, laptop):
    """A third word for "sent" would leave a change waiting for ever."""
    first = laptop(shared_office)
    first.register()
    first.exchange()
    assert set(first.outcomes()) <= {outcome.value for outcome in Outcome}
