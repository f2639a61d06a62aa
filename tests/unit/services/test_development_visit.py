"""Development in a visit: whose check is due, what a visit's check knows, what came of a referral, what Today lists."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from healthvisit.domain.development import DevelopmentCheck
from healthvisit.domain.person import Precision
from healthvisit.domain.referral import Referral, ReferralStatus
from healthvisit.services import check_drafts, development, families
from healthvisit.services.check_drafts import InVisit
from healthvisit.services.development_visit import Followed, entry_of, follow, followed_in, standings
from healthvisit.services.lines import Group
from healthvisit.services.measurements import ChildFacts
from healthvisit.services.today import today_view
from healthvisit.store import checks, people
from tests.builders import NOW, TODAY, WORKER, a_child, default_pack, make_store, persons_of, register, reopen, visited

PACK = development.checks_pack()
BORN = TODAY - timedelta(days=345)  # eleven months: band 10
TEN = [skill.code for skill in PACK.skills_of(10)]
VISIT = InVisit("a" * 32, TODAY)
DAYS_AGO = {days: NOW - timedelta(days=days) for days in (1, 5, 30)}


@pytest.fixture
def store(tmp_path):
    made = make_store(tmp_path)
    yield made
    made.vault.close()


def child(store, born=BORN, **facts):
    home = register(store, "Myradow", a_child("Aýna", born, **facts), now=NOW - min(timedelta(days=60), TODAY - born))
    return persons_of(store, home)["Aýna"]


def read(store, deed, now=NOW):
    with store.reading(worker=WORKER, now=now) as work:
        return deed(work)


def write(store, deed, now=NOW):
    with store.unit(worker=WORKER, now=now) as work:
        return deed(work)


def answered(**others):
    return {code: others.get(code, "yes") for code in TEN}


TWO_NOT_YET = answered(**{TEN[0]: "not_yet", TEN[1]: "not_yet"})


def begun(store, person, *, ago=0, visit=None, **facts):
    day = TODAY - timedelta(days=ago)

    def deed(work):
        return development.begin(work, person, today=day, visit=visit)

    return replace(read(store, deed, NOW - timedelta(days=ago))[1], **facts)


def checked(store, person, *, ago=0, visit=None, **facts):
    draft = begun(store, person, ago=ago, visit=visit, **({"answers": answered()} | facts))
    now, day = NOW - timedelta(days=ago), TODAY - timedelta(days=ago)
    return write(store, lambda work: development.save_check(work, PACK, draft, today=day), now)


def kept(store, draft, now=NOW):
    write(store, lambda work: check_drafts.keep_draft(work, draft), now)
    return draft


def standing(store, person, born=BORN, visit=VISIT, **facts):
    known = ChildFacts(sex="f", born_on=born, **facts)
    return read(store, lambda work: standings(work, PACK, [(person, known)], visit))[person]


def follow_up(store, *said, today=TODAY):
    later = NOW + timedelta(hours=1)
    write(store, lambda work: follow(work, said, on=TODAY, today=today), later)


def rows(store, today=TODAY):
    return {row.id: row for row in read(store, lambda work: today_view(work, default_pack(), today=today)).rows}


# whose check is due


def test_the_list_of_an_age_is_due_until_it_was_asked(store):
    """What is not due costs no thought; what is due is not forgotten."""
    person = child(store)
    held = standing(store, person)
    assert (held.state, held.band, held.is_offered) == ("todo", 10, True)
    checked(store, person, ago=5)
    assert standing(store, person).state == "not_today"
    later = InVisit("b" * 32, BORN + timedelta(days=440))  # fourteen months
    assert standing(store, person, visit=later).state == "todo"


def test_a_day_to_look_again_makes_it_due_before_the_next_list(store):
    """Amber 1: four weeks, though the list of the age was asked."""
    person = child(store)
    made = checked(store, person, ago=30, answers=answered(**{TEN[2]: "not_yet"}))
    assert made.again_on < TODAY
    assert standing(store, person).state == "todo"
    assert standing(store, person, visit=InVisit("b" * 32, made.again_on - timedelta(days=1))).state == "not_today"


def test_the_corrected_age_says_which_list(store):
    """Born ten weeks early: at ten months the list of six."""
    assert standing(store, child(store, gestation_days=210), gestation_days=210).band == 6


def test_a_newborn_has_no_list_and_a_child_without_a_birthday_is_still_asked_for_signs(store):
    """Development is asked from six weeks; fits are fits at any age."""
    born = TODAY - timedelta(days=12)
    assert not standing(store, child(store, born), born=born).is_offered
    held = standing(store, child(store), born_precision=Precision.ESTIMATED)
    assert (held.is_offered, held.band, held.state) == (True, None, "todo")


def test_a_check_begun_or_made_in_the_visit_says_so(store):
    """The list of sections shows what became of it."""
    person = child(store)
    draft = kept(store, begun(store, person, visit=VISIT, answers={TEN[0]: "yes"}))
    assert (standing(store, person).state, standing(store, person).begun_on) == ("started", TODAY)
    made = write(store, lambda work: development.save_check(work, PACK, draft, today=TODAY))
    assert (standing(store, person).state, standing(store, person).made) == ("done", made)
    assert standing(store, person, visit=InVisit("b" * 32, TODAY)).made is None


# the visit it is made in


def test_a_check_of_a_visit_knows_the_visit_and_has_its_day(store):
    """The draft of a visit begun yesterday: the check is of yesterday too."""
    person, visit = child(store), InVisit("c" * 32, TODAY - timedelta(days=1))
    draft = begun(store, person, visit=visit)
    assert (draft.visit, draft.on) == visit
    made = checked(store, person, visit=visit)
    assert (made.visit, made.on) == visit
    assert read(store, lambda work: work.get(DevelopmentCheck, made.id)).visit == visit.id


def test_a_check_begun_before_becomes_the_visit_s_with_every_answer(store):
    """Begun at the last visit, finished at this one."""
    person = child(store)
    first = kept(store, begun(store, person, ago=5, answers={TEN[0]: "yes"}), DAYS_AGO[5])
    held = begun(store, person, visit=VISIT)
    assert held == replace(first, visit=VISIT.id, on=TODAY)


def test_a_check_begun_under_another_list_keeps_its_day_and_loses_no_answer(store):
    """A birthday in between would ask another list, and what was answered would count no more."""
    person = child(store, TODAY - timedelta(days=306))  # ten months since two days
    six = PACK.skills_of(6)[0].code
    first = kept(store, begun(store, person, ago=30, answers={six: "yes"}), DAYS_AGO[30])
    assert begun(store, person, visit=VISIT) == first


# what came of a referral


def referred(store, person, ago=5):
    made = checked(store, person, ago=ago, answers=TWO_NOT_YET)
    return read(store, lambda work: work.get(Referral, made.referral))


def test_a_referral_is_asked_about_from_the_next_day_on_until_a_doctor_saw_the_child(store):
    """DOMAIN 3.2: at each visit until closed; not minutes after it was written."""
    person = child(store)
    referral = referred(store, person)
    assert standing(store, person).referral.id == referral.id
    assert standing(store, person, visit=InVisit("b" * 32, TODAY - timedelta(days=5))).referral is None
    follow_up(store, Followed(referral=referral.id, person=person, seen=False))
    assert standing(store, person).referral.id == referral.id
    follow_up(store, Followed(referral=referral.id, person=person, seen=True))
    assert standing(store, person).referral is None
    assert read(store, lambda work: work.get(Referral, referral.id)).status is ReferralStatus.ATTENDED
    assert not read(store, lambda work: checks.tasks_of(work, person, "contact_after_referral"))


def test_what_was_said_on_the_child_s_page_too_is_written_once(store):
    """She presses it there, and signs the visit in which she had answered it."""
    person = child(store)
    referral = referred(store, person)
    write(store, lambda work: development.confirm_seen(work, referral.id, today=TODAY))
    lines = store.chain.number
    follow_up(store, Followed(referral=referral.id, person=person, seen=True))
    follow_up(store, Followed(referral="f" * 32, person=person, seen=True))
    assert store.chain.number == lines


@pytest.mark.parametrize("signed_on", [TODAY, TODAY + timedelta(days=1)])
def test_what_this_visit_s_check_found_is_referred_anew_when_the_old_referral_is_closed(store, signed_on):
    """The doctor saw the child before this check: what it asks for must not be closed with the old referral."""
    person = child(store)
    old = referred(store, person)
    made = checked(store, person, visit=VISIT, answers=TWO_NOT_YET)
    assert made.referral == old.id  # still open and soon enough
    follow_up(store, Followed(referral=old.id, person=person, seen=True), today=signed_on)
    (left,) = read(store, lambda work: checks.open_referrals(work, person, development.REASON))
    assert left.id != old.id
    assert left.due_on == made.on + timedelta(days=made.refer_days)
    (task,) = read(store, lambda work: checks.tasks_of(work, person, "contact_after_referral"))
    assert task.due_on == left.due_on


def test_the_family_s_part_keeps_what_was_said_and_to_whom_it_belongs(store):
    """Read again next year: asked, and not yet. Nothing asked leaves no entry."""
    said = (
        Followed(referral="a" * 32, person="b" * 32, seen=False),
        Followed(referral="c" * 32, person="d" * 32, seen=True),
    )
    entry = entry_of(said)
    assert entry.privacy == "sensitive"
    assert followed_in(entry.fields) == said
    assert entry_of(()) is None
    assert followed_in(None) == ()
    assert "True" not in repr(said[1])


# Today


def home_of(store, person):
    return read(store, lambda work: people.home_of(work, person, today=TODAY))


def test_a_check_begun_stands_in_today_until_it_is_saved(tmp_path):
    """Called away in the middle: it waits where the morning begins, not only on the child's page; also after a kill."""
    store = make_store(tmp_path)
    person = child(store)
    home = home_of(store, person)
    opened = kept(store, begun(store, person, ago=5), DAYS_AGO[5])
    assert rows(store)[home].begun == ()  # opened, and nothing answered
    draft = kept(store, replace(opened, answers={TEN[0]: "yes"}), DAYS_AGO[5])
    store.vault.close()
    store = reopen(tmp_path)
    assert rows(store)[home].begun == ((person, TODAY - timedelta(days=5)),)
    assert rows(store)[home].group is Group.DUE  # the visit's own urgency stays
    write(store, lambda work: development.save_check(work, PACK, draft, today=TODAY))
    assert rows(store)[home].begun == ()
    store.vault.close()


def test_a_family_with_nothing_due_is_listed_among_the_started_and_leaves_with_the_draft(store):
    """Nobody would open its page for weeks."""
    person = child(store, date(2026, 7, 18))
    home = home_of(store, person)
    visited(store, home, TODAY, {"Aýna": {}}, code="M4")
    assert home not in rows(store)
    kept(store, begun(store, person, ago=1, signs={"seizures": "no"}), DAYS_AGO[1])
    row = rows(store)[home]
    assert (row.group, row.sort_on, row.draft) == (Group.STARTED, TODAY - timedelta(days=1), None)
    write(store, lambda work: check_drafts.drop_draft(work, person))
    assert home not in rows(store)


def test_no_check_of_a_child_who_died_is_asked_for(store):
    """Nobody finishes it."""
    person = child(store)
    home = home_of(store, person)
    kept(store, begun(store, person, ago=5, answers={TEN[0]: "yes"}), DAYS_AGO[5])
    write(store, lambda work: families.record_death(work, person, on=TODAY, today=TODAY))
    assert home not in rows(store) or rows(store)[home].begun == ()
