"""Bad input and a bad world, met by the whole program: one sentence in three languages, and nothing is lost."""

import http.server
import os
import shutil
import sqlite3
import ssl
import subprocess
import sys
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from healthvisit.domain.errors import HealthvisitError, InputError, OfficeError, StoreError
from healthvisit.domain.visit import Visit
from healthvisit.packs.pack import PackError
from healthvisit.server import enrolment
from healthvisit.server.folder import Office as OfficeFolder
from healthvisit.settings import Preferences, resource
from healthvisit.store import exchange, people
from healthvisit.ui import i18n
from healthvisit.ui.families.new_presenter import check_who
from healthvisit.ui.visit.problems import problems_of
from healthvisit.wire.identity import EnrolCode, read_card
from tests.builders import PHRASE
from tests.desktop import LANGUAGES, make_work, said_everywhere, sign_visit, words_on
from tests.laptops import GARAGUM, Laptop, TestOffice, utc_now

ROOT = Path(__file__).parents[2]
SAVED = ["Myradow", "Orazow"]


def run(*words, **environment):
    """The program as a process of its own, with no screen unless said."""
    kept = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=kept | environment, capture_output=True, text=True, encoding="utf-8",
        check=False,
    )  # fmt: skip


# --- the sealed file -----------------------------------------------------------------------------------------------


def test_a_wrong_passphrase_opens_nothing_and_the_right_one_opens_all(desktop, tmp_path):
    """She mistypes on a cold morning; the next try must be as good as the first."""
    make_work(tmp_path, *SAVED)
    said = said_everywhere(StoreError("vault.wrong_passphrase"))
    here = desktop(tmp_path)
    here.try_phrase("five words made for nothing")
    page = here.unlock_page
    here.hands.until("wrong is said", page.passphrase.error.isVisible)
    assert page.passphrase.error.text().startswith(said["en"].partition(".")[0])
    assert here.house is None
    here.unlock()
    assert here.families() == SAVED


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_without_its_header_is_called_damaged_and_left_as_it_is(desktop, tmp_path, language):
    """Told to delete it she would lose what a repair can still save."""
    make_work(tmp_path, *SAVED)
    file = tmp_path / "data" / "vault.db"
    whole = file.read_bytes()
    file.write_bytes(b"garbage!" * 512 + whole[4096:])
    spoilt = file.read_bytes()
    here = desktop(tmp_path, language=language)
    said = said_everywhere(StoreError("vault.damaged"))
    assert here.trouble() == said[language]
    assert file.read_bytes() == spoilt
    file.write_bytes(whole)
    here.unlock_page.again.click()
    here.unlock()
    assert here.families() == SAVED


def test_one_flipped_byte_costs_one_record_and_is_said_after_unlocking(desktop, tmp_path):
    """P7: the rest of the caseload works, and she hears which record is missing."""
    make_work(tmp_path, *SAVED)
    (tmp_path / "data" / "vault.cat").unlink()  # as after a kill: every row is read anew
    with sqlite3.connect(tmp_path / "data" / "vault.db") as db:
        seq, env = db.execute("SELECT seq, env FROM rec ORDER BY seq DESC LIMIT 1").fetchone()
        spoilt = bytes(env[:-20]) + bytes([env[-20] ^ 1]) + bytes(env[-19:])
        db.execute("UPDATE rec SET env=? WHERE seq=?", (spoilt, seq))
    db.close()
    here = desktop(tmp_path).unlock()
    said = said_everywhere(StoreError("vault.row_damaged", row_seq=seq))
    assert here.house.frame.banner.text() == said["en"]
    assert here.house.frame.banner.isVisible()
    assert here.families() == SAVED
    assert len(here.house.today_page.presenter.view.rows) > 0


def test_work_put_back_from_an_older_copy_says_so(desktop, tmp_path):
    """P8: she must hear that a day is missing, not find out at a family's door."""
    make_work(tmp_path, *SAVED)
    file = tmp_path / "data" / "vault.db"
    copy = file.read_bytes()
    later = desktop(tmp_path).unlock()
    later.on_vault(
        lambda: later.program.opened.write(lambda work: work.put_state("later", {"n": 1}), later.house.desk.now())
    )
    later.close()
    for name in ("vault.db", "vault.db-wal", "vault.cat"):
        (tmp_path / "data" / name).unlink(missing_ok=True)
    file.write_bytes(copy)
    here = desktop(tmp_path).unlock()
    assert here.house.frame.banner.text() == said_everywhere(StoreError("vault.put_back"))["en"]
    assert here.families() == SAVED


