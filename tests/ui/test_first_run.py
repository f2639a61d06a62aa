"""First run by keyboard alone: five pages, words that can be told apart, the code of the office."""

import unicodedata
from collections import Counter
from itertools import cycle
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from healthvisit.domain.errors import StoreError
from healthvisit.ui import i18n
from healthvisit.ui.first_run.help_sheet import help_sheet
from healthvisit.ui.first_run.join_form import GROUPS, JoinForm
from healthvisit.ui.first_run.presenter import FirstRunResult, Join, Page
from healthvisit.ui.first_run.view import FirstRunView
from healthvisit.ui.first_run.words import words
from healthvisit.vault.keys import fold_passphrase
from healthvisit.wire.identity import EnrolCode, parse_code

CODE = EnrolCode(bytes(range(16)), bytes(range(12))).text()
LETTERS = {
    "tk": "abçdeäfghijžklmnňoöprsştuüwyýz",
    "ru": "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "en": "abcdefghijklmnopqrstuvwxyz",
}


def same(one, other):
    return fold_passphrase(one) == fold_passphrase(other)


def shown(qtbot, view):
    qtbot.addWidget(view)
    view.resize(1093, 557)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    return view


@pytest.fixture
def done():
    return []


@pytest.fixture
def printed():
    return []


@pytest.fixture
def view(qtbot, done, printed):
    """The pages in English, with words drawn in order instead of by chance."""
    drawn = cycle(["ladder", "brick", "ladder", "master", "climb", "ink", "jam"])
    made = FirstRunView(
        done.append, same=same, number="K7QX", check_code=parse_code, print_letter=printed.append,
        choose_file=lambda: "/media/stick/office.card", words=words, draw=lambda _list: next(drawn),
    )  # fmt: skip
    return shown(qtbot, made)


def focus():
    return QApplication.focusWidget()


