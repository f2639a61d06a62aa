"""Draw every page of a form as pictures to look at: python tests/ui/form_gallery.py FOLDER [FORM] (offscreen)."""

import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from healthvisit.ui import i18n, theme
from healthvisit.ui.form.preview import PreviewWindow
from healthvisit.ui.jobs import Jobs
from healthvisit.ui.theme import Theme

FORM = Path(__file__).parents[1] / "data" / "forms" / "every_type.md"
PATIENCE_S = 30
ANSWERS = {
    "name": "Myradow",
    "warm": "19,5",
    "how_many": "3",
    "born": "2026-07-18",
    "clock": "09:30",
    "one": "yes",
    "many": "a0 a2",
    "pic": "moon",
    "scale": "o2",
    "t1": "o1",
    "t2": "o3",
    "village": "v4",
    "round": "v1 v5 v7",
    "order": "f2 f0 f1 f3",
    "pain": "6.5",
    "babies": "2",
}
LOOKS = {
    "light-en": ("en", Theme(), 1366, 696),
    "dark-ru": ("ru", Theme(dark=True), 1366, 696),
    "small-tk": ("tk", Theme(), 1093, 557),
    "large-tk": ("tk", Theme(text_percent=130), 1366, 696),
}


def wait(app, ready):
    """Until the window has done what it was asked."""
    until = time.monotonic() + PATIENCE_S
    while not ready():
        app.processEvents()
        if time.monotonic() > until:
            raise TimeoutError("the window does not get there")


def fill(view):
    """Answers of every kind."""
    session = view.presenter.session
    paths = {path.rpartition("/")[2]: path for page in session.pages() for path in page.paths}
    for name, text in ANSWERS.items():
        session.answer(paths[name], text)
    session.add_repeat("/data/member")
    session.answer("/data/member[1]/who", "Aýna")
    session.answer("/data/member[1]/age", "31")
    session.answer("/data/member[1]/ill", "yes")
    session.answer("/data/member[2]/who", "Kerim")
    view.open(session)


def shoot(app, folder, form, look):
    """Each page of a form in one look."""
    code, wanted, width, height = LOOKS[look]
    theme.apply(app, wanted)
    i18n.set_language(code)
    jobs = Jobs()
    window = PreviewWindow(form, jobs, now=datetime(2026, 11, 23, 9, tzinfo=UTC))
    window.resize(width, height)
    window.show()
    window.activateWindow()
    wait(app, lambda: window.view is not None)
    view = window.view
    if form == FORM:
        fill(view)
    for number, page in enumerate([*view.presenter.pages, None]):
        view.presenter.pick(page.path if page else "check")
        wait(app, lambda: view.sheet.is_whole)
        if number == 0 and page:
            view.sheet.widgets[f"{page.path}/name"].more() if form == FORM else None
        app.processEvents()
        window.grab().save(str(folder / f"{look}-{number:02}.png"))
        if view.sheet.height() > view._area.height() and page:
            view._area.verticalScrollBar().setValue(view._area.verticalScrollBar().maximum())
            app.processEvents()
            window.grab().save(str(folder / f"{look}-{number:02}b.png"))
    view.presenter.pick(view.presenter.pages[2 if form == FORM else 0].path)
    wait(app, lambda: view.sheet.is_whole)
    view.presenter.session.answer("/data/choose/one", "") if form == FORM else None
    view.presenter.go_on()
    app.processEvents()
    window.grab().save(str(folder / f"{look}-wrong.png"))
    window.hide()
    jobs.close()
    window.deleteLater()
    app.processEvents()


if __name__ == "__main__":
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    application = QApplication([])
    for each in LOOKS:
        shoot(application, out, Path(sys.argv[2]) if len(sys.argv) > 2 else FORM, each)
