"""Families: found by any spelling, opened by keys alone; a new family in three pages and four actions."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

from healthvisit.domain.person import Sex
from healthvisit.services import caseload
from healthvisit.ui import i18n, theme
from healthvisit.ui.families.fields import ChildrenFields
from healthvisit.ui.families.new_presenter import Typed, TypedChild, birth_date, check_birth, check_who, grams, rhythm
from healthvisit.ui.families.new_view import AddChildrenView, NewFamilyView
from healthvisit.ui.families.view import FamiliesView
from healthvisit.ui.theme import Theme
from tests.builders import GARAGUM, TODAY, a_child, a_mother, default_pack, persons_of, register


def shown(qtbot, view):
    qtbot.addWidget(view)
    view.resize(1190, 600)
    view.show()
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.isActiveWindow)
    return view


def read(desk, qtbot, deed):
    got = []
    desk.read(deed, done=got.append, failed=got.append)
    qtbot.waitUntil(lambda: len(got) == 1)
    return got[0]


def press(qtbot, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(QApplication.focusWidget(), key, modifier)


def type_in(qtbot, asked, text):
    asked.setFocus()
    qtbot.keyClicks(asked.editor, text)


@pytest.mark.parametrize("typed", ["ayn", "Айн", "myr", "1234"])
def test_three_letters_down_and_enter_open_the_child(qtbot, desk, go, store, typed):
    """Any child in two actions, in whatever script the hand knows."""
    home = register(store)
    register(store, "Orazow", a_child("Kerim", date(2026, 6, 1), Sex.MALE, "Orazow"), phone="")
    child = persons_of(store, home)["Aýna"]
    view = shown(qtbot, FamiliesView(desk, go))
    qtbot.waitUntil(lambda: len(view.table.lines.lines) == 2)
    view.field.setText(typed)  # QTest has no name for letters beyond ASCII
    view.field.textEdited.emit(typed)
    qtbot.waitUntil(lambda: view.presenter.text == typed and all(x.household == home for x in view.table.lines.lines))
    press(qtbot, Qt.Key.Key_Down)
    assert view.table.hasFocus()
    while view.table.currentIndex().row() + 1 < len(view.table.lines.lines):
        if view.table.lines.lines[view.table.currentIndex().row()].person == child:
            break
        press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_Return)
    assert go.places[-1] in (("child", child), ("family", home))


def test_a_find_in_another_spelling_says_why(qtbot, desk, go, store):
    """She typed Гульшат and reads Gülşat: the program says that it is meant."""
    register(store, "Saparow", a_child("Gülşat", surname="Saparowa"))
    view = shown(qtbot, FamiliesView(desk, go))
    view.search("Гульшат")
    qtbot.waitUntil(lambda: any(line.why for line in view.table.lines.lines))
    assert view.table.lines.lines[0].why == "Гульшат = Gülşat"
    assert "Гульшат = Gülşat" in [view.table.lines.index(0, c).data() for c in range(6)]


def test_a_find_by_a_name_that_is_not_shown_shows_it(qtbot, desk, go, store):
    """She typed "myr" and saw an Amanow: the father's name that met stood nowhere."""
    register(
        store,
        "Amanow",
        a_child("Kerim", surname="Amanow"),
        mother=a_mother("Amanowa", "Jeren", patronymic="Myrat gyzy"),
    )
    view = shown(qtbot, FamiliesView(desk, go))
    view.search("myr")
    qtbot.waitUntil(lambda: [line.why for line in view.table.lines.lines] == ["Jeren Amanowa (Myrat gyzy)"])
    view.search("")
    qtbot.waitUntil(lambda: [line.why for line in view.table.lines.lines] == [""])
    view.search("Мырат")
    qtbot.waitUntil(lambda: [line.why for line in view.table.lines.lines] == ["Jeren Amanowa (Myrat gyzy)"])


@pytest.mark.parametrize("percent", [100, 130])
def test_a_column_is_as_wide_as_what_stands_in_it_while_another_has_room(qtbot, desk, go, store, qapp, percent):
    """The name "Welmyr…" was cut beside a half empty column of dates."""
    theme.apply(qapp, Theme(text_percent=percent))
    register(store, "Welmyradow", a_child("Oguljan", surname="Welmyradowa"))
    i18n.set_language("ru")
    view = shown(qtbot, FamiliesView(desk, go))
    view.resize(1130, 500)
    view.search("myr")
    qtbot.waitUntil(lambda: len(view.table.lines.lines) == 3)
    metrics, table = QFontMetrics(theme.font(15)), view.table
    for column in range(6):
        for row in range(3):
            text = table.lines.index(row, column).data()
            assert metrics.horizontalAdvance(text) <= table.columnWidth(column) - theme.px(16), text


