"""Where the pages of the house stand: each is made when it is first needed, those of the day in quiet moments."""

from collections.abc import Callable, Iterable
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

FIRST_QUIET_MS, QUIET_MS = 1500, 100

P = TypeVar("P", bound=QWidget)


class Place(QWidget):
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


class Places(QObject):
    """Every place by its name. `rested` is called once those named `soon` are made."""

    def __init__(self, house: QObject, soon: Iterable[str], rested: Callable[[], object]) -> None:
        super().__init__(house)
        self._soon, self._rested = tuple(soon), rested
        self._places: dict[str, Place] = {}
        self._quiet = QTimer(self, singleShot=True)
        self._quiet.timeout.connect(self._make_next)
        self.is_at_rest = False

    def add(self, name: str, make: Callable[[], QWidget]) -> Place:
        """A place for the page that `make` makes."""
        made = self._places[name] = Place(make)
        return made

    def page(self, name: str) -> Any:
        """The page of that name, made if need be."""
        return self._places[name].page()

    def is_made(self, name: str) -> bool:
        """Whether the page of that name is there."""
        return self._places[name].is_made

    def made(self, names: Iterable[str]) -> list[Any]:
        """Those of these pages that are there."""
        return [self.page(name) for name in names if self.is_made(name)]

    def begin(self) -> None:
        """The first page is on its way; the others wait for a quiet moment."""
        self._quiet.start(FIRST_QUIET_MS)

    def end(self) -> None:
        """Nothing is made any more."""
        self._quiet.stop()

    def _make_next(self) -> None:
        """One page of the day's way a moment, so that the first visit opens at once; others wait until asked for."""
        name = next((name for name in self._soon if not self.is_made(name)), None)
        if name is not None:
            self.page(name)
            self._quiet.start(QUIET_MS)
        else:
            self.is_at_rest = True
            self._rested()


class HasPlaces(Protocol):
    """Whoever keeps places."""

    places: Places


class PageOf(Generic[P]):
    """A page by the name of its place, made now if it was not needed before.

    Args:
        name: Of the place.
        make: The page's class.
        title: English words for the head and the rail.
        icon: On the rail; none for a page that is not there.
        key: Its digit there.
    """

    def __init__(self, name: str, make: Callable[..., P], title: str, icon: str = "", key: int = 0) -> None:
        self.name, self.make, self.title, self.icon, self.key = name, make, title, icon, key

    def __get__(self, house: HasPlaces, _owner: type) -> P:
        page: P = house.places.page(self.name)
        return page
