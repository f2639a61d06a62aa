"""The open house: frame, pages and the ways between them; idle lock and status line.

It is built on the main thread, unseen, while the passphrase is typed, and handed every function that reaches further
down. It reads and does nothing before `begin`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Any, cast

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from healthvisit import __version__
from healthvisit.domain.errors import StoreError
from healthvisit.services.check_drafts import InVisit
from healthvisit.services.delivery import Delivery
from healthvisit.settings import Preferences
from healthvisit.ui import support_log
from healthvisit.ui.child.view import ChildView
from healthvisit.ui.desk import Clock, Desk, SyncState
from healthvisit.ui.development.adult_view import AdultView
from healthvisit.ui.development.ask_view import AskView
from healthvisit.ui.development.check_view import CheckView
from healthvisit.ui.development.result_view import ResultView
from healthvisit.ui.families.new_view import AddChildrenView, NewFamilyView
from healthvisit.ui.families.view import FamiliesView
from healthvisit.ui.family.view import FamilyView
from healthvisit.ui.first_run.presenter import Join
from healthvisit.ui.i18n import N_, _
from healthvisit.ui.main_window import Frame
from healthvisit.ui.messages import sentence
from healthvisit.ui.sender import Sender, Stop
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
DAILY = ("visit", "families", "family", "child", "sync")  # made in quiet moments; each page keeps 1 to 4 MB
MOST_ON_BADGE = 99  # wider covers the name; the page says the number
IN_THE_ROOM = ("visit", "check", "result", "ask")
"""Pages used while the family sits beside: nothing of another family can come on the screen."""
FORMS = ("check", "result", "ask")
KEEPING = ("visit", "check", "result", "ask", "adult", "paper")
"""Pages with something to seal, or to cover, before the screen is covered or the program ends."""
FIRST_QUIET_MS, QUIET_MS = 1500, 100
_ACTIVITY = {
    QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.MouseMove,
    QEvent.Type.TouchBegin,
}  # fmt: skip


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
    rest: Callable[[], None]  # vault, once everything stands
    closed: Callable[[], object]  # main


class _Place(QWidget):
    """Where a page stands, or will stand."""

    def __init__(self, make: Callable[[], QWidget]) -> None:
        super().__init__()
        self._make = make
        self._page: QWidget | None = None
        inside = QVBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)

    @property
    def is_made(self) -> bool:
        """Whether the page is there."""
        return self._page is not None

    def page(self) -> QWidget:
        """The page, made if need be."""
        if self._page is None:
            self._page = self._make()
            layout = self.layout()
            assert layout is not None, "made with one"
            layout.addWidget(self._page)
            self.setFocusProxy(self._page)
            self._page.show()
        return self._page


class House(QObject):
    """Everything after unlocking. `Go` for every page."""

    def __init__(self, desk: Desk, hands: Hands) -> None:
        super().__init__()
        self.desk = desk
        self.hands = hands
        self.frame = Frame(practice=desk.practice)
        self._trail: list[tuple[str, tuple[str, ...]]] = []
        self._save_trouble = ""
        self._visit_title = ""
        self._make_places()
        self._wire()
        self._idle = QTimer(self, singleShot=True)
        self._idle.timeout.connect(self.lock)
        self._quiet = QTimer(self, singleShot=True)
        self._quiet.timeout.connect(self._make_next_place)
        self.is_at_rest = False  # the pages of the day are made
        self.exchanges = Sender(
            desk, delivery=hands.delivery, exchange=hands.exchange, join=hands.join, show=self.show_sync,
            failed=self._failed,
        )  # fmt: skip

    def begin(self, clock: Clock, *, worker_label: str, clock_marked: bool) -> None:
        """The vault is open: Today is shown, exchanges are planned, and idleness is counted."""
        self.desk.begin(clock, worker_label=worker_label, clock_marked=clock_marked)
        self.frame.set_worker(worker_label)
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)
        self._quiet.start(FIRST_QUIET_MS)
        self._rest()
        self.frame.show()
        self.today()
        for error in (*self.desk.left_out, *(problem.error() for _folder, problem in self.desk.library.left_out)):
            self._failed(error)
        self.exchanges.begin()

    def _make_places(self) -> None:
        """Every place by its name; a page is made when it is first needed, or in a quiet moment after Today stands."""
        desk = self.desk
        makers: dict[str, tuple[Callable[[], QWidget], str, str, int]] = {
            "today": (lambda: TodayView(desk, self), N_("Today"), "today", 1),
            "families": (lambda: FamiliesView(desk, self), N_("Families"), "families", 2),
            "visit": (self._make_visit, N_("Visit open"), "visit", 3),
            "sync": (self._make_sync, N_("Sync"), "sync", 4),
            "settings": (self._make_settings, N_("Settings"), "settings", 5),
            "family": (lambda: FamilyView(desk, self), N_("Family"), "", 0),
            "child": (lambda: ChildView(desk, self), N_("Child"), "", 0),
            "new_family": (lambda: NewFamilyView(desk, self), N_("New family"), "", 0),
            "add_children": (lambda: AddChildrenView(desk, self), N_("Add children"), "", 0),
            "check": (lambda: CheckView(desk, self), N_("Development check"), "", 0),
            "result": (lambda: ResultView(desk, self), N_("Result of another tool"), "", 0),
            "ask": (lambda: AskView(desk, self), N_("Questions"), "", 0),
            "adult": (lambda: AdultView(desk, self), N_("Adult"), "", 0),
            "signed": (self._make_signed, N_("Signed visit"), "", 0),
            "paper": (self._make_paper, N_("From paper"), "", 0),
            "showing": (lambda: ShowingView(desk, self, leave=self._leave_showing), N_("Child"), "", 0),
        }
        self._places = {name: _Place(make) for name, (make, *_rest) in makers.items()}
        for name, (_make, title, icon, key) in makers.items():
            self.frame.add_page(name, self._places[name], title, icon, key)
        self.frame.set_place_shown("visit", shown=False)

    def _make_visit(self) -> VisitView:
        page = VisitView(self.desk, self)
        page.titled.connect(self._title_visit)
        page.sheet_found.connect(self._go_on_from_paper)
        return page

    def _make_sync(self) -> SyncView:
        page = SyncView(
            self.desk, self, stop=self.exchanges.stop, join=self._join_from_page, check_code=self.hands.check_code
        )
        page.set_state(self.desk.sync)
        return page

    def _make_settings(self) -> SettingsView:
        deeds = SettingsDeeds(
            changed=self._change_preferences,
            change_passphrase=self.hands.change_passphrase,
            same=self.hands.same_passphrase,
            log_text=support_log.text,
            version=__version__,
        )
        return SettingsView(self.desk, self, deeds)

    def _make_signed(self) -> SignedVisitView:
        page = SignedVisitView(self.desk, self)
        page.titled.connect(self.frame.set_heading)
        return page

    def _make_paper(self) -> PaperView:
        page = PaperView(self.desk, self)
        page.titled.connect(self.frame.set_heading)
        return page

    def _make_next_place(self) -> None:
        """One page of the day's way a moment, so that the first visit opens at once; others wait until asked for."""
        name = next((name for name in DAILY if not self._places[name].is_made), None)
        if name is not None:
            self._places[name].page()
            self._quiet.start(QUIET_MS)
        else:
            self.is_at_rest = True
            self.desk.jobs.vault(self.hands.rest, done=lambda _nothing: None, failed=self._failed, owner=self)

    def _wire(self) -> None:
        self.frame.asked.connect(self._asked)
        self.frame.searched.connect(self.families)
        self.frame.search_entered.connect(self.families)
        self.frame.page_shown.connect(self._page_shown)
        self.frame.cover.unlock_tried.connect(self._uncover)
        self.desk.save_told = self._save_told

    # pages

    @property
    def today_page(self) -> TodayView:
        """The page, made now if it was not needed before."""
        return cast("TodayView", self._places["today"].page())

    @property
    def families_page(self) -> FamiliesView:
        """The page, made now if it was not needed before."""
        return cast("FamiliesView", self._places["families"].page())

    @property
    def visit_page(self) -> VisitView:
        """The page, made now if it was not needed before."""
        return cast("VisitView", self._places["visit"].page())

    @property
    def sync_page(self) -> SyncView:
        """The page, made now if it was not needed before."""
        return cast("SyncView", self._places["sync"].page())

    @property
    def settings_page(self) -> SettingsView:
        """The page, made now if it was not needed before."""
        return cast("SettingsView", self._places["settings"].page())

    @property
    def family_page(self) -> FamilyView:
        """The page, made now if it was not needed before."""
        return cast("FamilyView", self._places["family"].page())

    @property
    def child_page(self) -> ChildView:
        """The page, made now if it was not needed before."""
        return cast("ChildView", self._places["child"].page())

    @property
    def check_page(self) -> CheckView:
        """The page, made now if it was not needed before."""
        return cast("CheckView", self._places["check"].page())

    @property
    def result_page(self) -> ResultView:
        """The page, made now if it was not needed before."""
        return cast("ResultView", self._places["result"].page())

    @property
    def ask_page(self) -> AskView:
        """The page, made now if it was not needed before."""
        return cast("AskView", self._places["ask"].page())

    @property
    def adult_page(self) -> AdultView:
        """The page, made now if it was not needed before."""
        return cast("AdultView", self._places["adult"].page())

    @property
    def new_family_page(self) -> NewFamilyView:
        """The page, made now if it was not needed before."""
        return cast("NewFamilyView", self._places["new_family"].page())

    @property
    def add_children_page(self) -> AddChildrenView:
        """The page, made now if it was not needed before."""
        return cast("AddChildrenView", self._places["add_children"].page())

    @property
    def signed_page(self) -> SignedVisitView:
        """The page, made now if it was not needed before."""
        return cast("SignedVisitView", self._places["signed"].page())

    @property
    def paper_page(self) -> PaperView:
        """The page, made now if it was not needed before."""
        return cast("PaperView", self._places["paper"].page())

    @property
    def showing_page(self) -> ShowingView:
        """The page, made now if it was not needed before."""
        return cast("ShowingView", self._places["showing"].page())

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

    def child(self, person: str, tab: str = "") -> None:
        """One child; `tab` opens that part of the page. A form that led here was saved: no way leads back into it."""
        if self._trail and self._trail[-1][0] in FORMS:
            self._trail.pop()
        self.child_page.show_child(person, tab)
        self._show("child", person, *filter(None, [tab]))

    def start_check(self, person: str, *, amends: str = "", visit: InVisit | None = None) -> None:
        """Begin a development check, go on with the one begun, or correct one that was saved."""
        if visit is None and self._trail and self._trail[-1][0] == "visit":
            visit = self.visit_page.in_visit  # back in the check from a page that was looked at meanwhile
        if visit is None:
            self._come_back_to_development(person)
        elif not self._trail or self._trail[-1][0] != "visit":
            self._trail.append(("visit", ()))
        self.check_page.open(person, amends, visit)
        self._show("check", person)

    def enter_result(self, person: str, *, amends: str = "") -> None:
        """Enter the result of another tool, or correct one."""
        self._come_back_to_development(person)
        self.result_page.open(person, amends)
        self._show("result", person)

    def ask(self, person: str, *, amends: str = "") -> None:
        """Ask the questions of an instrument, go on with those begun, or correct what was asked."""
        self._come_back_to_development(person)
        self.ask_page.open(person, amends)
        self._show("ask", person)

    def adult(self, person: str) -> None:
        """One adult of a family."""
        self.adult_page.show_adult(person)
        self._show("adult", person)

    def _come_back_to_development(self, person: str) -> None:
        """Back from a check leads to the part of the child's page it was begun on."""
        if self._trail and self._trail[-1][0] == "child":
            self._trail[-1] = ("child", (person, "development"))

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
        self._flush_visit()
        self.showing_page.show_child(person)
        self._show("showing", person)

    def sync(self) -> None:
        """The Sync page."""
        self._show("sync")

    def lock(self) -> None:
        """Cover at once; what was typed is sealed first."""
        self._flush_visit()
        self.frame.cover_now()

    def back(self) -> None:
        """Where one came from; from a form of its own, home."""
        if self._trail:
            self._trail.pop()
        if not self._trail:
            self.today()
            return
        name, arguments = self._trail.pop()
        ways: dict[str, Callable[..., None]] = {
            "family": self.family, "child": self.child, "signed": self.read_visit, "families": self.families,
            "sync": self.sync, "visit": self._visit_again, "adult": self.adult, "check": self.start_check,
            "result": self.enter_result, "ask": self.ask,
        }  # fmt: skip
        way = ways.get(name)
        if way is None:
            self.today()
        else:
            way(*arguments)

    def send_now(self) -> None:
        """Start an exchange with the office; a second one while it runs is the same one."""
        self.exchanges.send_now()

    def _flush_visit(self) -> None:
        """Seal what is unsaved on any page; what is private leaves the screen."""
        for name in KEEPING:
            if self._places[name].is_made:
                page: Any = self._places[name].page()
                page.flush()

    # inside

    def _show(self, name: str, *arguments: str) -> None:
        if not self._trail or self._trail[-1] != (name, arguments):
            self._trail = [*self._trail[-20:], (name, arguments)]
        self._places[name].page()
        if self.frame.page() != name:
            self.frame.show_page(name)
        else:
            self._page_shown(name)

    def _in_room(self, open_it: Callable[[], None]) -> None:
        open_it()
        self.frame.set_place_shown("visit", shown=True)
        self._show("visit")

    def _page_shown(self, name: str) -> None:
        if not self._places[name].is_made:
            self._places[name].page().setFocus()
        self.frame.set_visit_mode(on=name in IN_THE_ROOM)
        self._set_alone(alone=name == "showing")
        if name == "showing":
            return
        self.frame.search.setVisible(name not in (*IN_THE_ROOM, "families"))  # Families has a field of its own
        if name == "visit":
            self.frame.set_heading(self._visit_title)
        elif name == "today":
            self.frame.set_heading(self.today_page.heading())

    def _visit_again(self) -> None:
        """The visit as it stands there; home once it is signed or thrown away."""
        if self.visit_page.in_visit is not None:
            self._show("visit")
        else:
            self.today()

    def _go_on_from_paper(self, draft: str) -> None:
        """What was to be gone on with is a sheet half typed in."""
        self.frame.set_place_shown("visit", shown=False)
        self.paper_page.open_draft(draft)
        self._show("paper")

    def end(self) -> None:
        """The program closes: nothing is made or begun any more."""
        for timer in (self._quiet, self._idle):
            timer.stop()
        self.exchanges.end()

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
        page: Any = self._places[self.frame.page()].page()
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

    # status and exchanges

    def show_sync(self, state: SyncState) -> None:
        """Say on the status line, the badge and the Sync page how office and laptop stand."""
        if self._places["sync"].is_made:
            self.sync_page.set_state(state)
        text, level = status_sentence(state, self.desk.now(), save_failed=self._save_trouble)
        self.frame.set_status(text, level)
        count = (state.waiting_visits + state.waiting_families if state.waiting else 0) or state.waiting_files
        badge = f"{MOST_ON_BADGE}+" if count > MOST_ON_BADGE else str(count or "")
        self.frame.set_badge("sync", badge, needs_attention=state.attention > 0)

    def _join_from_page(self, join: Join) -> None:
        self.exchanges.join(join.code, join.card, self.sync_page.joined, self.sync_page.join_failed)

    def join_from_first_run(self, join: Join) -> None:
        """What she typed on the last page of the first run; what is wrong with it is said at once."""
        self.exchanges.join(join.code, join.card, lambda: None, self._failed)

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
            self.show_sync(self.desk.sync)
        self._rest()

    def _rest(self) -> None:
        minutes = self.desk.preferences.lock_minutes
        if self.frame.page() in IN_THE_ROOM:
            minutes = max(minutes, VISIT_LOCK_MINUTES)
        self._idle.start(minutes * 60_000)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _ACTIVITY and not self.frame.cover.isVisible():
            self._rest()
        elif event.type() is QEvent.Type.Close and watched is self.frame:
            self._flush_visit()
            self.hands.closed()
        return super().eventFilter(watched, event)

    def _save_told(self, trouble: BaseException | None) -> None:
        """A save the disk refused: the status line is red until one succeeds. What she typed wrong is none."""
        said = sentence(trouble) if isinstance(trouble, StoreError) else ""
        if said != self._save_trouble:
            self._save_trouble = said
            self.show_sync(self.desk.sync)

    def _failed(self, error: BaseException) -> None:
        support_log.note(error)
        self.frame.banner.say(sentence(error), kind="danger")