@pytest.mark.parametrize("width", [1020, 1190])
def test_no_head_of_the_table_is_cut(qtbot, desk, go, store, width):
    """Half a heading leaves her guessing."""
    register(store)
    i18n.set_language("ru")
    view = shown(qtbot, FamiliesView(desk, go))
    view.resize(width, 500)
    qtbot.waitUntil(lambda: len(view.table.lines.lines) == 1)
    heads = view.table.horizontalHeader()
    for at in (c for c in range(6) if not view.table.isColumnHidden(c)):
        assert view.table.columnWidth(at) >= heads.sectionSizeHint(at), at


def test_nothing_found_leads_to_a_new_family_of_this_name(qtbot, desk, go, store):
    """An empty result is the beginning of a new family, not a dead end."""
    register(store)
    view = shown(qtbot, FamiliesView(desk, go))
    view.search("Meredow")
    qtbot.waitUntil(view.empty.isVisible)
    assert "Nobody called “Meredow”" in view.empty._words.text()
    view.empty.buttons[0].click()
    assert go.places == [("new_family", "Meredow")]


def test_up_from_the_first_row_goes_back_to_the_search(qtbot, desk, go, store):
    """The way back is the way in."""
    register(store)
    view = shown(qtbot, FamiliesView(desk, go))
    qtbot.waitUntil(lambda: len(view.table.lines.lines) == 1)
    view.field.setFocus()
    press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_Up)
    assert view.field.hasFocus()


def test_tab_goes_through_a_new_family_as_the_eye_does(qtbot, desk, go):
    """From "how many" it went to the date of birth and came back to the name at the end."""
    view = shown(qtbot, NewFamilyView(desk, go))
    view.kids.count.choose("2")
    view.kids._recount()
    kids = view.kids
    qtbot.waitUntil(kids.given[1].isVisible)
    expected = [kids.given[0].editor, kids.surname[0].editor, kids.given[1].editor, kids.surname[1].editor]
    expected += [kids.born.editor]
    view.name.setFocus()
    passed = []
    for _ in range(11):
        passed.append(QApplication.focusWidget())
        press(qtbot, Qt.Key.Key_Tab)
    assert [w for w in passed if w in expected] == expected


