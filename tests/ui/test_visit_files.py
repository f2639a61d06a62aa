"""Pictures and files in a visit: kept sealed with it, there again after a kill, shown when it was signed."""

import os
import shutil
import struct

import pytest
from PySide6.QtCore import QBuffer, QPoint
from PySide6.QtGui import QColor, QImage, QImageReader
from PySide6.QtWidgets import QLabel

from healthvisit.domain import attachment
from healthvisit.services import attachments, visits
from healthvisit.store import files
from healthvisit.ui.form.attachments import read_file
from healthvisit.ui.form.kinds.file import FileQuestion
from healthvisit.ui.jobs import Jobs
from healthvisit.ui.messages import SENTENCES
from healthvisit.ui.visit.file_dialog import FileDialog
from healthvisit.ui.visit.signed_view import SignedVisitView
from tests.builders import reopen
from tests.ui.conftest import desk_over
from tests.ui.visiting import FORMS, Room, family, with_page

PAGE = (
    '<group appearance="field-list" ref="/data/home"><label>The home</label>'
    '<upload ref="/data/home/card" mediatype="image/*"><label>A picture of the child\'s card</label></upload>'
    '<upload ref="/data/home/letter" mediatype="application/*"><label>The hospital\'s letter</label></upload></group>'
)


BINDS = "".join(f'<bind nodeset="/data/home/{name}" type="binary"/>' for name in ("card", "letter"))
FILES_FORMS = {**FORMS, "family": with_page(FORMS["family"], "<home><card/><letter/></home>", BINDS, PAGE)}


def visit_room(qtbot, desk, go):
    return Room(qtbot, desk, go, FILES_FORMS)


@pytest.fixture
def room(qtbot, desk, go):
    return visit_room(qtbot, desk, go)


@pytest.fixture
def photo(tmp_path):
    """A photograph of 4,000 points with stripes, as a camera's file."""
    return str(picture(tmp_path / "Aýna Myradowa.jpg"))


def picture(path, *, width=4000, height=3000, colour="#336699"):
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    for x in range(0, width, 50):
        image.setPixelColor(x, 0, QColor("white"))
    assert image.save(str(path))
    return path


def question(room, name):
    room.presenter.pick("0/home")
    return next(w for w in room.view.page.widgets.values() if isinstance(w, FileQuestion) and w.path.endswith(name))


def take(room, path, name="card"):
    """Choose a file, and wait until the draft that names it is sealed."""
    asked = question(room, name)
    before = asked.question.value
    asked.take(path)
    room.qtbot.waitUntil(lambda: question(room, name).question.value not in ("", before))
    room.presenter.keeper.flush()
    room.saved()
    return question(room, name).question.value


def refused(room, path, name="card"):
    """Choose a file that is not taken; what is said beside the question."""
    asked = question(room, name)
    asked.set_error("")

    def said():
        return [w.text() for w in asked.findChildren(QLabel) if w.property("role") == "error" and w.text()]

    asked.take(path)
    room.qtbot.waitUntil(lambda: bool(said()))
    assert not question(room, name).question.value
    return said()[0]


def held(room, name):
    return room.read(lambda work: files.find(work, attachment.sha256_of(name)))


def shown(room, name="card"):
    asked = question(room, name)
    return asked.thumb.isVisibleTo(asked) and not asked.thumb.pixmap().isNull()


def test_a_picture_of_a_visit_is_there_again_after_a_kill(qtbot, room, store, photo, go, tmp_path):
    """The battery falls out in the middle of the visit: the photograph of the card need not be taken again."""
    room.open(family(store))
    assert question(room, "card").choose.text() == "Choose a picture"
    name = take(room, photo)
    assert shown(room)
    assert question(room, "card").choose.text() == "Choose another picture", "it takes the place of the first"
    assert "KB, kept with the answers." in question(room, "card").state.text()
    shutil.copytree(tmp_path / "data", tmp_path / "as it was")  # what a kill at this moment leaves on the disk
    again = reopen(tmp_path / "as it was")
    jobs = Jobs()
    try:
        other = visit_room(qtbot, desk_over(again, jobs), go)
        other.view.open_draft(room.draft.id)
        other.wait()
        assert question(other, "card").question.value == name
        assert shown(other)
        other.frame.hide()
    finally:
        jobs.close()
        again.vault.close()


