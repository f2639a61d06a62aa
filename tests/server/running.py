"""An office as a process, and a laptop of a few lines that speaks to it: for tests of the server and the whole."""

import secrets
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import requests

from healthvisit.domain.change import Change, Op, chain_next, chain_start, line_hash, next_hlc
from healthvisit.domain.ids import new_change_id, new_record_id
from healthvisit.server.enrolment import issue_code
from healthvisit.server.folder import Office
from healthvisit.wire import identity, messages, segment
from healthvisit.wire.messages import FeedCursor, Hello, Pull, Top

ROOT = Path(__file__).resolve().parents[2]


class RunningOffice:
    """`healthvisit.server serve` as a child process; ends with whoever holds its standard input."""

    def __init__(self, folder):
        self.folder = folder
        self.port = 0
        self.process = None
        self.said = ""
        self.laptops = []

    def start(self):
        command = [sys.executable, "-m", "healthvisit.server", "serve", "--dir", str(self.folder), "--with-parent"]
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for line in self.process.stdout:
            if line.startswith("ready https://127.0.0.1:"):
                self.port = int(line.strip().rpartition(":")[2])
                return self
            self.said += line
        raise AssertionError(self.said)

    @property
    def url(self):
        return f"https://127.0.0.1:{self.port}"

    @property
    def ca(self):
        return str(self.folder / "ca.pem")

    def stop(self):
        for laptop in self.laptops:
            laptop.http.close()
        self.process.stdin.close()
        self.said += self.process.stdout.read()
        self.process.stdout.close()
        return self.process.wait(20)

    def kill(self):
        self.process.kill()
        return self.stop()

    def command(self, *words):
        """Another process of ours beside the running server."""
        whole = [sys.executable, "-m", "healthvisit.server", *words, "--dir", str(self.folder)]
        return subprocess.run(whole, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)

    def opened(self):
        """The office's own functions, in this process."""
        return Office.open(self.folder)

    def code(self, worker="Ayna", caseload="Oba"):
        with self.opened() as office:
            return issue_code(office, worker=worker, caseload=caseload, now=datetime.now(UTC)).text


