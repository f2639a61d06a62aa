#!/usr/bin/env python3
"""Sets healthvisit up, then runs it, its tests or its gates. Standard library only, Python 3.11 or later.

    python3 dev.py run [ARGS]           the program: --demo practice, --tour DIR pictures without a screen
    python3 dev.py test [--deep] [...]  gates and all tests; with pytest's own arguments just those tests
    python3 dev.py check                the gates alone
    python3 dev.py bench NAME [--json FILE]
    python3 dev.py lock [--upgrade]     resolves pyproject.toml into requirements*.lock

Everything lives in `.venv` beside this file. System libraries that Qt needs are looked for before Qt is loaded, since
Qt ends the whole process without a word of Python when one of them, or the screen, is missing.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = "healthvisit.stamp"
DEV_LOCK = ROOT / "requirements-dev.lock"
ON_LINUX = sys.platform == "linux"

# Which Debian package brings which library. Qt loads all of the first list for any work, even without a screen.
QT_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libX11.so.6": "libx11-6",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libdbus-1.so.3": "libdbus-1-3",
}
XCB_LIBRARIES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
WAYLAND_LIBRARIES = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
PDF_TOOLS = {"pdftotext": "poppler-utils", "pdftoppm": "poppler-utils"}
RENAMED = {"libglib2.0-0": "libglib2.0-0t64"}  # Debian 13, Ubuntu 24.04 and later

NO_SCREEN = (
    "No screen was found, so no window can be shown. Start it from a desktop session, "
    "or let it draw pictures without one: python3 dev.py run --tour DIR"
)


def stop(sentence: str) -> NoReturn:
    """End with one sentence a person can act on."""
    print(sentence, file=sys.stderr)
    raise SystemExit(1)


def start(*command: str | Path, **environment: str) -> int:
    """Run a program in the repository's root with our output, and return its exit code."""
    sys.stdout.flush()
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False).returncode


# --- system packages ---------------------------------------------------------------------------------------------


def loads(library: str) -> bool:
    """Whether the system's loader finds the library and everything it needs itself."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_program(name: str) -> bool:
    """Whether a program is on the path."""
    return shutil.which(name) is not None


def missing(wanted: Mapping[str, str], present: Callable[[str], bool] = loads) -> list[str]:
    """The packages of those libraries or programs that are not `present`, each once."""
    return list(dict.fromkeys(package for name, package in wanted.items() if not present(name)))


def provide(find: Callable[[], list[str]]) -> None:
    """Install the system packages that `find` calls missing, or name them and stop."""
    packages = find()
    if not packages:
        return
    if not has_program("apt-get"):
        stop(
            f"Missing system packages (their Debian names): {' '.join(packages)}. Please install them, then try again."
        )
    asroot = [] if os.geteuid() == 0 else ["sudo"]
    if asroot and not (has_program("sudo") and sys.stdin.isatty()):
        stop(f"Missing system packages. As administrator: apt-get install {' '.join(packages)}")
    print(f"Installing system packages: {' '.join(packages)}")
    apt_get = [*asroot, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    install = [*apt_get, "install", "--yes", "--no-install-recommends"]
    quiet = subprocess.DEVNULL
    first = subprocess.run([*install, *map(apt_name, packages)], stdout=quiet, stderr=quiet, check=False)
    if first.returncode:  # a fresh Debian has empty lists
        start(*apt_get, "update")
        subprocess.run([*install, *map(apt_name, packages)], stdout=quiet, check=False)
    if left := find():
        stop(f"apt-get could not provide: {' '.join(left)}. Please install them, then try again.")


def apt_name(package: str) -> str:
    """The package's name in this release."""
    newer = RENAMED.get(package)
    known = newer and not subprocess.run(["apt-cache", "show", newer], capture_output=True, check=False).returncode
    return newer if newer and known else package


# --- the environment ---------------------------------------------------------------------------------------------