def test_nothing_of_a_picture_is_readable_on_the_disk(room, store, photo, tmp_path):
    """P2: neither its bytes nor the name it had."""
    room.open(family(store))
    name = take(room, photo)
    data = room.read(lambda work: files.read(work, attachment.sha256_of(name)))
    written = [file.read_bytes() for file in (tmp_path / "data").rglob("*") if file.is_file()]
    for secret in (data[:64], data[1000:1064], name.encode(), bytes.fromhex(name[:64]), "Aýna Myradowa".encode()):
        assert not any(secret in each for each in written)


def test_a_signed_visit_shows_picture_and_file_with_their_questions(qtbot, room, store, photo, go, tmp_path):
    """What was photographed is part of the record, not only of the moment."""
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(b"%PDF-1.4 a letter" * 100)
    room.open(family(store))
    names = {take(room, photo), take(room, str(letter), "letter")}
    room.to("0/setting").fill()
    assert not any(name[:20] in room.view.work.check.text() for name in names), "a row of 64 letters says nothing"
    signed = room.sign()
    assert set(signed.family.answers.values()) >= names
    assert {held(room, name).state for name in names} == {files.WAITING}
    page = SignedVisitView(room.desk, go)
    qtbot.addWidget(page)
    page.show()
    page.open(signed.id)
    qtbot.waitUntil(lambda: len(page.attached.pictures) == 1)
    said = [found.text() for found in page.attached.findChildren(QLabel) if found.isVisibleTo(page)]
    assert {"A picture of the child's card", "The hospital's letter", "File, 2 KB · not sent yet"} <= set(said)
    assert page.attached.pictures[0].pixmap().width() > 200
    page.resize(1200, 700)
    qtbot.waitUntil(lambda: page.attached.deeds[1].mapTo(page.attached, QPoint()).x() > 300)
    assert not any(name[:20] in page.pane.text() for name in names)


def opened(page, at):
    page.attached.deeds[at].click()
    return next(w for w in page.findChildren(FileDialog) if w.isVisible())


def test_a_picture_of_a_card_is_opened_large_enough_to_read_and_copied_where_she_says(qtbot, room, store, go, tmp_path):
    """320 points show that there is a card, not what is written on it; a letter can only be read elsewhere."""
    (tmp_path / "letter.pdf").write_bytes(b"%PDF-1.4 a letter")
    room.open(family(store))
    take(room, str(picture(tmp_path / "a.jpg", width=1500, height=1000)))
    take(room, str(tmp_path / "letter.pdf"), "letter")
    signed = room.to("0/setting").fill().sign()
    page = SignedVisitView(room.desk, go)
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    page.open(signed.id)
    qtbot.waitUntil(lambda: len(page.attached.deeds) == 2)
    dialog = opened(page, 0)
    qtbot.waitUntil(lambda: not dialog.picture.pixmap().isNull())
    assert dialog.picture.pixmap().width() > 600
    assert dialog.windowTitle() == "healthvisit"
    dialog.close_it.click()
    dialog = opened(page, 1)
    qtbot.waitUntil(dialog.save_it.isEnabled)
    assert "not shown here" in dialog.picture.text()
    assert dialog.picture.wordWrap(), "a sentence that is cut tells half of what to do"
    assert "not sealed" in dialog.said.text(), "said before it is done"
    (tmp_path / "stick").mkdir()
    dialog.save_to(tmp_path / "stick")
    qtbot.waitUntil(lambda: "Saved as" in dialog.said.text())
    (copy,) = (tmp_path / "stick").iterdir()
    assert (copy.name, copy.read_bytes()) == ("healthvisit-1.pdf", b"%PDF-1.4 a letter")
    assert [entry["kind"] for entry in room.read(lambda work: work.state("prints")["log"])] == ["copy"]
    dialog.save_to(tmp_path / "nowhere")
    qtbot.waitUntil(lambda: "could not be written there" in dialog.said.text())


