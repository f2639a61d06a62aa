"""The log for support: what happened in the program, in codes and places of the code; no name, answer or date.

It stays in memory until the person at the laptop copies it: nothing is written to the disk behind her back.
"""

import logging
import sys
import traceback
from collections import deque
from types import TracebackType

LINES = 400
_lines: deque[str] = deque(maxlen=LINES)


class _Keeper(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        _lines.append(f"{self.formatter.formatTime(record) if self.formatter else ''} {record.name} {record.msg}")


def begin() -> None:
    """Collect our own lines, and what an unexpected error says of itself without its values."""
    keeper = _Keeper()
    keeper.setFormatter(logging.Formatter())
    logger = logging.getLogger("healthvisit")
    logger.handlers = [keeper]
    logger.setLevel(logging.INFO)
    logger.propagate = False
    sys.excepthook = _crashed


def note(error: BaseException) -> None:
    """Keep the kind of an error and where in our code it arose; its words may hold what was typed, so they stay out."""
    places = [f"{frame.filename.rpartition('healthvisit')[2]}:{frame.lineno}" for frame in _frames(error)]
    code = getattr(error, "code", "")
    logging.getLogger("healthvisit").error(" ".join((type(error).__name__, str(code), *places[-6:])))


def text() -> str:
    """Everything kept so far, the newest last."""
    return "\n".join(_lines)


def _frames(error: BaseException) -> traceback.StackSummary:
    return traceback.extract_tb(error.__traceback__)


def _crashed(kind: type[BaseException], error: BaseException, place: TracebackType | None) -> None:
    del place
    note(error)
    sys.stderr.write(f"healthvisit failed: {_lines[-1] if _lines else kind.__name__}\n")
    if issubclass(kind, KeyboardInterrupt):
        sys.exit(130)
