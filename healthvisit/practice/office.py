"""A real office server on this computer, as a child process: started, stopped, and started again on the same data."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Self

from healthvisit.domain.errors import OfficeError

_STOP_S = 10
_READY = "ready "


class OfficeProcess:
    """One office's folder and the process that serves it; it ends with the process that started it.

    Args:
        folder: The office's folder; made by the server when absent.
        output: Where all it prints is added.

    Attributes:
        url: Where it answers; empty while it does not run. Started again it takes the port it had, if that is free.
    """

    def __init__(self, folder: Path, output: Path) -> None:
        self.folder = folder.resolve()
        self.output = output.resolve()
        self.url = ""
        self._port = "0"
        self._process: subprocess.Popen[str] | None = None

    @property
    def is_running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """The process, for a test that kills it."""
        return self._process.pid if self._process else None

    def start(self) -> str:
        """Start it and wait until it accepts calls. Returns the url.

        Raises:
            OfficeError: ``practice.office_not_started``.
        """
        if self.is_running:
            return self.url
        self.stop()
        if not self._begin(self._port) and not (self._port != "0" and self._begin("0")):
            raise OfficeError("practice.office_not_started")
        self._port = self.url.rpartition(":")[2]
        return self.url

    def _begin(self, port: str) -> bool:
        """Whether it accepts calls on that port now."""
        self.output.parent.mkdir(parents=True, exist_ok=True)
        with self.output.open("a", encoding="utf-8") as printed:
            try:
                self._process = subprocess.Popen(  # noqa: S603 -- our own program
                    [*server_command(), "serve", "--dir", str(self.folder), "--port", port, "--with-parent"],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=printed, encoding="utf-8", errors="replace",
                    cwd=None if is_built() else Path(__file__).parents[2],
                    creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                )  # fmt: skip
            except OSError as exc:
                raise OfficeError("practice.office_not_started") from exc
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        self._keep(line)
        if not line.startswith(_READY):
            self.stop()
            return False
        self.url = line.removeprefix(_READY).strip()
        return True

    def stop(self) -> None:
        """End it; its data stay. Stopping what does not run does nothing."""
        process, self._process, self.url = self._process, None, ""
        if process is None:
            return
        try:
            rest, _ = process.communicate(timeout=_STOP_S)  # closes its standard input, which tells it to end
        except subprocess.TimeoutExpired:
            process.kill()
            rest, _ = process.communicate()
        self._keep(rest)

    def kill(self) -> None:
        """As a power cut does it."""
        if self._process is not None:
            self._process.kill()
        self.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _keep(self, text: str) -> None:
        with self.output.open("a", encoding="utf-8") as printed:
            printed.write(text)


def is_built() -> bool:
    """Whether this is the built program and no checkout."""
    return bool(getattr(sys, "frozen", False))


def server_command() -> list[str]:
    """How the office's program is started: in the built program it is the second executable of the same folder."""
    if is_built():
        name = "healthvisit-server.exe" if os.name == "nt" else "healthvisit-server"
        return [str(Path(sys.executable).with_name(name))]
    return [sys.executable, "-m", "healthvisit.server"]