def test_a_vault_of_a_newer_program_is_not_touched(desktop, tmp_path):
    """An older program that writes into a newer file ruins both."""
    make_work(tmp_path, *SAVED)
    file = tmp_path / "data" / "vault.db"
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA user_version=2")
    db.close()
    before = file.read_bytes()
    here = desktop(tmp_path, language="ru")
    assert here.trouble() == said_everywhere(StoreError("vault.newer"))["ru"]
    assert file.read_bytes() == before
    i18n.set_language("tk")  # said in the other language at once
    here.app.processEvents()
    assert here.unlock_page.trouble_text.text() == said_everywhere(StoreError("vault.newer"))["tk"]


HOLDS_IT_OPEN = """
import sys
from pathlib import Path
from healthvisit import workplace
from healthvisit.settings import Paths
opened = workplace.open_work(Paths.under(Path(sys.argv[1])), sys.argv[2])
print("open", flush=True)
sys.stdin.read()
"""


def test_a_vault_open_in_another_process_says_so_and_opens_when_that_one_ends(desktop, tmp_path):
    """Two accounts of one computer: the second must not write into the first one's file, and not be locked out."""
    make_work(tmp_path, *SAVED)
    command = [sys.executable, "-c", HOLDS_IT_OPEN, str(tmp_path), PHRASE]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "open\n"
        here = desktop(tmp_path, language="tk")
        assert here.trouble() == said_everywhere(StoreError("vault.in_use"))["tk"]
        other.kill()
    here.unlock_page.again.click()
    here.unlock()
    assert here.families() == SAVED


# --- the disk ------------------------------------------------------------------------------------------------------


def test_a_full_disk_in_a_visit_keeps_what_was_typed_until_there_is_room(desktop, tmp_path):
    """She must not type a visit twice because a folder of photographs filled the disk."""
    home = make_work(tmp_path, *SAVED)[0]
    here = desktop(tmp_path).unlock()
    page = here.visit(home)
    here.fill_disk()
    said = said_everywhere(StoreError("vault.disk_full"))
    page.presenter.pick("0/agreement")
    path = next(q.path for q in page.presenter.questions() if q.field == "agreed")
    page.presenter.answer(path, "breast milk only, " * 400)
    page.flush()
    here.hands.until("it is said", lambda: page.banner.text() == said["en"])
    assert page.banner.isVisible()
    assert here.house.frame.status.text() == said["en"]  # the line at the bottom never claims a save that was none
    assert page.presenter.part.session.value(path).startswith("breast milk only")
    here.free_disk()
    page.banner.deed.click()
    here.hands.until("saved again", lambda: not page.banner.isVisible())
    here.hands.settle()
    assert said["en"] not in here.house.frame.status.text()
    here.close()
    again = desktop(tmp_path).unlock()
    page = again.visit(home)
    page.presenter.pick("0/agreement")
    assert page.presenter.part.session.value(path).startswith("breast milk only")
    assert again.families() == SAVED


def test_a_full_disk_at_a_new_family_leaves_the_form_filled(desktop, tmp_path):
    """The same for the three pages of a family; afterwards it is there once."""
    make_work(tmp_path, *SAVED)
    here = desktop(tmp_path).unlock()
    here.house.new_family("Berdiyew" * 30)
    view = here.house.new_family_page
    view.kids.given[0].set_text("Aýna")
    view.kids.sex[0].choose("f")
    view.kids.born.set_text("18.07.2026")
    view.kids.precision.choose("day")
    view.where.choose(GARAGUM)
    here.fill_disk()
    view._finish(start_visit=False)
    said = said_everywhere(StoreError("vault.disk_full"))
    here.hands.until("it is said", lambda: view.banner.text() == said["en"])
    assert here.house.frame.page() == "new_family"
    assert view.kids.given[0].text() == "Aýna"
    here.free_disk()
    view._finish(start_visit=False)
    here.hands.until("saved", lambda: here.house.frame.page() != "new_family")
    assert here.families() == sorted([*SAVED, "Berdiyew" * 30])


