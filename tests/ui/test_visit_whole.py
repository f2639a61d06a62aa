"""A form of an office's own in a visit: repeats, groups and tables are drawn, kept, signed and corrected there."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from healthvisit.services import signing
from healthvisit.ui.form.repeat_pane import RepeatPane
from healthvisit.ui.visit.signed_view import SignedVisitView
from healthvisit.ui.visit.whole_page import WholePage
from tests.ui.visiting import FORMS, Room, family, with_page

PAGE = (
    '<group ref="/data/home" appearance="field-list"><label>The home</label>'
    '<input ref="/data/home/stove"><label>What heats it?</label></input>'
    '<group ref="/data/home/member"><label>Who lives here</label><repeat nodeset="/data/home/member">'
    '<input ref="/data/home/member/called"><label>Called</label></input>'
    '<input ref="/data/home/member/age"><label>Age in years</label></input></repeat></group></group>'
)
MEMBERS = "/data/home/member"


RECORD = "<home><stove/><member><called/><age/></member></home>"
BINDS = f'<bind nodeset="{MEMBERS}/age" type="int" required="true()" constraint=". &lt; 120"/>'
OWN_FORMS = {**FORMS, "family": with_page(FORMS["family"], RECORD, BINDS, PAGE)}


def visit_room(qtbot, desk, go):
    return Room(qtbot, desk, go, OWN_FORMS)


@pytest.fixture
def room(qtbot, desk, go):
    return visit_room(qtbot, desk, go)


def at_home(room):
    """The page of the home, whole."""
    room.presenter.pick("0/home")
    page = room.view.page
    assert isinstance(page, WholePage)
    room.qtbot.waitUntil(lambda: page.is_whole)
    return page


def type_into(room, path, text):
    page = at_home(room)
    page.focus_open(path)
    room.qtbot.waitUntil(lambda: path in page.widgets and page.widgets[path].stop() is room.focus())
    QTest.keyClicks(room.focus(), text)


def test_a_list_of_people_grows_shrinks_and_comes_back(room, store):
    """Twenty people in a home are a list of twenty lines, in the visit as anywhere."""
    room.open(family(store))
    page = at_home(room)
    type_into(room, f"{MEMBERS}[1]/called", "Ogul")
    type_into(room, f"{MEMBERS}[1]/age", "61")
    page.findChild(RepeatPane).add.click()
    room.qtbot.waitUntil(lambda: f"{MEMBERS}[2]/called" in page.widgets)
    type_into(room, f"{MEMBERS}[2]/called", "Bike")
    session = room.draft.parts[0].session
    assert len(session.instances_at(MEMBERS)) == 2
    assert page.findChild(RepeatPane)._model.summary(0) == "1   Ogul · 61"
    room.presenter.pick("0/concerns")
    at_home(room)
    page.findChild(RepeatPane).removed.emit(MEMBERS, 0)
    assert [n.text for n in session.instances_at(f"{MEMBERS}/called")] == ["Bike"]
    assert room.view.banner.text() == "Number 1 was removed."
    room.view.banner.deed.click()
    assert [n.text for n in session.instances_at(f"{MEMBERS}/called")] == ["Ogul", "Bike"]
    assert room.page() == "0/home"


def test_what_is_missing_in_an_instance_leads_into_it(room, store):
    """The line in the list of problems opens the person it speaks of."""
    room.open(family(store))
    page = at_home(room)
    type_into(room, f"{MEMBERS}[1]/age", "30")
    page.findChild(RepeatPane).add.click()
    room.qtbot.waitUntil(lambda: f"{MEMBERS}[2]/age" in page.widgets)
    page.picked.emit(MEMBERS, 0)
    room.presenter.go_on()
    assert room.page() == "0/home"
    assert room.view.work.summary.links[0].text().count("Age in years · 2: ") == 1
    room.key(Qt.Key.Key_Return)
    room.qtbot.waitUntil(lambda: f"{MEMBERS}[2]/age" in page.widgets)
    assert page.path_with_focus() == f"{MEMBERS}[2]/age"


def test_killed_reopened_signed_and_corrected_nobody_is_lost(qtbot, store, desk, go, tmp_path):
    """The list survives the power cut, is signed with the visit and opens again for correction."""
    room = visit_room(qtbot, desk, go)
    room.open(family(store))
    page = at_home(room)
    type_into(room, f"{MEMBERS}[1]/called", "Ogul")
    type_into(room, f"{MEMBERS}[1]/age", "61")
    page.findChild(RepeatPane).add.click()
    type_into(room, f"{MEMBERS}[2]/called", "Bike")
    type_into(room, f"{MEMBERS}[2]/age", "7")
    room.presenter.keeper.flush()
    room.qtbot.waitUntil(lambda: room.view.strip.saved.text().startswith("Saved"))
    draft = room.draft.id
    room.view.close()
    again = visit_room(qtbot, desk, go)
    again.view.open_draft(draft)
    again.wait()
    names = [n.text for n in again.draft.parts[0].session.instances_at(f"{MEMBERS}/called")]
    assert names == ["Ogul", "Bike"]
    again.presenter.pick("0/setting")
    visit = again.fill().sign()
    held = again.read(lambda work: signing.visit_of(work, visit.id)).family.answers
    assert {path: held[path] for path in held if "member" in path} == {
        f"{MEMBERS}[1]/called": "Ogul", f"{MEMBERS}[1]/age": "61",
        f"{MEMBERS}[2]/called": "Bike", f"{MEMBERS}[2]/age": "7",
    }  # fmt: skip
    read = SignedVisitView(desk, go)
    qtbot.addWidget(read)
    read.open(visit.id)
    qtbot.waitUntil(lambda: read._held is not None)
    said = [found.text() for found in read.findChildren(QLabel)]
    assert "Ogul" in said
    assert "Age in years · 2" in said
    again.view.open_amending(visit.id)
    again.wait()
    at_home(again)
    names = [n.text for n in again.draft.parts[0].session.instances_at(f"{MEMBERS}/called")]
    assert names == ["Ogul", "Bike"]
