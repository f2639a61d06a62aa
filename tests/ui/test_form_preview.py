"""An author tries a form out: a window, nothing kept, mistakes in words; and a draft is kept soon after each answer."""

import shutil
from datetime import UTC, datetime

from PySide6.QtWidgets import QLabel

from healthvisit.cli import main as command
from healthvisit.forms.snapshot import Snapshot
from healthvisit.ui.form.keeper import SAVE_AFTER_MS, SnapshotKeeper
from healthvisit.ui.form.preview import PreviewWindow
from tests.ui.form_desk import EVERY_TYPE, NOW, FormDesk


def opened(qtbot, jobs, path):
    window = PreviewWindow(path, jobs, now=datetime(2026, 11, 23, 9, tzinfo=UTC))
    qtbot.addWidget(window)
    window.show()
    return window


def test_a_form_is_tried_out_and_nothing_of_it_is_written(qtbot, jobs, tmp_path):
    """No vault, no file beside the form, and the band says so."""
    shutil.copytree(EVERY_TYPE.parent, tmp_path / "forms")
    before = sorted(path.name for path in tmp_path.rglob("*"))
    window = opened(qtbot, jobs, tmp_path / "forms" / EVERY_TYPE.name)
    qtbot.waitUntil(lambda: window.view is not None)
    view = window.view
    view.presenter.answer("/data/about/name", "M")
    assert set(view.sheet.ground.pictures) == {"hold.png", "sun.png", "moon.png", "rain.png"}
    for path, text in {"/data/choose/one": "no", "/data/tab/t1": "o0", "/data/long/agree": "OK"}.items():
        view.presenter.answer(path, text)
    view.presenter.answer("/data/member/who", "A")
    view.presenter.pick("check")
    view.go_on.click()
    assert "Nothing of it was kept" in view.banner.text()
    assert sorted(path.name for path in tmp_path.rglob("*")) == before
    view.banner.deed.click()
    qtbot.waitUntil(lambda: window.view is not view)
    assert window.view.presenter.session.value("/data/about/name") == ""


def test_a_broken_form_is_refused_in_words_and_can_be_tried_again(qtbot, jobs, tmp_path):
    """The author mends it and presses one button."""
    form = tmp_path / "form.md"
    form.write_text("| survey |\n| | type | name | label | relevant |\n| | text | a | A | ${a} = |\n")
    window = opened(qtbot, jobs, form)
    qtbot.waitUntil(lambda: bool(window.said.buttons))
    assert window.view is None
    assert "form check" in " ".join(each.text() for each in window.said.findChildren(QLabel))
    form.write_text("| survey |\n| | type | name | label |\n| | text | a | A |\n")
    window.said.buttons[0].click()
    qtbot.waitUntil(lambda: window.view is not None)
    form.unlink()
    window.begin()
    qtbot.waitUntil(lambda: bool(window.said.buttons))


def test_the_command_is_listed(capsys):
    """Authors find it where check and compile are."""
    try:
        command.main(["form", "--help"])
    except SystemExit:
        assert "show" in capsys.readouterr().out


def test_a_draft_is_kept_soon_after_an_answer_and_at_once_when_a_page_is_left(qtbot):
    """Who types on and on is kept too; a save that fails is tried with the next answer."""
    desk = FormDesk(qtbot, EVERY_TYPE.read_text(encoding="utf-8"))
    saved, broken = [], []

    def save(snapshot, *, done, failed):
        if broken:
            failed(OSError("disk full"))
            return
        saved.append(snapshot)
        done(NOW)

    keeper = SnapshotKeeper(desk.view, save)
    desk.focus("name")
    desk.keys("My")
    assert not saved
    qtbot.waitUntil(lambda: keeper._soon.remainingTime() < SAVE_AFTER_MS // 2)
    desk.keys("r")
    assert keeper._soon.remainingTime() < SAVE_AFTER_MS // 2 + 50  # counted from the first key, not from the last
    qtbot.waitUntil(lambda: bool(saved), timeout=2000)
    assert ("/data/about/name", "Myr") in saved[-1].answers
    assert desk.view.kept.text().startswith("Saved")
    desk.keys("a")
    desk.view.presenter.pick("/data/when")
    desk.view.left.emit()
    assert ("/data/about/name", "Myra") in saved[-1].answers
    assert Snapshot.from_json(saved[-1].to_json()) == saved[-1]
    broken.append(True)
    desk.presenter.answer("/data/about/name", "Myrad")
    keeper.flush()
    assert desk.view.kept.text() == "Not saved"
    broken.clear()
    keeper.flush()
    assert ("/data/about/name", "Myrad") in saved[-1].answers
