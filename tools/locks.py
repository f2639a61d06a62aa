"""The locked versions: `requirements.lock` for the installer, `requirements-dev.lock` for everything.

    .venv/bin/python tools/locks.py make [--upgrade]
    .venv/bin/python tools/locks.py check

Made by uv for all platforms, with hashes and without a single address: whoever installs decides from where.
"""

import hashlib
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
WANTED = {"requirements.lock": ["--extra", "server"], "requirements-dev.lock": ["--all-extras", "--group", "dev"]}
MARK = "# made by dev.py lock from pyproject.toml, dependencies "


def project(root: Path) -> dict[str, Any]:
    """Read pyproject.toml."""
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))


def mark(table: Mapping[str, Any]) -> str:
    """A lock's first line: the fingerprint of all that decides what is locked."""
    asked = {name: table["project"].get(name) for name in ("requires-python", "dependencies", "optional-dependencies")}
    asked |= {"groups": table.get("dependency-groups"), "uv": table.get("tool", {}).get("uv")}
    return MARK + hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:32]


def make(arguments: list[str]) -> int:
    """Resolve both locks; versions already there stay unless uv is told `--upgrade`."""
    uv = Path(sys.executable).with_name("uv.exe" if os.name == "nt" else "uv")
    options = ["--universal", "--generate-hashes", "--no-header", "--no-annotate", "--python-version=3.11", "--quiet"]
    for name, what in WANTED.items():
        command: list[str | Path] = [uv, "pip", "compile", "pyproject.toml", *what, *options, f"--output-file={name}"]
        code = subprocess.run([*command, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, check=False).returncode
        if code:
            return code
        path = ROOT / name
        path.write_text(f"{mark(project(ROOT))}\n{path.read_text('utf-8')}", "utf-8", newline="\n")
        print(f"{name} written")
    return 0


def check(root: Path = ROOT) -> Iterator[str]:
    """Say which lock is absent or older than pyproject.toml, or holds an address."""
    wanted = mark(project(root))
    for name in WANTED:
        path = root / name
        if not path.exists() or path.read_text("utf-8").partition("\n")[0] != wanted:
            yield f"{name}: not made from this pyproject.toml; run `python3 dev.py lock`"
    for path in sorted(root.glob("*.lock")):
        if "://" in path.read_text("utf-8"):
            yield f"{path.name}: holds an address"


def main(argv: list[str]) -> int:
    """Obey the first word."""
    if argv[:1] == ["make"]:
        return make(argv[1:])
    if argv != ["check"]:
        print(__doc__)
        return 2
    problems = list(check())
    print("\n".join(problems) or "locks: nothing found")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
