"""The scripted day as its user starts it: one command, real processes, `tour.json` from what happened."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def tour(directory):
    """The command with one look at each screen instead of seven."""
    environment = os.environ | {"HEALTHVISIT_TOUR_PICTURES": "few", "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(
        [sys.executable, "-m", "healthvisit", "--tour", str(directory)],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_whole_day_is_recorded_lost_no_line_and_reaches_the_second_laptop(tmp_path):
    """The promise of the program in one run: three visits without a line, sealed, delivered, seen elsewhere."""
    done = tour(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads((tmp_path / "tour.json").read_text(encoding="utf-8"))
    assert told == json.loads(done.stdout)
    assert told["ok"] is True
    assert "stopped_at" not in told
    assert (told["visits_signed"], told["waiting_before_send"]) == (3, 3)
    assert (told["delivered"], told["seen_on_second_laptop"]) == (3, 3)
    assert told["plaintext_hits"] == 0
    assert len(told["actions_per_visit"]) == 3
    assert all(0 < actions < 60 for actions in told["actions_per_visit"])
    pictures = {path.name for path in tmp_path.glob("*.png")}
    assert set(told["screens"]) <= pictures
    assert {"unlock.png", "second-laptop.png", "tk-today.png", "tk-visit-danger-now.png"} <= pictures
    assert all((tmp_path / name).read_bytes().startswith(b"\x89PNG") for name in told["screens"])


def test_a_step_that_does_not_happen_makes_the_command_fail_and_is_named(tmp_path):
    """A tour that says ok whatever happens would show nothing."""
    (tmp_path / "tk-first-run-help.png").mkdir()  # this picture cannot be written
    done = tour(tmp_path)
    assert done.returncode == 1
    told = json.loads((tmp_path / "tour.json").read_text(encoding="utf-8"))
    assert told["ok"] is False
    assert told["stopped_at"] == "picture tk-first-run-help.png"
    assert told["visits_signed"] == 0
    assert "Traceback" not in done.stderr