def test_new_family_and_child_are_three_times_ctrl_enter(qtbot, desk, go):
    """Four actions with Ctrl+Shift+N, and a digit for each question; afterwards the visit begins."""
    view = shown(qtbot, NewFamilyView(desk, go))
    view.start("Myradow")
    type_in(qtbot, view.mother_given, "Sona")
    type_in(qtbot, view.mother_surname, "Myradowa")
    type_in(qtbot, view.kids.born, "11.11.2026")
    press(qtbot, Qt.Key.Key_Tab)
    press(qtbot, Qt.Key.Key_Tab)
    press(qtbot, "1")
    view.kids.sex[0].setFocus()
    press(qtbot, "1")
    press(qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    view.where.choose(GARAGUM)
    type_in(qtbot, view.where.phone, "65 12 34 56")
    press(qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    type_in(qtbot, view.birth.weeks, "39")
    assert "10-day visit" in view.birth.rhythm.text()
    press(qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(go.places) == 1)
    deed, household = go.places[0]
    assert deed == "start_visit"
    family = read(desk, qtbot, lambda work: caseload.family_view(work, desk.pack, household, today=TODAY))
    child = family.household.children[0]
    assert (child.name, child.mother_name, child.born_on) == ("", "Sona Myradowa", date(2026, 11, 11))
    assert family.household.phones == ("+99365123456",)


@pytest.mark.parametrize("make", [NewFamilyView, AddChildrenView])
def test_how_well_a_birth_is_known_is_asked_and_never_preset(qtbot, desk, go, store, make):
    """A guessed date passed for a known one, and the age in days and every z-score came from it."""
    home = register(store)
    view = shown(qtbot, make(desk, go))
    view.start(home if make is AddChildrenView else "Myradow")
    view.kids.given[0].set_text("Kerim")
    view.kids.sex[0].choose("m")
    view.kids.born.set_text("18.07.2026")
    assert view.kids.precision.key() is None
    (view._save if make is AddChildrenView else view.go_on)()
    assert view.kids.precision.error.text() == "Choose how well the date is known."
    assert view.kids.born.error.text() == ""
    view.kids.precision.setFocus()
    press(qtbot, "2")
    assert view.typed().precision == "month"
    view.start(home if make is AddChildrenView else "Myradow")
    assert view.kids.precision.key() is None, "nor taken over from the family before"


def test_the_children_stand_under_a_heading_of_their_own(qtbot, desk, go):
    """Under the mother's name stood a second "First name" that was nobody's."""
    view = shown(qtbot, NewFamilyView(desk, go))
    assert [whose.text() for whose in view.kids.whose] == ["Child"]
    view.kids.count.choose("2")
    view.kids._recount()
    assert [whose.text() for whose in view.kids.whose] == ["Child 1", "Child 2"]


def test_nobody_alike_is_said_only_after_it_was_looked(qtbot, desk, go, store):
    """It stood there before a letter was typed."""
    register(store)
    view = shown(qtbot, NewFamilyView(desk, go))
    view.start("Orazow")
    assert view.alikes.words.text().startswith("Type a name and a date of birth")
    type_in(qtbot, view.kids.born, "01.02.2024")
    qtbot.waitUntil(lambda: view.alikes.words.text() == "Nobody alike so far.")
    view.start("Orazow")
    assert view.alikes.words.text().startswith("Type a name and a date of birth")


def test_a_narrow_page_belongs_to_the_form_until_somebody_alike_is_found(qtbot, desk, go, store):
    """At 125 % an empty box took a third of the page, and answers beside it were cut."""
    register(store)
    view = shown(qtbot, NewFamilyView(desk, go))
    view.resize(1037, 440)
    view.start("Myradow")
    assert not view.alikes.isVisible()
    view.kids.given[0].set_text("Айна")
    view.kids.surname[0].set_text("Мырадова")
    type_in(qtbot, view.kids.born, "18.07.2026")
    qtbot.waitUntil(view.alikes.isVisible)
    assert view.alikes.width() > view.width() * 3 // 4
    view.resize(1190, 600)
    assert view.alikes.width() < view.width() // 2


def test_enter_pressed_twice_makes_one_family(qtbot, desk, go):
    """A tired finger must not make a second family."""
    view = shown(qtbot, NewFamilyView(desk, go))
    view.start("Myradow")
    view.kids.given[0].set_text("Aýna")
    view.kids.sex[0].choose("f")
    view.kids.born.set_text("18.07.2026")
    view.kids.precision.choose("day")
    view.where.choose(GARAGUM)
    view._finish(start_visit=False)
    view._finish(start_visit=False)
    qtbot.waitUntil(lambda: len(go.places) == 1)
    assert len(read(desk, qtbot, lambda work: caseload.families(work, desk.pack, today=TODAY))) == 1


def test_a_wrong_input_gets_its_sentence_beside_the_field_and_the_keyboard_goes_to_the_summary(qtbot, desk, go):
    """What is wrong is said where it is wrong, in the same words above."""
    view = shown(qtbot, NewFamilyView(desk, go))
    view.start("")
    view.kids.born.set_text("18.07.2027")
    view.kids.precision.choose("day")
    view.go_on()
    assert "no name yet" in view.name.error.text()
    assert "in the future" in view.kids.born.error.text()
    assert view.kids.sex[0].error.text()
    assert view.summary.hasFocus()
    assert next(link.accessibleName() for link in view.summary.links) == view.name.error.text()


def test_a_wrong_phone_brings_back_its_page(qtbot, desk, go):
    """The phone is looked at when saving: the page with the field comes back, nothing typed is lost."""
    view = shown(qtbot, NewFamilyView(desk, go))
    view.start("Myradow")
    view.kids.given[0].set_text("Aýna")
    view.kids.sex[0].choose("f")
    view.kids.born.set_text("18.07.2026")
    view.kids.precision.choose("day")
    view.where.choose(GARAGUM)
    view.where.phone.set_text("12")
    view._finish(start_visit=True)
    qtbot.waitUntil(lambda: bool(view.where.phone.error.text()))
    assert view.where.isVisible()
    assert view.kids.given[0].text() == "Aýna"
    assert go.places == []


def test_somebody_alike_is_shown_while_typing(qtbot, desk, go, store):
    """One child must not be entered twice, whatever the spelling."""
    home = register(store)
    view = shown(qtbot, NewFamilyView(desk, go))
    view.start("Myradow")
    view.kids.given[0].set_text("Айна")
    view.kids.surname[0].set_text("Мырадова")
    view.kids.sex[0].choose("f")
    type_in(qtbot, view.kids.born, "18.07.2026")
    qtbot.waitUntil(lambda: view.alikes.list.current_key() == persons_of_later(home, view))
    view.alikes.list.setFocus()
    press(qtbot, Qt.Key.Key_Return)
    assert go.places[0][0] == "child"


def persons_of_later(_home, view):
    rows = view.alikes.list._rows.rows
    return rows[0].key if rows and rows[0].title == "Aýna Myradowa" else "nobody yet"


def test_twins_born_to_a_known_mother_are_a_digit_and_save(qtbot, desk, go, store):
    """Story 12: two linked records, one mother; her pregnancy is over; names may follow."""
    home = register(store, "Saparow", mother=a_mother("Saparowa", "Gözel", due_on=date(2026, 12, 30)))
    view = shown(qtbot, AddChildrenView(desk, go))
    view.start(home)
    qtbot.waitUntil(view.save.isEnabled)
    press(qtbot, "2")
    for sex in view.kids.sex:
        sex.choose("m")
    type_in(qtbot, view.kids.born, "20.11.2026")
    view.kids.precision.choose("day")
    press(qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: go.places == [("family", home)])
    family = read(desk, qtbot, lambda work: caseload.family_view(work, desk.pack, home, today=TODAY))
    assert [(c.order, c.of, c.mother_name) for c in family.household.children] == [
        (1, 2, "Gözel Saparowa"), (2, 2, "Gözel Saparowa"),
    ]  # fmt: skip
    assert family.household.mother.pregnant is False
    assert all(child.contact.code == "PN1" for child in family.household.children)


@pytest.mark.parametrize(
    ("text", "precision", "made"),
    [
        ("18.07.2026", "day", date(2026, 7, 18)),
        ("07.2026", "month", date(2026, 7, 1)),
        ("2024", "year", date(2024, 1, 1)),
        ("", "day", None),
    ],
)
def test_a_birth_date_is_read_as_well_as_it_is_known(text, precision, made):
    """Only a known day gives an age in days."""
    assert birth_date(text, precision, TODAY) == made


@pytest.mark.parametrize(("text", "precision"), [("31.02.2026", "day"), ("13.2026", "month"), ("26", "year")])
def test_what_is_no_date_is_refused_with_how_to_type_it(text, precision):
    """The sentence shows the right way."""
    with pytest.raises(ValueError, match="Type it as"):
        birth_date(text, precision, TODAY)


def test_birth_weight_is_taken_in_kilograms_or_grams_and_nonsense_gets_its_limits():
    """3,40 and 3400 are one weight; 34 is asked about, not guessed."""
    pack = default_pack()
    assert grams("3,40", pack) == grams("3400", pack) == 3400
    typed = Typed(children=(TypedChild(given_name="A", sex="f"),), birth_weight="34", weeks="50", left="1.1.2027")
    problems = check_birth(typed, pack, TODAY)
    assert set(problems) == {"birth_weight", "weeks", "left"}
    assert "0.30" in problems["birth_weight"].replace(",", ".")


def test_leaving_the_maternity_house_before_the_birth_is_asked_about():
    """The first visit is counted from that day."""
    typed = Typed(
        children=(TypedChild(given_name="A", sex="f"),), born="11.11.2026", left="01.11.2026", precision="day"
    )
    assert set(check_birth(typed, default_pack(), TODAY)) == {"left"}
    assert check_birth(replace(typed, left="11.11.2026"), default_pack(), TODAY) == {}


def test_a_pregnancy_needs_the_mother_and_gives_the_first_visit_by_the_due_day():
    """A family may begin before the child does."""
    typed = Typed(name="Saparow", count="0", due="30.01.2027")
    assert set(check_who(typed, TODAY)) == {"mother_given"}
    assert "Second visit to the mother" in rhythm(typed, default_pack(), TODAY)


def test_the_moment_of_opening_reads_nothing_on_the_main_thread(qtbot, desk, go, store):
    """A slow disk must not freeze the window: the table is filled by an answer that comes later."""
    register(store, now=datetime(2026, 7, 20, tzinfo=UTC))
    view = FamiliesView(desk, go)
    qtbot.addWidget(view)
    view.show()
    assert view.table.lines.lines == []
    assert view.empty.isHidden(), "nobody is told that there is no family before it was looked"
    qtbot.waitUntil(lambda: len(view.table.lines.lines) == 1)


@pytest.mark.parametrize("make", [NewFamilyView, AddChildrenView])
def test_the_pages_speak_the_language_they_are_begun_in(qtbot, desk, go, store, make):
    """A switch in Settings works at once, here as everywhere; nothing of the old page is left."""
    home = register(store)
    view = shown(qtbot, make(desk, go))
    i18n.set_language("ru")
    view.start("Myradow" if make is NewFamilyView else home)
    assert view.kids.count.label.text() != "How many children"
    assert len(view.findChildren(ChildrenFields, options=Qt.FindChildOption.FindDirectChildrenOnly)) <= 1
    i18n.set_language("en")
    view.start("Myradow" if make is NewFamilyView else home)
    assert view.kids.count.label.text() == "How many children"
