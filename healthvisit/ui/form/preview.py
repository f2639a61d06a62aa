"""A form as its author will see it in the program. Answers go nowhere; no passphrase, no family, no file is written."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from healthvisit.domain.errors import HealthvisitError
from healthvisit.ui import i18n, theme
from healthvisit.ui.dates import clock
from healthvisit.ui.form.attachments import Files
from healthvisit.ui.form.kinds.base import Ground
from healthvisit.ui.form.opening import OpenedForm, open_file
from healthvisit.ui.form.view import FormView
from healthvisit.ui.i18n import _
from healthvisit.ui.jobs import Jobs
from healthvisit.ui.messages import happened
from healthvisit.ui.theme import Theme
from healthvisit.ui.widgets.layout import label
from healthvisit.ui.widgets.notices import EmptyState

WIDTH, HEIGHT = 1366, 696
ZONE = "Asia/Ashgabat"


class PreviewWindow(QMainWindow):
    """Opens the form at `path` on a lane and draws it; `view` is there once it is open."""

    def __init__(self, path: Path, jobs: Jobs, *, now: datetime) -> None:
        super().__init__()
        self.setWindowTitle("healthvisit")
        self._path, self._jobs, self._now = path, jobs, now
        self.view: FormView | None = None
        self.said = EmptyState()
        self.said.setContentsMargins(theme.px(16), 0, theme.px(16), 0)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.said)
        band = label(_("Trying out a form: what is answered here is kept nowhere."), wrap=False)
        theme.set_kind(band, "practice")
        band.setIndent(theme.px(16))
        band.setMinimumHeight(theme.px(24))
        body = QWidget()
        theme.set_kind(body, "page")
        inside = QVBoxLayout(body)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(band)
        inside.addWidget(self._stack, 1)
        self.setCentralWidget(body)
        self.resize(WIDTH, HEIGHT)
        self.begin()

    def begin(self) -> None:
        """Open the form, from the file as it is now."""
        self.said.say(_("Opening the form …"))
        self._stack.setCurrentWidget(self.said)
        read = partial(open_file, self._path, language=i18n.language(), now=self._now, tz=ZONE)
        self._jobs.vault(read, done=self._show, failed=self._refuse, owner=self)

    def _show(self, opened: OpenedForm) -> None:
        before = self.view
        ground = Ground(
            clock=lambda: clock(datetime.now(UTC)),
            pictures=opened.pictures,
            files=Files(self._jobs),
            marks=True,
        )
        view = self.view = FormView(ground)
        view.ended_it.connect(self._end)
        self._stack.addWidget(view)
        self._stack.setCurrentWidget(view)
        view.open(opened.session)
        if before is not None:
            self._stack.removeWidget(before)
            before.deleteLater()

    def _refuse(self, error: BaseException) -> None:
        said = (
            happened(error.code, error.details)
            if isinstance(error, HealthvisitError)
            else _("The file cannot be read.")
        )
        advice = _("The command form check names every fault with its cell.")
        self.said.say(f"{said} {advice}", [(_("Try again"), self.begin)])

    def _end(self) -> None:
        if self.view is not None:
            session = self.view.presenter.session if self.view.presenter else None
            if session is not None:
                session.finalise(datetime.now(UTC))
            self.view.banner.say(
                _("The form is complete. Nothing of it was kept."), "ok", deed=_("Begin again"), on_deed=self.begin
            )


def show(path: Path, *, language: str, dark: bool = False, text_percent: int = 100) -> int:
    """Open a window with the form at `path` until it is closed; the program's exit code."""
    from PySide6.QtWidgets import QApplication

    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication([])
    theme.apply(app, Theme(dark=dark, text_percent=text_percent))
    i18n.set_language(language)
    i18n.install(app)
    jobs = Jobs()
    window = PreviewWindow(path, jobs, now=datetime.now(UTC))
    window.show()
    try:
        return app.exec()
    finally:
        window.hide()
        jobs.close()