def test_a_correction_shows_the_picture_and_replacing_it_keeps_both(room, store, photo, tmp_path):
    """The first version of a record stays whole, its picture too."""
    room.open(family(store))
    old = take(room, photo)
    room.to("0/setting").fill()
    signed = room.sign()
    room.view.open_amending(signed.id)
    room.wait()
    assert question(room, "card").question.value == old
    assert shown(room)
    new = take(room, str(picture(tmp_path / "better.png", width=300, height=200, colour="#993366")))
    room.presenter.setting.set_reason("typed_wrong")
    second = room.sign()
    assert new in second.family.answers.values()
    assert [held(room, name).state for name in (old, new)] == [files.WAITING, files.WAITING]


def test_a_correction_thrown_away_leaves_the_signed_picture(room, store, photo):
    """Only what nobody signed goes with a draft."""
    room.open(family(store))
    name = take(room, photo)
    room.to("0/setting").fill()
    signed = room.sign()
    room.view.open_amending(signed.id)
    room.wait()
    question(room, "card").remove.click()
    room.presenter.keeper.flush()
    room.presenter.drop(lambda _nothing: None)
    room.saved()
    assert held(room, name) is not None


def test_a_picture_taken_out_or_thrown_away_with_its_visit_is_gone(room, store, photo, tmp_path):
    """A wrong photograph is not kept in secret, at the latest once nobody can take the exchange back."""
    room.open(family(store))
    for name in (photo, str(picture(tmp_path / "b.jpg", colour="#000000"))):
        kept = take(room, name)
    assert held(room, kept) is not None
    room.presenter.drop(lambda _nothing: None)
    room.saved()
    assert room.read(files.total) == 0


def test_a_picture_exchanged_before_signing_is_gone_with_its_draft(room, store, photo, tmp_path):
    """What was signed is the second picture; the first one was nobody's."""
    room.open(family(store))
    first = take(room, photo)
    second = take(room, str(picture(tmp_path / "b.jpg", colour="#000000")))
    room.to("0/setting").fill()
    room.sign()
    assert [held(room, first) is None, held(room, second).state] == [True, files.WAITING]


def test_what_cannot_be_kept_is_said_beside_the_question(room, store, tmp_path, monkeypatch):
    """No picture, unreadable, too large, the visit full: a sentence each, and the visit goes on."""
    room.open(family(store))
    (tmp_path / "note.jpg").write_text("no picture")
    assert "no picture that can be kept" in refused(room, str(tmp_path / "note.jpg"))
    assert "cannot be read" in refused(room, str(tmp_path / "gone.jpg"))
    with (tmp_path / "film.bin").open("wb") as out:
        out.truncate(attachment.MOST_BYTES + 1)
    assert "larger than 5 MB" in refused(room, str(tmp_path / "film.bin"), "letter")
    take(room, str(picture(tmp_path / "a.jpg")))
    monkeypatch.setattr(attachments, "VISIT_BYTES", 20_000)
    (tmp_path / "letter.pdf").write_bytes(bytes(19_000))
    assert "of this visit would be more than" in refused(room, str(tmp_path / "letter.pdf"), "letter")
    monkeypatch.setattr(attachments, "VISIT_BYTES", 10**9)
    monkeypatch.setattr(attachments, "LAPTOP_BYTES", 20_000)
    assert "on this computer would be more than" in refused(room, str(tmp_path / "letter.pdf"), "letter")


def test_a_full_disk_is_said_and_the_same_picture_is_kept_once_there_is_room(room, store, tmp_path):
    """Nothing half is kept; what was answered before stays."""
    room.open(family(store))
    (tmp_path / "letter.pdf").write_bytes(os.urandom(1_200_000))
    room.saved()
    ((pages,),) = store.vault._db.execute("PRAGMA page_count").fetchall()
    store.vault._db.execute(f"PRAGMA max_page_count={pages + 20}")
    assert "disk" in refused(room, str(tmp_path / "letter.pdf"), "letter").lower()
    assert room.read(files.total) == 0
    store.vault._db.execute("PRAGMA max_page_count=1000000")
    assert held(room, take(room, str(tmp_path / "letter.pdf"), "letter")).size == 1_200_000


