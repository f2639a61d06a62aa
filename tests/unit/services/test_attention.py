"""Conflicts and refusals on a real vault: every value is shown, a decision is a change, nothing is lost on the way."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from healthvisit.domain.change import Change
from healthvisit.domain.errors import HealthvisitError, InputError
from healthvisit.domain.household import Household, Role
from healthvisit.domain.merge import Outcome, digest, merge
from healthvisit.domain.person import Person, PersonKind, Phone, Sex
from healthvisit.domain.record import Conflict, Kind, Record, body_of
from healthvisit.services import attention, families
from healthvisit.services.attention import BOTH, STANDING
from healthvisit.services.families import NewFamily, NewPerson
from healthvisit.store import office
from healthvisit.store.office import Answer
from healthvisit.store.unit_of_work import Store
from healthvisit.vault.keys import LOWEST
from healthvisit.vault.vault import Vault

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = date(2026, 11, 23)
FEED = "caseload"
EARLY, LATE = "0190000000000000", "0190000000010000"


@pytest.fixture
def store(tmp_path):
    vault = Vault.create(tmp_path, tmp_path / "anchor", passphrase="five words for tests", label="W", cost=LOWEST)
    with vault.transaction():
        vault.put("state", "device", {"device": "ab" * 16, "inc": "01" * 8})
    made = Store.open(vault)
    yield made
    vault.close()


@pytest.fixture
def do(store):
    """Run a deed in a writing unit of work."""

    def run(deed, worker="w1"):
        with store.unit(worker=worker, now=NOW) as work:
            return deed(work)

    return run


@pytest.fixture
def child(do):
    """A family with one child, made here and not sent yet: the child's id."""
    baby = NewPerson(
        kind=PersonKind.CHILD, sex=Sex.FEMALE, role=Role.CHILD, surname="Myradowa", given_name="Aýna",
        born_on=date(2026, 7, 18),
    )  # fmt: skip
    family = NewFamily(name="Myradow", place="TM-M-GAR-01", children=(baby,))
    household = do(lambda work: families.register_family(work, family, today=TODAY))
    people = do(lambda work: [r[0] for r in work.db.exec_driver_sql("SELECT id FROM person")])
    return household, people[0]


def chg(number):
    return f"{number:032x}"


def pulled(do, record_id, *conflicts, subject=None, kind=None, body=None):
    """The office's version of a record, with open conflicts."""
    known = do(lambda work: work.record(record_id))
    version = Record(
        kind=kind or known.kind, id=record_id, subject=subject or (known.subject if known else record_id), rev=5,
        body=body or known.body, hlc={"": EARLY}, conflicts=conflicts,
    )  # fmt: skip
    do(lambda work: office.take_version(work, FEED, version.to_json()))
    return version


def born(value, by="w1", number=1, rev=5):
    return Conflict(name="born_on", value=value, by=by, hlc=LATE, chg=chg(number), rev=rev)


def settle(do):
    """The office has answered everything sent so far."""

    def deed(work):
        lines = office.lines_from(work, work.chain.inc, 1, limit=500)
        office.take_answers(work, [Answer(chg=line.chg, outcome=Outcome.OK, rev=1) for line in lines])

    do(deed)


def cards(do):
    return do(attention.attention)


def last_change(do):
    def deed(work):
        lines = office.lines_from(work, work.chain.inc, work.chain.number, limit=1)
        return Change.parse(lines[-1].line)

    return do(deed)


def test_quiet_work_needs_no_attention(do, child):
    """An ordinary day shows an empty list."""
    assert cards(do) == []


def test_a_conflict_shows_both_values_and_whose_they_are(do, child):
    """She must see what she would throw away."""
    household, person = child
    settle(do)
    pulled(do, person, born("2026-07-19"))
    (card,) = cards(do)
    assert (card.code, card.kind, card.who, card.family) == ("conflict", "person", "Myradowa Aýna", "Myradow")
    assert (card.household, card.person, card.is_sensitive) == (household, person, False)
    (conflict,) = card.conflicts
    assert conflict.name == "born_on"
    assert [(v.choice, v.value, v.is_mine) for v in conflict.values] == [
        (STANDING, "2026-07-18", False),
        (chg(1), "2026-07-19", True),
    ]
    assert not conflict.may_keep_both
    assert all(v.at is not None for v in conflict.values)


