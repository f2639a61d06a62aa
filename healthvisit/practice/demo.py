"""Practice mode: invented families and an office of their own on this computer, ended with the program."""

import sys
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMainWindow

from healthvisit.app import Program, look, make_application, screen_is_missing
from healthvisit.domain.errors import HealthvisitError
from healthvisit.practice.office import OfficeProcess
from healthvisit.practice.prepare import PASSPHRASE, Prepared, prepare
from healthvisit.settings import Paths, Preferences
from healthvisit.ui import i18n
from healthvisit.ui.i18n import _
from healthvisit.ui.jobs import Jobs
from healthvisit.ui.messages import sentence


class Practice:
    """Prepares practice behind a window that says so, then hands over to the program."""

    def __init__(self, folder: Path | None = None) -> None:
        self._paths = Paths.under(folder / "laptop") if folder else Paths.standard(practice=True)
        self._office = (folder or self._paths.data.parent) / "office"
        self._app = make_application()
        look(self._app, Preferences.load(self._paths.preferences))
        self._jobs = Jobs()
        self._window = QMainWindow()
        self._window.setWindowTitle("healthvisit")
        self._window.resize(1366, 696)
        self._said = QLabel(_("Preparing practice: invented families and an office of their own …"))
        self._said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._said.setWordWrap(True)
        self._window.setCentralWidget(self._said)
        self._prepared: Prepared | None = None
        self._own_office = OfficeProcess(self._office / "office", self._office / "office.txt")
        self.program: Program | None = None
        self._app.aboutToQuit.connect(self.end)

    def start(self) -> None:
        """Show the window and prepare on a lane."""
        self._window.show()
        today = date.today()  # noqa: DTZ011 -- the local day
        self._jobs.vault(
            partial(prepare, self._office, [self._paths], today=today), done=self._ready, failed=self._failed
        )

    def _ready(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._begin(PASSPHRASE)

    def _begin(self, passphrase: str) -> None:
        self.program = Program(self._app, self._paths, practice=True, passphrase=passphrase)
        self.program.start()
        self._window.hide()

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, HealthvisitError) and error.code == "vault.wrong_passphrase":
            self._begin(passphrase="")  # she has changed it: practice goes on, with the office on its old port
            self._jobs.vault(self._own_office.start, done=lambda _url: None, failed=lambda _error: None)
            return
        self._said.setText(sentence(error))

    def end(self) -> None:
        """The office ends with the program."""
        self._jobs.close()
        self._own_office.stop()
        if self._prepared is not None:
            self._prepared.office.stop()
            self._prepared = None


def main(folder: Path | None = None) -> int:
    """Run practice until its window closes."""
    if screen_is_missing():
        i18n.set_language(Preferences.load(Paths.standard(practice=True).preferences).language)
        sys.stderr.write(sentence(HealthvisitError("program.no_screen")) + "\n")
        return 1
    practice = Practice(folder)
    practice.start()
    return make_application().exec()
