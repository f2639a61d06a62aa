"""What the tests of the desktop share: the look, background work closed with the test, and a desk to stand on."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from healthvisit.settings import Preferences
from healthvisit.store.unit_of_work import Store
from healthvisit.ui import i18n, theme
from healthvisit.ui.desk import Deed, Desk
from healthvisit.ui.focus import FocusRing
from healthvisit.ui.jobs import Jobs
from healthvisit.ui.theme import Theme
from tests.builders import NOW, WORKER, FixedClock, default_pack, make_store


@pytest.fixture(autouse=True)
def _plain_look(qapp) -> Iterator[None]:
    """Each test begins light, at 100 %, in English."""
    if theme.current() != Theme() or not qapp.styleSheet():
        theme.apply(qapp, Theme())
        FocusRing.follow(qapp)
    i18n.set_language("en")
    yield
    i18n.set_language("en")


@pytest.fixture
def jobs(qapp) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A real store, opened here. Until a screen works, tests may fill it directly; then only through `desk`."""
    made = make_store(tmp_path / "data")
    yield made
    made.vault.close()


def desk_over(store: Store, jobs: Jobs, *, practice: bool = False, forms: Any = None, **preferences: Any) -> Desk:
    """A desk over a real store: reads and saves run on the vault lane, and a save tells the kinds it changed."""

    def reader(deed: Deed[Any]) -> Any:
        with store.reading(worker=WORKER, now=NOW) as work:
            return deed(work)

    def writer(deed: Deed[Any]) -> Any:
        with store.unit(worker=WORKER, now=NOW, pack=default_pack().name) as work:
            result = deed(work)
        jobs.report_changed(work.changed)
        return result

    desk = Desk(
        jobs=jobs,
        pack=default_pack(),
        forms=forms or {},
        clock=FixedClock(),
        preferences=Preferences(**{"language": "en", "print_language": "en"} | preferences),
        practice=practice,
        reader=reader,
        writer=writer,
    )
    desk.begin(desk.clock, worker_label="A. Orazowa", clock_marked=False)
    return desk


@pytest.fixture
def desk(store: Store, jobs: Jobs) -> Iterator[Desk]:
    """What a screen is handed. The lanes are closed before the vault is."""
    yield desk_over(store, jobs)
    for window in QApplication.topLevelWidgets():
        window.hide()  # as the program does before it closes the lanes
    jobs.close()


@dataclass
class WentTo:
    """Stands for `Go`: remembers where a screen wanted to go, as ("family", "id")."""

    places: list[tuple[Any, ...]] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return lambda *args, **more: self.places.append((name, *args, *more.values()))


@pytest.fixture
def go() -> WentTo:
    return WentTo()
