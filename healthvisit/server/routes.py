"""The sync calls as raw handlers: body read under a cap first, work in a bounded line after, one shape of refusal."""

import asyncio
import logging
import os
import random
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TypeVar

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from healthvisit.domain.errors import HealthvisitError, OfficeError
from healthvisit.server import auth, enrolment, exchange, files, intake
from healthvisit.server.folder import Office
from healthvisit.server.lines import prepare
from healthvisit.wire import messages
from healthvisit.wire.identity import ENROLLED_LABEL, STATEMENT_LABEL
from healthvisit.wire.packing import LEVEL_DOWN, pack
from healthvisit.wire.segment import PACKED_LIMIT

_log = logging.getLogger("healthvisit.server")
_T = TypeVar("_T")
WAITING = 300
_DRAIN_LIMIT = 4 * 1024 * 1024
_STATUS = {
    "wire.too_big": 413,
    "wire.newer": 426,
    "auth.other_device": 403,
    "device.revoked": 403,
    "file.absent": 404,
    "file.not_named": 403,
    "file.too_large": 413,
    "server.busy": 503,
    "server.database": 503,
    "server.disk_full": 507,
    "server.fault": 500,
    "server.no_such_call": 404,
}
_STATUS_OF_ROOM = {"auth": 401, "enrol": 403}


class Line:
    """Work slots, twice the cores, and a line before them: only when it is full is a caller sent away."""

    def __init__(self, waiting: int = WAITING) -> None:
        slots = 2 * (os.cpu_count() or 1)
        self._pool = ThreadPoolExecutor(slots, thread_name_prefix="work")
        self._most = slots + waiting
        self._inside = 0

    async def run(self, deed: Callable[[], _T]) -> _T:
        """Run `deed` in a slot.

        Raises:
            OfficeError: ``server.busy``.
        """
        if self._inside >= self._most:
            raise OfficeError("server.busy")
        self._inside += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, deed)
        finally:
            self._inside -= 1

    def close(self) -> None:
        """Finish what is inside."""
        self._pool.shutdown()


