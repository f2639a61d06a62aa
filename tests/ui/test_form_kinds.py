"""Every type of question is answered as its author meant it, by keyboard, and named to a screen reader."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from healthvisit.ui import i18n
from healthvisit.ui.form.attachments import MOST_BYTES, Files, read_file
from healthvisit.ui.form.kinds.moments import parse_clock, parse_month
from healthvisit.ui.form.kinds.words import KeptQuestion
from healthvisit.ui.form.markup import html, plain
from healthvisit.ui.form.questions import sentence
from tests.ui.form_desk import EVERY_TYPE, FormDesk


@pytest.fixture
def desk(qtbot, jobs):
    return FormDesk(qtbot, EVERY_TYPE.read_text(encoding="utf-8"), files=Files(jobs))


@pytest.mark.parametrize(
    ("page", "question", "typed", "stored", "again"),
    [
        ("about", "warm", "19,5", "19.5", "19,5"),
        ("about", "how_many", "7", "7", "7"),
        ("when", "born", "3.5.26", "2026-05-03", "03.05.2026"),
        ("when", "month", "5.2026", "2026-05-01", "05.2026"),
        ("when", "year", "1999", "1999-01-01", "1999"),
        ("when", "clock", "930", "09:30", "09:30"),
        ("about", "words", "two words", "two words", "two words"),
    ],
)
def test_what_is_typed_is_stored_as_odk_has_it_and_shown_as_people_write_it(desk, page, question, typed, stored, again):
    """A nurse writes 3.5.26; the office's programs read 2026-05-03."""
    desk.page(page)
    desk.focus(question)
    desk.keys(typed)
    assert desk.value(f"/data/{page}/{question}" if question not in ("warm", "how_many") else
                      f"/data/about/rooms/{question}") == stored  # fmt: skip
    desk.page("files")
    desk.page(page)
    field = desk.widget(question)
    editor = field.field.editor if hasattr(field, "field") else field.editor
    shown = editor.toPlainText() if hasattr(editor, "toPlainText") else editor.text()
    assert shown.replace(".", ",") == again.replace(".", ",")


def test_what_is_being_typed_is_left_alone_and_shown_as_usual_later(desk):
    """Nothing jumps under her fingers; in Russian a number has its comma when she comes back."""
    i18n.set_language("ru")
    desk.page("when")
    desk.focus("born")
    desk.keys("3.5.26")
    assert desk.widget("born").field.text() == "3.5.26"
    desk.page("about")
    desk.focus("warm")
    desk.keys("19.5")
    assert desk.widget("warm").editor.text() == "19.5"
    desk.page("when")
    assert desk.widget("born").field.text() == "03.05.2026"
    desk.page("about")
    assert desk.widget("warm").editor.text() == "19,5"


def test_a_moment_is_a_day_and_a_time_each_in_its_field(desk):
    """Half a moment is no answer, and says how it is typed."""
    desk.page("when")
    moment = desk.widget("moment")
    moment.day.editor.setFocus()
    desk.keys("3.5.26")
    assert "9:30" in sentence(desk.session.question("/data/when/moment"))
    moment.clock.editor.setFocus()
    desk.keys("9:05")
    assert desk.value("/data/when/moment") == "2026-05-03T09:05"
    assert moment.day.text() == "3.5.26"  # what is being typed is left alone


@pytest.mark.parametrize(("text", "hour", "minute"), [("9", 9, 0), ("9.30", 9, 30), ("0930", 9, 30), ("23:59", 23, 59)])
def test_a_time_of_day_is_read_as_it_is_written(text, hour, minute):
    """Clocks are written in many ways."""
    assert (parse_clock(text).hour, parse_clock(text).minute) == (hour, minute)


@pytest.mark.parametrize("text", ["24:00", "9:60", "noon", "٩:٣٠", "123456"])
def test_what_is_no_time_of_day_is_refused(text):
    """And stays in the field as it was typed."""
    with pytest.raises(ValueError, match=r"time|must be in"):
        parse_clock(text)


def test_what_is_no_month_is_refused():
    """13.2026 is no month."""
    with pytest.raises(ValueError, match="month"):
        parse_month("13.2026")