def test_a_full_disk_while_unlocking_can_be_tried_again(desktop, tmp_path):
    """The program lets the file go: else "Try again" would meet its own lock and say that it is open elsewhere."""
    make_work(tmp_path, *SAVED)
    here = desktop(tmp_path, system=lambda: datetime(1970, 1, 1, 3, tzinfo=UTC))
    here.try_phrase(PHRASE)
    here.hands.until("the date is asked", lambda: here.unlock_page.pages.count() == 3)
    here.on_vault(lambda: here.program.opened.store.vault._db.execute("PRAGMA query_only=ON").fetchall())
    say_day(here, date(2026, 11, 23))
    assert here.trouble() == said_everywhere(StoreError("vault.read_only"))["en"]
    here.unlock_page.again.click()
    here.try_phrase(PHRASE)
    here.hands.until("the date is asked again", lambda: here.unlock_page.pages.count() == 4)
    say_day(here, date(2026, 11, 23))
    here.hands.wait_for_today()
    assert here.families() == SAVED


# --- the clock -----------------------------------------------------------------------------------------------------


def say_day(here, day):
    """Answer the question for the date."""
    view = here.unlock_page.pages.currentWidget()
    view.ask_day()
    view.day.set_text(f"{day:%d.%m.%Y}")
    view.take.click()
    if here.house is None and view.day.error.isVisible():  # before the last signed work: said twice
        view.take.click()


@pytest.mark.parametrize("start", [datetime(1970, 1, 1, 3, tzinfo=UTC), datetime(2099, 7, 1, 3, tzinfo=UTC)])
def test_a_clock_without_battery_is_asked_about_and_its_visits_are_marked(desktop, tmp_path, start):
    """A date of 1970 would put a child's weight before its birth; the program keeps a date of its own."""
    home = make_work(tmp_path, *SAVED, now=datetime(2026, 11, 20, 8, tzinfo=UTC))[0]
    moment = [start]
    here = desktop(tmp_path, system=lambda: moment[0])
    here.try_phrase(PHRASE)
    here.hands.until("the date is asked", lambda: here.unlock_page.pages.count() == 3)
    view = here.unlock_page.pages.currentWidget()
    why = {}
    for code in LANGUAGES:
        i18n.set_language(code)
        here.app.processEvents()
        why[code] = view.why.text() + view.note.text()
    assert len(set(why.values())) == len(LANGUAGES)
    assert f"{start.astimezone():%Y}" in view.why.text()
    view.day.set_text("23.11.1999")
    view.take.click()
    assert view.day.error.isVisible()  # as impossible as the clock
    say_day(here, date(2026, 11, 23))
    here.hands.wait_for_today()
    assert here.house.desk.today() == date(2026, 11, 23)
    signed = sign_visit(here, home)
    visit = here.at_store(lambda work: work.get(Visit, signed))
    assert visit.clock_marked
    assert visit.on == date(2026, 11, 23)
    assert visit.signed_at.date() == date(2026, 11, 23)
    here.close()

    moment[0] = start + timedelta(days=1, hours=2)  # the clock runs on, as wrong as before
    again = desktop(tmp_path, system=lambda: moment[0]).unlock()
    assert again.house.desk.today() == date(2026, 11, 24)
    assert again.house.desk.clock_marked
    again.close()

    moment[0] = datetime(2026, 11, 25, 8, tzinfo=UTC)  # a new battery: the old offset is doubted, not believed
    third = desktop(tmp_path, system=lambda: moment[0])
    third.try_phrase(PHRASE)
    third.hands.until("the date is asked", lambda: third.unlock_page.pages.count() == 3)
    say_day(third, date(2026, 11, 25))
    third.hands.wait_for_today()
    assert third.house.desk.today() == date(2026, 11, 25)
    assert not third.house.desk.clock_marked
    assert third.families() == SAVED


# --- what is typed -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_birth_date_in_the_future_is_refused_beside_its_field(desktop, tmp_path, language):
    """A slip in the year; nothing else typed is lost by it."""
    make_work(tmp_path, *SAVED)
    here = desktop(tmp_path, language=language).unlock()
    here.house.new_family("Berdiyew")
    view = here.house.new_family_page
    view.kids.given[0].set_text("Aýna")
    view.kids.sex[0].choose("f")
    view.kids.born.set_text(f"{here.house.desk.today() + timedelta(days=400):%d.%m.%Y}")
    view.go_on()
    said = said_everywhere(InputError("person.born_in_future"))[language]
    assert check_who(view.typed(), here.house.desk.today())["born"] == said
    assert said in words_on(view)
    assert said in view.summary.accessibleDescription()
    assert (view.name.text(), view.kids.given[0].text()) == ("Berdiyew", "Aýna")
    assert here.families() == SAVED


