"""Traces of one machine: names of package registries and folders of somebody's computer, in any tracked text file.

.venv/bin/python tools/traces.py check
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# The look-behind spares paths inside something longer: an address, an XPath after `)`, a folder of the repository.
TRACES = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs\.org|registry\.yarnpkg\.com|proxy\.golang\.org|crates\.io"
    r"|https?://[^\s\"'<>]*/simple(?:/|\s|$)"
    r"|(?<![\w.~})*/-])/(?:home|root|work|tmp|mnt|Users)/[\w.]"
    r"|\b[A-Z]:\\Users\\\w"
)


def tracked_files(root: Path = ROOT) -> list[Path]:
    """What git would hand out; without git, all that is neither git's nor built."""
    if (root / ".git").exists() and shutil.which("git"):
        command = ["git", "ls-files", "-z"]
        listed = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout
        return [path for name in os.fsdecode(listed).split("\0") if name and (path := root / name).is_file()]
    left_out = {".venv", ".git", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", "build", "dist"}
    return [path for path in root.rglob("*") if path.is_file() and not left_out & set(path.relative_to(root).parts)]


def check(paths: Iterable[Path]) -> Iterator[str]:
    """Say where a text file holds a trace."""
    for path in paths:
        content = path.read_bytes()
        if b"\0" in content:
            continue
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
            if found := TRACES.search(line):
                yield f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name}:{number}: {found[0]}"


def main(argv: list[str]) -> int:
    """Obey the one word given."""
    if argv != ["check"]:
        print(__doc__)
        return 2
    problems = list(check(tracked_files()))
    print("\n".join(problems) or "traces: nothing found")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
