"""What every screen is handed: reads and saves on the vault lane, the date, the pack, and ways to other places."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QObject

from healthvisit.domain.errors import HealthvisitError
from healthvisit.forms.definition import FormDefinition
from healthvisit.packs.library import Library
from healthvisit.packs.pack import Pack
from healthvisit.services.assessments import library
from healthvisit.services.check_drafts import InVisit
from healthvisit.settings import Preferences
from healthvisit.ui.jobs import Jobs

T = TypeVar("T")
Deed = Callable[[Any], T]
"""A service call closed over its arguments; it is given the unit of work: ``lambda work: today_view(work, …)``."""


class Clock(Protocol):
    """The program's own date: the computer's, plus the offset a person confirmed when it was wrong."""

    def now(self) -> datetime:
        """This moment in UTC."""
        ...

    def today(self) -> date:
        """The local calendar day."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncState:
    """What the status line and the Sync page say. `running` is (sent, of) while an exchange goes on."""

    joined: bool = False
    waiting: int = 0
    waiting_visits: int = 0
    waiting_families: int = 0
    waiting_files: int = 0
    oldest_waiting: datetime | None = None
    at_office: int = 0
    in_copy: int = 0
    last_sent_at: datetime | None = None
    attention: int = 0
    running: tuple[int, int] | None = None
    trouble: str | None = None
    trouble_details: Mapping[str, Any] | None = None
    history: tuple[Mapping[str, Any], ...] = ()


class Desk:
    """The ground a screen stands on. Views hand it deeds; results come back on the main thread."""

    def __init__(  # noqa: PLR0913 -- everything a screen stands on
        self,
        *,
        jobs: Jobs,
        pack: Pack,
        forms: Mapping[str, FormDefinition],
        clock: Clock,
        preferences: Preferences,
        practice: bool,
        reader: Callable[[Deed[Any]], Any],
        writer: Callable[[Deed[Any]], Any],
        packs: Path | None = None,
        left_out: Sequence[HealthvisitError] = (),
    ) -> None:
        self.jobs = jobs
        self.pack = pack
        self.forms = forms
        self.clock = clock
        self.preferences = preferences
        self.practice = practice
        self._packs = packs
        self.left_out = left_out
        """Why a form of the office is not in use; told once when the vault opens."""
        self.worker_label = ""
        self.clock_marked = False
        self.sync = SyncState()
        self.save_told: Callable[[BaseException | None], object] = lambda _trouble: None
        """Told after each save: None when it is on the disk, else what went wrong. The status line follows it."""
        self._reader = reader
        self._writer = writer

    def begin(self, clock: Clock, *, worker_label: str, clock_marked: bool) -> None:
        """The vault is open: whose it is, and which day."""
        self.clock, self.worker_label, self.clock_marked = clock, worker_label, clock_marked

    @property
    def library(self) -> Library:
        """The instruments, tools and D-score keys: shipped, and installed in the folder of packs."""
        return library(self._packs, practice=self.practice)

    def today(self) -> date:
        """The local calendar day, as the program counts it."""
        return self.clock.today()

    def now(self) -> datetime:
        """This moment in UTC, as the program counts it."""
        return self.clock.now()

    def read(
        self,
        deed: Deed[T],
        *,
        done: Callable[[T], object],
        failed: Callable[[BaseException], object],
        owner: QObject | None = None,
    ) -> None:
        """Run a reading deed on the vault lane; `done` or `failed` is called on the main thread."""
        if not self.jobs.is_closed:
            self.jobs.vault(self._reader, deed, done=done, failed=failed, owner=owner)

    def save(
        self,
        deed: Deed[T],
        *,
        done: Callable[[T], object],
        failed: Callable[[BaseException], object],
        owner: QObject | None = None,
    ) -> None:
        """Run a writing deed in one transaction on the vault lane: when `done` is called it is on the disk."""

        def saved(result: T) -> None:
            self.save_told(None)
            done(result)

        def not_saved(error: BaseException) -> None:
            self.save_told(error)
            failed(error)

        self.jobs.vault(self._writer, deed, done=saved, failed=not_saved, owner=owner)


class Go(Protocol):
    """Ways to the other places. Ids only; each place reads what it shows."""

    def today(self) -> None:
        """Home."""
        ...

    def families(self, search: str = "") -> None:
        """The list of families, searching for a text."""
        ...

    def family(self, household: str) -> None:
        """One family."""
        ...

    def child(self, person: str, tab: str = "") -> None:
        """One child; `tab` ``"development"`` opens that part of the page."""
        ...

    def start_check(self, person: str, *, amends: str = "", visit: InVisit | None = None) -> None:
        """Begin a development check of a child, go on with the one begun, or correct one that was saved.

        From the `visit` it is made in, back leads there again.
        """
        ...

    def enter_result(self, person: str, *, amends: str = "") -> None:
        """Enter the result of another tool, or correct one."""
        ...

    def ask(self, person: str, *, amends: str = "") -> None:
        """Ask the questions of an instrument, go on with those begun, or correct what was asked."""
        ...

    def adult(self, person: str) -> None:
        """One adult of a family."""
        ...

    def new_family(self, name: str = "") -> None:
        """The three pages of a new family."""
        ...

    def add_children(self, household: str) -> None:
        """Children born or come to a known family."""
        ...

    def start_visit(self, household: str, *, unplanned: str | None = None) -> None:
        """Begin a visit, or go on with the one begun today."""
        ...

    def resume_visit(self, draft: str) -> None:
        """Go on with a visit where it stood."""
        ...

    def amend_visit(self, visit: str) -> None:
        """Correct a signed visit."""
        ...

    def read_visit(self, visit: str) -> None:
        """Look at a signed visit."""
        ...

    def from_paper(self) -> None:
        """Key in visits from paper sheets."""
        ...

    def show_to_family(self, person: str) -> None:
        """The page for the family's eyes; the passphrase leaves it."""
        ...

    def sync(self) -> None:
        """The Sync page."""
        ...

    def lock(self) -> None:
        """Cover at once."""
        ...

    def back(self) -> None:
        """Where one came from."""
        ...

    def send_now(self) -> None:
        """Start an exchange with the office."""
        ...
