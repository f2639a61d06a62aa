"""Settings by keyboard: each choice holds at once, a new passphrase is checked, the log is shown before it is given."""

from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from healthvisit.domain.errors import StoreError
from healthvisit.packs import load
from healthvisit.settings import Preferences, resource
from healthvisit.ui import i18n, theme
from healthvisit.ui.desk import Desk
from healthvisit.ui.settings.apply import apply_preferences
from healthvisit.ui.settings.presenter import SettingsDeeds
from healthvisit.ui.settings.view import SettingsView
from healthvisit.ui.theme import Theme


class Still:
    """A clock that stands."""

    def now(self):
        return datetime(2026, 11, 23, 9, tzinfo=UTC)

    def today(self):
        return date(2026, 11, 23)


@pytest.fixture
def changes():
    return []


@pytest.fixture
def keys():
    """The passphrase in force, as a vault would hold it."""
    return {"now": "old phrase of mine"}


@pytest.fixture
def view(qtbot, jobs, changes, keys):
    def change(old, new):
        if old != keys["now"]:
            raise StoreError("vault.wrong_passphrase")
        keys["now"] = new

    desk = Desk(
        jobs=jobs, pack=load(resource("packs/tm-default")), forms={}, clock=Still(), practice=False,
        preferences=Preferences(language="en", theme="light"), reader=lambda deed: deed(None),
        writer=lambda deed: deed(None),
    )  # fmt: skip
    deeds = SettingsDeeds(
        changed=changes.append, change_passphrase=change, same=lambda a, b: a.split() == b.split(),
        log_text=lambda: "09:00 office.unreachable", version="0.1.0",
    )  # fmt: skip
    made = SettingsView(desk, go=None, deeds=deeds)
    qtbot.addWidget(made)
    made.resize(1093, 557)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.setFocus()
    yield made
    theme.apply(QApplication.instance(), Theme())


def press(key):
    QTest.keyClick(QApplication.focusWidget(), key)


def type_over(field, text):
    field.editor.setFocus()
    field.editor.clear()
    QTest.keyClicks(field.editor, text)


def test_the_language_changes_every_word_at_once(view, changes):
    """She does not look for a button to save; the words on this very page change."""
    press(Qt.Key.Key_2)
    assert i18n.language() == "ru"
    assert changes[-1].language == "ru"
    assert view._desk.preferences.language == "ru"
    assert QApplication.focusWidget() is view.language.buttons["ru"]


def test_look_and_size_change_at_once(view, changes):
    """In a bright yard the text must grow now, not after a restart."""
    view.text.setFocus()
    press(Qt.Key.Key_3)
    view.theme.setFocus()
    press(Qt.Key.Key_2)
    assert theme.current() == Theme(dark=True, text_percent=130)
    assert (changes[-1].theme, changes[-1].text_percent) == ("dark", 130)


def test_names_prints_and_minutes_are_kept(view, changes):
    """A shared room, papers in Russian, a longer lock: each is one key."""
    view.names.setFocus()
    press(Qt.Key.Key_Space)
    assert changes[-1].show_child_names is False
    view.print_language.setFocus()
    press(Qt.Key.Key_2)
    assert changes[-1].print_language == "ru"
    view.minutes.setFocus()
    press(Qt.Key.Key_Up)
    assert changes[-1].lock_minutes == 6
    view.minutes.setValue(99)
    assert changes[-1].lock_minutes == 15


def test_the_page_shows_what_holds_whenever_it_is_opened(view, changes):
    """Chosen elsewhere, it stood here as before: the next key would have brought the old look back."""
    view.hide()
    view._desk.preferences = Preferences(language="en", theme="dark", text_percent=115, lock_minutes=9)
    view.show()
    assert (view.theme.key(), view.text.key(), view.minutes.value()) == ("dark", "115", 9)
    assert changes == []
    view.minutes.setValue(10)
    assert (changes[-1].theme, changes[-1].lock_minutes) == ("dark", 10)