def test_when_another_worker_lost_the_standing_value_counts_as_mine(do, child):
    """Two buttons, and one of them must be hers."""
    _household, person = child
    settle(do)
    pulled(do, person, born("2026-07-19", by="w9"))
    values = cards(do)[0].conflicts[0].values
    assert [v.is_mine for v in values] == [True, False]


def test_an_own_change_is_mine_also_under_an_older_name(do, child):
    """After joining, the office's id stands in `by`; the change is still hers."""
    _household, person = child
    do(lambda work: work.put(Kind.PERSON, person, replace(work.get(Person, person), surname="M"), subject=person))
    mine = last_change(do)
    settle(do)
    lost = Conflict(name="surname", value="M", by="old-name", hlc=LATE, chg=mine.chg, rev=5)
    pulled(do, person, lost)
    assert [v.is_mine for v in cards(do)[0].conflicts[0].values] == [False, True]


@pytest.mark.parametrize(("choice", "kept"), [(STANDING, "2026-07-18"), (chg(1), "2026-07-19")])
def test_a_decision_is_a_change_that_closes_the_conflict_here_and_at_the_office(do, child, choice, kept):
    """The same merge on both sides: what she decided is what everybody sees, also when she keeps what stands."""
    _household, person = child
    settle(do)
    version = pulled(do, person, born("2026-07-19"))
    do(lambda work: attention.decide(work, person, "born_on", choice))
    assert cards(do) == []
    assert do(lambda work: work.record(person)).body["born_on"] == kept
    at_office = merge(version, last_change(do))
    assert at_office.outcome is Outcome.OK
    assert at_office.record.conflicts == ()
    assert at_office.record.body["born_on"] == kept
    assert do(office.unsent_count) == 1


def test_three_values_are_all_shown_and_decided_at_once(do, child):
    """The third value must not vanish unseen behind the first two."""
    _household, person = child
    settle(do)
    pulled(do, person, born("2026-07-19"), born("2026-07-20", by="w9", number=2))
    values = cards(do)[0].conflicts[0].values
    assert [v.value for v in values] == ["2026-07-18", "2026-07-19", "2026-07-20"]
    do(lambda work: attention.decide(work, person, "born_on", chg(2)))
    assert do(lambda work: work.record(person)).body["born_on"] == "2026-07-20"
    assert cards(do) == []


def test_a_decision_made_elsewhere_meanwhile_is_not_overwritten(do, child):
    """Two laptops show the same card: the second one looks again instead of deciding against the first."""
    _household, person = child
    settle(do)
    pulled(do, person, born("2026-07-19"))
    with pytest.raises(InputError) as error:
        do(lambda work: attention.decide(work, person, "born_on", chg(7)))
    assert error.value.code == "attention.decided"
    do(lambda work: attention.decide(work, person, "born_on", STANDING))
    with pytest.raises(InputError):
        do(lambda work: attention.decide(work, person, "born_on", STANDING))
    with pytest.raises(HealthvisitError) as absent:
        do(lambda work: attention.decide(work, "0" * 32, "born_on", STANDING))
    assert absent.value.code == "record.absent"


def test_two_phone_lists_may_be_kept_both(do, child):
    """Nothing has to go where both can be true."""
    household, _person = child
    settle(do)
    one, other = Phone(id="1", number="+99365123456"), Phone(id="2", number="+99364777777")
    home = do(lambda work: work.get(Household, household))
    body = body_of(replace(home, phones=(one,)))
    lost = Conflict(name="phones", value=body_of(replace(home, phones=(other,)))["phones"], by="w1", hlc=LATE,
                    chg=chg(1), rev=5)  # fmt: skip
    pulled(do, household, lost, body=body)
    (card,) = cards(do)
    assert card.conflicts[0].may_keep_both
    do(lambda work: attention.decide(work, household, "phones", BOTH))
    assert {p.number for p in do(lambda work: work.get(Household, household)).phones} == {one.number, other.number}
    assert cards(do) == []