class Laptop:
    """A device with a log of lines and the calls of the protocol; keeps nothing on disk."""

    def __init__(self, office, code=None):
        self.office = office
        office.laptops.append(self)
        self.http = requests.Session()
        self.http.trust_env = False  # a CA bundle of the environment would take the place of the card's
        self.http.verify = office.ca
        self.key = identity.SigningKey.new()
        self.device = secrets.token_hex(16)
        self.worker = secrets.token_hex(16)
        self.inc = secrets.token_hex(8)
        self.lines = []
        self.hlc = ""
        self.token = ""
        self.versions = {}
        self.outcomes = {}
        self.left = set()
        self.cursors = {}
        self.now = datetime.now(UTC)
        if code is not None:
            self.join(code)

    def post(self, call, body, **headers):
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        answer = self.http.post(f"{self.office.url}/v1/{call}", data=body, headers=headers, timeout=30)
        if answer.status_code != 200:
            assert answer.headers["content-type"] == messages.ERROR_TYPE
            raise RefusedError(answer)
        assert answer.headers["content-type"] == messages.MEDIA_TYPE
        return answer.content

    def ask_to_join(self, text, **changed):
        code = identity.parse_code(text)
        answer = self.http.get(f"{self.office.url}/v1/card", params={"for": code.card_start.hex()}, timeout=30)
        self.card = identity.read_card(answer.content)
        code.require_card(self.card)
        given = {
            "code": code.code_id.hex(),
            "proof": code.proof(self.card.sha256, self.key.public, []).hex(),
            "device": self.device,
            "key": self.key.public.hex(),
            "worker": self.worker,
        }
        return messages.Enrol(**given | changed)

    def join(self, text):
        body = self.post("enrol", messages.encode(self.ask_to_join(text)))
        self.enrolled = messages.read_enrolled(body, self.card, self.key.public)
        self.worker = self.enrolled.worker
        self.feeds = [feed.feed for feed in self.enrolled.feeds]
        self.log_in()
        return self

    def log_in(self):
        self.token = ""
        ask = messages.SessionAsk(device=self.device)
        nonce = messages.read_answer(self.post("session", messages.encode(ask)), messages.SessionNonce)
        assert (nonce.server_id, nonce.role) == (self.card.card.server_id, "centre")
        signed = identity.session_bytes(nonce.server_id, nonce.role, self.device, bytes.fromhex(nonce.nonce))
        proof = messages.SessionProof(device=self.device, nonce=nonce.nonce, sig=self.key.sign(signed).hex())
        self.token = messages.read_answer(self.post("session", messages.encode(proof)), messages.SessionToken).token

    def write(self, record, kind, op, **given):
        """One more line on the log; returns the record's id."""
        self.hlc = given.pop("hlc", None) or next_hlc(self.hlc, self.now)
        self.now += timedelta(milliseconds=1)
        change = Change(
            chg=given.pop("chg", None) or new_change_id(),
            record=record,
            kind=kind,
            op=op,
            hlc=self.hlc,
            by=given.pop("by", self.worker),
            subject=given.pop("subject", record),
            **given,
        )
        self.lines.append(change.line())
        return record

    def new(self, kind, body, **given):
        record = given.pop("record", None) or new_record_id(self.now)
        return self.write(record, kind, Op.NEW, body=body, **given)

    def edit(self, record, kind, put, **given):
        return self.write(record, kind, Op.EDIT, put=put, **given)

    def chain(self, number):
        link = chain_start(self.device, self.inc)
        for n, line in enumerate(self.lines[:number], 1):
            link = chain_next(link, n, line_hash(line))
        return link

    def cut(self, first, to=None, **changed):
        given = {"device": self.device, "inc": self.inc, "first": first, "prev": self.chain(first - 1)}
        return segment.cut(self.lines[first - 1 : to], **given | {"sign": self.key.sign} | changed)

    def push(self, first=1, to=None, **changed):
        return messages.read_push(self.post("push", self.cut(first, to, **changed)))

    def push_rest(self):
        """What the server lacks, as the protocol says: hello, then everything above `through`."""
        through = self.hello()[0].incs[0].through
        return self.push(through + 1)[1] if through < len(self.lines) else []

    def hello(self, **changed):
        top = Top(inc=self.inc, top=len(self.lines), hash=self.chain(len(self.lines)).hex())
        feeds = [FeedCursor(feed=feed, cursor=self.cursors.get(feed)) for feed in self.feeds]
        ask = Hello(**{"incs": [top], "feeds": feeds} | changed)
        return messages.read_hello(self.post("hello", messages.encode(ask)), self.card, self.device)

    def pull_page(self, **limits):
        feeds = [FeedCursor(feed=feed, cursor=self.cursors.get(feed)) for feed in self.feeds]
        rows, end = messages.read_pull(self.post("pull", messages.encode(Pull(feeds=feeds, **limits))))
        for row in rows:
            self.take(row)
        for feed in end.feeds:
            if feed.state == "reset":
                self.cursors.pop(feed.feed, None)
            else:
                self.cursors[feed.feed] = feed.cursor
        return rows, end

    def take(self, row):
        if row.kind == "outcome":
            self.outcomes[row.record] = msgspec.json.decode(row.body)
        elif row.kind == "leave":
            self.left.add(row.record)
            self.versions.pop(row.record, None)
        else:
            self.left.discard(row.record)
            self.versions[row.record] = msgspec.json.decode(row.body)

    def pull(self, **limits):
        """Until no feed has more; the rows."""
        every = []
        while True:
            rows, end = self.pull_page(**limits)
            every += rows
            if not any(feed.more or feed.state == "reset" for feed in end.feeds):
                return every

    def body(self, record):
        return self.versions[record]["body"]


class RefusedError(Exception):
    """An answer in the one shape of refusals."""

    def __init__(self, answer):
        said = messages.read_error(answer.content)
        super().__init__(said.code)
        self.code, self.details, self.status, self.headers = said.code, said.details, answer.status_code, answer.headers


def household(name="Atayew", **more):
    return {"number": "AAAA-0001-A", "name": name, **more}


def person(name="Aman", **more):
    return {"kind": "child", "sex": "m", "surname": "Atayew", "given_name": name, **more}


def outcomes(answers):
    return [answer.outcome for answer in answers]
