"""The line to the office: what stands in its way is named in one word each, and nothing is believed or sent."""

import http.server
import socket
import ssl
import threading

import pytest

from healthvisit.domain.errors import HealthvisitError, InputError, OfficeError, OfficeUnreachableError
from healthvisit.sync import client
from healthvisit.wire import identity, messages
from healthvisit.wire.identity import SigningKey
from tests.laptops import Laptop, TestOffice


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    with TestOffice(tmp_path_factory.mktemp("office") / "office") as made:
        yield made


@pytest.fixture(scope="module")
def laptop(office, tmp_path_factory):
    made = Laptop(tmp_path_factory.mktemp("laptop"))
    made.join(office.url, office.code())
    yield made
    made.close()


class Portal(http.server.BaseHTTPRequestHandler):
    """Answers every call as its server was told to, and keeps what it was sent."""

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.heard.append(body)
        self.send_response(self.server.status)
        for name, value in self.server.says.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.server.page)))
        self.end_headers()
        self.wfile.write(self.server.page)

    do_GET = do_POST = answer  # noqa: N815 -- the library's names

    def log_message(self, *_):
        pass


@pytest.fixture
def portal(office):
    """Starts something that is no office: ``portal(tls=True, status=200)`` gives its url and what it heard."""
    running = []

    def start(*, tls, status=200, page=b"<html>Wi-Fi: please sign in</html>", **says):
        server = http.server.HTTPServer(("127.0.0.1", 0), Portal)
        server.status, server.page, server.heard = status, page, []
        server.says = {"Content-Type": "text/html"} | {n.replace("_", "-"): v for n, v in says.items()}
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(office.folder / "server.pem", office.folder / "server.key")
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        running.append((server, thread))
        return f"https://127.0.0.1:{server.server_address[1]}", server.heard

    yield start
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()


def at(laptop, url, card=None):
    known = laptop.line()
    return client.Office(card=card or known.card, url=url, device=known.device, key=known.key)


def code_of(call):
    with pytest.raises(HealthvisitError) as refused:
        call()
    return refused.value.code


HELLO = messages.Hello(incs=[], feeds=[])


@pytest.mark.parametrize("tls", [True, False])
def test_a_page_of_the_wifi_is_no_answer(laptop, portal, tls):
    """A captive portal answers 200 to everything: believed, it would mark visits as delivered."""
    url, _ = portal(tls=tls)
    assert code_of(lambda: at(laptop, url).hello(HELLO)) == "office.captive_portal"
    assert code_of(lambda: client.fetch_card(url)) == "office.captive_portal"


def test_a_page_that_claims_our_media_type_is_no_answer_either(laptop, portal):
    """What is not signed or cannot be read acknowledges nothing."""
    url, _ = portal(tls=True, page=b"<html>", Content_Type=messages.MEDIA_TYPE)
    assert code_of(lambda: at(laptop, url).hello(HELLO)) == "wire.unreadable"
    url, _ = portal(tls=True, page=b"<html>", Content_Type=messages.CARD_TYPE)
    assert code_of(lambda: identity.read_card(client.fetch_card(url))) == "card.unreadable"


def test_nothing_follows_a_redirect(laptop, portal):
    """A 307 would carry a segment with names in it to whoever is named there, without TLS."""
    elsewhere, heard = portal(tls=False)
    url, _ = portal(tls=True, status=307, Location=elsewhere.replace("https", "http"))
    assert code_of(lambda: at(laptop, url).push(b"names")) == "office.captive_portal"
    assert code_of(lambda: client.fetch_card(url)) == "office.captive_portal"
    assert heard == []


def test_another_offices_certificate_is_refused_before_a_word_is_sent(laptop, tmp_path):
    """Somebody's machine in the middle, or the wrong address typed: the card's own authority is all that counts."""
    with TestOffice(tmp_path / "other") as other:
        assert code_of(lambda: at(laptop, other.url).hello(HELLO)) == "office.wrong_certificate"
        assert other.rows("SELECT count(*) FROM nonce") == [(0,)]


