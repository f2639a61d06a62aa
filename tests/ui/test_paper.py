"""From paper: a pile of sheets, the date once, two actions each."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from healthvisit.domain.visit import Source
from healthvisit.services import caseload, signing
from healthvisit.store import drafts
from healthvisit.ui.main_window import Frame
from healthvisit.ui.visit.paper_view import DANGER, FIND, SHEET, PaperView
from tests.builders import NOW, TODAY, WORKER, default_pack
from tests.ui.visiting import FORMS, family, two_children


def at_store(store, deed):
    with store.reading(worker=WORKER, now=NOW) as work:
        return deed(work)


@pytest.fixture
def paper(qtbot, desk, go):
    desk.forms = FORMS
    view = PaperView(desk, go)
    qtbot.addWidget(view)
    view.resize(1310, 620)
    view.show()
    qtbot.waitExposed(view)
    view.activateWindow()
    view.open()
    return view


def key(which, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(QApplication.focusWidget(), which, modifier)


def sign_key():
    key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def open_sheet(qtbot, paper, text):
    QTest.keyClicks(QApplication.focusWidget(), text)
    key(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: paper.stack.currentIndex() == SHEET)


def answer(paper, key_, **answers):
    page = paper.sheet.pages[key_]
    for name, text in answers.items():
        number = int(key_.partition("/")[0])
        path = next(
            p for p in paper.presenter.draft.parts[number].session.definition.controls if p.endswith("/" + name)
        )
        page.answered.emit(path, text)


def fill(paper):
    for step in paper.presenter.steps:
        if step.name == "setting":
            answer(paper, step.key, alone="no")
        elif step.name == "danger":
            paper.sheet.pages[step.key].zeroed.emit()
        elif step.name == "concerns":
            answer(paper, step.key, has_concern="none")
        elif step.name == "growth":
            answer(paper, step.key, weight="5,85", length="62", posture="l", head="40", oedema="no")
        else:
            answer(paper, step.key, agreed="breast milk only")


def test_a_sheet_takes_two_actions_beside_its_values(qtbot, paper, store):
    """Three letters and Enter open it, Ctrl+Enter signs and clears for the next."""
    home = family(store)
    open_sheet(qtbot, paper, "ayn")
    assert list(paper.sheet.pages) == ["0/setting", "1/danger", "0/concerns", "1/growth", "0/agreement"]
    fill(paper)
    sign_key()
    qtbot.waitUntil(lambda: paper.stack.currentIndex() == FIND)
    assert paper.finding.search.text() == ""
    assert paper.finding.search.editor.hasFocus()
    assert "1 sheet is typed in" in paper.finding.done.text()
    line = at_store(store, lambda w: caseload.family_view(w, default_pack(), home, today=TODAY)).timeline[0]
    visit = at_store(store, lambda w: signing.visit_of(w, line.id))
    assert (visit.source, visit.on, visit.typed_on) == (Source.PAPER, TODAY - timedelta(days=1), TODAY)
    assert at_store(store, drafts.list_drafts) == []


def test_a_number_that_can_hardly_be_right_is_asked_about_once_before_signing(qtbot, paper, store):
    """A sheet read at night: 2,0 for 12,0 is looked at again; what really stands there is then taken."""
    family(store)
    open_sheet(qtbot, paper, "ayn")
    fill(paper)
    answer(paper, "1/growth", weight="2,6")
    sign_key()
    assert paper.stack.currentIndex() == SHEET
    assert "Aýna: This weight looks wrong" in paper.banner.text()
    sign_key()
    qtbot.waitUntil(lambda: paper.stack.currentIndex() == FIND)


def test_the_frame_leaves_the_keyboard_in_the_search(qtbot, desk, go):
    """Ctrl+E and the number: what is typed must not go nowhere."""
    desk.forms = FORMS
    frame, view = Frame(), PaperView(desk, go)
    qtbot.addWidget(frame)
    frame.add_page("other", QLabel("other"), "Other")
    frame.add_page("paper", view, "From paper")
    frame.show()
    qtbot.waitExposed(frame)
    frame.activateWindow()
    qtbot.waitUntil(frame.isActiveWindow)
    view.open()
    frame.show_page("paper")
    assert frame.focusWidget() is view.finding.search.editor


def test_before_anything_is_typed_it_says_what_to_do(qtbot, paper, store):
    """An empty box says nothing; after a search that finds, the families stand there."""
    family(store)
    assert "number" in paper.finding.hint.text()
    assert paper.finding.hint.isVisible()
    assert not paper.finding.list.isVisible()
    QTest.keyClicks(paper.finding.search.editor, "ayn")
    qtbot.waitUntil(paper.finding.list.isVisible)
    assert not paper.finding.hint.isVisible()


def test_the_number_on_the_sheet_opens_the_family_and_the_date_is_asked_once(qtbot, paper, store):
    """A pile of one day: the date is typed once, each sheet by its number."""
    home, other = family(store), two_children(store)
    numbers = {
        h: at_store(store, lambda w, h=h: caseload.family_view(w, default_pack(), h, today=TODAY)).household.number
        for h in (home, other)
    }
    paper.finding.date.set_text("20.11.2026")
    for household in (home, other):
        open_sheet(qtbot, paper, numbers[household])
        assert paper.presenter.draft.household.id == household
        assert paper.presenter.draft.on == date(2026, 11, 20)
        fill(paper)
        if household == other:
            break
        sign_key()
        qtbot.waitUntil(lambda: paper.stack.currentIndex() == FIND)


def test_a_date_to_come_is_refused_beside_its_field(qtbot, paper, store):
    """Yesterday's sheet cannot be tomorrow's visit."""
    family(store)
    paper.finding.date.set_text("24.11.2026")
    QTest.keyClicks(QApplication.focusWidget(), "ayn")
    key(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(paper.finding.date.error.text()))
    assert paper.stack.currentIndex() == FIND


def test_what_is_missing_is_listed_once_for_the_whole_sheet(qtbot, paper, store):
    """One page, one list of what is wrong."""
    family(store)
    open_sheet(qtbot, paper, "ayn")
    sign_key()
    assert paper.stack.currentIndex() == SHEET
    said = paper.sheet.summary.accessibleDescription()
    assert said.count("Danger signs") == 1
    assert "Weight" in said
    assert "Can the mother speak" in said


def test_a_sign_on_the_sheet_turns_to_danger_now(qtbot, paper, store):
    """A day late is late enough."""
    family(store)
    open_sheet(qtbot, paper, "ayn")
    fill(paper)
    answer(paper, "1/danger", ch_convulsions="yes")
    assert paper.stack.currentIndex() == DANGER


def test_an_unfinished_sheet_is_kept_as_a_draft(qtbot, paper, store):
    """The telephone rang in the middle of the pile."""
    family(store)
    open_sheet(qtbot, paper, "ayn")
    answer(paper, "1/growth", weight="5,85")
    paper.flush()
    held = []
    paper._desk.read(drafts.list_drafts, done=held.extend, failed=held.append)
    qtbot.waitUntil(lambda: bool(held))
    assert len(held) == 1


def test_a_sheet_half_typed_in_is_gone_on_with_where_it_stood(qtbot, paper, store):
    """The pile is taken up again the next day: nothing typed twice, and the family's sheet exists once."""
    home = family(store)
    open_sheet(qtbot, paper, "ayn")
    answer(paper, "1/growth", weight="5,85")
    paper.flush()
    first = paper.presenter.draft.id
    paper.open()
    open_sheet(qtbot, paper, "ayn")
    assert paper.presenter.draft.id == first
    paper.open()
    paper.finding.date.set_text("20.11.2026")
    paper.open_draft(first)
    qtbot.waitUntil(lambda: paper.presenter is not None)
    assert paper.stack.currentIndex() == SHEET
    assert paper.presenter.draft.household.id == home
    assert paper.finding.date.read() == paper.presenter.draft.on == TODAY - timedelta(days=1)
    weight = next(w for p, w in paper.sheet.pages["1/growth"].widgets.items() if p.endswith("/weight"))
    assert weight.editor.text() == "5,85"


def test_a_sheet_can_be_thrown_away_after_a_second_yes(qtbot, paper, store):
    """The wrong family's number was typed."""
    family(store)
    open_sheet(qtbot, paper, "ayn")
    answer(paper, "1/growth", weight="5,85")
    paper.flush()
    paper.drop_action.trigger()
    assert paper.stack.currentIndex() == SHEET
    paper.banner.deed.click()
    qtbot.waitUntil(lambda: paper.stack.currentIndex() == FIND)
    assert at_store(store, drafts.list_drafts) == []
