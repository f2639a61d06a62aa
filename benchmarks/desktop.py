"""Desktop: start, Today with 3,000 children, page change and memory against an empty Qt window (W) in the same run.

    python3 dev.py bench desktop [--json FILE] [--children N]

Every figure comes from a fresh process; five rounds, the order shuffled in each; medians count. W is the time to import
QtWidgets, make an empty window and show it. Key derivation is timed and taken off: it is bought on purpose. The laptop
was closed the evening before with every next contact known, as it is on any working day.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from _report import finish

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

ROUNDS = 5
ROWS_AT_LEAST = 200
PHRASE = "five words for a benchmark"
BUDGETS = {"unlock window": 3.5, "Today after unlock": 2.0, "page change": 0.5, "RSS": 160.0}


def rss_mb():
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def empty():
    """W."""
    began = time.perf_counter()
    from PySide6.QtWidgets import QApplication, QMainWindow

    app = QApplication([])
    window = QMainWindow()
    window.resize(1366, 696)
    window.show()
    app.processEvents()
    return {"W": time.perf_counter() - began}


def unlock(folder):
    """From nothing to the unlock window."""
    began = time.perf_counter()
    from healthvisit.app import Program, make_application
    from healthvisit.settings import Paths

    app = make_application()
    program = Program(app, Paths.under(folder))
    program.start()
    app.processEvents()
    shown = time.perf_counter() - began
    heavy = {"sqlmodel", "sqlalchemy", "requests", "cryptography"} & set(sys.modules)
    program.end()
    return {"unlock": shown, "heavy": len(heavy)}


def without_key_derivation():
    """Seconds spent in Argon2id from now on, one entry a call."""
    from healthvisit.vault import keys

    derive, spent = keys._derive, []

    def timed(*arguments):
        began = time.perf_counter()
        try:
            return derive(*arguments)
        finally:
            spent.append(time.perf_counter() - began)

    keys._derive = timed
    return spent


def today(folder):
    """From the passphrase to the rows of Today; then changes between Today and Families."""
    from PySide6.QtCore import QEventLoop

    from healthvisit.app import Program, make_application
    from healthvisit.settings import Paths

    app = make_application()
    program = Program(app, Paths.under(folder))
    program.start()
    app.processEvents()
    loop = QEventLoop()
    program.jobs.vault(lambda: None, done=lambda _n: loop.quit(), failed=lambda _e: loop.quit())
    loop.exec()  # the rooms are imported and the house is built unseen, as happens while a passphrase is typed
    while not program.is_prepared:
        app.processEvents()
    spent = without_key_derivation()
    began = time.perf_counter()
    program.unlock.passphrase.set_text(PHRASE)
    program.unlock.unlock.click()
    while program.house is None or program.house.today_page.presenter.view is None:
        app.processEvents(
            QEventLoop.ProcessEventsFlag.WaitForMoreEvents
        )  # with a limit it would spin, and hold the GIL
    app.processEvents()
    filled = time.perf_counter() - began - sum(spent)
    rows = program.house.today_page.presenter.view.rows
    assert len(rows) > ROWS_AT_LEAST, "hundreds of the families are due"
    assert rows[0].line is not None
    changes = []
    for name in ("families", "today", "families", "today", "sync", "today"):
        before = time.perf_counter()
        getattr(program.house, name)()
        app.processEvents()
        changes.append(time.perf_counter() - before)
    memory = rss_mb()
    while not program.house.is_at_rest:
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    loop = QEventLoop()
    program.jobs.vault(lambda: None, done=lambda _n: loop.quit(), failed=lambda _e: loop.quit())
    loop.exec()  # memory was given back
    rest = rss_mb()
    program.end()
    return {"today": filled, "change": statistics.median(changes), "rss": memory, "rest": rest}


def make_vault(folder, children):
    """A laptop with that many children, half of them due in some way."""
    from healthvisit.domain.household import Role
    from healthvisit.domain.person import PersonKind, Sex
    from healthvisit.packs import load
    from healthvisit.services import access, families
    from healthvisit.services.today import today_view
    from healthvisit.settings import Paths, resource
    from healthvisit.vault.keys import LOWEST

    dice = random.Random(7)
    paths = Paths.under(folder)
    now = datetime.now(UTC)
    day = now.date()
    store = access.create(paths.data, paths.anchor, passphrase=PHRASE, label="W-01", now=now, cost=LOWEST)
    made = 0
    while made < children:
        with store.unit(worker="w", now=now) as work:
            for _ in range(100):
                name = f"Bench{made:05d}"
                kids = tuple(
                    families.NewPerson(
                        kind=PersonKind.CHILD, sex=Sex.FEMALE, role=Role.CHILD, surname=f"{name}owa",
                        given_name=dice.choice(("Aýna", "Jemal", "Maral")),
                        born_on=day - timedelta(days=dice.randrange(1400)),
                    )
                    for _ in range(2)
                )  # fmt: skip
                mother = families.NewPerson(
                    kind=PersonKind.ADULT, sex=Sex.FEMALE, role=Role.MOTHER, surname=f"{name}owa", given_name="Oguljan"
                )
                family = families.NewFamily(name=name, place="TM-M-GAR-01", mother=mother, children=kids)
                families.register_family(work, family, today=day)
                made += 2
    with store.reading(worker="w", now=now) as work:
        today_view(work, load(resource("packs/tm-default")), today=day - timedelta(days=1))
    store.close()


def child(mode, folder):
    """Run one mode in a fresh process."""
    command = [sys.executable, __file__, "--mode", mode, "--folder", str(folder)]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    out = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    return json.loads(out.strip().splitlines()[-1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", type=Path)
    parser.add_argument("--children", type=int, default=3000)
    parser.add_argument("--mode", choices=("empty", "unlock", "today"))
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if asked.mode:
        deed = {"empty": lambda _f: empty(), "unlock": unlock, "today": today}[asked.mode]
        print(json.dumps(deed(asked.folder)))
        return 0
    figures = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_vault(folder, asked.children)
        for _ in range(ROUNDS):
            modes = ["empty", "unlock", "today"]
            random.shuffle(modes)
            for mode in modes:
                for metric, value in child(mode, folder).items():
                    figures.setdefault(metric, []).append(value)
    middle = {metric: statistics.median(values) for metric, values in figures.items()}
    w = middle["W"]
    rows = [
        row("unlock window", middle["unlock"], w, BUDGETS["unlock window"]),
        row(f"Today after unlock, {asked.children} children", middle["today"], w, BUDGETS["Today after unlock"]),
        row("page change", middle["change"], w, BUDGETS["page change"]),
        {"metric": "RSS", "ours": f"{middle['rss']:.0f} MB", "peer": "-", "ratio": None,
         "budget": "160 MB", "holds": middle["rss"] <= BUDGETS["RSS"]},
        {"metric": "RSS at rest, with the pages of the day and the list of all families",
         "ours": f"{middle['rest']:.0f} MB", "peer": None, "ratio": None, "budget": "none", "holds": True},
        {"metric": "heavy imports before the unlock window", "ours": middle["heavy"], "peer": 0, "ratio": None,
         "budget": 0, "holds": middle["heavy"] == 0},
    ]  # fmt: skip
    return finish(rows, asked.json)


def row(metric, ours, w, budget):
    ratio = ours / w
    return {
        "metric": metric, "ours": f"{ours * 1000:.0f} ms", "peer": f"{w * 1000:.0f} ms", "ratio": ratio,
        "budget": budget, "holds": ratio <= budget,
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
