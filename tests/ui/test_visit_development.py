"""Development in the visit: one key to the check and back, what came of a referral, what "check and sign" says."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from healthvisit.domain.development import DevelopmentCheck
from healthvisit.domain.person import Sex
from healthvisit.domain.referral import Referral, ReferralStatus
from healthvisit.services import amending, check_drafts, development, signing, visits
from healthvisit.services.check_drafts import InVisit
from healthvisit.services.development_visit import ENTRY
from healthvisit.store import checks
from healthvisit.ui.development.check_presenter import SIGNS, SKILLS, WORRIES
from healthvisit.ui.visit.development_section import PATH, key_of
from healthvisit.ui.visit.signed_view import SignedVisitView
from tests.builders import NOW, TODAY, WORKER, a_child, persons_of, register, visited
from tests.desktop import make_work
from tests.ui.visiting import LONG_AGO, Room, family, two_children

PACK = development.checks_pack()
MONTH_AGO = NOW - timedelta(days=30)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def room(qtbot, desk, go):
    return Room(qtbot, desk, go)


def check(store, person, *, now=NOW, visit=None, save=True, **facts):
    """A check with each skill there but for `facts`; saved, or only kept. Once a visit is open, by its `Room`."""

    def deed(work):
        held, draft = development.begin(work, person, today=now.date(), visit=visit)
        answers = {skill.code: "yes" for skill in development.skills(PACK, held, draft)}
        draft = replace(draft, answers=answers | facts)
        if save:
            return development.save_check(work, PACK, draft, today=now.date())
        check_drafts.keep_draft(work, draft)
        return draft

    if isinstance(store, Room):
        return store.write(deed)
    with store.unit(worker=WORKER, now=now) as work:
        return deed(work)


def referred(store, person, *, now=MONTH_AGO):
    """A check that sends the child to a doctor."""
    with store.reading(worker=WORKER, now=now) as work:
        held, draft = development.begin(work, person, today=now.date())
        asked = [skill.code for skill in development.skills(PACK, held, draft)]
    made = check(store, person, now=now, **dict.fromkeys(asked[:2], "not_yet"))
    assert made.referral is not None
    return made


def section(room, person):
    return next(s for s in room.presenter.sections() if s.key == key_of(person))


def click(room, key):
    rows = room.view.work.sections
    rows.choose(key)
    room.qtbot.mouseClick(rows.viewport(), LEFT, pos=rows.visualRect(rows.currentIndex()).center())


def come_back(room):
    """As from another page."""
    room.view.hide()
    room.view.show()
    room.saved().settle()


def said(room):
    room.to("check")
    return room.view.work.check.text()


# the way there


def test_one_click_or_one_key_leads_to_the_check_of_each_child_seen(room, store, go):
    """DOMAIN 1.3: development stands between growth and advice; the check knows the visit and its day."""
    home = two_children(store)
    who = persons_of(store, home)
    room.open(home)
    keys = [s.key for s in room.presenter.sections()]
    ours = [key_of(who["Aýna"]), key_of(who["Kerim"])]
    at = keys.index(ours[0])
    assert keys[at : at + 3] == [*ours, "0/agreement"]
    assert keys[at - 1].endswith("/growth")
    assert section(room, who["Kerim"]).title == "Development check · Kerim"
    visit = InVisit(room.draft.id, TODAY)
    click(room, ours[1])
    assert go.places == [("start_check", who["Kerim"], "", visit)]
    room.to("1/growth")
    own = room.draft.parts[1].person.id
    room.key(Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert go.places[1:] == [("start_check", own, "", visit)]
    assert room.page() == "1/growth"


def test_continue_passes_it_by_and_says_how_it_stands(room, store):
    """A visit without a check costs no key; the last look says that one is due, and nothing is blocked."""
    home = family(store)
    person = persons_of(store, home)["Aýna"]
    room.open(home)
    assert section(room, person).state == "todo"
    assert "Development check\ndue (3 months), and not made" in said(room.fill())
    assert room.sign()


def test_what_is_not_due_says_so_and_is_one_click_away_all_the_same(room, store, go):
    """The mother is worried today, though the list was asked last week."""
    home = family(store)
    person = persons_of(store, home)["Aýna"]
    check(store, person, now=NOW - timedelta(days=7))
    room.open(home)
    assert section(room, person).state == "not_today"
    click(room, key_of(person))
    assert go.places[-1][:2] == ("start_check", person)
    assert "Development check" not in said(room.fill())


def test_a_check_begun_is_said_and_does_not_block(room, store):
    """Begun, the child fell asleep: the visit is signed, the check waits in Today."""
    home = family(store)
    person = persons_of(store, home)["Aýna"]
    check(store, person, save=False)
    room.open(home)
    assert section(room, person).state == "started"
    assert "begun on 23 Nov, not finished" in said(room.fill())
    assert room.sign()
    assert room.read(check_drafts.begun) == {person: TODAY}


@pytest.mark.parametrize(
    ("missing", "todo"), [(2, "Seen by a doctor by 23.12.2026."), (1, "Look again on 21.12.2026."), (0, "")]
)
def test_check_and_sign_says_what_the_check_came_to_and_what_to_do(qtbot, room, store, go, missing, todo):
    """The outcome is read before the signature and after it, with the reason and the day."""
    home = family(store)
    person = persons_of(store, home)["Aýna"]
    room.open(home)
    asked = [skill.code for skill in PACK.skills_of(3)]
    visit = InVisit(room.draft.id, TODAY)
    made = check(room, person, visit=visit, **dict.fromkeys(asked[:missing], "not_yet"))
    come_back(room)
    assert section(room, person).state == "done"
    text = said(room.fill())
    assert PACK.follow_up(made.result).name["en"] in text
    assert todo in text
    assert all(PACK.skill(code).text["en"] in text for code in asked[:missing])
    assert not any(word in text.lower() for word in ("amber", "green"))
    signed = SignedVisitView(room.desk, go)
    qtbot.addWidget(signed)
    signed.show()
    signed.open(room.sign().id)
    qtbot.waitUntil(lambda: "looked for each" in signed.pane.text())
    assert PACK.follow_up(made.result).name["en"] in signed.pane.text()


def test_the_check_made_in_this_visit_is_corrected_and_not_made_twice(room, store, go):
    """She opens it again to look: the same record, not a second one of the same day."""
    home = family(store)
    person = persons_of(store, home)["Aýna"]
    room.open(home)
    made = check(room, person, visit=InVisit(room.draft.id, TODAY))
    come_back(room)
    click(room, key_of(person))
    assert go.places[-1] == ("start_check", person, made.id, InVisit(room.draft.id, TODAY))


def test_a_newborn_and_a_correction_have_no_such_section(room, store):
    """Development is asked from six weeks; a correction corrects what was signed."""
    home = register(store, "Orazow", a_child("Kerim", TODAY - timedelta(days=12), Sex.MALE), now=NOW)
    other = family(store)
    room.open(home)
    assert not [s for s in room.presenter.sections() if s.key.startswith("development/")]
    signed = room.open(other).fill().sign()
    room.view.open_amending(signed.id)
    room.wait()
    assert not [s for s in room.presenter.sections() if s.key.startswith("development/")]


# what came of a referral


def test_what_came_of_a_referral_is_asked_beside_the_last_agreement_until_a_doctor_saw_the_child(room, store):
    """DOMAIN 3.2: at each visit until closed; signing writes it, and the next visit asks no more."""
    home = family(store)
    person = persons_of(store, home)["Aýna"]
    made = referred(store, person)
    for digit, status in ((Qt.Key.Key_2, ReferralStatus.SENT), (Qt.Key.Key_1, ReferralStatus.ATTENDED)):
        room.open(home)
        room.fill_until("0/agreement")
        (group,) = room.view.work.follow.groups.values()
        assert group.label.text() == "Aýna was sent to a doctor on 24 Oct for the development. What came of it?"
        assert group.key() is None
        room.key(digit)
        assert "seen" not in repr(room.draft.followed)
        assert not group.isAncestorOf(room.focus())  # on to the next question
        room.answer(agreed="breast milk only", **({"last_time": "done"} if digit == Qt.Key.Key_1 else {}))
        text = said(room)
        assert f"Aýna: {group.buttons['yes' if digit == Qt.Key.Key_1 else 'no'].text()}" in text
        visit = room.sign()
        assert room.read(lambda work: work.get(Referral, made.referral)).status is status
        kept = room.read(lambda work, visit=visit: signing.visit_of(work, visit.id))
        assert kept.family.entry(ENTRY) == {
            "asked": [{"referral": made.referral, "person": person, "seen": digit == Qt.Key.Key_1}]
        }
    room.open(home)
    room.to("0/agreement")
    assert not room.view.work.follow.isVisible()
    assert room.presenter.follow_questions() == []


def test_an_open_referral_unanswered_is_missing_and_the_way_leads_there(room, store):
    """As for the last agreement: what was not asked is not signed over."""
    home = family(store)
    referred(store, persons_of(store, home)["Aýna"])
    room.open(home)
    room.fill_until("0/agreement")
    (group,) = room.view.work.follow.groups.values()
    assert group.isAncestorOf(room.focus())
    room.answer(agreed="breast milk only")
    room.go_on()
    assert room.page() == "0/agreement"
    assert group.error.isVisible()
    assert "What came of it?" in room.view.work.summary.links[0].text()
    room.key(Qt.Key.Key_Return)
    assert group.isAncestorOf(room.focus())
    room.to("check")
    assert "1 answer missing" in room.view.work.check.first_line().text()
    room.go_on()
    assert room.page() == "0/agreement"
    room.key(Qt.Key.Key_Return)
    room.key(Qt.Key.Key_2)
    assert not group.error.isVisible()
    room.to("check")
    assert room.view.work.check.first_line() is None


def test_a_brother_who_is_not_seen_today_is_asked_about_too(room, store):
    """His next visit may be months away."""
    home = register(store, "Myradow", a_child(), a_child("Kerim", TODAY - timedelta(days=900), Sex.MALE), now=LONG_AGO)
    who = persons_of(store, home)
    made = referred(store, who["Kerim"])
    visited(store, home, TODAY - timedelta(days=20), {"Kerim": {}}, code="M30")
    room.open(home).to("0/agreement")
    assert [p.person.given_name for p in room.draft.seen if p.person] == ["Aýna"]
    assert [q.path for q in room.presenter.follow_questions()] == [f"{PATH}{made.referral}"]


def test_an_answer_given_is_there_after_a_kill_and_a_correction_carries_it(room, store):
    """P1: the draft holds it; the correction of the visit keeps what was said, and says it once."""
    home = family(store)
    person = persons_of(store, home)["Aýna"]
    made = referred(store, person)
    room.open(home)
    room.fill_until("0/agreement")
    room.key(Qt.Key.Key_1)
    room.answer(agreed="breast milk only")
    room.view.flush()
    room.saved()
    room.open(home)  # anew from the disk
    assert room.page() == "0/agreement"
    assert [q.value for q in room.presenter.follow_questions()] == ["yes"]
    first = room.sign()
    lines = room.read(lambda work: checks.open_referrals(work, person, development.REASON))
    assert lines == []
    room.view.open_amending(first.id)
    room.wait()
    room.answer_on("0/agreement", agreed="breast milk, water in the heat")
    room.presenter.setting.set_reason(next(n.code for n in room.desk.pack.lists["corrections"]))
    second = room.sign()
    kept = room.read(lambda work: signing.visit_of(work, second.id))
    assert kept.family.entry(ENTRY)["asked"][0]["referral"] == made.referral
    assert room.read(lambda work: amending.signed(work, room.desk.pack, second.id, today=TODAY)).before.id == first.id


def test_what_the_wrong_family_said_closes_nobody_s_referral(room, store):
    """The visit is given to the family it was made with: the other child still has to be seen."""
    home, right = family(store), register(store, "Orazow", a_child("Maral", surname="Orazowa"), now=LONG_AGO)
    person, other = persons_of(store, home)["Aýna"], persons_of(store, right)["Maral"]
    made = referred(store, person)
    room.open(home)
    room.fill_until("0/agreement")
    room.key(Qt.Key.Key_1)
    room.answer(agreed="breast milk only")
    visit = room.sign()
    assert room.read(lambda work: checks.open_referrals(work, person, development.REASON)) == []
    moved = room.write(lambda work: amending.move_visit(work, room.desk.pack, visit.id, right, {person: other}))
    (referral,) = room.read(lambda work: checks.open_referrals(work, person, development.REASON))
    assert referral.id == made.referral
    assert room.read(lambda work: checks.tasks_of(work, person, "contact_after_referral"))
    assert room.read(lambda work: signing.visit_of(work, moved.id)).family.entry(ENTRY) is None


# the whole program


def test_there_and_back_by_keys_nothing_lost_in_either_draft(desktop, tmp_path):
    """A weight half typed, the check of the child done, and back in the same field of the same page."""
    home = make_work(tmp_path, "Myradow")[0]
    here = desktop(tmp_path).unlock()
    page = here.visit(home)
    person = here.child_of(home)
    presenter = page.presenter
    growth = next(s.key for s in presenter.steps if s.name == "growth")
    presenter.pick(growth)
    here.hands.type("5,85")
    here.hands.type("62", enter=False)
    field = QApplication.focusWidget()
    here.hands.key(Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    house = here.house
    check_page = house.check_page
    here.hands.until("the check", lambda: check_page.presenter.draft is not None)
    assert house.frame.page() == "check"
    assert not check_page.day.isEnabled()
    here.hands.digit(1)
    check_page.leave.click()
    here.hands.settle()
    assert house.frame.page() == "visit"
    assert page.presenter is presenter
    assert (presenter.draft.page, QApplication.focusWidget()) == (growth, field)
    assert field.text() == "62"
    assert next(s for s in presenter.sections() if s.key == key_of(person)).state == "started"
    here.hands.key(Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    here.hands.until("the check again", lambda: check_page.presenter.draft is not None)
    assert len(check_page.presenter.draft.answers) == 1
    for rows in (SKILLS, SIGNS, WORRIES):
        for code, row in check_page.lists[rows].rows.items():
            if not row.value:
                check_page.presenter.answer(rows, code, "yes" if rows == SKILLS else "no", code)
        here.hands.go_on()
    here.hands.until("the check is saved", lambda: check_page.presenter.done is not None)
    assert check_page.main.text() == "Back to the visit"
    check_page.main.click()
    here.hands.settle()
    assert (house.frame.page(), presenter.draft.page, QApplication.focusWidget()) == ("visit", growth, field)
    assert next(s for s in presenter.sections() if s.key == key_of(person)).state == "done"
    made = here.at_store(lambda work: checks.checks_of(work, person))
    assert [(c.visit, c.on, c.result) for c in made] == [(presenter.draft.id, presenter.draft.on, "green")]
    assert here.at_store(lambda work: work.get(DevelopmentCheck, made[0].id)).signs
    kept = here.at_store(lambda work: visits.resume(work, house.desk.pack, house.desk.forms, presenter.draft.id))
    assert [q.typed for q in _questions(kept, growth) if q.typed][:2] == ["5,85", "62"]


def _questions(draft, key):
    part = draft.parts[int(key.partition("/")[0])]
    return next(p for p in part.session.pages() if p.path.endswith("/growth")).questions