def test_digits_choose_and_delete_takes_back(desk):
    """One hand holds the child."""
    desk.page("choose")
    desk.focus("one")
    desk.key(Qt.Key.Key_2)
    assert desk.value("/data/choose/one") == "no"
    desk.key(Qt.Key.Key_Delete)
    assert desk.value("/data/choose/one") == ""
    desk.focus("quick")
    desk.key(Qt.Key.Key_4)
    assert desk.value("/data/choose/quick") == "o3"
    desk.focus("many")
    desk.key(Qt.Key.Key_1)
    desk.key(Qt.Key.Key_3)
    assert desk.value("/data/choose/many") == "a0 a2"


def test_the_rows_of_a_table_are_answered_by_digit_and_arrow_and_mouse(desk):
    """The words of the answers stand once; each row says them to a screen reader."""
    desk.page("tab")
    desk.focus("t1")
    desk.key(Qt.Key.Key_2)
    assert desk.value("/data/tab/t1") == "o1"
    assert QApplication.focusWidget() is desk.widget("t2")  # a digit goes on
    desk.key(Qt.Key.Key_Right)
    desk.key(Qt.Key.Key_Right)
    assert desk.value("/data/tab/t2") == "o1"
    cells = desk.widget("t3")._cells
    QTest.mouseClick(cells, Qt.MouseButton.LeftButton, pos=QPoint(cells.width() - 5, cells.height() // 2))
    assert desk.value("/data/tab/t3") == "o3"
    assert desk.widget("t1").accessibleName() == "The child slept through"
    assert "On some days" in desk.widget("t1").accessibleDescription()
    desk.focus("t1")
    desk.key(Qt.Key.Key_Delete)
    assert desk.value("/data/tab/t1") == ""
    assert not any(path.endswith("labels_3") for path in desk.view.sheet.widgets)


def test_things_are_put_in_order_by_keys(desk):
    """No drag is needed; nothing is answered by only looking."""
    desk.page("long")
    rank = desk.widget("order")
    assert desk.value("/data/long/order") == ""
    rank.list.setFocus()
    desk.key(Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert desk.value("/data/long/order") == "f1 f0 f2 f3"
    desk.key(Qt.Key.Key_4)
    assert desk.value("/data/long/order") == "f1 f2 f3 f0"
    assert rank.keep.isHidden()


def test_an_order_that_is_right_as_it_stands_is_confirmed(desk):
    """Not moving anything is an answer too, but only when it is said."""
    desk.page("long")
    desk.widget("order").keep.click()
    assert desk.value("/data/long/order") == "f0 f1 f2 f3"


def test_a_number_of_a_range_is_typed_or_taken_from_the_scale(desk):
    """Outside the ends it is kept as typed and said."""
    desk.page("long")
    pain = desk.widget("pain")
    pain.editor.setFocus()
    desk.keys("6,5")
    assert desk.value("/data/long/pain") == "6.5"
    assert pain.slider.value() == 13
    pain.slider.setFocus()
    desk.key(Qt.Key.Key_Right)
    assert desk.value("/data/long/pain") == "7"
    pain.editor.setFocus()
    pain.editor.selectAll()
    desk.keys("11")
    assert desk.value("/data/long/pain") == ""
    assert sentence(desk.session.question("/data/long/pain")) == "Type a number from 0 to 10."


def test_a_confirmation_is_given_and_taken_back(desk):
    """ODK stores OK."""
    desk.page("long")
    desk.focus("agree")
    desk.key(Qt.Key.Key_1)
    assert desk.value("/data/long/agree") == "OK"
    desk.key(Qt.Key.Key_Space)
    assert desk.value("/data/long/agree") == ""


def test_a_picture_is_kept_under_a_name_of_its_content_and_taken_out_again(desk, qtbot, tmp_path):
    """The file's own name may be a child's; it goes nowhere."""
    desk.page("files")
    file = tmp_path / "Aýna Myradowa.png"
    image = QImage(1200, 900, QImage.Format.Format_RGB32)
    image.fill(0x336699)
    image.save(str(file))
    photo = desk.widget("photo")
    photo.take(str(file))
    qtbot.waitUntil(lambda: desk.value("/data/files/photo") != "")
    name = desk.value("/data/files/photo")
    assert name.endswith(".jpg")
    assert len(name) == 68
    assert not photo.thumb.pixmap().isNull()
    assert photo.thumb.pixmap().width() <= 200
    photo.remove.click()
    assert desk.value("/data/files/photo") == ""


def test_what_is_no_picture_or_too_large_is_refused_in_words(desk, qtbot, tmp_path):
    """Nothing half is kept, and the sentence stands beside the question."""
    desk.page("files")
    photo = desk.widget("photo")
    words = tmp_path / "note.jpg"
    words.write_text("no picture")
    photo.take(str(words))
    qtbot.waitUntil(lambda: any("no picture that can be kept" in said for said in desk.words()))
    large = tmp_path / "film.bin"
    with large.open("wb") as out:
        out.truncate(MOST_BYTES + 1)
    desk.widget("letter").take(str(large))
    qtbot.waitUntil(lambda: any("larger than 5 MB" in said for said in desk.words()))
    desk.widget("letter").take(str(tmp_path / "gone"))
    qtbot.waitUntil(lambda: any("cannot be read" in said for said in desk.words()))
    assert desk.value("/data/files/photo") == desk.value("/data/files/letter") == ""


def test_the_same_file_has_the_same_name_on_every_computer(tmp_path):
    """Sent twice it is stored once."""
    for name in ("a.bin", "b.bin"):
        (tmp_path / name).write_bytes(b"letter")
    assert read_file(tmp_path / "a.bin", "").name == read_file(tmp_path / "b.bin", "").name
    assert "letter" not in repr(read_file(tmp_path / "a.bin", ""))


def test_what_cannot_be_answered_here_stands_with_what_was_there(desk):
    """Sound, film, places, codes, drawings: kept, said, and nobody is stopped by them."""
    desk.session.put({"/data/not_here/x2": "37.9 58.4 0 0"})
    desk.page("not_here")
    widgets = [w for w in desk.view.sheet.widgets.values() if isinstance(w, KeptQuestion)]
    assert len(widgets) == 8
    assert "37.9 58.4 0 0" in desk.words()
    assert "This cannot be answered on this computer; what was there is kept." in desk.words()
    assert desk.view.go_on.hasFocus()  # Enter goes on


def test_pictures_of_the_form_are_shown_and_sound_is_named(qtbot, qapp):
    """A label may hold a picture; what cannot be played says so."""
    image = QImage(2000, 1000, QImage.Format.Format_RGB32)
    image.fill(0)
    desk = FormDesk(qtbot, EVERY_TYPE.read_text(encoding="utf-8"), pictures={"hold.png": image, "sun.png": image})
    desk.page("files")
    note = desk.widget("look")
    drawn = [made for made in note.findChildren(QLabel) if not made.pixmap().isNull()]
    assert drawn[0].height() > 100
    assert "word.mp3: cannot be played here" in desk.words()
    desk.page("choose")
    assert desk.widget("pic").group.buttons["sun"].height() > 80


def test_labels_hold_marks_and_answers_but_no_html(desk):
    """A form from elsewhere must not draw what it likes."""
    assert html("**a** _b_ <b>c</b> <script>x") == "<b>a</b> <i>b</i> c &lt;script&gt;x"
    assert html("snake_case_name 2 * 3 * 4") == "snake_case_name 2 * 3 * 4"
    assert html("[a](http://b.c)\n# Head") == "a (http://b.c)<br><b>Head</b>"
    assert plain("**a** [b](c)") == "a b (c)"
    desk.focus("name")
    desk.keys("<script>M")
    assert "Thank you, &lt;script&gt;M: twice as many are ." in desk.words()


def test_guidance_is_folded_behind_a_mark_and_a_key(desk):
    """It is there for who wants it, also without a mouse."""
    desk.focus("name")
    assert not any("Spelling may differ" in said for said in desk.words())
    desk.key(Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    assert any("Spelling may differ" in said for said in desk.words())
    desk.widget("name").head.ask_more.click()
    assert not any("Spelling may differ" in said for said in desk.words())
