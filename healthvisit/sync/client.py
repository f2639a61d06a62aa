"""The line to the office: HTTPS with requests, trust from the office card alone. Nothing but calls and their errors."""

import ssl
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import InsecureRequestWarning

from healthvisit.domain.errors import OfficeError, OfficeUnreachableError
from healthvisit.wire import identity, messages
from healthvisit.wire.identity import EnrolCode, OfficeCard, SigningKey
from healthvisit.wire.messages import CARD_TYPE, ERROR_TYPE, FILE_TYPE, MEDIA_TYPE

TIMEOUT_S = (5, 20)
_NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME: trust ends by a new card, not by a laptop's clock
_UNAUTHORISED = 401
_BUSY = 503
_NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"})
_CENTRE = "centre"


class _CardTrust(HTTPAdapter):
    """Trusts the certificate authorities of one card, or for fetching a card nobody in particular."""

    def __init__(self, card: OfficeCard | None) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if card is None:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        else:
            context.verify_flags |= _NO_CHECK_TIME
            for authority in card.card.ca:
                context.load_verify_locations(cadata=authority)
        self._context = context
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:  # noqa: ARG002 -- requests' signature
        """Leave the trust to our context: no public authority is added to it."""
        conn.cert_reqs = "CERT_NONE" if self._context.verify_mode is ssl.CERT_NONE else "CERT_REQUIRED"
        conn.ca_certs = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What joining gives: the card now in hand and the centre's signed answer."""

    card: OfficeCard
    url: str
    answer: messages.Enrolled


