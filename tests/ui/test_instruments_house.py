"""Instruments in the whole program: the way to them, lock, close and back, and no trace where the family looks."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from healthvisit.services import assessments
from healthvisit.store import checks
from healthvisit.ui.papers.gather import day_papers, household_sheets
from healthvisit.ui.visit.private_questions import key_of
from tests.desktop import make_work


@pytest.fixture
def at_home(desktop, tmp_path):
    """The house over one family: desktop, household, mother, child."""
    home = make_work(tmp_path, "Myradow")[0]
    here = desktop(tmp_path).unlock()
    return here, home, here.adult_of(home), here.child_of(home)


def asking(here, adult):
    here.house.ask(adult)
    page = here.house.ask_page
    here.hands.until("the page", lambda: page.presenter.draft is not None)
    page.gate.asked.choose("yes")
    page.gate.asked.changed.emit()
    return page


def said_on(window):
    return " ".join(made.text() for made in window.findChildren(QLabel) if made.isVisible())


def test_enter_on_an_adult_leads_to_the_questions_and_back_again(at_home):
    """Families → family → Enter on her → Ask questions; Alt+Left goes back the same way."""
    here, home, adult, _child = at_home
    here.house.family(home)
    page = here.house.family_page
    here.hands.until("the family", lambda: page.presenter.view is not None)
    page.people.opened.emit(adult)
    here.hands.until("the adult", lambda: here.house.adult_page.facts_read is not None)
    here.house.adult_page.ask.click()
    here.hands.until("the questions", lambda: here.house.ask_page.presenter.draft is not None)
    assert here.house.frame.page() == "ask"
    here.house.back()
    assert here.house.frame.page() == "adult"
    here.house.back()
    assert here.house.frame.page() == "family"


def test_the_lock_covers_what_is_private_and_keeps_it(at_home):
    """Ctrl+L in the middle: after the passphrase the question about being alone stands there, the answer is kept."""
    here, _home, adult, _child = at_home
    page = asking(here, adult)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_4)
    here.house.lock()
    here.hands.settle()
    assert not page.rows.rows
    here.house.frame.uncover()
    assert "Little interest" not in said_on(here.house.frame)
    assert page.gate.isVisible()
    page.gate.asked.choose("yes")
    page.gate.asked.changed.emit()
    assert page.rows.rows["interest"].value == "nearly_every_day"


def test_what_was_begun_is_there_after_the_program_was_closed(desktop, tmp_path, at_home):
    """Power cut or evening: answers and typed values, the next morning."""
    here, _home, adult, child = at_home
    asking(here, adult)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_4)
    here.house.enter_result(child)
    page = here.house.result_page
    here.hands.until("the form", lambda: page.presenter.draft is not None)
    page.version.set_text("3")
    page.version.edited.emit("3")
    here.house.frame.close()
    here.close()
    again = desktop(tmp_path).unlock()
    assert asking(again, adult).rows.rows["interest"].value == "nearly_every_day"
    again.house.enter_result(child)
    page = again.house.result_page
    again.hands.until("the form", lambda: page.presenter.draft is not None)
    assert page.version.text() == "3"


def test_no_trace_of_a_private_result_where_others_look(at_home):
    """Not on Today, the family's page, its timeline, its papers, nor on the page for the family's eyes."""
    here, home, adult, child = at_home
    page = asking(here, adult)
    for _ in range(2):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_4)
    page.main.click()
    here.hands.until("saved", lambda: page.presenter.done is not None)
    house, words = here.house, ("PHQ", "mood", "support", "depressed", "Little interest")
    made = here.at_store(lambda work: checks.assessments_of(work, adult))
    assert made[0].status == "positive"
    seen = []
    for show in (house.today, lambda: house.family(home), lambda: house.adult(adult), lambda: house.child(child)):
        show()
        here.hands.settle()
        seen.append(said_on(house.frame))
    house.family(home)
    here.hands.settle()
    for rows in (house.family_page.timeline, house.family_page.to_do, house.family_page.referrals):
        seen += [rows.model().index(at, 0).data() or "" for at in range(rows.model().rowCount())]
    day, pack, wanted = house.desk.today(), house.desk.pack, frozenset({"list", "sheets", "family", "growth"})
    got = here.at_store(lambda work: household_sheets(work, pack, (home,), today=day, wanted=wanted))
    seen += [letter.html for _name, letter in day_papers(house.desk, wanted, got)]
    house.show_to_family(child)
    here.hands.settle()
    seen.append(said_on(house.frame))
    assert len(seen) > 8
    assert [(word, text) for text in seen for word in words if word.lower() in text.lower()] == []


def test_a_visit_offers_the_questions_only_while_she_can_speak_alone(at_home):
    """Not drawn at all, not greyed (design of the visit); one click there, Back to the same page; done once asked."""
    here, home, adult, _child = at_home
    page = here.visit(home)

    def state():
        return [s.state for s in page.presenter.sections() if s.key == key_of(adult)]

    here.hands.until("who was asked is read", lambda: page.presenter.private is not None)
    assert state() == []
    alone = next(q.path for q in page.presenter.questions() if q.path.endswith("/alone"))
    page.presenter.answer(alone, "no")
    assert state() == []
    page.presenter.answer(alone, "yes")
    assert state() == ["todo"]  # a child of four months: the pack wants PHQ-2
    at = page.presenter.draft.page
    page.presenter.pick(key_of(adult))
    asked = here.house.ask_page
    here.hands.until("the page", lambda: asked.presenter.draft is not None)
    assert here.house.frame.page() == "ask"
    assert not asked.rows.rows
    asked.gate.asked.choose("yes")
    asked.gate.asked.changed.emit()
    for _ in range(2):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_1)
    asked.main.click()
    here.hands.until("saved", lambda: asked.presenter.done is not None)
    asked.main.click()
    assert here.house.frame.page() == "visit"
    assert page.presenter.draft.page == at
    here.hands.until("it is told", lambda: state() == ["done"])
    page.presenter.answer(alone, "no")
    assert state() == []


def test_hiding_and_coming_back_goes_on_where_it_was(at_home):
    """F12, the passphrase, and the page with its draft is there again; from a check as well."""
    here, _home, adult, child = at_home
    for open_it, page in ((here.house.ask, "ask"), (here.house.enter_result, "result")):
        open_it(adult)
        here.house.show_to_family(child)
        here.house.back()
        assert here.house.frame.page() == page
    here.house.child(child, "development")
    here.house.start_check(child)
    here.house.show_to_family(child)
    here.house.back()
    assert here.house.frame.page() == "check"
    here.house.back()
    assert here.house.frame.page() == "child"


def test_back_after_a_saved_form_does_not_open_it_again(at_home):
    """From the child's page, back is where one was before the form."""
    here, home, _adult, child = at_home
    here.house.family(home)
    here.house.child(child, "development")
    here.house.enter_result(child)
    here.house.child(child, "development")  # as "To the child" does
    here.house.back()
    assert here.house.frame.page() == "family"


def test_a_damaged_installed_pack_is_said_and_the_work_goes_on(desktop, tmp_path, at_home):
    """An officer's half-copied folder keeps nobody from her families."""
    here, *_rest = at_home
    here.close()
    folder = here.paths.packs / "own-key"
    folder.mkdir(parents=True)
    (folder / "pack.json").write_text('{"kind": "dscore_key"}', encoding="utf-8")
    assessments._library_at.cache_clear()
    again = desktop(tmp_path).unlock()
    assert again.house.frame.page() == "today"
    assert "A content pack has a wrong value (pack.json" in again.house.frame.banner.text()