@pytest.mark.parametrize("language", ["tk", "ru", "en"])
def test_the_card_of_the_lock_is_not_titled_with_the_command(view, language):
    """The button in the rail covers the screen at once; this heading is a name, not a deed."""
    i18n.set_language(language)
    view.retranslate()
    assert view.lock_card.heading.text() == {"tk": "Gulplama", "ru": "Блокировка", "en": "Lock"}[language]
    assert view._inside.contentsMargins().left() == theme.px(24)


def test_the_same_choice_again_saves_nothing(view, changes):
    """A file is not written for nothing."""
    view.theme.setFocus()
    press(Qt.Key.Key_1)
    assert changes == []


@pytest.mark.parametrize(
    ("old", "new", "again", "field", "words"),
    [
        ("", "a new long phrase", "a new long phrase", "old", "Type your passphrase."),
        ("old phrase of mine", "short", "short", "new", "At least 12 letters"),
        ("old phrase of mine", "a new long phrase", "a new long", "again", "not the same phrase"),
    ],
)
def test_a_new_passphrase_is_checked_beside_its_field(view, keys, old, new, again, field, words):
    """A slip in the new one would lock her out tomorrow."""
    for name, text in (("old", old), ("new", new), ("again", again)):
        type_over(getattr(view, name), text)
    view.change.setFocus()
    press(Qt.Key.Key_Space)
    assert words in getattr(view, field).error.text()
    assert QApplication.focusWidget() is getattr(view, field).editor
    assert keys["now"] == "old phrase of mine"


def test_the_passphrase_is_changed_and_said(qtbot, view, keys):
    """After it the fields are empty: the next person at the desk reads nothing."""
    for field, text in (
        (view.old, "old phrase of mine"),
        (view.new, "quite another one"),
        (view.again, "quite another one"),
    ):
        type_over(field, text)
    view.change.setFocus()
    press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "is changed" in view.banner.text())
    assert keys["now"] == "quite another one"
    assert view.old.text() == view.new.text() == view.again.text() == ""


def test_a_wrong_old_passphrase_changes_nothing(qtbot, view, keys):
    """Whoever finds the laptop open cannot take it over."""
    for field, text in ((view.old, "guess"), (view.new, "quite another one"), (view.again, "quite another one")):
        type_over(field, text)
    view.change.setFocus()
    press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "did not open" in view.old.error.text())
    assert keys["now"] == "old phrase of mine"
    assert view.change.isEnabled()


def test_a_disk_that_refuses_is_said_on_the_page(qtbot, view):
    """The old passphrase stays good; she must know."""
    view._not_changed(StoreError("vault.disk_full"))
    assert "the disk is full" in view.banner.text()


def test_the_log_is_shown_whole_before_it_is_copied(qtbot, view):
    """She sees what she gives away."""
    assert view.log.isHidden()
    view.show_log.setFocus()
    press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not view.log.isHidden())
    view.copy_log.setFocus()
    press(Qt.Key.Key_Space)
    assert QApplication.clipboard().text() == view.log.toPlainText() == "09:00 office.unreachable"
    view._log_failed(StoreError("vault.read_only"))
    assert "can only be read" in view.banner.text()


def test_columns_stand_under_one_another_where_it_is_narrow(view):
    """At 125 % nothing is cut or scrolled sideways."""
    view.resize(700, 557)
    assert view._across.direction() == view._across.Direction.TopToBottom
    view.resize(1200, 557)
    assert view._across.direction() == view._across.Direction.LeftToRight


def test_preferences_are_applied_at_the_start(qapp):
    """The unlock page already speaks her language in her size."""
    apply_preferences(qapp, Preferences(language="tk", theme="dark", text_percent=115))
    assert i18n.language() == "tk"
    assert theme.current() == Theme(dark=True, text_percent=115)
    apply_preferences(qapp, Preferences(language="en", theme="system"))
    assert theme.current().text_percent == 100
    theme.apply(qapp, Theme())
