"""A development check: kept at every answer, weighed, saved once with all that has to follow."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from healthvisit.domain.development import DevelopmentCheck
from healthvisit.domain.errors import HealthvisitError, InputError
from healthvisit.domain.person import Precision
from healthvisit.domain.referral import Referral, ReferralStatus, Task, Urgency
from healthvisit.services import caseload, check_drafts, development, families
from healthvisit.services.dangers import task_id
from healthvisit.services.lines import Group
from healthvisit.services.today import today_view
from healthvisit.store import checks
from tests.builders import NOW, TODAY, WORKER, a_child, default_pack, make_store, persons_of, register, reopen, visited

PACK = development.checks_pack()
BORN = TODAY - timedelta(days=320)  # ten months: band 10
TEN = [skill.code for skill in PACK.skills_of(10)]


@pytest.fixture
def store(tmp_path):
    made = make_store(tmp_path)
    yield made
    made.vault.close()


def child(store, born=BORN, **facts):
    home = register(store, "Myradow", a_child("Aýna", born, **facts), now=NOW)
    return persons_of(store, home)["Aýna"]


def read(store, deed):
    with store.reading(worker=WORKER, now=NOW) as work:
        return deed(work)


def write(store, deed, now=NOW):
    with store.unit(worker=WORKER, now=now) as work:
        return deed(work)


def begun(store, person, today=TODAY, **facts):
    held, draft = read(store, lambda work: development.begin(work, person, today=today))
    return held, replace(draft, **facts)


def answered(codes=TEN, **others):
    return {code: others.get(code, "yes") for code in codes}


def saved(store, draft, today=TODAY, now=NOW):
    return write(store, lambda work: development.save_check(work, PACK, draft, today=today), now)


def checked(store, person, today=TODAY, now=NOW, **facts):
    return saved(store, begun(store, person, today, **({"answers": answered()} | facts))[1], today, now)


def tasks(store, person):
    reasons = ("contact_after_referral", development.AGAIN)
    return [(t.reason, t.due_on) for t in read(store, lambda work: checks.tasks_of(work, person, *reasons))]


def test_a_draft_is_there_after_the_program_was_killed(tmp_path):
    """P1: the battery falls out in the middle; answers, words and the row with the keyboard are as they were."""
    store = make_store(tmp_path)
    person = child(store)
    _facts, draft = begun(store, person, answers={TEN[0]: "not_yet"}, worry="Sesine seredenok", focus=TEN[1])
    write(store, lambda work: check_drafts.keep_draft(work, draft))
    store.vault.close()  # nothing is sealed or marked any more, as by kill -9
    store = reopen(tmp_path)
    assert read(store, lambda work: development.begin(work, person, today=TODAY))[1] == draft
    assert not any(b"seredenok" in file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    store.vault.close()


def test_nothing_is_preset(store):
    """No clinical answer stands there before it was given."""
    facts, draft = begun(store, child(store))
    assert (draft.answers, draft.signs, draft.worry, draft.on) == ({}, {}, "", TODAY)
    assert [s.code for s in development.skills(PACK, facts, draft)] == TEN


def test_all_well_asks_for_nothing_and_ends_the_draft(store):
    """Green: praise; no referral, no task, no draft that would come back."""
    person = child(store)
    _facts, draft = begun(store, person, answers=answered())
    write(store, lambda work: check_drafts.keep_draft(work, draft))
    made = saved(store, draft)
    assert (made.result, made.band, made.referral, made.again_on) == ("green", 10, None, None)
    assert (made.age_days, made.corrected_days, made.pack, made.worker) == (320, None, "dmc@2026.1", WORKER)
    assert tasks(store, person) == []
    assert read(store, lambda work: check_drafts.find_draft(work, person)) is None
    late = replace(draft, worry="an answer still on its way to the disk")
    write(store, lambda work: check_drafts.keep_draft(work, late))
    assert read(store, lambda work: check_drafts.find_draft(work, person)) is None


def test_the_same_check_saved_twice_is_one_record(store):
    """A double click, or a save said again after a lost answer, refers no child twice."""
    person = child(store)
    _facts, draft = begun(store, person, answers=answered(**{TEN[0]: "not_yet", TEN[1]: "not_yet"}))
    first = saved(store, draft)
    lines = store.chain.number
    assert saved(store, draft) == first
    assert store.chain.number == lines


@pytest.mark.parametrize(
    ("facts", "result", "days", "urgency"),
    [
        ({"signs": {"seizures": "yes"}}, "red", 2, Urgency.URGENT),
        ({"signs": {"lost_skill": "yes"}}, "red", 2, Urgency.URGENT),
        ({"signs": {"stiff_or_floppy": "yes", "seizures": "no"}}, "red", 7, Urgency.SOON),
        ({"answers": answered(**{TEN[0]: "not_yet", TEN[1]: "not_yet"})}, "amber_2", 30, Urgency.ROUTINE),
    ],
)
def test_what_needs_a_doctor_is_referred_in_the_same_save(store, facts, result, days, urgency):
    """DOMAIN 3.2: red within 7 days, a lost skill or fits within 2, amber 2 within 30; somebody asks on that day."""
    person = child(store)
    made = checked(store, person, **facts)
    assert (made.result, made.refer_days) == (result, days)
    referral = read(store, lambda work: work.get(Referral, made.referral))
    assert (referral.reason, referral.urgency, referral.status) == ("development", urgency, ReferralStatus.SENT)
    assert tasks(store, person) == [("contact_after_referral", TODAY + timedelta(days=days))]
    later = TODAY + timedelta(days=days)
    row = read(store, lambda work: today_view(work, default_pack(), today=later)).rows[0]
    assert (row.group, row.follow_up) == (Group.NOW, True)


def test_one_skill_not_yet_is_looked_at_again_in_four_weeks(store):
    """Amber 1: the family is on the list of that day, and on its page before."""
    person = child(store)
    made = checked(store, person, answers=answered(**{TEN[2]: "not_yet"}))
    again = TODAY + timedelta(days=28)
    assert (made.result, made.again_on) == ("amber_1", again)
    home = made.household
    view = read(store, lambda work: caseload.family_view(work, default_pack(), home, today=TODAY))
    assert view.again == ((person, again),)
    assert view.tasks == 0
    rows = {r.id: r for r in read(store, lambda work: today_view(work, default_pack(), today=again)).rows}
    assert rows[home].follow_up
    second = checked(store, person, again, answers=answered(**{TEN[2]: "not_yet"}))
    assert (second.result, [r.cause for r in second.reasons]) == ("amber_2", ["again", "one_not_yet"])
    assert tasks(store, person) == [("contact_after_referral", again + timedelta(days=30))]


def test_a_family_with_no_visit_due_comes_onto_the_list_on_the_day_to_look_again(store):
    """A child of four is seen rarely: without the task nobody would think of it."""
    person = child(store, TODAY - timedelta(days=1700))
    codes = [s.code for s in PACK.skills_of(48)]
    made = checked(store, person, answers=answered(codes, **{codes[0]: "not_yet"}))
    before, day = (made.again_on - timedelta(days=1), made.again_on)
    assert read(store, lambda work: today_view(work, default_pack(), today=before)).rows == ()
    (row,) = read(store, lambda work: today_view(work, default_pack(), today=day)).rows
    assert (row.group, row.follow_up) == (Group.DUE, True)


def test_what_was_left_out_is_to_be_finished_in_two_weeks(store):
    """Incomplete is no result to leave lying, also beside a graver one."""
    person = child(store)
    made = checked(store, person, answers={TEN[0]: "yes"})
    assert (made.result, made.again_on) == ("incomplete", TODAY + timedelta(days=14))
    graver = checked(store, person, answers={TEN[0]: "not_yet", TEN[1]: "not_yet"})
    assert (graver.result, graver.again_on) == ("red", TODAY + timedelta(days=14))  # TEN[0] was there: lost


def test_a_skill_seen_before_and_gone_now_is_always_red(store):
    """The one finding nobody may explain away."""
    person = child(store, TODAY - timedelta(days=335))
    checked(store, person, TODAY - timedelta(days=20))
    made = checked(store, person, answers=answered(**{TEN[3]: "not_yet"}))
    assert made.result == "red"
    assert (made.reasons[0].cause, made.reasons[0].about) == ("lost_skill", (TEN[3],))
    assert made.refer_days == 2


def test_of_two_checks_on_one_day_the_later_one_counts(store):
    """What was left out in the morning was asked in the afternoon."""
    person = child(store)
    checked(store, person, answers=answered(**{TEN[0]: "sometimes"}))
    checked(store, person, now=NOW + timedelta(hours=4))
    with store.reading(worker=WORKER, now=NOW) as work:
        facts = development.check_facts(work, person, today=TODAY)
    assert [past.answers[TEN[0]] for past in facts.past(TODAY)] == ["sometimes", "yes"]


def test_a_second_referral_is_made_only_where_the_first_is_too_slow(store):
    """One child, one way to the doctor: an open referral that is soon enough stands for the new check too."""
    person = child(store)
    slow = checked(store, person, answers=answered(**{TEN[0]: "not_yet", TEN[1]: "not_yet"}))
    again = checked(store, person, answers=answered(**{TEN[0]: "not_yet", TEN[1]: "not_yet"}))
    assert again.referral == slow.referral
    red = checked(store, person, signs={"seizures": "yes"})
    assert red.referral != slow.referral
    assert read(store, lambda work: work.get(Referral, slow.referral)).status is ReferralStatus.CANCELLED
    assert read(store, lambda work: work.get(Task, task_id(slow.referral))).state == "done"


def test_a_correction_takes_the_place_of_the_check_and_of_its_referral(store):
    """Pressed on the wrong row: the referral is withdrawn, the first version is kept beneath."""
    person = child(store)
    wrong = checked(store, person, answers=answered(**{TEN[0]: "not_yet", TEN[1]: "not_yet"}))
    _facts, draft = read(store, lambda work: development.begin(work, person, today=TODAY, amends=wrong.id))
    assert (draft.answers, draft.amends) == (wrong.answers, (wrong.id,))
    right = saved(store, replace(draft, answers=answered()))
    assert (right.result, right.referral) == ("green", None)
    assert [c.id for c in read(store, lambda work: checks.checks_of(work, person))] == [right.id]
    assert read(store, lambda work: work.get(DevelopmentCheck, wrong.id)).result == "amber_2"
    assert read(store, lambda work: work.get(Referral, wrong.referral)).status is ReferralStatus.CANCELLED
    assert tasks(store, person) == []


def test_a_correction_of_an_older_check_leaves_what_the_newest_asks_for(store):
    """A slip found in last month's check says nothing about when this month's is to be looked at again."""
    person = child(store)
    older = checked(store, person, TODAY - timedelta(days=10), answers=answered(**{TEN[2]: "not_yet"}))
    newest = checked(store, person, answers={TEN[0]: "yes"})
    _facts, draft = read(store, lambda work: development.begin(work, person, today=TODAY, amends=older.id))
    saved(store, replace(draft, answers=answered(**{TEN[3]: "not_yet"})))
    assert tasks(store, person) == [(development.AGAIN, newest.again_on)]


def test_the_doctor_has_seen_the_child(store):
    """Once somebody said so nobody asks again."""
    person = child(store)
    made = checked(store, person, signs={"seizures": "yes"})
    write(store, lambda work: development.confirm_seen(work, made.referral, today=TODAY))
    assert tasks(store, person) == []
    assert read(store, lambda work: checks.open_referrals(work, person, development.REASON)) == []


def test_a_preterm_child_is_asked_what_its_corrected_age_can_do(store):
    """Ten weeks early at 320 days is eight months: the list is that of six."""
    person = child(store, gestation_days=30 * 7)
    made = checked(store, person, answers={PACK.skills_of(6)[0].code: "yes"})
    assert (made.band, made.age_days, made.corrected_days) == (6, 320, 250)


@pytest.mark.parametrize(
    ("days", "code"),
    [(1, "development.check_in_future"), (-321, "development.check_before_birth")],
)
def test_a_day_on_which_the_child_cannot_have_been_seen_is_refused(store, days, code):
    """A slip in the date would put every answer into the wrong age."""
    _facts, draft = begun(store, child(store), answers=answered(), on=TODAY + timedelta(days=days))
    with pytest.raises(InputError) as refused:
        saved(store, draft)
    assert refused.value.code == code


def test_a_child_of_six_is_too_old_and_one_of_five_is_not(store):
    """The last list is that of 60 months; it still says something a year later."""
    person = child(store, date(2021, 3, 1))
    made = checked(store, person, answers={s.code: "yes" for s in PACK.skills_of(60)})
    assert (made.band, made.result) == (60, "green")
    with pytest.raises(InputError, match=r"development.too_old"):
        checked(store, person, date(2027, 3, 2))


def test_nothing_answered_is_no_check(store):
    """A page opened and left makes no record; "not asked" everywhere is nothing."""
    person = child(store)
    for facts in ({}, {"answers": dict.fromkeys(TEN, "not_asked"), "signs": {"seizures": "not_asked"}}):
        with pytest.raises(InputError, match=r"development.nothing_answered"):
            checked(store, person, **({"answers": {}} | facts))


def test_without_a_day_of_birth_the_signs_are_still_asked(store):
    """No list fits an unknown age; fits are a danger at every age."""
    person = child(store, date(2026, 1, 1), born_precision=Precision.MONTH)
    facts, draft = begun(store, person)
    assert development.skills(PACK, facts, draft) == ()
    made = checked(store, person, answers={}, signs={"seizures": "yes"})
    assert (made.band, made.age_days, made.result) == (None, None, "red")


def test_a_head_that_crosses_two_lines_counts_without_being_asked(store):
    """The program works it out from the measurements, as the pack says."""
    home = register(store, "Myradow", a_child("Aýna", BORN), now=NOW)
    person = persons_of(store, home)["Aýna"]
    visited(store, home, TODAY - timedelta(days=90), {"Aýna": {"head_mm": "430"}})
    visited(store, home, TODAY, {"Aýna": {"head_mm": "480"}})
    facts, draft = begun(store, person, answers=answered())
    assert facts.head_is_a_sign(TODAY)
    assert not facts.head_is_a_sign(TODAY - timedelta(days=90))
    assert saved(store, draft).reasons[0].about == ("head_growth",)


def test_nobody_looks_again_at_a_child_that_died(store):
    """Every reminder stops at once."""
    person = child(store)
    made = checked(store, person, answers=answered(**{TEN[2]: "not_yet"}))
    write(store, lambda work: families.record_death(work, person, on=TODAY, today=TODAY))
    later = read(store, lambda work: today_view(work, default_pack(), today=made.again_on))
    assert later.rows == ()


def test_a_child_that_is_not_here_is_said(store):
    """The page opened from an old list says so instead of failing."""
    with pytest.raises(HealthvisitError, match=r"record.absent"):
        begun(store, "f" * 32)


def test_no_answer_stands_in_a_repr_or_an_error(store):
    """Logs and crash reports hold nothing of a child."""
    made = checked(store, child(store), worry="Sesine seredenok", signs={"seizures": "yes"})
    assert not any(word in repr(made) for word in ("seizures", "Sesine", "red", TEN[0]))
