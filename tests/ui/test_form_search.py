"""Long lists: found by any letters in any script, never twenty thousand widgets, never a window that stands still."""

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.session import FormSession
from healthvisit.forms.views import LongList
from healthvisit.ui.form.opening import warmed
from healthvisit.ui.widgets.search_list import Finder, SearchList
from tests.ui.form_desk import EVERY_TYPE, NOW, FormDesk

VILLAGES = ("Garagum", "Güýçgala", "Gökje", "Bäherden", "Täze oba", "Çapaýew", "Hojagala", "Village 19", "Village 1999")
ROWS = tuple((f"v{at}", words) for at, words in enumerate(VILLAGES))


def ready(rows):
    """A finder that has folded everything."""
    finder = Finder(rows)
    while not finder.is_ready:
        finder.fold_some()
    return finder


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("garag", "Garagum"),
        ("ГАРА", "Garagum"),
        ("гуй", "Güýçgala"),
        ("guychgala", "Güýçgala"),
        ("oba", "Täze oba"),
        ("oba taze", "Täze oba"),
        ("chapaev", "Çapaýew"),
        ("1999", "Village 1999"),
        ("", "Garagum"),
    ],
)
def test_any_letters_find_across_turkmen_and_russian(typed, first):
    """The keyboard is Russian, the list Turkmen, the ear neither."""
    found = ready(ROWS).find(typed)
    assert ROWS[found[0]][1] == first


def test_digits_are_taken_as_they_are():
    """Village 19 is not village 1999, though doubled letters fold."""
    finder = ready(ROWS)
    assert [ROWS[at][1] for at in finder.find("199")] == ["Village 1999"]
    assert finder.find("qqqq") == []


def test_a_long_list_is_put_into_words_only_where_somebody_looks():
    """Twenty thousand names cost nothing until they are read."""
    said = []

    def say(row):
        said.append(row)
        return f"Village {row}"

    rows = LongList([(f"v{n}", n) for n in range(20_000)], say, "en")
    assert len(rows) == 20_000
    assert rows[5] == ("v5", "Village 5")
    assert rows[-1] == ("v19999", "Village 19999")
    assert rows.words_of("v7") == "Village 7"
    assert rows.words_of("elsewhere") is None
    assert rows == LongList([(f"v{n}", n) for n in range(20_000)], say, "en")
    assert rows != LongList([(f"v{n}", n) for n in range(20_000)], say, "ru")
    assert sorted(said) == [5, 7, 19_999]


@pytest.fixture
def search(qtbot):
    made = SearchList()
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_twenty_thousand_rows_are_one_view_and_found_while_they_are_still_folded(qtbot, search):
    """The list is open at once; what is not folded yet is said to be looked for."""
    rows = LongList([(f"v{n}", n) for n in range(20_000)], lambda n: f"Village {n}", "en")
    before = time.perf_counter()
    search.set_rows(rows)
    search.line.setFocus()
    search.open_list()
    took = time.perf_counter() - before
    assert took < 0.25  # pulling all of them takes several times as long; a slow machine may take ten times ours
    assert len(search.findChildren(QWidget)) < 20
    assert search.found == 20_000
    QTest.keyClicks(search.line, "ge 1999")
    qtbot.waitUntil(lambda: search._finder.is_ready)
    qtbot.waitUntil(lambda: search.found == 12)
    chosen = []
    search.picked.connect(chosen.append)
    QTest.keyClick(search.line, Qt.Key.Key_Down)
    QTest.keyClick(search.line, Qt.Key.Key_Return)
    assert chosen == ["v11999"]
    assert not search.is_open


def test_what_is_typed_and_not_chosen_is_no_answer(qtbot):
    """Half a name must not look like one."""
    desk = FormDesk(qtbot, EVERY_TYPE.read_text(encoding="utf-8"))
    desk.page("long")
    village = desk.widget("village").search
    village.line.setFocus()
    qtbot.waitUntil(lambda: village.is_open)
    desk.keys("kosh")
    qtbot.waitUntil(lambda: village.found == 1)
    desk.widget("order").list.setFocus()
    assert village.line.text() == ""
    assert desk.value("/data/long/village") == ""
    village.line.setFocus()
    desk.keys("kosh")
    desk.key(Qt.Key.Key_Return)
    assert desk.value("/data/long/village") == "v8"
    assert village.line.text() == "Köşi"
    village.line.setFocus()
    desk.key(Qt.Key.Key_Backspace)
    assert desk.value("/data/long/village") == ""


def test_several_of_a_long_list_stand_above_it_and_are_taken_out_again(qtbot):
    """The round of the week, village by village."""
    desk = FormDesk(qtbot, EVERY_TYPE.read_text(encoding="utf-8"))
    desk.page("long")
    villages = desk.widget("round")
    villages.search.line.setFocus()
    for typed in ("bagt", "watan"):
        desk.keys(typed)
        qtbot.waitUntil(lambda: villages.search.found >= 1)
        desk.key(Qt.Key.Key_Return)
    assert desk.value("/data/long/round") == "v1 v20"
    assert list(villages.chips) == ["v1", "v20"]
    assert villages.chips["v1"].accessibleName() == "Take out: Bagt"
    villages.chips["v1"].click()
    assert desk.value("/data/long/round") == "v20"


def test_a_form_is_opened_on_a_lane_and_comes_warm(qtbot, jobs):
    """The window never reads a long list first."""
    items = "".join(f"<item><name>v{n}</name><label>Village {n}</label></item>" for n in range(5_000))
    xml = f"""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head>
    <h:title>t</h:title><model><instance><data id="t"><v/></data></instance>
    <instance id="villages"><root>{items}</root></instance><bind nodeset="/data/v" type="string"/></model></h:head>
    <h:body><select1 ref="/data/v"><label>Village</label><itemset nodeset="instance('villages')/root/item">
    <value ref="name"/><label ref="label"/></itemset></select1></h:body></h:html>"""
    got = []
    jobs.vault(
        lambda: warmed(FormSession.open(FormDefinition.load(xml), language="en", now=NOW)),
        done=got.append,
        failed=got.append,
    )
    qtbot.waitUntil(lambda: bool(got))
    session = got[0]
    first = session.question("/data/v").choices
    assert isinstance(first, LongList)
    assert session.question("/data/v").choices is first
    session.answer("/data/v", "v4999")
    assert session.value("/data/v") == "v4999"