def python(venv: Path = VENV) -> Path:
    """The environment's interpreter."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def tool(name: str) -> Path:
    """A program installed in the environment."""
    return python().with_name(name + (".exe" if os.name == "nt" else ""))


def stamp(lock: bytes, interpreter: str, place: Path) -> str:
    """What `.venv` was made from: another lock, Python or folder asks for a new one."""
    return hashlib.sha256(b"\0".join([lock, interpreter.encode(), str(place).encode()])).hexdigest()


def is_whole(venv: Path, wanted: str) -> bool:
    """Whether an environment was made to its end, and from what is wanted now."""
    return python(venv).exists() and (venv / STAMP).exists() and (venv / STAMP).read_text("utf-8") == wanted


def ensure_environment() -> None:
    """Make `.venv` from the lock unless it is there, whole, and made from this very lock."""
    wanted = stamp(DEV_LOCK.read_bytes(), sys.version, VENV)
    if is_whole(VENV, wanted):
        return
    provide(lambda: [] if has_module("ensurepip") else [f"python3.{sys.version_info.minor}-venv"])
    print("Making .venv (once; a minute or two on a good line)", flush=True)
    if VENV.is_symlink():
        stop(".venv is a link to a folder that others may use. Remove the link and try again.")
    base: str = getattr(sys, "_base_executable", sys.executable)  # not the .venv we are about to clear
    if start(base, "-m", "venv", "--clear", VENV):
        stop("Python could not make .venv; see above.")
    pip: list[str | Path] = [python(), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    if start(*pip, "install", "--require-hashes", "--only-binary", ":all:", "--requirement", DEV_LOCK):
        stop("The packages could not be installed; see above. Nothing else was changed: try again.")
    packages = sysconfig.get_path("purelib", "venv", {"base": str(VENV), "platbase": str(VENV)})
    Path(packages, "healthvisit-checkout.pth").write_text(f"{ROOT}\n", "utf-8")
    (VENV / STAMP).write_text(wanted, "utf-8")  # last: a set-up that was cut short has no stamp


def has_module(name: str) -> bool:
    """Whether this Python can import a module."""
    importlib.invalidate_caches()
    return importlib.util.find_spec(name) is not None


def prepare(libraries: Mapping[str, str] = {}, programs: Mapping[str, str] = {}) -> None:
    """Everything a command needs before it starts: system libraries and programs, then the environment."""
    if ON_LINUX:
        provide(lambda: missing(libraries) + missing(programs, has_program))
    ensure_environment()


# --- run ---------------------------------------------------------------------------------------------------------


def spoken(args: Sequence[str]) -> Sequence[str]:
    """The words of a command, without the language it is to answer in."""
    if not args or args[0].split("=")[0] != "--language":
        return args
    return args[1:] if "=" in args[0] else args[2:]


def opens_window(args: Sequence[str]) -> bool:
    """Whether the program will want a screen: not for pictures, its self-test, a question, or a command but one."""
    without = {"--tour", "--self-test", "--help", "-h", "--version"}
    if any(arg.split("=")[0] in without for arg in args):
        return False
    words = spoken(args)
    return not words or words[0].startswith("-") or list(words[:2]) == ["form", "show"]


def screen_libraries(environment: Mapping[str, str]) -> dict[str, str] | None:
    """The libraries of the screen at hand, none for a Qt platform that needs no screen; `None`: there is no screen."""
    platform = re.split("[:;]", environment.get("QT_QPA_PLATFORM", ""))[0]
    if platform not in ("", "xcb") and not platform.startswith("wayland"):
        return {}
    if environment.get("DISPLAY") and not platform.startswith("wayland"):
        return XCB_LIBRARIES
    if environment.get("WAYLAND_DISPLAY") and platform != "xcb":
        return WAYLAND_LIBRARIES
    return None


def display_answers(display: str) -> bool:
    """Whether an X server lets us in; Qt aborts when it does not."""
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(display.encode(), None))
    refused = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not refused


def run(args: Sequence[str]) -> int:
    """Start the program."""
    environment = dict(os.environ)
    libraries: dict[str, str] = {}
    if opens_window(args) and ON_LINUX:
        screen = screen_libraries(environment)
        if screen is None:
            stop(NO_SCREEN)
        libraries = QT_LIBRARIES | screen
    elif not (words := spoken(args)) or words[0].startswith("-"):
        libraries = QT_LIBRARIES
        if not opens_window(args):
            environment["QT_QPA_PLATFORM"] = "offscreen"
    prepare(libraries)
    if "libX11-xcb.so.1" in libraries and not display_answers(environment["DISPLAY"]):
        stop(NO_SCREEN)
    command = [str(python()), "-m", "healthvisit", *args]
    sys.stdout.flush()
    if os.name != "nt":  # there, exec returns to the shell at once
        os.execve(command[0], command, environment)  # noqa: S606 - our own program, no shell wanted
    return subprocess.run(command, env=environment, check=False).returncode


# --- test --------------------------------------------------------------------------------------------------------


FIRST_HALF = (  # folders, and the long files of another folder, so that both halves take about as long
    "tests/unit",
    "tests/server",
    "tests/system/test_any_order.py",
    "tests/system/test_tour.py",
    "tests/system/test_two_laptops.py",
)


def test(args: Sequence[str]) -> int:
    """Run gates and tests with coverage floors; with pytest's own arguments only what they choose."""
    chosen = [arg for arg in args if arg != "--deep"]
    environment = {"QT_QPA_PLATFORM": "offscreen"} | ({"HEALTHVISIT_DEEP": "1"} if "--deep" in args else {})
    prepare(QT_LIBRARIES | (XCB_LIBRARIES if "--deep" in args else {}), PDF_TOOLS)  # the installer takes them along
    if chosen:
        return start(python(), "-m", "pytest", *chosen, **environment)
    if check([]):
        print("The tests were not run. `python3 dev.py test tests` runs them alone.")
        return 1
    coverage = (python(), "-m", "coverage")
    start(*coverage, "erase")
    failed = run_halves([*coverage, "run", "-m", "pytest"], environment)
    start(*coverage, "combine", "--quiet")
    return int(not all([not failed, *map(reaches_floor, *zip(*coverage_scopes(), strict=True))]))


