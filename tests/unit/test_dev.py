import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load(name):
    spec = importlib.util.spec_from_file_location(f"tool_{Path(name).stem}", ROOT / name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def dev():
    return load("dev.py")


@pytest.fixture(scope="module")
def locks():
    return load("tools/locks.py")


@pytest.fixture(scope="module")
def traces():
    return load("tools/traces.py")


def test_a_missing_library_is_named_by_its_package_once(dev):
    """A worker's helper needs the name apt knows, not a file name, and not twice."""
    wanted = {"liba.so.1": "pack-a", "liba-extra.so.1": "pack-a", "libb.so.1": "pack-b", "libc-own.so.6": "pack-c"}
    assert dev.missing(wanted, present=lambda library: library == "libc-own.so.6") == ["pack-a", "pack-b"]


@pytest.mark.skipif(sys.platform != "linux", reason="the lists are Debian's")
def test_libraries_are_looked_for_as_the_loader_does(dev):
    """Qt aborts on what the loader cannot find: a file lying somewhere does not help it."""
    assert dev.loads("libc.so.6")
    assert not dev.loads("libhealthvisit-not-there.so.9")


@pytest.mark.skipif(sys.platform != "linux", reason="Qt's Linux plugin")
def test_every_library_qt_asks_for_stands_in_a_list(dev):
    """A library that Qt's screen plugin gains with a new version must be looked for before Qt aborts over it."""
    qt = Path(importlib.util.find_spec("PySide6").origin).parent / "Qt"
    wanted = set()
    for binary in (qt / "plugins/platforms/libqxcb.so", qt / "lib/libQt6Gui.so.6", qt / "lib/libQt6XcbQpa.so.6"):
        listed = subprocess.run([shutil.which("ldd"), str(binary)], capture_output=True, text=True, check=True).stdout
        wanted |= {line.split()[0] for line in listed.splitlines() if "=>" in line and str(qt) not in line}
    x11 = {library for library in wanted if library.startswith(("libX11-", "libxcb-", "libxkbcommon-"))}
    assert x11 <= dev.XCB_LIBRARIES.keys()
    assert {library for library in wanted if library.startswith(("libGL.", "libEGL.", "libglib", "libdbus"))} <= set(
        dev.QT_LIBRARIES
    )


@pytest.mark.skipif(sys.platform != "linux", reason="the lists are Debian's")
def test_without_apt_the_missing_packages_are_named_and_nothing_is_started(dev, tmp_path, monkeypatch, capsys):
    """On another Linux she reads what to ask for, instead of Qt's abort."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit) as ended:
        dev.provide(lambda: ["libgl1", "libxcb-cursor0"])
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert "libgl1 libxcb-cursor0" in said
    assert "install them, then try again" in said


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="apt-get is called without sudo by root only")
def test_an_apt_that_has_no_line_is_told_from_one_that_worked(dev, tmp_path, monkeypatch, capsys):
    """Without network apt fails: the packages still missing are named, and the program is not started to abort."""
    for name in ("apt-get", "env", "apt-cache"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit) as ended:
        dev.provide(lambda: ["libgl1"])
    assert ended.value.code == 1
    assert "could not provide: libgl1" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("args", "opens"),
    [
        ([], True),
        (["--demo"], True),
        (["--tour", "pictures"], False),
        (["--demo", "--tour=pictures"], False),
        (["--self-test"], False),
        (["--version"], False),
        (["growth", "score", "in.csv", "out.csv"], False),
        (["--language", "tk", "form", "check", "form.md"], False),
        (["--language=tk", "pack", "check", "folder"], False),
        (["form", "show", "form.md"], True),
        (["--language", "ru", "form", "show", "form.md", "--dark"], True),
        (["form", "show", "--help"], False),
    ],
)
def test_only_a_window_asks_for_a_screen(dev, args, opens):
    """Pictures, self-test and commands must run on a bare server."""
    assert dev.opens_window(args) is opens


@pytest.mark.parametrize(
    ("environment", "libraries"),
    [
        ({}, None),
        ({"DISPLAY": ""}, None),
        ({"DISPLAY": ":0"}, "XCB_LIBRARIES"),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "XCB_LIBRARIES"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "WAYLAND_LIBRARIES"),
        ({"WAYLAND_DISPLAY": "wayland-0", "QT_QPA_PLATFORM": "xcb"}, None),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "wayland;xcb"}, None),
        ({"QT_QPA_PLATFORM": "offscreen"}, {}),
        ({"QT_QPA_PLATFORM": "vnc:size=800x600"}, {}),
    ],
)
def test_the_screen_at_hand_decides_what_is_installed(dev, environment, libraries):
    """Without a screen Qt ends the process; with one, only that screen's packages are installed."""
    expected = getattr(dev, libraries) if isinstance(libraries, str) else libraries
    assert dev.screen_libraries(environment) == expected


@pytest.mark.skipif(sys.platform != "linux", reason="X11")
def test_a_display_nobody_serves_does_not_answer(dev):
    """A DISPLAY left over from a closed session would make Qt abort."""
    assert not dev.display_answers(":4242")


@pytest.mark.skipif(sys.platform != "linux", reason="screens are looked for on Linux")
def test_without_a_screen_the_way_out_is_named_before_anything_is_set_up(tmp_path):
    """Someone on a server reads what to do at once, instead of waiting for an installation and then an abort."""
    (tmp_path / "dev.py").write_bytes((ROOT / "dev.py").read_bytes())
    environment = {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, tmp_path / "dev.py", "run", "--demo"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "run --tour DIR" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["dev.py"]


def test_the_stamp_changes_with_lock_python_and_folder(dev):
    """Each of the three makes the old environment wrong; nothing else may cost a minute of installing."""
    first = dev.stamp(b"lock", "3.11.2", Path("here"))
    assert first == dev.stamp(b"lock", "3.11.2", Path("here"))
    others = [
        dev.stamp(b"lock 2", "3.11.2", Path("here")),
        dev.stamp(b"lock", "3.13.0", Path("here")),
        dev.stamp(b"lock", "3.11.2", Path("there")),
    ]
    assert first not in others


def test_a_half_made_environment_is_not_trusted(dev, tmp_path):
    """Killed while installing, `.venv` has a Python but no stamp: starting from it would fail in odd ways."""
    assert not dev.is_whole(tmp_path, "wanted")
    dev.python(tmp_path).parent.mkdir(parents=True)
    dev.python(tmp_path).touch()
    assert not dev.is_whole(tmp_path, "wanted")
    (tmp_path / dev.STAMP).write_text("wanted")
    assert dev.is_whole(tmp_path, "wanted")
    assert not dev.is_whole(tmp_path, "another lock")


def test_an_environment_that_is_only_linked_is_never_cleared(dev, tmp_path, monkeypatch, capsys):
    """Clearing goes through the link and empties somebody else's folder."""
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "kept").touch()
    (tmp_path / ".venv").symlink_to(theirs)
    monkeypatch.setattr(dev, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(dev, "provide", lambda _missing: None)
    with pytest.raises(SystemExit):
        dev.ensure_environment()
    assert "link" in capsys.readouterr().err
    assert (theirs / "kept").exists()


def test_traces_of_a_machine_are_found(traces, tmp_path):
    """A registry's or a home folder's name in the repository tells strangers about a machine and breaks elsewhere."""
    slash = "/"
    bad = [f"see {slash}home{slash}amina{slash}x", f"https:{slash * 2}files.pythonhosted{'.'}org{slash}x"]
    bad += [f"index = http:{slash * 2}10.0.0.1:3141{slash}root{slash}simple{slash}", f"({slash}tmp{slash}x.db)"]
    for number, line in enumerate(bad):
        path = tmp_path / f"{number}.txt"
        path.write_text(f"first\n{line}\n")
        assert [problem.split(": ")[0] for problem in traces.check([path])] == [f"{number}.txt:2"]


def test_ordinary_paths_and_addresses_are_no_traces(traces, tmp_path):
    """A gate that cries at XPath, folders of the repository or public addresses would be switched off."""
    path, folder = tmp_path / "good.txt", "work"
    path.write_text(
        f"instance('places')/root/item tests/{folder}/x https://example.org/{folder}/x docs/tmp/ ../home/x\n"
        "a simple/plain https://example.org/simple-words /data/visit/root\n"
    )
    assert not list(traces.check([path]))
    (tmp_path / "binary").write_bytes(b"\0/" + b"home/amina/")
    assert not list(traces.check([tmp_path / "binary"]))


PYPROJECT = '[project]\nname = "x"\nversion = "{version}"\ndependencies = ["requests>={requests}"]\n'


def test_a_lock_is_stale_when_dependencies_change_and_only_then(locks, tmp_path):
    """An old lock installs something else than pyproject.toml says; a new version number changes nothing."""
    (tmp_path / "pyproject.toml").write_text(PYPROJECT.format(version=1, requests=2))
    assert len(list(locks.check(tmp_path))) == len(locks.WANTED)
    for name in locks.WANTED:
        (tmp_path / name).write_text(f"{locks.mark(locks.project(tmp_path))}\nrequests==2.32\n")
    assert not list(locks.check(tmp_path))
    (tmp_path / "pyproject.toml").write_text(PYPROJECT.format(version=2, requests=2))
    assert not list(locks.check(tmp_path))
    (tmp_path / "pyproject.toml").write_text(PYPROJECT.format(version=2, requests=3))
    assert len(list(locks.check(tmp_path))) == len(locks.WANTED)


def test_a_lock_with_an_address_is_refused(locks, tmp_path):
    """Whoever installs decides from where; a lock must not carry one builder's mirror."""
    (tmp_path / "pyproject.toml").write_text(PYPROJECT.format(version=1, requests=2))
    for name in locks.WANTED:
        (tmp_path / name).write_text(locks.mark(locks.project(tmp_path)) + "\n")
    (tmp_path / "other.lock").write_text("--index-url https://mirror.example/\n")
    assert [problem.partition(":")[0] for problem in locks.check(tmp_path)] == ["other.lock"]


def test_qt_is_locked_where_old_processors_still_run():
    """6.10 and later stop with an illegal instruction on the 2008 laptops this program is for."""
    for name in ("requirements.lock", "requirements-dev.lock"):
        assert "\npyside6-essentials==6.9.3 " in (ROOT / name).read_text("utf-8")