@pytest.mark.parametrize("is_void", [False, True])
def test_whether_a_record_holds_is_decided_like_a_field(do, child, is_void):
    """One voided it, one went on writing: a person says which is true."""
    _household, person = child
    settle(do)
    known = do(lambda work: work.record(person))
    version = pulled(do, person, Conflict(name="void", value=True, by="w9", hlc=LATE, chg=chg(1), rev=5))
    assert digest(known.body) == digest(version.body)
    assert [v.value for v in cards(do)[0].conflicts[0].values] == [False, True]
    do(lambda work: attention.decide(work, person, "void", chg(1) if is_void else STANDING))
    assert do(lambda work: work.record(person)).void is is_void
    assert cards(do) == []


def test_a_refused_entry_is_kept_named_and_leads_to_its_family(do, child):
    """One bad record blocks nothing, and its author can go where it can be put right."""
    household, _person = child
    do(lambda work: families.change_household(work, household, {"address": "Bagt 3"}))
    refused = last_change(do)
    do(lambda work: office.take_answers(
        work, [Answer(chg=refused.chg, outcome=Outcome.QUARANTINED, code="scope.not_yours")]
    ))  # fmt: skip
    (card,) = cards(do)
    assert (card.code, card.kind, card.household, card.family) == ("scope.not_yours", "household", household, "Myradow")
    assert card.visit is None
    assert card.conflicts == ()
    assert "Myradow" not in repr(card)


def test_a_refused_visit_and_its_parts_are_one_card_with_its_day(do, child):
    """One visit is one thing to look at, however many records it is."""
    household, person = child
    family = {"id": "f" * 32, "visit": "e" * 32, "person": None, "form": {"name": "family", "sha256": ""}}
    frame = {
        "household": household, "worker": "w1", "on": "2026-11-04", "started_at": "2026-11-04T09:00:00Z", "pack": "p",
        "family": family, "signed_at": "2026-11-04T10:00:00Z",
    }  # fmt: skip
    part = {"visit": "e" * 32, "person": person, "form": {"name": "child", "sha256": ""}}

    def write(work):
        for kind, record, body, subject in (
            ("visit", "e" * 32, frame, household),
            ("visit_part", "d" * 32, part, person),
        ):
            edit = attention.Edit(kind=kind, record=record, subject=subject, op=attention.Op.NEW, body=body)
            work._write([edit])

    def refuse(work):
        lines = [Change.parse(line.line) for line in office.lines_from(work, work.chain.inc, 1, limit=500)]
        chgs = [c.chg for c in lines if c.kind in ("visit", "visit_part")]
        office.take_answers(work, [Answer(chg=c, outcome=Outcome.QUARANTINED, code="change.unreadable") for c in chgs])

    do(write)
    assert do(lambda work: work.record("e" * 32)) is not None
    do(refuse)
    found = cards(do)
    assert {(card.on, card.household) for card in found if card.kind == "visit"} == {(date(2026, 11, 4), household)}
    assert len(found) == 1


def test_a_sensitive_record_says_so(do, child):
    """What the husband beside her must not read stays behind its own button."""
    _household, person = child
    settle(do)
    lost = Conflict(name="gestation_days", value=200, by="w9", hlc=LATE, chg=chg(1), rev=5)
    pulled(do, "c" * 32, lost, kind="birth", subject=person, body={"person": person, "gestation_days": 210})
    (card,) = cards(do)
    assert card.is_sensitive
    assert card.who == "Myradowa Aýna"
    assert "210" not in repr(card)


def test_conflicts_come_before_refusals(do, child):
    """What others wait for is first."""
    household, person = child
    settle(do)
    do(lambda work: families.change_household(work, household, {"address": "Bagt 3"}))
    refused = Answer(chg=last_change(do).chg, outcome=Outcome.QUARANTINED, code="change.by")
    do(lambda work: office.take_answers(work, [refused]))
    pulled(do, person, born("2026-07-19"))
    assert [card.code for card in cards(do)] == ["conflict", "change.by"]