def run_halves(command: Sequence[str | Path], environment: dict[str, str]) -> bool:
    """Run the tests as two processes side by side, for two cores. The second one's words follow the first one's."""
    second = [str(folder) for folder in sorted((ROOT / "tests").iterdir()) if is_second_half(folder)]
    second += [f"--ignore={ROOT / path}" for path in FIRST_HALF if path.endswith(".py")]
    with tempfile.TemporaryFile("w+") as words:
        other = subprocess.Popen(
            [*command, *second], cwd=ROOT, env=os.environ | environment, stdout=words, stderr=subprocess.STDOUT
        )
        try:
            failed = start(*command, *FIRST_HALF, **environment)
            failed |= other.wait()
        finally:
            other.kill()
        words.seek(0)
        print(words.read())
    return bool(failed)


def is_second_half(folder: Path) -> bool:
    """Whether a folder below tests/ holds tests and is none of the first half."""
    return any(folder.rglob("test_*.py")) and f"tests/{folder.name}" not in FIRST_HALF


def coverage_scopes() -> list[tuple[str, int, str]]:
    """Each scope's name, floor in percent and option for coverage, from pyproject.toml."""
    import tomllib  # here, so that an older Python reaches the sentence in main()

    table = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["healthvisit"]["coverage"]
    screens = ",".join(table["screens"])
    return [
        ("screens", table["floor_screens"], f"--include={screens}"),
        ("the rest", table["floor_rest"], f"--omit={screens}"),
    ]


def reaches_floor(name: str, floor: int, scope: str) -> bool:
    """Show a scope's coverage and say whether it stands on its floor; ask for a higher floor where it can rise."""
    report = (str(python()), "-m", "coverage", "report", scope)
    print(f"\n== coverage of {name}, floor {floor} %")
    total = subprocess.run([*report, "--format=total"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    if not total.strip().isdigit():
        print("nothing to measure yet")
        return True
    start(*report, "--skip-covered", "--show-missing")
    if int(total) > floor:
        print(f"{total.strip()} % reached: raise its floor in pyproject.toml")
    return int(total) >= floor


# --- check -------------------------------------------------------------------------------------------------------


def check(args: Sequence[str]) -> int:
    """Run every gate, show what each says, and name those that failed."""
    if args:
        stop("check takes no arguments")
    prepare()
    failed = []
    for name, gate in gates():
        print(f"\n== {name}", flush=True)
        began = time.monotonic()
        if not gate():
            failed.append(name)
        print(f"({time.monotonic() - began:.1f} s)")
    print(f"\nGates that failed: {', '.join(failed)}" if failed else "\nAll gates passed.")
    return len(failed) and 1


def passes(*command: str | Path) -> bool:
    """Whether the environment's Python ends this command well."""
    return not start(python(), *command)


def gates() -> Iterator[tuple[str, Callable[[], bool]]]:
    """Each gate's name and the call that runs it."""
    yield "format", partial(passes, "-m", "ruff", "format", "--check", ".")
    yield "lint", partial(passes, "-m", "ruff", "check", ".")
    yield "types", partial(passes, "-m", "mypy")
    yield "imports", lambda: not start(tool("lint-imports"))
    if (ROOT / "healthvisit/forms/xlsform.py").exists():
        forms = ROOT / "resources" / "forms"
        yield "compiled forms", partial(passes, "-m", "healthvisit.forms.xlsform", "--check", forms)
    for name in ("catalogues", "locks", "traces"):
        yield name, partial(passes, ROOT / "tools" / f"{name}.py", "check")


# --- bench and lock ----------------------------------------------------------------------------------------------


def bench(args: Sequence[str]) -> int:
    """Run one of `benchmarks/`; its exit code says whether the budgets hold."""
    names = sorted(path.stem for path in (ROOT / "benchmarks").glob("[!_]*.py"))
    if not args or args[0] not in names:
        stop(f"Which one? {', '.join(names) or 'there is none yet'}")
    prepare(QT_LIBRARIES)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    command: list[str | Path] = [python(), ROOT / "benchmarks" / f"{args[0]}.py", *args[1:]]
    return subprocess.run(command, check=False).returncode  # in the caller's folder: --json names a file there


def lock(args: Sequence[str]) -> int:
    """Resolve both locks; versions stay unless `--upgrade`."""
    prepare()
    return start(python(), ROOT / "tools" / "locks.py", "make", *args)


def main(argv: Sequence[str]) -> int:
    """Obey the first word."""
    if sys.version_info < (3, 11):  # noqa: UP036 - the one place that meets an older Python
        stop("healthvisit needs Python 3.11 or later.")
    commands: dict[str, Callable[[Sequence[str]], int]] = {
        "run": run,
        "test": test,
        "check": check,
        "bench": bench,
        "lock": lock,
    }
    if not argv or argv[0] not in commands:
        stop(__doc__ or "")
    try:
        return commands[argv[0]](argv[1:])
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
