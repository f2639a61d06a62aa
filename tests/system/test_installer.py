"""The built program, as it is handed to a worker: one folder, two executables, no Python and no checkout needed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from healthvisit.practice.office import OfficeProcess

ROOT = Path(__file__).parents[2]
BUILD_S, RUN_S = 1500, 1200
LIMIT_MB = 260
SUFFIX = ".exe" if os.name == "nt" else ""

pytestmark = [pytest.mark.deep, pytest.mark.timeout(BUILD_S + RUN_S)]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `build_installer.spec` makes."""
    folder = tmp_path_factory.mktemp("installer")
    places = ["--distpath", folder / "dist", "--workpath", folder / "work"]
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", *places, ROOT / "build_installer.spec"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=BUILD_S, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return folder / "dist" / "healthvisit"


def call(built: Path, home: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the built desktop program with a home of its own and nothing of this Python's surroundings."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP") if name in os.environ}
    surroundings = kept | {"HOME": str(home), "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"}
    command = [built / f"healthvisit{SUFFIX}", *words]
    return subprocess.run(
        command, cwd=home, env=surroundings, capture_output=True, text=True, timeout=RUN_S, check=False
    )


def test_the_built_program_passes_its_self_test(built: Path, tmp_path: Path) -> None:
    """A library or resource left out of the folder shows on the worker's laptop only, unless it shows here."""
    done = call(built, tmp_path, "--self-test")
    assert done.returncode == 0, done.stderr
    assert "self-test passed" in done.stdout


def test_the_second_executable_serves_an_office(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Practice mode starts it from the same folder: without it there is no practice on an installed laptop."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(built / f"healthvisit{SUFFIX}"))
    made = subprocess.run(
        [built / f"healthvisit-server{SUFFIX}", "init", "--dir", tmp_path / "office"], capture_output=True, check=False
    )
    assert made.returncode == 0, made.stderr
    with OfficeProcess(tmp_path / "office", tmp_path / "office.txt") as office:
        assert office.url.startswith("https://127.0.0.1:")


def test_the_built_program_does_a_whole_day(built: Path, tmp_path: Path) -> None:
    """Office, exchange, papers and the second laptop all run from the folder alone."""
    done = call(built, tmp_path, "--tour", tmp_path / "pictures")
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    told = json.loads((tmp_path / "pictures" / "tour.json").read_text("utf-8"))
    assert told["ok"]
    assert told["seen_on_second_laptop"] == told["visits_signed"] == told["delivered"]


def test_nothing_of_authors_and_developers_is_in_the_folder(built: Path) -> None:
    """Tools that no worker uses cost megabytes on a slow line and licences to answer for."""
    names = {path.name for path in built.rglob("*")}
    assert not names & {"pyxform", "pytest", "numpy", "psycopg", "libgtk-3.so.0"}
    assert not [path for path in built.rglob("*") if path.is_symlink() and not path.exists()]
    size = sum(path.stat().st_size for path in built.rglob("*") if path.is_file() and not path.is_symlink())
    assert size < LIMIT_MB * 1_000_000