def press(key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(focus(), key, modifier)


def type_in(text):
    for letter in text:
        QTest.keyClicks(focus(), letter)  # the keyboard may move on by itself


def go_on():
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def to_passphrase():
    press(Qt.Key.Key_3)
    go_on()
    press(Qt.Key.Key_1)
    go_on()


def test_five_pages_are_walked_with_the_keyboard_and_end_joined(view, done):
    """A new worker sets the laptop up without a mouse and without a line."""
    to_passphrase()
    assert view.words.text() == "ladder brick master climb ink"
    type_in("LADDER  brick master climb ink")
    view.label.editor.setFocus()
    type_in("W-07")
    go_on()
    assert view.title.text() == "Help sheet"
    go_on()
    assert view.title.text() == "Join the office"
    type_in(CODE.replace(" ", ""))
    assert focus() is view.join.address.editor
    type_in("office.example")
    go_on()
    assert done == [
        FirstRunResult(
            language="en", practice=False, passphrase="ladder brick master climb ink", label="W-07",
            join=Join(CODE, "https://office.example"),
        )
    ]  # fmt: skip


def test_joining_can_wait(view, done):
    """Work is possible at once, for weeks, before any office knows her; and the page says so."""
    to_passphrase()
    type_in("ladder brick master climb ink")
    view.label.editor.setFocus()
    type_in("7")
    go_on()
    go_on()
    assert view.join_intro.isVisible()
    assert "work at once without joining" in view.join_intro.text()
    assert "5 letters or digits in each box" in view.join.code_label.text()
    view.later.setFocus()
    press(Qt.Key.Key_Space)
    assert done[0].join is None


def test_the_language_holds_from_the_first_key(view):
    """She reads the second line in her own words; the words of the phrase are hers too."""
    press(Qt.Key.Key_2)
    assert i18n.language() == "ru"
    assert view._presenter.language == "ru"
    press(Qt.Key.Key_3)
    assert i18n.language() == "en"


def test_nothing_is_chosen_for_her(view, done):
    """Work or practice is asked, never assumed."""
    press(Qt.Key.Key_3)
    go_on()
    go_on()
    assert view.purpose.error.text() == "Choose one of the two."
    assert view.title.text() == "What is this computer for?"


def test_practice_begins_at_once_and_never_offers_an_office(view, done):
    """Practice must not join an office, has a lock of its own and needs nobody to call."""
    press(Qt.Key.Key_3)
    go_on()
    press(Qt.Key.Key_2)
    assert view.step.text() == "Step 2 of 2"
    assert view.next.text() == "Start practice"
    go_on()
    assert done == [FirstRunResult(language="en", practice=True, passphrase="", label="")]


def test_typed_again_it_must_be_the_same_phrase(view):
    """A slip made now would lock her out tomorrow; capitals, spaces and ä/a do not matter."""
    to_passphrase()
    type_in("ladder brick")
    go_on()
    assert "not the same phrase" in view.again.error.text()
    assert focus() is view.again.editor
    view.again.clear()
    type_in("ladder brick master climb ink")
    go_on()
    assert view.label.error.text() == "Type initials or a number."
    assert focus() is view.label.editor


def test_other_words_can_be_drawn(view):
    """Words she cannot remember or dislikes are not forced on her."""
    to_passphrase()
    before = view.words.text()
    view.draw.setFocus()
    press(Qt.Key.Key_Space)
    assert view.words.text() != before
    assert view.again.text() == ""


def test_an_own_phrase_is_taken_from_twelve_letters(view, done):
    """Allowed, but not short; spaces at the ends do not help."""
    to_passphrase()
    view.use_own.setFocus()
    press(Qt.Key.Key_Space)
    assert focus() is view.own.editor
    type_in("short   one ")
    view.again.editor.setFocus()
    type_in("short one")
    go_on()
    assert view.own.error.text() == "At least 12 letters are needed."
    view.own.editor.setFocus()
    view.own.clear()
    view.again.clear()
    view.own.set_text("Sary gülleriň arasynda")  # QTest has no keys for these letters
    view.again.set_text("sary gullerin arasynda")
    view.label.editor.setFocus()
    type_in("7")
    go_on()
    go_on()
    view._join_later()
    assert done[0].passphrase == "Sary gülleriň arasynda"


def test_back_keeps_what_was_chosen(view):
    """Looking back costs nothing."""
    to_passphrase()
    words_before = view.words.text()
    view.back.setFocus()
    press(Qt.Key.Key_Space)
    assert view.purpose.key() == "work"
    go_on()
    assert view.words.text() == words_before


def test_the_help_sheet_holds_the_number_and_no_secret(view, printed):
    """It lies beside the computer, where a thief finds it too."""
    to_passphrase()
    phrase = view.words.text()
    type_in(phrase)
    view.label.editor.setFocus()
    type_in("7")
    go_on()
    view.print.setFocus()
    press(Qt.Key.Key_Space)
    assert "K7QX" in printed[0].html
    assert not any(word in printed[0].html for word in phrase.split() if len(word) > 4)
    assert help_sheet("K7QX", practice=True).practice


def test_a_vault_that_cannot_be_made_is_said_and_can_be_tried_again(view):
    """A full disk on the first day is no end."""
    view.show_busy()
    assert not view.next.isEnabled()
    view.failed(StoreError("vault.disk_full"))
    assert "the disk is full" in view.banner.text()
    assert view.next.isEnabled()


def test_the_result_tells_no_secret_when_printed():
    """A crash report shows reprs."""
    result = FirstRunResult(
        language="tk", practice=False, passphrase="five secret words", label="7", join=Join("07A2K 9QZX1", "u")
    )
    assert "secret" not in repr(result)
    assert "07A2K" not in repr(result)


@pytest.fixture
def form(qtbot, done):
    return shown(qtbot, JoinForm(parse_code, done.append, choose_file=lambda: "/media/stick/office.card"))


def test_the_code_flows_through_its_groups(form, done):
    """Typed from paper in one go: no Tab, no spaces needed, small letters do."""
    form.groups[0].setFocus()
    type_in(CODE.lower().replace(" ", ""))
    assert focus() is form.address.editor
    assert form.code() == CODE


def test_a_mistyped_group_is_named_at_once_and_kept_under_the_keyboard(form, done):
    """Twelve groups typed before the first slip is told would have to be compared again one by one."""
    form.groups[0].setFocus()
    wrong = CODE.split()[1]
    wrong = wrong[:4] + ("A" if wrong[4] != "A" else "B")
    type_in(CODE.split()[0] + wrong)
    assert form.code_error.text().startswith("Group 2 of the code is not right.")
    assert focus() is form.groups[1]
    for _letter in range(5):
        press(Qt.Key.Key_Backspace)
    type_in("".join(CODE.split()[1:]))
    assert form.code_error.isHidden()
    assert form.code() == CODE


def test_backspace_goes_back_over_a_group(form):
    """An empty group has nothing to take away but the way."""
    form.groups[3].setFocus()
    press(Qt.Key.Key_Backspace)
    assert focus() is form.groups[2]


def test_a_code_can_be_pasted_whole(form):
    """From a letter of the office on the same computer."""
    QApplication.clipboard().setText(CODE.replace(" ", "-").lower())
    form.groups[0].setFocus()
    press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert form.code() == CODE


def test_an_incomplete_code_and_a_missing_address_are_said(form, done):
    """Each in its place, the keyboard there; nothing is handed on."""
    form.groups[0].setFocus()
    type_in(CODE.split()[0])
    assert form.submit() is False
    assert f"1 of {GROUPS}" in form.code_error.text()
    assert focus() is form.groups[1]
    type_in("".join(CODE.split()[1:]))
    for address in ("", "http://office.example", "two words"):
        form.address.set_text(address)
        assert form.submit() is False
        assert form.address.error.text().startswith("Type the address")
    assert done == []


def test_the_office_card_can_be_a_file(form, done):
    """From a stick, without a line; typing afterwards means an address again."""
    form.groups[0].setFocus()
    type_in(CODE.replace(" ", ""))
    form.file.setFocus()
    press(Qt.Key.Key_Space)
    assert form.submit()
    assert done == [Join(CODE, "/media/stick/office.card")]
    form.address.editor.setFocus()
    form.address.editor.clear()
    type_in("https://office.example/")
    assert form.submit()
    assert done[-1].card == "https://office.example"


def folded(word):
    return unicodedata.normalize("NFC", fold_passphrase(word).decode())


@pytest.mark.parametrize("language", ["tk", "ru", "en"])
def test_a_list_has_2048_words_that_stay_apart_when_folded(language):
    """Eleven bits a word: a doubled word, or two that fold to one, would be a weaker lock."""
    found = words(language)
    assert len(found) == 2048
    assert len({folded(word) for word in found}) == 2048
    assert all(3 <= len(word) <= 8 for word in found)
    assert set("".join(found)) <= set(LETTERS[language])


@pytest.mark.parametrize("language", ["tk", "ru", "en"])
def test_no_two_words_differ_by_one_letter(language):
    """Read aloud, or typed with one slip, a word must not become another one of the list."""
    holes = Counter(
        folded(word)[:at] + "?" + folded(word)[at + 1 :] for word in words(language) for at in range(len(folded(word)))
    )
    assert [hole for hole, count in holes.items() if count > 1] == []


def test_the_lists_are_plain_files_sorted_for_reading():
    """A native reader goes through them line by line."""
    for language in ("tk", "ru", "en"):
        file = Path(__file__).resolve().parents[2] / "resources" / "words" / f"{language}.txt"
        lines = file.read_text(encoding="utf-8").splitlines()
        assert lines == sorted(lines, key=folded)


def test_pages_are_the_five_of_the_picture():
    """The order of screens.md: nothing is asked before the language."""
    assert [page.value for page in Page] == ["language", "purpose", "passphrase", "help", "join"]
