"""The page for the family's eyes: this child only; there is no way back without the passphrase."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from healthvisit.ui.showing.view import ShowingView
from tests.builders import PHRASE, a_child, persons_of, register, visited


class Door:
    """Checks a passphrase as the program does: the answer may come later."""

    def __init__(self):
        self.asked = []

    def __call__(self, typed, done):
        self.asked.append(typed)
        done(typed == PHRASE)


@pytest.fixture
def door():
    return Door()


@pytest.fixture
def view(qtbot, desk, go, store, door):
    home = register(store, "Myradow", a_child(), a_child("Kerim", date(2024, 3, 10)))
    for on, grams in (("2026-10-09", "5300"), ("2026-11-20", "5850")):
        visited(store, home, date.fromisoformat(on), {"Aýna": {"weight_g": grams}}, agreed="breast milk only")
    person = persons_of(store, home)["Aýna"]
    made = ShowingView(desk, go, door)
    qtbot.addWidget(made)
    made.resize(1366, 696)
    made.show()
    made.activateWindow()
    made.show_child(person)
    qtbot.waitUntil(lambda: made.presenter.view is not None)
    return made


def said(view):
    return " | ".join(label.text() for label in view.findChildren(QLabel) if label.isVisible())


def test_it_shows_this_child_three_words_the_agreement_and_the_next_visit(view):
    """What a family takes home, in words for a family."""
    text = said(view)
    for expected in ("Aýna Myradowa", "4 months 5 days", "Weight as expected", "Gains weight", "breast milk only"):
        assert expected in text, expected
    assert "Next visit" in text


def test_nothing_else_of_the_family_or_the_programme_is_on_it(view):
    """No brother, no number, no address, no z."""
    text = said(view)
    for other in ("Kerim", "A87W", "Azatlyk", "z ", "late", "overdue", "Sona"):
        assert other not in text, other


def test_enter_asks_and_the_wrong_passphrase_keeps_the_page(qtbot, view, door):
    """The curious neighbour stays on the child's page."""
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Return)
    qtbot.waitUntil(view.passphrase.editor.hasFocus)
    qtbot.keyClicks(view.passphrase.editor, "guess")
    qtbot.keyClick(view.passphrase.editor, Qt.Key.Key_Return)
    assert door.asked == ["guess"]
    assert view.passphrase.error.text() == "That did not open it."
    assert view.name.text() == "Aýna Myradowa"


def test_the_right_passphrase_leaves_and_forgets_the_child(qtbot, view, door):
    """Nothing of the child stays on a page that is not shown."""
    view.ask()
    qtbot.keyClicks(view.passphrase.editor, PHRASE)
    qtbot.keyClick(view.passphrase.editor, Qt.Key.Key_Return)
    assert door.asked == [PHRASE]
    assert view.name.text() == ""
    assert view.passphrase.text() == ""


def test_the_page_is_there_at_once_and_empty_until_the_child_is_read(view):
    """Hide must work in the moment it is pressed, before any disk answers."""
    view.show_child("f" * 32)
    assert view.name.text() == ""
    assert view.chart.isHidden()
    assert view.isVisible()
