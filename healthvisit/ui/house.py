"""The open house: frame, pages and the ways between them; idle lock, status line, exchanges in the background.

It is built on the main thread when the vault is open, and is handed every function that reaches further down.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event
from typing import Any, Protocol

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from healthvisit import __version__
from healthvisit.domain.errors import HealthvisitError, StoreError
from healthvisit.services.delivery import Delivery
from healthvisit.settings import Preferences
from healthvisit.ui import support_log
from healthvisit.ui.child.view import ChildView
from healthvisit.ui.desk import Desk, SyncState
from healthvisit.ui.families.new_view import AddChildrenView, NewFamilyView
from healthvisit.ui.families.view import FamiliesView
from healthvisit.ui.family.view import FamilyView
from healthvisit.ui.first_run.presenter import Join
from healthvisit.ui.i18n import N_, _
from healthvisit.ui.main_window import Frame
from healthvisit.ui.messages import sentence
from healthvisit.ui.settings.presenter import SettingsDeeds
from healthvisit.ui.settings.view import SettingsView
from healthvisit.ui.showing.view import ShowingView
from healthvisit.ui.sync.status import status_sentence
from healthvisit.ui.sync.view import SyncView
from healthvisit.ui.today.view import TodayView
from healthvisit.ui.visit.paper_view import PaperView
from healthvisit.ui.visit.signed_view import SignedVisitView
from healthvisit.ui.visit.view import VisitView

VISIT_LOCK_MINUTES = 10
FIRST_TRY_S, EVERY_S, AFTER_SAVE_S = 5, 600, 20
BACKOFF_LEAST_S, BACKOFF_MOST_S = 2, 600
_ACTIVITY = {
    QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.MouseMove,
    QEvent.Type.TouchBegin,
}  # fmt: skip


class Stop(Protocol):
    """Looked at between the steps of an exchange."""

    def is_set(self) -> bool:
        """Whether to stop."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """What the house can do below: each function runs on the lane named."""

    check_passphrase: Callable[[str], bool]  # vault
    change_passphrase: Callable[[str, str], None]  # vault
    delivery: Callable[[], Delivery]  # vault
    exchange: Callable[[Stop, Callable[[int, int], object]], Any]  # network
    join: Callable[[Event, str, str], None]  # network
    same_passphrase: Callable[[str, str], bool]  # main
    check_code: Callable[[str], None]  # main
    keep_preferences: Callable[[Preferences], None]  # main
    closed: Callable[[], object]  # main


class _Either:
    """Set when the program closes or the person pressed Stop."""

    def __init__(self, *events: Event) -> None:
        self._events = events

    def is_set(self) -> bool:
        """Whether any of them is."""
        return any(event.is_set() for event in self._events)


class House(QObject):
    """Everything after unlocking. `Go` for every page."""

    def __init__(self, desk: Desk, hands: Hands) -> None:
        super().__init__()
        self.desk = desk
        self.hands = hands
        self.frame = Frame(practice=desk.practice)
        self.frame.set_worker(desk.worker_label)
        self._trail: list[tuple[str, tuple[str, ...]]] = []
        self._failures = 0
        self._stop: Event | None = None
        self._sending = (0, 0)
        self._save_trouble = ""
        self._visit_title = ""
        self._make_pages()
        self._wire()
        self._idle = QTimer(self, singleShot=True)
        self._idle.timeout.connect(self.lock)
        self._next_try = QTimer(self, singleShot=True)
        self._next_try.timeout.connect(self.send_now)
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)
        self._rest()
        self._read_delivery()
        self._plan(FIRST_TRY_S)

    def _make_pages(self) -> None:
        desk = self.desk
        self.today_page = TodayView(desk, self)
        self.families_page = FamiliesView(desk, self)
        self.visit_page = VisitView(desk, self)
        self.sync_page = SyncView(
            desk, self, stop=self._stop_sending, join=self._join_from_page, check_code=self.hands.check_code
        )
        self.settings_page = SettingsView(
            desk,
            self,
            SettingsDeeds(
                changed=self._change_preferences,
                change_passphrase=self.hands.change_passphrase,
                same=self.hands.same_passphrase,
                log_text=support_log.text,
                version=__version__,
            ),
        )
        self.family_page = FamilyView(desk, self)
        self.child_page = ChildView(desk, self)
        self.new_family_page = NewFamilyView(desk, self)
        self.add_children_page = AddChildrenView(desk, self)
        self.signed_page = SignedVisitView(desk, self)
        self.paper_page = PaperView(desk, self)
        self.showing_page = ShowingView(desk, self, leave=self._leave_showing)
        add = self.frame.add_page
        add("today", self.today_page, N_("Today"), "today", 1)
        add("families", self.families_page, N_("Families"), "families", 2)
        add("visit", self.visit_page, N_("Visit open"), "visit", 3)
        add("sync", self.sync_page, N_("Sync"), "sync", 4)
        add("settings", self.settings_page, N_("Settings"), "settings", 5)
        add("family", self.family_page, N_("Family"))
        add("child", self.child_page, N_("Child"))
        add("new_family", self.new_family_page, N_("New family"))
        add("add_children", self.add_children_page, N_("Add children"))
        add("signed", self.signed_page, N_("Signed visit"))
        add("paper", self.paper_page, N_("From paper"))
        add("showing", self.showing_page, N_("Child"))
        self.frame.set_place_shown("visit", shown=False)

    def _wire(self) -> None:
        self.frame.asked.connect(self._asked)
        self.frame.searched.connect(self.families)
        self.frame.search_entered.connect(self.families)
        self.frame.page_shown.connect(self._page_shown)
        self.frame.cover.unlock_tried.connect(self._uncover)
        self.desk.jobs.changed.connect(self._changed)
        self.visit_page.titled.connect(self._title_visit)
        self.signed_page.titled.connect(self.frame.set_heading)
        self.paper_page.titled.connect(self.frame.set_heading)
        self.desk.save_told = self._save_told

    # the ways of Go

    def today(self) -> None:
        """Home."""
        self._show("today")

    def families(self, search: str = "") -> None:
        """The list of families, searching for a text."""
        self._show("families")
        self.families_page.search(search)

    def family(self, household: str) -> None:
        """One family."""
        self.family_page.show_household(household)
        self._show("family", household)

    def child(self, person: str) -> None:
        """One child."""
        self.child_page.show_child(person)
        self._show("child", person)

    def new_family(self, name: str = "") -> None:
        """The three pages of a new family."""
        self.new_family_page.start(name)
        self._show("new_family")

    def add_children(self, household: str) -> None:
        """Children born or come to a known family."""
        self.add_children_page.start(household)
        self._show("add_children")

    def start_visit(self, household: str, *, unplanned: str | None = None) -> None:
        """Begin a visit, or go on with the one begun today."""
        self._in_room(lambda: self.visit_page.open_new(household, unplanned=unplanned))

    def resume_visit(self, draft: str) -> None:
        """Go on with a visit where it stood."""
        self._in_room(lambda: self.visit_page.open_draft(draft))

    def amend_visit(self, visit: str) -> None:
        """Correct a signed visit."""
        self._in_room(lambda: self.visit_page.open_amending(visit))

    def read_visit(self, visit: str) -> None:
        """Look at a signed visit."""
        self.signed_page.open(visit)
        self._show("signed", visit)

    def from_paper(self) -> None:
        """Key in visits from paper sheets."""
        self.paper_page.open()
        self._show("paper")

    def show_to_family(self, person: str) -> None:
        """The page for the family's eyes; the passphrase leaves it."""
        self.visit_page.flush()
        self.showing_page.show_child(person)
        self._show("showing", person)

    def sync(self) -> None:
        """The Sync page."""
        self._show("sync")

    def lock(self) -> None:
        """Cover at once; what was typed is sealed first."""
        self.visit_page.flush()
        self.frame.cover_now()

    def back(self) -> None:
        """Where one came from; from a visit or a form of its own, home."""
        if self._trail:
            self._trail.pop()
        if not self._trail:
            self.today()
            return
        name, arguments = self._trail.pop()
        ways: dict[str, Callable[..., None]] = {
            "family": self.family, "child": self.child, "signed": self.read_visit, "families": self.families,
            "sync": self.sync,
        }  # fmt: skip
        ways.get(name, self.today)(*arguments)

    def send_now(self) -> None:
        """Start an exchange with the office; a second one while it runs is the same one."""
        self._next_try.stop()
        if self.desk.sync.running is not None or not self.desk.sync.joined:
            return
        self._set_sync(replace(self.desk.sync, running=(0, self.desk.sync.waiting), trouble=None))
        stop = self._stop = Event()
        self.desk.jobs.network(
            lambda closing: self.hands.exchange(_Either(closing, stop), self._progress),
            done=self._exchanged,
            failed=self._not_exchanged,
            owner=self,
        )

    def visit_left(self) -> None:
        """The visit page holds nothing any more."""
        self.frame.set_place_shown("visit", shown=False)

    # inside

    def _show(self, name: str, *arguments: str) -> None:
        if not self._trail or self._trail[-1] != (name, arguments):
            self._trail = [*self._trail[-20:], (name, arguments)]
        if self.frame.page() != name:
            self.frame.show_page(name)

    def _in_room(self, open_it: Callable[[], None]) -> None:
        open_it()
        self.frame.set_place_shown("visit", shown=True)
        self._show("visit")

    def _page_shown(self, name: str) -> None:
        self.frame.set_visit_mode(on=name == "visit")
        self._set_alone(alone=name == "showing")
        if name == "showing":
            return
        self.frame.search.setVisible(name not in ("visit", "families"))  # Families has a field of its own
        if name == "visit":
            self.frame.set_heading(self._visit_title)
        elif name == "today":
            self.frame.set_heading(self.today_page.heading())

    def _title_visit(self, words: str) -> None:
        self._visit_title = words
        if self.frame.page() == "visit":
            self.frame.set_heading(words)

    def _set_alone(self, *, alone: bool) -> None:
        """Nothing but the page itself: no rail, no head, no status."""
        for part in (self.frame.rail, self.frame.status, self.frame.title, self.frame.help):
            part.setVisible(not alone)
        if alone:
            self.frame.search.hide()

    def _asked(self, command: str) -> None:
        if self.frame.page() == "showing" and command != "help":
            return
        plain: dict[str, Callable[[], object]] = {
            "new_family": self.new_family,
            "from_paper": self.from_paper,
            "lock": self.lock,
            "help": self.frame.show_keys,
        }
        if command in plain:
            plain[command]()
            return
        page = self.frame.stack.currentWidget()
        own = getattr(page, "command", None)
        if own is not None and own(command):
            return
        if command == "back":
            self.back()
        elif command == "print" and hasattr(page, "print_page"):
            page.print_page()
        elif command in ("show_family", "hide") and hasattr(page, "show_to_family"):
            page.show_to_family()
        elif command == "new_visit" and hasattr(page, "new_visit"):
            page.new_visit()

    def _leave_showing(self, passphrase: str, done: Callable[[bool], None]) -> None:
        def checked(right: bool) -> None:
            done(right)
            if right:
                self.back()

        self._try_passphrase(passphrase, checked)

    def _changed(self, kinds: frozenset[str]) -> None:
        if "progress" in kinds:
            if self.desk.sync.running is not None:
                self._set_sync(replace(self.desk.sync, running=self._sending))
            return
        self._read_delivery()
        if self.desk.sync.running is None and not self._next_try.isActive():
            self._plan(AFTER_SAVE_S)

    # status and exchanges

    def _read_delivery(self) -> None:
        self.desk.jobs.vault(self.hands.delivery, done=self._took_delivery, failed=self._failed, owner=self)

    def _took_delivery(self, note: Delivery) -> None:
        state = self.desk.sync
        self._set_sync(
            replace(
                state, joined=note.joined, waiting=note.waiting, waiting_visits=note.waiting_visits,
                waiting_families=note.waiting_families, oldest_waiting=note.oldest_waiting,
                at_office=note.at_office, in_copy=note.in_copy, last_sent_at=note.last_sent_at,
                attention=note.attention, history=note.history,
            )
        )  # fmt: skip

    def _set_sync(self, state: SyncState) -> None:
        self.desk.sync = state
        self.sync_page.set_state(state)
        text, level = status_sentence(state, self.desk.now(), save_failed=self._save_trouble)
        self.frame.set_status(text, level)
        badge = str(state.waiting_visits + state.waiting_families) if state.waiting else ""
        self.frame.set_badge("sync", "" if badge == "0" else badge, needs_attention=state.attention > 0)

    def _progress(self, sent: int, of: int) -> None:  # network lane
        self._sending = (sent, of)
        self.desk.jobs.report_changed({"progress"})

    def _exchanged(self, result: Any) -> None:
        self._failures = 0
        stopped = {"sent": result.sent, "waiting": max(0, self.desk.sync.waiting - result.sent)}
        trouble = "office.revoked" if result.revoked else "sync.stopped" if result.stopped else None
        self._set_sync(replace(self.desk.sync, running=None, trouble=trouble, trouble_details=stopped))
        self._read_delivery()
        self._plan(max(EVERY_S, result.backoff_s))

    def _not_exchanged(self, error: BaseException) -> None:
        self._failures += 1
        code = error.code if isinstance(error, HealthvisitError) else "program.failed"
        details = error.details if isinstance(error, HealthvisitError) else {}
        self._set_sync(replace(self.desk.sync, running=None, trouble=code, trouble_details=details))
        self._read_delivery()
        most = min(BACKOFF_MOST_S, BACKOFF_LEAST_S * 2**self._failures)
        floor = float(details.get("retry_after_s", 0))
        self._plan(max(floor, BACKOFF_LEAST_S, random.uniform(0, most)))  # noqa: S311 -- spreads tries, no secret
        if not isinstance(error, HealthvisitError):
            self._failed(error)

    def _plan(self, seconds: float) -> None:
        self._next_try.start(int(seconds * 1000))

    def _join_from_page(self, join: Join) -> None:
        self._join(join.code, join.card, self.sync_page.joined, self.sync_page.join_failed)

    def _stop_sending(self) -> None:
        if self._stop is not None:
            self._stop.set()

    def _join(
        self, code: str, place: str, done: Callable[[], object], failed: Callable[[BaseException], object]
    ) -> None:
        def joined(_nothing: object) -> None:
            done()
            self._read_delivery()
            self._set_sync(replace(self.desk.sync, joined=True))
            self.send_now()

        self.desk.jobs.network(self.hands.join, code, place, done=joined, failed=failed, owner=self)

    def join_from_first_run(self, join: Join) -> None:
        """What she typed on the last page of the first run; what is wrong with it is said at once."""
        self._join(join.code, join.card, lambda: None, self._failed)

    # passphrase, preferences, idle

    def _uncover(self, passphrase: str) -> None:
        cover = self.frame.cover
        cover.set_busy(busy=True)

        def checked(right: bool) -> None:
            cover.set_busy(busy=False)
            if right:
                self.frame.uncover()
                self._rest()
            else:
                cover.show_wrong(_("That did not open it."))

        self._try_passphrase(passphrase, checked)

    def _try_passphrase(self, passphrase: str, done: Callable[[bool], object]) -> None:
        def failed(error: BaseException) -> None:
            done(False)
            self._failed(error)

        self.desk.jobs.vault(self.hands.check_passphrase, passphrase, done=done, failed=failed, owner=self)

    def _change_preferences(self, preferences: Preferences) -> None:
        before, self.desk.preferences = self.desk.preferences, preferences
        self.hands.keep_preferences(preferences)
        if before.language != preferences.language:
            self._set_sync(self.desk.sync)
        self._rest()

    def _rest(self) -> None:
        minutes = self.desk.preferences.lock_minutes
        if self.frame.page() == "visit":
            minutes = max(minutes, VISIT_LOCK_MINUTES)
        self._idle.start(minutes * 60_000)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _ACTIVITY and not self.frame.cover.isVisible():
            self._rest()
        elif event.type() is QEvent.Type.Close and watched is self.frame:
            self.visit_page.flush()
            self.hands.closed()
        return super().eventFilter(watched, event)

    def _save_told(self, trouble: BaseException | None) -> None:
        """A save the disk refused: the status line is red until one succeeds. What she typed wrong is none."""
        said = sentence(trouble) if isinstance(trouble, StoreError) else ""
        if said != self._save_trouble:
            self._save_trouble = said
            self._set_sync(self.desk.sync)

    def _failed(self, error: BaseException) -> None:
        support_log.note(error)
        self.frame.banner.say(sentence(error), kind="danger")
