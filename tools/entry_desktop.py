"""What the built `healthvisit` starts with."""

import os
import sys
from pathlib import Path

from healthvisit.__main__ import main

if __name__ == "__main__":
    # On Windows a program without a console has no output at all, and writing to it would end the program.
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 -- for as long as it runs
    sys.stderr = sys.stderr or sys.stdout
    sys.exit(main())