class SyncCalls:
    """The calls of ``/v1``. Each reads its whole body first: a slow upload must not hold a work slot."""

    def __init__(self, office: Office, line: Line) -> None:
        self._office = office
        self._line = line

    def routes(self) -> list[Route]:
        """For the application."""
        calls = {"enrol": self._enrol, "session": self._session, "hello": self._hello, "push": self._push}
        posts = [Route(f"/v1/{name}", self._handler(call), methods=["POST"]) for name, call in calls.items()]
        pull = Route("/v1/pull", self._handler(self._pull), methods=["POST"])
        card = Route("/v1/card", self._card, methods=["GET"])
        file = "/v1/blob/{sha256}"
        put, get = Route(file, self._put_file, methods=["PUT"]), Route(file, self._get_file, methods=["GET"])
        return [card, *posts, pull, put, get]

    def _handler(self, call: Callable[[bytes, str], bytes]) -> Callable[[Request], object]:
        async def handle(request: Request) -> Response:
            body = await read_body(request, PACKED_LIMIT)
            return Response(await self._line.run(lambda: call(body, _token(request))), media_type=messages.MEDIA_TYPE)

        return handle

    async def _card(self, request: Request) -> Response:
        wanted = request.query_params.get("for", "")
        card = await self._line.run(lambda: self._office.card(wanted))
        return Response(card.file, media_type=messages.CARD_TYPE)

    async def _put_file(self, request: Request) -> Response:
        body = await read_body(request, PACKED_LIMIT)
        place = files.place_of(request.path_params["sha256"], request.query_params)

        def deed() -> messages.FileHeld:
            now = datetime.now(UTC)
            who = auth.device_of(self._office, _token(request), now)
            return self._office.db.write(lambda db: files.take(db, who, place, body, now))

        return Response(messages.encode(await self._line.run(deed)), media_type=messages.MEDIA_TYPE)

    async def _get_file(self, request: Request) -> Response:
        place = files.place_of(request.path_params["sha256"], request.query_params)

        def deed() -> bytes:
            who = auth.device_of(self._office, _token(request), datetime.now(UTC))
            with self._office.db.read() as db:
                return files.give(db, who, place)

        return Response(await self._line.run(deed), media_type=messages.FILE_TYPE)

    def _enrol(self, body: bytes, _token: str) -> bytes:
        answer = enrolment.enrol(self._office, messages.decode_request(body, messages.Enrol), datetime.now(UTC))
        return messages.signed(ENROLLED_LABEL, answer, self._office.centre)

    def _session(self, body: bytes, _token: str) -> bytes:
        ask = messages.decode_request(body, _Session)
        now = datetime.now(UTC)
        if ask.nonce is None or ask.sig is None:
            return messages.encode(auth.challenge(self._office, ask.device, now))
        proof = messages.SessionProof(device=ask.device, nonce=ask.nonce, sig=ask.sig)
        return messages.encode(auth.open_session(self._office, proof, now))

    def _hello(self, body: bytes, token: str) -> bytes:
        now = datetime.now(UTC)
        who = auth.device_of(self._office, token, now)
        ask = messages.decode_request(body, messages.Hello)
        statement, notes = exchange.hello(self._office, who, ask, now)
        return messages.signed(STATEMENT_LABEL, statement, self._office.centre, notes)

    def _push(self, body: bytes, token: str) -> bytes:
        now = datetime.now(UTC)
        who = auth.device_of(self._office, token, now)
        try:
            prepared = prepare(body, device=who.device, public_key=who.key)
        except OfficeError as refusal:
            auth.note_refused(self._office, who.device, refusal.code)
            raise
        answer, changes = self._office.db.write(lambda db: intake.apply(db, prepared, who.device, now))
        return messages.encode(answer, *changes)

    def _pull(self, body: bytes, token: str) -> bytes:
        who = auth.device_of(self._office, token, datetime.now(UTC))
        lines, end = exchange.pull(self._office, who, messages.decode_request(body, messages.Pull))
        return pack([*lines, msgspec.json.encode(end)], level=LEVEL_DOWN)


class _Session(messages.Request):
    device: str
    nonce: str | None = None
    sig: str | None = None


def _token(request: Request) -> str:
    return request.headers.get("authorization", "").removeprefix("Bearer ")


async def read_body(request: Request, limit: int) -> bytes:
    """A request's body.

    Raises:
        OfficeError: ``wire.too_big``: read on for a while and forgotten, so that the caller hears the answer.
    """
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            parts.clear()
            if size > _DRAIN_LIMIT:
                break
        else:
            parts.append(part)
    if size > limit:
        raise OfficeError("wire.too_big", limit=limit)
    return b"".join(parts)


def refusal(error: HealthvisitError) -> Response:
    """An error as it is answered."""
    status = _STATUS.get(error.code) or _STATUS_OF_ROOM.get(error.code.partition(".")[0], 400)
    # Spread over some seconds, so that those sent away together do not come back together.
    headers = {"Retry-After": str(random.randint(2, 10))} if status == _STATUS["server.busy"] else None  # noqa: S311 -- no secret
    body = messages.error_body(error.code, error.details)
    return Response(body, status_code=status, media_type=messages.ERROR_TYPE, headers=headers)


class Refusals:
    """Outermost layer: every error leaves in one shape, and no message of an exception reaches a log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and answer what was raised."""
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except ClientDisconnect:
            return
        except HealthvisitError as error:
            answer = refusal(error)
        except Exception as exc:  # noqa: BLE001 -- the last layer: named by type and place, never by its words
            frame = traceback.extract_tb(exc.__traceback__)[-1]
            _log.error("fault: %s in %s:%s", type(exc).__name__, os.path.basename(frame.filename), frame.lineno)  # noqa: PTH119
            answer = refusal(OfficeError("server.fault"))
        else:
            return
        if not started:
            await answer(scope, receive, send)