# what a photograph says of itself


def exif(data, *, orientation):
    """The JPEG `data` with what a telephone adds: how it was held, where and when, and a remark."""

    def entry(tag, kind, count, value):
        return struct.pack(">HHI4s", tag, kind, count, value)

    place = entry(1, 2, 2, b"N\0\0\0") + entry(29, 2, 11, struct.pack(">I", 74))
    tiff = b"MM\0*" + struct.pack(">IH", 8, 2)
    tiff += entry(0x0112, 3, 1, struct.pack(">HH", orientation, 0)) + entry(0x8825, 4, 1, struct.pack(">I", 38))
    tiff += b"\0" * 4 + struct.pack(">H", 2) + place + b"\0" * 4
    tiff = tiff.ljust(74, b"\0") + b"2026:11:22\0GPS37.9583N"
    app1 = b"Exif\0\0" + tiff
    comment = b"Aygul's telephone"
    parts = b"\xff\xe1" + struct.pack(">H", len(app1) + 2) + app1
    parts += b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment
    return data[:2] + parts + data[2:]


def test_place_time_and_remarks_of_a_photograph_do_not_travel(tmp_path, qapp):
    """A home must not be found by the picture of a weighing; and a picture held upright stands upright."""
    path = tmp_path / "IMG_0001.jpg"
    picture(path, width=2400, height=1200)
    path.write_bytes(exif(path.read_bytes(), orientation=6))
    assert QImageReader(str(path)).transformation().value == 4, "the made EXIF is read"
    kept = read_file(path, "image/*")
    for told in (b"Exif", b"GPS", b"2026:11:22", b"Aygul"):
        assert told in path.read_bytes()
        assert told not in kept.data
    buffer = QBuffer()
    buffer.setData(kept.data)
    buffer.open(QBuffer.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    image = reader.read()
    assert (image.width(), image.height()) == (800, 1600)
    assert reader.transformation().value == 0
    assert image.pixelColor(400, 800).blue() > 130
    assert kept.small.height() == 640
    assert kept.name == attachment.name_of(kept.data, "jpg")


def test_remarks_in_a_png_do_not_travel_either(tmp_path, qapp):
    """Qt writes an image's own texts into what it saves, unless it is drawn anew."""
    image = QImage(20, 10, QImage.Format.Format_ARGB32)
    image.fill(QColor(0, 0, 0, 0))  # nothing drawn: on paper that is white
    image.setText("Author", "Aygul")
    assert image.save(str(tmp_path / "a.png"))
    kept = read_file(tmp_path / "a.png", "image/*")
    assert b"Aygul" not in kept.data
    assert kept.small.pixelColor(5, 5) == QColor("white")


def test_a_photograph_is_small_enough_for_a_slow_line(tmp_path, qapp):
    """The worst picture, pure noise, still fits the limit; a usual one takes a tenth."""
    noise = QImage(os.urandom(3000 * 2000 * 4), 3000, 2000, QImage.Format.Format_RGB32)
    assert noise.save(str(tmp_path / "noise.jpg"), "jpeg", 95)
    assert (tmp_path / "noise.jpg").stat().st_size > attachment.MOST_BYTES
    assert len(read_file(tmp_path / "noise.jpg", "image/*").data) < attachment.MOST_BYTES
    assert len(read_file(picture(tmp_path / "plain.jpg"), "image/*").data) < 300_000


def test_every_refusal_of_a_file_has_its_sentence():
    """A code on the screen helps nobody."""
    assert {"file.visit_full", "file.laptop_full", "file.absent", "file.damaged"} <= SENTENCES.keys()


def test_a_draft_opened_by_its_service_still_names_its_files(room, store, photo):
    """Hidden answers count too: a question that comes back must find its picture."""
    home = family(store)
    room.open(home)
    name = take(room, photo)
    draft = room.read(lambda work: visits.resume(work, room.desk.pack, room.desk.forms, room.draft.id))
    assert attachments.answers_of(draft) == {name}
