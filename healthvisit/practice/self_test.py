"""`--self-test`: open a vault, draw each page, write a PDF, and end. For the installer, the package and CI alike."""

import os
import sys
import tempfile
from pathlib import Path

from healthvisit.practice.hands import Hands, TourError
from healthvisit.settings import Paths, Preferences

PHRASE = "self test of this program"
PLACES = ("today", "families", "new_family", "from_paper", "sync")


def main() -> int:
    """0 when everything was drawn, else 1 with the step."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from healthvisit.app import Program, make_application
    from healthvisit.ui.first_run.presenter import FirstRunResult
    from healthvisit.ui.printing import Letter, pdf_bytes

    app = make_application()
    with tempfile.TemporaryDirectory(prefix="healthvisit-self-test-") as name:
        paths = Paths.under(Path(name))
        Preferences(language="en").save(paths.preferences)
        program = Program(app, paths)
        try:
            program.start()
            hands = Hands(app, program)
            program.first_run_done(FirstRunResult(language="en", practice=False, passphrase=PHRASE, label="W-00"))
            hands.wait_for_today()
            for place in PLACES:
                getattr(program.house, place)()
                hands.settle()
                _require(place, holds=not program.house.frame.grab().isNull())
            _require("pdf", holds=pdf_bytes(Letter(html="<p>−0,3</p>")).startswith(b"%PDF"))
        except TourError as error:
            sys.stdout.write(f"self-test failed at: {error}\n")
            return 1
        finally:
            program.end()
    sys.stdout.write("self-test passed\n")
    return 0


def _require(step: str, *, holds: bool) -> None:
    if not holds:
        raise TourError(step)
