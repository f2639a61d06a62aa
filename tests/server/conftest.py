import secrets

import pytest

from tests.server.running import Laptop, RunningOffice


@pytest.fixture(scope="session")
def shared_office(tmp_path_factory):
    """One server process for every test that does not stop it; each test has caseloads of its own."""
    office = RunningOffice(tmp_path_factory.mktemp("office")).start()
    yield office
    office.stop()
    assert office.said == "", "the server said something: every test must leave its log empty"


@pytest.fixture
def own_office(tmp_path):
    """A server process that a test may stop, kill and put back."""
    office = RunningOffice(tmp_path / "office").start()
    yield office
    if office.process.poll() is None:
        office.stop()


@pytest.fixture
def caseload():
    """A caseload nobody else has."""
    return f"Oba {secrets.token_hex(4)}"


@pytest.fixture
def laptop(shared_office, caseload):
    """One enrolled laptop."""
    return Laptop(shared_office, shared_office.code(worker=f"Ayna {caseload}", caseload=caseload))


@pytest.fixture
def laptops(shared_office, caseload):
    """Three laptops of three workers with one caseload."""
    return [
        Laptop(shared_office, shared_office.code(worker=f"Worker {n} {caseload}", caseload=caseload)) for n in range(3)
    ]
