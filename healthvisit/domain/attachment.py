"""Files that answer questions: named by their content, so that the name of a file on a telephone goes nowhere.

An answer is ``SHA-256 of the whole file in hex``, with ``.jpg`` or another ending where it has one.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

MOST_BYTES = 5_000_000  # of one file as it is kept
VISIT_BYTES = 20_000_000  # of all files of a visit: at 64 kbit/s most of an hour
LAPTOP_BYTES = 1_000_000_000  # of all files on a laptop: some 3,000 photographs

_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"([0-9a-f]{64})(\.[a-z0-9]{1,8})?")
_ANYWHERE = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_LONGEST = 73


def name_of(data: bytes, suffix: str = "") -> str:
    """The answer that stands for a file; a suffix that is no plain ending is left out."""
    name = f"{hashlib.sha256(data).hexdigest()}.{suffix.lower()}"
    return name if _NAME.fullmatch(name) else name.partition(".")[0]


def sha256_of(answer: str) -> str | None:
    """The content that an answer names; None for any other answer."""
    found = _NAME.fullmatch(answer) if len(answer) <= _LONGEST else None
    return found[1] if found else None


def is_sha256(text: str) -> bool:
    """Whether this is a SHA-256 in hex."""
    return _SHA256.fullmatch(text) is not None


def named_by(answers: Iterable[object]) -> frozenset[str]:
    """The SHA-256 of every file that these answers name."""
    return frozenset(sha for text in answers if isinstance(text, str) and (sha := sha256_of(text)))


def named_within(text: str) -> frozenset[str]:
    """Whatever stands in a text that could be the name of a file."""
    return frozenset(_ANYWHERE.findall(text))


def named_by_record(body: Mapping[str, Any]) -> frozenset[str]:
    """The files that a record names: a part of a visit in its answers, a frame in those of the family's part.

    A body from elsewhere may have any shape; what is not understood names nothing.
    """
    family = body.get("family")
    holders = [body, family] if isinstance(family, Mapping) else [body]
    answers = [holder.get("answers") for holder in holders]
    return frozenset().union(*(named_by(held.values()) for held in answers if isinstance(held, Mapping)))
