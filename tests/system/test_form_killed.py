"""A process that fills in a form of a hundred instances is killed at any moment: what it called kept is there."""

import contextlib
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from healthvisit.store import drafts
from tests.builders import NOW, WORKER, make_store, reopen

ROOT = Path(__file__).parents[2]
INSTANCES = 100
KILLS, DEEP_KILLS = 5, 200

XFORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>t</h:title><model>
<instance><data id="t"><member jr:template=""><name/><age/><grown/></member></data></instance>
<bind nodeset="/data/member/name" type="string"/><bind nodeset="/data/member/age" type="int"/>
<bind nodeset="/data/member/grown" type="string" calculate="if(../age &gt;= 18, 'yes', 'no')"/></model></h:head><h:body>
<group ref="/data/member"><label>Member</label><repeat nodeset="/data/member">
<input ref="/data/member/name"><label>Name</label></input>
<input ref="/data/member/age"><label>Age</label></input></repeat></group></h:body></h:html>"""

DRIVER = """
import json, random, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.session import FormSession
from healthvisit.forms.snapshot import Snapshot
from healthvisit.store import drafts
from healthvisit.ui import theme
from healthvisit.ui.form.keeper import SnapshotKeeper
from healthvisit.ui.form.opening import restore
from healthvisit.ui.form.view import FormView
from healthvisit.ui.jobs import Jobs
from healthvisit.ui.theme import Theme
from tests.builders import NOW, WORKER, reopen

folder, form, instances, seed = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
app = QApplication([])
theme.apply(app, Theme())
jobs = Jobs()
definition = FormDefinition.load(form.read_text())
opened = {}


def begin():
    store = reopen(folder)
    with store.reading(worker=WORKER, now=NOW) as work:
        kept = drafts.find_draft(work, "d1")
    if kept is None:
        session = FormSession.open(definition, language="en", now=NOW)
        for _ in range(instances):
            session.add_repeat("/data/member")
    else:
        session = restore(definition, Snapshot.from_json(kept["snapshot"]), now=NOW, tz="UTC")
    opened.update(store=store, session=session)


def write(snapshot):
    listed = {"household": "h", "started_at": "", "saved_at": "", "page": "", "persons": "", "amends": None}
    with opened["store"].unit(worker=WORKER, now=NOW) as work:
        drafts.keep_form(work, definition.sha256, definition.source)
        drafts.put_draft(work, "d1", listed=listed, content={"snapshot": snapshot.to_json()})
    return NOW


def fail(error):
    raise error


def save(snapshot, *, done, failed):
    jobs.vault(write, snapshot, done=done, failed=failed)


def tell(snapshot):
    print(json.dumps([snapshot.repeats, snapshot.answers]), flush=True)


def until(ready):
    while not ready():
        app.processEvents()


jobs.vault(begin, done=lambda _none: None, failed=fail)
until(lambda: "session" in opened)
view = FormView()
view.show()
view.open(opened["session"])
keeper = SnapshotKeeper(view, save)
keeper.kept.connect(tell)
keeper.failed.connect(fail)
dice = random.Random(seed)
while True:
    at = dice.randrange(instances)
    view.presenter.open_instance("/data/member", at)
    place = f"/data/member[{at + 1}]"
    until(lambda: view.sheet.is_whole and f"{place}/age" in view.sheet.widgets)
    name, age = view.sheet.widgets[f"{place}/name"].field.editor, view.sheet.widgets[f"{place}/age"].editor
    QTest.keyClicks(name, dice.choice("ABCDE"))
    app.processEvents()
    QTest.keyClicks(age, str(dice.randrange(10)) if len(age.text()) < 6 else "")
    app.processEvents()
    if dice.random() < 0.3:
        keeper.flush()  # as when a field is left
        app.processEvents()
"""


def fill_and_kill(folder, form, seed, lines, delay):
    """Fill in until so many times something was kept, then a moment more, then kill -9; all that was said as kept."""
    command = [sys.executable, "-c", DRIVER, str(folder), str(form), str(INSTANCES), str(seed)]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    said = []
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        for line in process.stdout:
            said.append(line)
            if len(said) == lines:
                break
        if delay:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(delay)  # it never ends by itself
        process.kill()
        rest, errors = process.stdout.read(), process.stderr.read()
    said += [line for line in rest.splitlines(keepends=True) if line.endswith("\n")]
    assert len(said) >= lines, errors
    return [json.loads(line) for line in said]


@pytest.fixture
def form(tmp_path):
    file = tmp_path / "form.xml"
    file.write_text(XFORM)
    return file


def test_what_was_called_kept_is_there_after_any_kill(tmp_path, form, deep):
    """A hundred members, the battery falls out at any moment, again and again: no answer that was kept is lost."""
    folder = tmp_path / "data"
    make_store(folder).close()
    dice = random.Random(7)  # noqa: S311 -- the same kills each time
    before = {}
    for seed in range(DEEP_KILLS if deep else KILLS):
        delay = dice.choice((0, dice.random() * 0.4))  # also at the very moment in which it is said
        said = fill_and_kill(folder, form, seed, lines=dice.randrange(1, 8), delay=delay)
        repeats, answers = said[-1]
        store = reopen(folder)
        with store.reading(worker=WORKER, now=NOW) as work:
            kept = json.loads(drafts.find_draft(work, "d1")["snapshot"])
        store.close()
        held = dict(map(tuple, kept["answers"]))
        typed = {path: text for path, text in map(tuple, answers) if not path.endswith("/grown")}
        # the draft may be a few keys further on than what was said last, never behind it
        lost = {path: (text, held.get(path)) for path, text in typed.items() if not held.get(path, "").startswith(text)}
        assert not lost
        assert kept["repeats"] == repeats == [["/data/member", INSTANCES]]
        assert all(typed.get(path, "").startswith(text) for path, text in before.items())
        before = {path: text for path, text in held.items() if not path.endswith("/grown")}
    assert len(before) > KILLS
