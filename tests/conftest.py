"""What all tests share: no screen, and one switch between the short counts and the long ones."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before anything imports Qt

import hypothesis
import pytest

DEEP = os.environ.get("HEALTHVISIT_DEEP") == "1"

# Old laptops are slow and busy: how long an example takes says nothing about the code.
hypothesis.settings.register_profile(
    "short", max_examples=25, derandomize=True, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.register_profile(
    "deep", max_examples=1000, deadline=None, print_blob=True, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("deep" if DEEP else "short")


@pytest.fixture(scope="session")
def deep() -> bool:
    """Whether this is `dev.py test --deep`: a battery takes its long count then."""
    return DEEP


@pytest.fixture
def desktop(qapp):
    """Makes the whole program over a folder: ``desktop(tmp_path)``; closed with the test."""
    from tests.desktop import desktops  # here: most tests need no Qt

    with desktops(qapp) as make:
        yield make


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave tests marked `deep` to `dev.py test --deep`; pytest's last line counts them as deselected."""
    if DEEP or "deep" in config.getoption("markexpr"):
        return
    left_out = [item for item in items if item.get_closest_marker("deep")]
    if left_out:
        items[:] = [item for item in items if not item.get_closest_marker("deep")]
        config.hook.pytest_deselected(items=left_out)


def pytest_configure(config: pytest.Config) -> None:
    """The screenless platform says aloud that it has no window manager to tell things to."""
    config.addinivalue_line("qt_log_ignore", "This plugin does not support")
