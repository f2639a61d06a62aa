"""The desktop process is killed in the middle of a visit: it reopens at the same question, and nothing is lost."""

import json
import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import Qt

from healthvisit.domain.change import Change
from healthvisit.domain.record import Kind
from healthvisit.store import office
from healthvisit.ui.widgets.rows import Row
from tests.builders import PHRASE
from tests.desktop import make_work

ROOT = Path(__file__).parents[2]

START = """
import json, sys
from pathlib import Path
from healthvisit.app import Program, make_application
from healthvisit.practice.hands import Hands
from healthvisit.settings import Paths, Preferences

folder, phrase, home, what = sys.argv[1:]
paths = Paths.under(Path(folder))
Preferences(language="en", theme="light").save(paths.preferences)
app = make_application()
program = Program(app, paths)
program.start()
hands = Hands(app, program)
hands.unlock(phrase)
"""
"""How every desktop process begins that is to be killed: unlocked, with `hands` at its keyboard."""

DRIVER = """
from healthvisit.practice.tour import _danger_now

house = hands.house
house.start_visit(home)
page = house.visit_page
hands.until("the visit opens", lambda: page.presenter is not None)
hands.settle()
hands.digit(2)
hands.go_on()
if what == "danger":
    hands.digit(1)
    _danger_now(hands)
else:
    hands.digit(0)
    hands.go_on()
    hands.digit(0)
    hands.go_on()
    hands.type("5,85")
    hands.type("62,0")
hands.settle()
if what == "answers":  # the draft is sealed half a second after the last key, by the program's own timer
    hands.until("the draft is sealed", lambda: not page.presenter.keeper.is_dirty)
    hands.settle()
draft = page.presenter.draft
told = {
    "page": draft.page,
    "focus": page.work.page.path_with_focus() if what == "answers" else "",
    "answers": {q.field: q.value for q in page.presenter.questions() if q.field and q.value},
}
print(json.dumps(told), flush=True)
hands.until("the end that comes from outside", lambda: False)
"""


def killed(folder, home, what="", driver=DRIVER):
    """Run a real desktop process up to a point in a visit, then kill -9; what stood on its screen."""
    command = [sys.executable, "-c", START + driver, str(folder), PHRASE, home, what]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        line = process.stdout.readline()
        process.kill()
        errors = process.stderr.read()
    assert line, errors
    return json.loads(line)


def test_a_visit_killed_in_the_middle_goes_on_at_the_same_question(desktop, tmp_path):
    """P1: the battery falls out while she weighs; she goes on with the head, not with the first question."""
    (home,) = make_work(tmp_path, "Myradow")
    before = killed(tmp_path, home, "answers")
    assert before["page"] == "1/growth"
    assert before["focus"]
    assert before["answers"]["weight_g"] == "5.85"
    here = desktop(tmp_path).unlock()
    row = next(row for row in here.house.today_page.presenter.view.rows if row.id == home)
    assert row.draft is not None
    today = here.house.today_page
    shown = next(r for r in today.rows.model().rows if isinstance(r, Row) and r.key == home)
    assert shown.chip == "started"
    today.rows.choose(home)
    here.hands.key(Qt.Key.Key_Return)
    page = here.house.visit_page
    here.hands.until("the visit opens", lambda: page.presenter is not None)
    here.hands.settle()
    presenter = page.presenter
    assert presenter.draft.page == before["page"]
    assert page.work.page.path_with_focus() == before["focus"]
    assert {q.field: q.value for q in presenter.questions() if q.field and q.value} == before["answers"]
    assert not here.program.opened.rolled_back
    assert here.families() == ["Myradow"]


def test_a_danger_confirmed_before_the_kill_is_sealed_and_waits(desktop, tmp_path):
    """P6: the referral of a convulsing child must not die with the laptop; it waits before the visit is signed."""
    (home,) = make_work(tmp_path, "Myradow")
    killed(tmp_path, home, "danger")
    here = desktop(tmp_path).unlock()
    assert {Kind.DANGER_SCREEN, Kind.REFERRAL, Kind.TASK} <= here.at_store(kinds_of)
    assert here.at_store(office.unsent_count) >= 3
    assert here.house.desk.sync.waiting >= 3
    row = next(row for row in here.house.today_page.presenter.view.rows if row.id == home)
    assert row.draft is not None


def kinds_of(work):
    """What kinds of record this laptop's own changes are about."""
    return {Change.parse(line.line).kind for line in office.lines_from(work, work.chain.inc, 1, limit=500)}