@pytest.mark.parametrize("language", LANGUAGES)
def test_34_kg_for_3_40_is_asked_about_in_her_language(desktop, tmp_path, language):
    """Growth computed from ten times the weight would frighten a mother or hide a starving child."""
    make_work(tmp_path, *SAVED)
    here = desktop(tmp_path, language=language).unlock()
    born = here.house.desk.today() - timedelta(days=12)
    home = here.at_store(lambda work: newborn(work, born), write=True)
    page = here.visit(home)
    presenter = page.presenter
    presenter.pick("1/growth")
    QTest.keyClicks(QApplication.focusWidget(), "34,0")
    weight = next(q.path for q in presenter.questions() if q.field == "weight_g")
    field = page.work.page.widgets[weight]
    assert field.offer.isVisible()
    assert "3,40" in field.offer.text() or "3.40" in field.offer.text()
    here.hands.go_on()
    assert presenter.step.key == "1/growth"
    (said,) = {p.words for p in problems_of(presenter.draft, presenter.step) if p.path == weight}
    assert said in page.work.summary.accessibleDescription()
    if language != "en":
        assert not said.isascii()
    field.offer.click()
    assert presenter.part.session.value(weight) == "3.4"
    assert weight not in {p.path for p in problems_of(presenter.draft, presenter.step)}


def newborn(work, born):
    from healthvisit.services import families
    from healthvisit.services.families import NewFamily
    from tests.builders import a_child, a_mother

    family = NewFamily(
        name="Saparow", place=GARAGUM, mother=a_mother("Saparowa"), children=(a_child("Kerim", born),)
    )  # fmt: skip
    return families.register_family(work, family, today=born + timedelta(days=12))


# --- what the program brings with it -------------------------------------------------------------------------------


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A copy of the program's data, where the built program has it."""
    shutil.copytree(resource(""), tmp_path / "installed" / "resources")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path / "installed"), raising=False)
    return tmp_path / "installed" / "resources"


@pytest.mark.parametrize(
    ("file", "spoilt", "error"),
    [
        ("packs/tm-default/schedule.json", None, PackError("pack.missing", file="schedule.json")),
        ("packs/tm-default/dangers.json", "{", PackError("pack.damaged", file="dangers.json")),
        ("packs/dmc/skills.json", None, PackError("pack.missing", file="skills.json")),
        ("packs/instruments/external.json", "[", PackError("pack.damaged", file="external.json")),
        ("forms/child.xml", None, HealthvisitError("form.missing", form="child")),
        ("forms/child.xml", "<h:html", HealthvisitError("form.not_xml")),
    ],
)
def test_a_missing_or_damaged_part_of_the_program_opens_nothing_and_harms_nothing(
    desktop, tmp_path, installed, file, spoilt, error
):
    """A half copied installation must not show a caseload without its danger signs."""
    work = tmp_path / "work"
    make_work(work, *SAVED)
    whole = (installed / file).read_bytes()
    (installed / file).unlink()
    if spoilt is not None:
        (installed / file).write_text(spoilt)
    here = desktop(work, language="ru")
    assert here.trouble() == said_everywhere(error)["ru"]
    (installed / file).write_bytes(whole)  # installed again
    here.unlock_page.again.click()
    here.unlock()
    assert here.families() == SAVED


BROKEN_FORM = """
| survey |
| | type | name | label |
| | text | a | A |
| | integerr | b | B |
"""


def test_a_form_that_does_not_compile_names_its_place_and_leaves_the_old_one(tmp_path):
    """An author fixes one row of a sheet; the form in use stays until the new one is whole."""
    source, target = tmp_path / "bad.md", tmp_path / "form.xml"
    source.write_text(BROKEN_FORM)
    target.write_text("the form in use")
    done = run("-m", "healthvisit", "form", "compile", str(source), "-o", str(target))
    assert done.returncode == 1
    assert done.stderr.startswith("survey!A3: ")
    assert "integerr" in done.stderr
    assert "Traceback" not in done.stderr
    assert target.read_text() == "the form in use"
    said_everywhere(HealthvisitError("form.does_not_compile", reason="integerr"))
    done = run("-m", "healthvisit", "form", "compile", str(tmp_path / "absent.md"), "-o", str(target))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a screen")
