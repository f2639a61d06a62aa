"""The practice office: a real server as a child process."""

import os
import select
import socket
import subprocess
import sys

import pytest

from healthvisit.domain.errors import OfficeError
from healthvisit.practice import office as practice_office
from healthvisit.practice.office import OfficeProcess
from healthvisit.server.folder import make
from healthvisit.sync import client
from tests.builders import NOW


@pytest.fixture
def office(tmp_path):
    made = OfficeProcess(tmp_path / "office", tmp_path / "office.txt")
    yield made
    made.stop()


def test_it_starts_stops_and_starts_again_where_it_was(office):
    """The tour loses the line by stopping it; laptops must find it again without being told."""
    url = office.start()
    card = client.fetch_card(url)
    assert office.is_running
    assert office.start() == url
    office.stop()
    office.stop()
    assert not office.is_running
    with pytest.raises(OfficeError, match=r"office\.unreachable"):
        client.fetch_card(url)
    assert office.start() == url
    assert client.fetch_card(url) == card
    office.kill()
    assert office.start() == url
    assert client.fetch_card(url) == card


def test_another_port_when_the_old_one_is_taken(office):
    """Something else may have taken the port meanwhile: practice goes on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = office._port = str(taken.getsockname()[1])
        assert not office.start().endswith(f":{port}")
        assert client.fetch_card(office.url)


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits for a process that is not its child")
def test_it_ends_with_its_parent(tmp_path):
    """A program that was killed must leave no server behind on somebody's laptop."""
    parent = f"""
import sys
from pathlib import Path
from healthvisit.practice.office import OfficeProcess
office = OfficeProcess(Path({str(tmp_path / "office")!r}), Path({str(tmp_path / "office.txt")!r}))
office.start()
print(office.pid, office.url, flush=True)
sys.stdin.read()
"""
    started = subprocess.Popen([sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    pid, url = started.stdout.readline().split()
    server = os.pidfd_open(int(pid))
    assert client.fetch_card(url)
    started.kill()
    started.communicate()
    assert select.select([server], [], [], 20)[0]
    os.close(server)
    with pytest.raises(OfficeError, match=r"office\.unreachable"):
        client.fetch_card(url)


def test_what_it_prints_is_kept_for_the_search_for_names(office):
    """The server's output is one of the places where a name must not stand."""
    office.start()
    office.stop()
    assert office.output.read_text(encoding="utf-8").startswith("ready https://127.0.0.1:")


def test_a_server_that_does_not_start_is_said(office, monkeypatch):
    """A missing library or a damaged folder: practice must say so and not wait for ever."""
    make(office.folder, now=NOW)
    (office.folder / "centre.key").write_text("no key")
    with pytest.raises(OfficeError, match=r"practice\.office_not_started"):
        office.start()
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with pytest.raises(OfficeError, match=r"practice\.office_not_started"):
        office.start()


def test_in_the_built_program_it_is_the_second_executable(monkeypatch):
    """There is no `python -m` on a nurse's laptop."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    (command,) = practice_office.server_command()
    assert command.startswith(sys.executable.rpartition("/")[0])
    assert "healthvisit-server" in command