def test_nobody_there(laptop):
    """No line is the normal case: it must be told apart from everything that needs a person."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"https://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(OfficeUnreachableError) as refused:
            at(laptop, url).hello(HELLO)
    assert refused.value.code == "office.unreachable"
    assert code_of(lambda: client.fetch_card("https://no-such-office.invalid")) == "office.unreachable"
    for address in ("https://:80:80", "http://127.0.0.1:80", "file:///etc/hosts"):
        assert code_of(lambda url=address: client.fetch_card(url)) == "office.bad_address"


def test_a_line_that_breaks_in_the_middle_of_an_answer(laptop):
    """Half an answer is none."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def break_off():
            caller, _ = listener.accept()
            with caller:
                caller.recv(1000)

        thread = threading.Thread(target=break_off)
        thread.start()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        code = code_of(lambda: at(laptop, url).hello(HELLO))
        thread.join()
    assert code == "office.unreachable"


def join(code, url, **facts):
    key = SigningKey.new()
    given = {"device": "ab" * 16, "key": key, "worker": "cd" * 16, "name": "Nurse"} | facts
    return client.join(identity.parse_code(code), url=url, card_file=None, **given)


def test_what_is_wrong_with_a_code_is_said_in_one_word(office, tmp_path):
    """Mistyped, incomplete, used, ended, or of another office: each has its own remedy."""
    code = office.code("Nurse 7")
    with pytest.raises(InputError) as refused:
        identity.parse_code(code[:-1] + ("A" if code[-1] != "A" else "B"))
    assert (refused.value.code, refused.value.details["group"]) == ("enrol.code_mistyped", 12)
    assert code_of(lambda: identity.parse_code(code[:20])) in ("enrol.code_incomplete", "enrol.code_mistyped")
    join(code, office.url)
    assert code_of(lambda: join(code, office.url, device="ef" * 16)) == "enrol.code_used"
    with TestOffice(tmp_path / "other") as other:
        assert code_of(lambda: join(code, other.url)) == "enrol.other_card"


def test_a_code_nobody_gave_out_and_a_device_of_somebody_else(office):
    """Guessing codes, or claiming a device that another key has, must not join."""
    card = identity.read_card((office.folder / "card.json").read_bytes())
    unknown = identity.EnrolCode.new(card.sha256).text()
    assert code_of(lambda: join(unknown, office.url)) == "enrol.code_unknown"
    device = {"device": "12" * 16, "worker": "34" * 16}
    join(office.code("Nurse 8"), office.url, **device)
    assert code_of(lambda: join(office.code("Nurse 8"), office.url, **device)) == "enrol.device_taken"


def test_the_same_laptop_asking_again_after_a_lost_answer_is_joined(office):
    """The code is spent at the first call; the laptop that spent it must not be locked out by a lost reply."""
    code, key = office.code("Nurse 9"), SigningKey.new()
    facts = {"device": "56" * 16, "worker": "78" * 16, "key": key}
    assert join(code, office.url, **facts).answer == join(code, office.url, **facts).answer


def test_a_token_that_has_ended_is_asked_for_again_without_a_word(office, laptop):
    """A session lasts 15 minutes, an exchange on a bad line may take longer."""
    line = laptop.line()
    laptop.exchange()
    line._token = "00" * 32
    laptop.exchange()
    assert line._token != "00" * 32


def test_the_certificates_dates_are_not_judged_by_the_laptops_clock(office, laptop):
    """A dead battery says 1970: trust ends by a new card, not by a date."""
    context = client._CardTrust(laptop.line().card)._context
    assert context.verify_flags & 0x200000
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


def test_nothing_of_key_token_or_name_shows_in_a_repr(laptop):
    """Crash reports print objects."""
    line = laptop.line()
    laptop.exchange()
    shown = repr(line)
    assert line._token not in shown
    assert line.key.secret.hex() not in shown


def test_an_office_error_keeps_its_code_and_details(office, laptop):
    """The one shape of a refusal: a screen finds its sentence by the code."""
    with pytest.raises(OfficeError) as refused:
        laptop.line()._call("no-such-call", b"")
    assert refused.value.code == "server.no_such_call"
    assert refused.value.details == {"status": 404}