@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_screen_one_sentence_ends_the_program(tmp_path, language):
    """Qt would end the process with a core file and not a word that helps."""
    Preferences(language=language).save(tmp_path / "data" / "preferences.json")
    done = run("-m", "healthvisit", "--folder", str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.strip() == said_everywhere(HealthvisitError("program.no_screen"))[language]


# --- the way to the office -----------------------------------------------------------------------------------------


class Portal(http.server.BaseHTTPRequestHandler):
    """The login page of a hotel's Wi-Fi: an answer to everything."""

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        page = b"<html>Wi-Fi: please sign in</html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    do_GET = do_POST = answer  # noqa: N815 -- the library's names

    def log_message(self, *_):
        pass


@pytest.fixture
def portal(shared_office):
    """Something with the office's own certificate that is no office."""
    server = http.server.HTTPServer(("127.0.0.1", 0), Portal)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shared_office.folder / "server.pem", shared_office.folder / "server.key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def exchanged(here, url):
    """Try to send to an address; how it stands afterwards."""
    here.at_store(lambda work: exchange.keep_url(work, url), write=True)
    here.hands.until("joined", lambda: here.house.desk.sync.joined)
    here.hands.until("nothing on its way", lambda: here.house.desk.sync.running is None)
    here.house.sync()
    here.house.send_now()
    here.hands.until("the exchange ends", lambda: here.house.desk.sync.running is None)
    here.hands.settle()
    return here.house.desk.sync


def test_no_line_a_login_page_and_a_strange_certificate_keep_everything_waiting(
    desktop, tmp_path, shared_office, portal
):
    """Each is said in its own words, nothing is marked as sent, and the office gets all of it in the end."""
    work = tmp_path / "work"
    laptop = Laptop(work)
    laptop.join(shared_office.url, shared_office.code("Nurse of bad lines", "bad lines"))
    laptop.register("Myradow")
    laptop.close()
    here = desktop(work, language="tk").unlock()
    waiting = here.at_store(lambda w: len(people.load_caseload(w, today=utc_now().date()).households))
    assert waiting == 1
    with TestOffice(tmp_path / "other") as other:
        gone = "https://127.0.0.1:9"  # the discard port: nobody answers
        for url, code in (
            (gone, "office.unreachable"),
            (portal, "office.captive_portal"),
            (other.url, "office.wrong_certificate"),
        ):
            state = exchanged(here, url)
            assert state.trouble == code
            assert state.waiting > 0
            assert here.house.sync_page.state.text() == said_everywhere(OfficeError(code))["tk"]
    state = exchanged(here, shared_office.url)
    assert (state.trouble, state.waiting) == (None, 0)
    assert here.families() == ["Myradow"]


def test_a_bad_code_joins_nothing_and_a_good_one_still_does(desktop, tmp_path, shared_office):
    """Mistyped, unknown, wrong, used, too old: each says what to do; what waits is delivered after the good one."""
    make_work(tmp_path / "work", *SAVED)
    other = Laptop(tmp_path / "other")
    used = shared_office.code("Nurse of codes", "codes")
    other.join(shared_office.url, used)
    other.close()
    with OfficeFolder.open(shared_office.folder) as opened:
        long_ago = utc_now() - timedelta(days=3)
        old = enrolment.issue_code(opened, worker="Nurse of codes", caseload="codes", now=long_ago).text
        unknown = EnrolCode.new(opened.card().sha256).text()
    here = desktop(tmp_path / "work", language="ru").unlock()
    here.house.sync()
    page = here.house.sync_page
    page.show_join()
    form = page.form
    mistyped = used[:1] + ("A" if used[1] != "A" else "B") + used[2:]
    form._take_pasted(mistyped)
    form.address.set_text(shared_office.url)
    assert not form.submit()
    said = said_everywhere(InputError("enrol.code_mistyped", group=1))
    assert form.code_error.text() == said["ru"]
    for text, code in ((unknown, "enrol.code_unknown"), (used, "enrol.code_used"), (old, "enrol.code_expired")):
        form._take_pasted(text)
        assert form.submit()
        here.hands.until("the office answers", page.join_now.isEnabled)
        assert form.code_error.text() == said_everywhere(OfficeError(code))["ru"]
        assert form.code_error.isVisible()
        assert form.code() == text
        assert not here.house.desk.sync.joined
    form._take_pasted(shared_office.code("Nurse of codes", "codes"))
    form.submit()
    here.hands.until("joined and sent", lambda: here.house.desk.sync.joined and here.house.desk.sync.running is None)
    here.hands.until("delivered", lambda: here.house.desk.sync.waiting == 0)
    assert here.families() == SAVED


def test_a_wrong_proof_counts_down_the_tries_in_words(shared_office):
    """The card of another office, typed at the right address: told before a code is used up."""
    said_everywhere(OfficeError("enrol.proof_wrong", left=4))
    with OfficeFolder.open(shared_office.folder) as opened:
        card = read_card(opened.card().file)
    with pytest.raises(OfficeError) as refused:
        EnrolCode.new(bytes(32)).require_card(card)
    said_everywhere(refused.value)
