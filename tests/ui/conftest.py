"""What the tests of the desktop share: the look, and background work that is closed with the test."""

from collections.abc import Iterator

import pytest

from healthvisit.ui import i18n, theme
from healthvisit.ui.jobs import Jobs
from healthvisit.ui.theme import Theme


@pytest.fixture(autouse=True)
def _plain_look(qapp) -> Iterator[None]:
    """Each test begins light, at 100 %, in English."""
    if theme.current() != Theme() or not qapp.styleSheet():
        theme.apply(qapp, Theme())
    i18n.set_language("en")
    yield
    i18n.set_language("en")


@pytest.fixture
def jobs(qapp) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.close()


def pytest_configure(config: pytest.Config) -> None:
    """The screenless platform says aloud that it has no window manager to tell things to."""
    config.addinivalue_line("qt_log_ignore", "This plugin does not support")