@dataclass(slots=True, kw_only=True)
class Office:
    """One office as this device calls it; keeps the session's token while it lasts."""

    card: OfficeCard
    url: str
    device: str
    key: SigningKey = field(repr=False)
    _session: requests.Session | None = field(default=None, repr=False)
    _token: str = field(default="", repr=False)

    def hello(self, ask: messages.Hello) -> tuple[messages.Statement, messages.HelloNotes]:
        """The opening call."""
        return messages.read_hello(self._authorised("hello", messages.encode(ask)), self.card, self.device)

    def push(self, segment: bytes) -> tuple[messages.PushAnswer, list[messages.ChangeAnswer]]:
        """One segment."""
        return messages.read_push(self._authorised("push", segment))

    def pull(self, ask: messages.Pull) -> tuple[list[messages.Row], messages.PullEnd]:
        """Rows after our cursors."""
        return messages.read_pull(self._authorised("pull", messages.encode(ask)))

    def put_file(self, sha256: str, data: bytes, *, offset: int, size: int) -> int:
        """A piece of a file, or nothing of it to ask. Returns how much of it the office has."""
        call = f"blob/{sha256}?offset={offset}&size={size}"
        return messages.read_answer(self._authorised(call, data, "PUT"), messages.FileHeld).held

    def get_file(self, sha256: str, *, offset: int) -> bytes:
        """The next bytes of a file; none at its end."""
        return self._authorised(f"blob/{sha256}?offset={offset}", b"", "GET")

    def close(self) -> None:
        """Let the line go."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def _authorised(self, call: str, body: bytes, method: str = "POST") -> bytes:
        if not self._token:
            self._begin_session()
        try:
            return self._call(call, body, method)
        except OfficeError as error:
            if error.code != "auth.token":
                raise
            self._begin_session()
            return self._call(call, body, method)

    def _begin_session(self) -> None:
        self._token = ""
        ask = messages.encode(messages.SessionAsk(device=self.device))
        nonce = messages.read_answer(self._call("session", ask), messages.SessionNonce)
        # every card names the centre, by its key; a hub only where it has an address on the card
        roles = {_CENTRE, *(address.role for address in self.card.card.addresses)}
        if nonce.server_id != self.card.card.server_id or nonce.role not in roles:
            raise OfficeError("office.not_ours")
        signed = identity.session_bytes(nonce.server_id, nonce.role, self.device, bytes.fromhex(nonce.nonce))
        proof = messages.SessionProof(device=self.device, nonce=nonce.nonce, sig=self.key.sign(signed).hex())
        answer = messages.read_answer(self._call("session", messages.encode(proof)), messages.SessionToken)
        self._token = answer.token

    def _call(self, call: str, body: bytes, method: str = "POST") -> bytes:
        if self._session is None:
            self._session = _session(self.card)
        headers = {"Content-Type": MEDIA_TYPE}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        return _send(
            lambda s: s.request(
                method, f"{self.url}/v1/{call}", data=body, headers=headers, timeout=TIMEOUT_S, allow_redirects=False
            ),
            self._session,
        )


def join(
    code: EnrolCode, *, url: str, card_file: bytes | None, device: str, key: SigningKey, worker: str, name: str
) -> Joined:
    """Join an office with a code; a lost answer is asked for again by the same call.

    Args:
        code: Typed by the worker; it names the card it belongs to.
        url: Where to fetch the card when there is no file; with a file, "" means the card's own address.
        card_file: The office card from a stick, or None.
        device: 32 hex digits.
        key: The device's key.
        worker: The id this laptop has used so far.
        name: The worker's own name, told to the office only.

    Raises:
        InputError: ``enrol.*`` when code and card do not belong together.
        OfficeError: What the office refuses; ``office.*`` when it was not reached.
    """
    file = card_file if card_file is not None else fetch_card(url)
    card = identity.read_card(file)
    code.require_card(card)
    url = (url or next(iter(card.urls()), "")).rstrip("/")
    if not url:
        raise OfficeError("office.no_address")
    ask = messages.Enrol(
        code=code.code_id.hex(), proof=code.proof(card.sha256, key.public, []).hex(), device=device,
        key=key.public.hex(), worker=worker, name=name,
    )  # fmt: skip
    with _session(card) as session:
        body = _send(
            lambda s: s.post(
                f"{url}/v1/enrol",
                data=messages.encode(ask),
                headers={"Content-Type": MEDIA_TYPE},
                timeout=TIMEOUT_S,
                allow_redirects=False,
            ),
            session,
        )
    return Joined(card=card, url=url, answer=messages.read_enrolled(body, card, key.public))


def fetch_card(url: str) -> bytes:
    """The office card, unverified: the code decides whether it is the right one."""
    with _session(None) as session, warnings.catch_warnings():
        warnings.simplefilter("ignore", InsecureRequestWarning)  # nothing secret is asked, nothing is believed
        return _send(lambda s: s.get(f"{url.rstrip('/')}/v1/card", timeout=TIMEOUT_S, allow_redirects=False), session)


def _session(card: OfficeCard | None) -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # no proxy or authority from the environment
    session.mount("https://", _CardTrust(card))
    del session.adapters["http://"]  # nothing of ours ever travels readable
    return session


def _send(call: Callable[[requests.Session], requests.Response], session: requests.Session) -> bytes:
    """One call: the body of an answer that is ours.

    Raises:
        OfficeUnreachableError: ``office.unreachable``.
        OfficeError: ``office.wrong_certificate``, ``office.captive_portal``, ``office.busy``, ``office.bad_address``,
            and the office's own codes.
    """
    try:
        response = call(session)
    except requests.exceptions.SSLError as exc:
        raise _handshake_error(exc) from exc
    except (
        requests.exceptions.InvalidURL,
        requests.exceptions.MissingSchema,
        requests.exceptions.InvalidSchema,
    ) as exc:
        raise OfficeError("office.bad_address") from exc
    except requests.exceptions.RequestException as exc:
        raise OfficeUnreachableError("office.unreachable") from exc
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip()
    if response.ok and kind in (MEDIA_TYPE, CARD_TYPE, FILE_TYPE):
        return response.content
    if kind == ERROR_TYPE:
        refusal = messages.read_error(response.content)
        if response.status_code == _BUSY:
            wait = response.headers.get("Retry-After", "60")
            raise OfficeUnreachableError("office.busy", retry_after_s=int(wait) if wait.isdigit() else 60)
        raise OfficeError(refusal.code, **refusal.details)
    raise OfficeError("office.captive_portal")


def _handshake_error(error: BaseException) -> OfficeError:
    """Why TLS did not come about: another's certificate, something that speaks no TLS, or a line that broke."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        inner = [*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__]
        cause = next((e for e in inner if isinstance(e, BaseException)), None)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return OfficeError("office.wrong_certificate")
    if cause is not None and cause.reason in _NO_TLS:
        return OfficeError("office.captive_portal")
    return OfficeUnreachableError("office.unreachable")


__all__ = ["Joined", "Office", "fetch_card", "join"]
