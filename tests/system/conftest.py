"""What the system tests share: an office that runs, and laptops that are closed with the test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.laptops import Laptop, TestOffice


@pytest.fixture(scope="session")
def shared_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestOffice]:
    """One running office for the tests that leave it as it is; each has a caseload of its own."""
    with TestOffice(tmp_path_factory.mktemp("office") / "office") as office:
        yield office


@pytest.fixture
def own_office(tmp_path: Path) -> Iterator[TestOffice]:
    """An office of this test alone, which may be stopped, killed and put back."""
    with TestOffice(tmp_path / "office") as office:
        yield office


@pytest.fixture
def laptop(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[..., Laptop]]:
    """Makes laptops; given an office, joined to the caseload of this test."""
    made: list[Laptop] = []

    def make(office: TestOffice | None = None, *, caseload: str = "", worker: str = "") -> Laptop:
        one = Laptop(tmp_path / f"laptop{len(made)}")
        made.append(one)
        if office is not None:
            code = office.code(worker or f"{request.node.name} {len(made)}", caseload or request.node.name)
            one.join(office.url, code)
        return one

    yield make
    for one in made:
        one.hang_up()
        one.store.vault.close()
