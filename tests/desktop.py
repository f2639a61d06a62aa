"""The whole desktop program for tests: the real windows over a folder, with hands at its keyboard."""

import logging
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from healthvisit.app import Program
from healthvisit.practice.hands import Hands
from healthvisit.services import access, families
from healthvisit.services.families import NewFamily
from healthvisit.settings import Paths, Preferences
from healthvisit.store import people
from healthvisit.ui import i18n, messages
from healthvisit.vault.keys import LOWEST
from tests.builders import GARAGUM, PHRASE, a_child, a_mother

LANGUAGES = ("tk", "ru", "en")


class Desktop:
    """One run of the program, as from double-click to close."""

    def __init__(self, app, folder, *, language="en", **facts):
        self.app = app
        self.is_closed = False
        self.paths = Paths.under(folder)
        if not self.paths.preferences.exists():
            Preferences(language=language, print_language=language, theme="light").save(self.paths.preferences)
        hook = sys.excepthook
        self.program = Program(app, self.paths, **facts)
        sys.excepthook = hook  # a test sees what fails; the program's own handler would only note it
        self.program.start()
        self.hands = Hands(app, self.program, patience_s=25)

    @property
    def house(self):
        return self.program.house

    @property
    def unlock_page(self):
        return self.program.unlock

    def try_phrase(self, phrase):
        """Type a passphrase and press Enter; nothing is waited for."""
        field = self.unlock_page.passphrase
        field.clear()
        field.editor.setFocus()
        self.hands._letters(field.editor, phrase)
        QTest.keyClick(field.editor, Qt.Key.Key_Return)

    def unlock(self, phrase=PHRASE):
        self.hands.unlock(phrase)
        return self

    def trouble(self):
        """Wait until the unlock page says that the file cannot be opened; what it says."""
        self.hands.until("trouble is said", lambda: self.unlock_page.pages.currentIndex() == 1)
        return self.unlock_page.trouble_text.text()

    def at_store(self, deed, *, write=False):
        return self.hands.at_store(deed, write=write)

    def execute(self, sql):
        """Say something to SQLite on the vault lane: how a test makes a disk full and free again."""
        return self.on_vault(lambda: self.program.opened.store.vault._db.execute(sql).fetchall())

    def on_vault(self, deed):
        got, failed = [], []
        self.program.jobs.vault(deed, done=got.append, failed=failed.append)
        self.hands.until("the vault lane", lambda: got or failed)
        assert not failed, failed
        return got[0]

    def families(self):
        """Names of the families in the vault, read where the vault is."""
        return self.on_vault(lambda: names_in(self.program.opened.store))

    def child_of(self, household):
        """The id of a family's first child."""
        return self._person_of(household, "child")

    def adult_of(self, household):
        """The id of a family's first adult."""
        return self._person_of(household, "adult")

    def _person_of(self, household, kind):
        day = self.house.desk.today()
        loaded = self.at_store(lambda work: people.load_caseload(work, today=day, households=(household,)))
        return next(row.id for row in loaded.persons.values() if row.kind == kind)

    def fill_disk(self):
        """No page more fits on the disk from now on."""
        ((pages,),) = self.execute("PRAGMA page_count")
        self.execute(f"PRAGMA max_page_count={pages}")

    def free_disk(self):
        self.execute("PRAGMA max_page_count=1000000")

    def visit(self, household):
        """Open a visit of a family, as from Today."""
        self.house.start_visit(household)
        self.hands.until("the visit opens", lambda: self.house.visit_page.presenter is not None)
        self.hands.settle()
        return self.house.visit_page

    def close(self):
        """End it as closing its window does; what a process leaves to its end is deleted here."""
        if self.is_closed:
            return
        self.is_closed = True
        for window in QApplication.topLevelWidgets():
            window.hide()
        self.program.end()
        for made in (self.house and self.house.frame, self.house, self.program.window, self.program):
            if made is not None:
                made.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@contextmanager
def desktops(app):
    """Makes desktops and closes each; the process's log and language are as before."""
    made = []
    logger = logging.getLogger("healthvisit")
    before = (logger.handlers, logger.level, logger.propagate)

    def make(folder, **facts):
        one = Desktop(app, Path(folder), **facts)
        made.append(one)
        return one

    try:
        yield make
    finally:
        for one in made:
            one.close()
        logger.handlers, logger.propagate = before[0], before[2]
        logger.setLevel(before[1])
        i18n.set_language("en")


def make_work(folder, *names, label="W-01", now=None):
    """A vault with families of these names, closed again; their ids."""
    paths = Paths.under(Path(folder))
    moment = now or datetime.now(UTC)
    store = access.create(paths.data, paths.anchor, passphrase=PHRASE, label=label, now=moment, cost=LOWEST)
    born = moment.date() - timedelta(days=126)
    ids = []
    with store.reading(worker="", now=moment) as work:
        worker = access.identity(work).worker
    for name in names:
        family = NewFamily(
            name=name, place=GARAGUM, phone="65123456", mother=a_mother(surname=name + "a"),
            children=(a_child("Aýna", born, surname=name + "a"),),
        )  # fmt: skip
        with store.unit(worker=worker, now=moment) as work:
            ids.append(families.register_family(work, family, today=moment.date()))
    store.close()
    return ids


def names_in(store):
    """Names of the families in a store, sorted."""
    with store.reading(worker="", now=datetime.now(UTC)) as work:
        loaded = people.load_caseload(work, today=datetime.now(UTC).date())
    return sorted(row.name for row in loaded.households.values())


def said_everywhere(error):
    """The sentence of an error in each language: different, filled, with what happened and what to do."""
    spoken = i18n.language()
    said = {}
    try:
        for code in LANGUAGES:
            i18n.set_language(code)
            said[code] = messages.sentence(error)
            assert messages.happened(error.code, error.details) in said[code]
            assert "{" not in said[code]
            assert "…" not in said[code]
    finally:
        i18n.set_language(spoken)
    assert len(set(said.values())) == len(LANGUAGES), said
    return said


def words_on(widget):
    """Everything that stands on a page in labels and buttons."""
    parts = widget.findChildren(QLabel) + widget.findChildren(QPushButton)
    return "\n".join(part.text() for part in parts if part.isVisible())


def sign_visit(here, home):
    """The shortest visit that can be signed; its id."""
    page = here.visit(home)
    presenter = page.presenter
    answers = {
        "alone": "no", "has_concern": "none", "weight_g": "5,85", "length_mm": "62,0", "posture": "l",
        "head_mm": "40,2", "oedema": "no", "agreed": "breast milk only",
    }  # fmt: skip
    for _ in range(20):
        if presenter.step is None:
            break
        if presenter.step.name == "danger":
            presenter.none_of_these()
        for field, text in answers.items():
            path = next((q.path for q in presenter.questions() if q.field == field and not q.value), None)
            if path is not None:
                presenter.answer(path, text)
        presenter.go_on()
    presenter.sign()
    here.hands.until("signed", lambda: page.signed_id)
    return page.signed_id
