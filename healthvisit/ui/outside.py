"""What leaves the house and what is kept of it: exchanges with the office, how they stand, preferences, passphrase."""

from collections.abc import Callable

from healthvisit import __version__
from healthvisit.domain.errors import StoreError
from healthvisit.settings import Preferences
from healthvisit.ui import support_log
from healthvisit.ui.desk import Desk, Go, SyncState
from healthvisit.ui.first_run.presenter import Join
from healthvisit.ui.hands import Hands
from healthvisit.ui.main_window import Frame
from healthvisit.ui.messages import sentence
from healthvisit.ui.places import Places
from healthvisit.ui.sender import Sender
from healthvisit.ui.settings.presenter import SettingsDeeds
from healthvisit.ui.settings.view import SettingsView
from healthvisit.ui.sync.status import status_sentence
from healthvisit.ui.sync.view import SyncView

MOST_ON_BADGE = 99  # wider covers the name; the page says the number


class Outside:
    """The Sync and Settings pages, and the status line under all of them.

    `preferred` is told when preferences were changed, `failed` what is our own bug.
    """

    def __init__(
        self,
        desk: Desk,
        frame: Frame,
        places: Places,
        hands: Hands,
        *,
        preferred: Callable[[], object],
        failed: Callable[[BaseException], object],
    ) -> None:
        self._desk, self._frame, self._places, self._hands = desk, frame, places, hands
        self._preferred, self._failed = preferred, failed
        self._save_trouble = ""
        self.exchanges = Sender(
            desk, delivery=hands.delivery, exchange=hands.exchange, join=hands.join, show=self.show, failed=failed
        )
        desk.save_told = self._save_told

    def sync_page(self, go: Go) -> SyncView:
        """The Sync page, as things stand."""

        def join(asked: Join) -> None:
            self.exchanges.join(asked.code, asked.card, page.joined, page.join_failed)

        page = SyncView(self._desk, go, stop=self.exchanges.stop, join=join, check_code=self._hands.check_code)
        page.set_state(self._desk.sync)
        return page

    def settings_page(self, go: Go) -> SettingsView:
        """The Settings page."""
        deeds = SettingsDeeds(
            changed=self.prefer,
            change_passphrase=self._hands.change_passphrase,
            same=self._hands.same_passphrase,
            log_text=support_log.text,
            version=__version__,
        )
        return SettingsView(self._desk, go, deeds)

    def join(self, join: Join) -> None:
        """What she typed on the last page of the first run; what is wrong with it is said at once."""
        self.exchanges.join(join.code, join.card, lambda: None, self._failed)

    def prefer(self, preferences: Preferences) -> None:
        """Keep them; they hold from now on."""
        before, self._desk.preferences = self._desk.preferences, preferences
        self._hands.keep_preferences(preferences)
        if before.language != preferences.language:
            self.show(self._desk.sync)
        self._preferred()

    def show(self, state: SyncState) -> None:
        """Say on the status line, the badge and the Sync page how office and laptop stand."""
        for page in self._places.made(["sync"]):
            page.set_state(state)
        text, level = status_sentence(state, self._desk.now(), save_failed=self._save_trouble)
        self._frame.set_status(text, level)
        count = (state.waiting_visits + state.waiting_families if state.waiting else 0) or state.waiting_files
        badge = f"{MOST_ON_BADGE}+" if count > MOST_ON_BADGE else str(count or "")
        self._frame.set_badge("sync", badge, needs_attention=state.attention > 0)

    def _save_told(self, trouble: BaseException | None) -> None:
        """A save the disk refused: the status line is red until one succeeds. What she typed wrong is none."""
        said = sentence(trouble) if isinstance(trouble, StoreError) else ""
        if said != self._save_trouble:
            self._save_trouble = said
            self.show(self._desk.sync)
