"""Builds the service and runs it: the raw sync routes and the desk's JSON calls in one application, over TLS."""

import gc
import logging
import os
import socket
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from healthvisit.domain.errors import InputError, OfficeError
from healthvisit.server import office as desk
from healthvisit.server.folder import Office
from healthvisit.server.routes import Line, Refusals, SyncCalls, refusal

_KEEP_ALIVE_S = 75
_BACKLOG = 2048
_GRACE_S = 1  # an answer cut off is asked for again; nothing is lost


def build(office: Office, line: Line | None = None) -> FastAPI:
    """The application for an open office."""
    waiting = line or Line()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        waiting.close()

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.router.routes.extend(SyncCalls(office, waiting).routes())
    app.include_router(desk.router(office))
    app.add_middleware(Refusals)

    @app.exception_handler(HTTPException)
    async def no_such_call(_request: Request, exc: HTTPException) -> Response:
        return refusal(OfficeError("server.no_such_call", status=exc.status_code))

    @app.exception_handler(RequestValidationError)
    async def bad_question(_request: Request, _exc: RequestValidationError) -> Response:
        return refusal(InputError("office.bad_question"))

    return app


class _Announced(uvicorn.Server):
    """Says where it listens once it accepts; whoever started it waits for that line."""

    url = ""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            print(f"ready {self.url}", flush=True)


def serve(office: Office, *, host: str, port: int, with_parent: bool) -> None:
    """Serve until told to stop.

    Args:
        office: Open, with certificate.
        host: Where to listen.
        port: 0 for a free one; the printed line names it.
        with_parent: End when standard input ends: its other end closes with whoever started this process.

    Raises:
        OfficeError: ``server.port_taken``.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, or asyncio leaves Nagle's algorithm on and every answer waits 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":  # elsewhere this option would let two servers share a port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as exc:
        listener.close()
        raise OfficeError("server.port_taken", port=port) from exc
    # It calls an idle connection that was ended an error; real faults are told by `Refusals`.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    config = uvicorn.Config(
        build(office),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=_GRACE_S,
        backlog=_BACKLOG,
        ssl_certfile=_path(office, "server.pem"),
        ssl_keyfile=_path(office, "server.key"),
    )
    server = _Announced(config)
    shown = f"[{host}]" if ":" in host else host
    server.url = f"https://{shown}:{listener.getsockname()[1]}"
    if with_parent:
        threading.Thread(target=_stop_with_parent, args=(server,), daemon=True).start()
    # What is loaded now lives as long as the process: looking through it again and again took a fifth of a push.
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    server.run(sockets=[listener])


def _path(office: Office, name: str) -> Path:
    return office.folder / name


def _stop_with_parent(server: uvicorn.Server) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    server.should_exit = True
