"""What a laptop remembers of its office between exchanges: card, feeds and cursors, statements, the log of exchanges.

All of it is one sealed state row, ``office``; exchanges past stand in ``sync_log``.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from healthvisit.domain.errors import OfficeError
from healthvisit.domain.record import encode
from healthvisit.store import files, office
from healthvisit.store.readmodel import TABLES
from healthvisit.store.unit_of_work import UnitOfWork
from healthvisit.wire import messages

LOG_LENGTH = 30
_HEAD, _OWN = TABLES["head"], TABLES["own_change"]
_SUM_MODULUS = 1 << 256


def is_joined(work: UnitOfWork) -> bool:
    """Whether this laptop belongs to an office."""
    return bool(work.state("office"))


def join_facts(work: UnitOfWork) -> tuple[bytes, str]:
    """The card's file and the address to call.

    Raises:
        OfficeError: ``sync.not_joined``.
    """
    held = work.state("office")
    if not held:
        raise OfficeError("sync.not_joined")
    return base64.b64decode(held["card"]), held["url"]


def keep_joined(work: UnitOfWork, *, card_file: bytes, url: str, enrolled: messages.Enrolled) -> None:
    """Remember the office joined; changes made before keep their author's alias."""
    feeds = {f.feed: {"kind": f.kind, "name": f.name, "cursor": None} for f in enrolled.feeds}
    work.put_state(
        "office",
        {
            "card": base64.b64encode(card_file).decode(), "url": url, "server_id": enrolled.server_id,
            "worker": enrolled.worker, "name": enrolled.name, "feeds": feeds, "epoch": "", "n": 0, "left": [],
            "resetting": {}, "through": {}, "safe": {},
        },
    )  # fmt: skip


def keep_url(work: UnitOfWork, url: str) -> None:
    """The office's address has changed (practice: another free port)."""
    held = work.state("office")
    if held and held["url"] != url:
        work.put_state("office", {**held, "url": url})


def hello_facts(work: UnitOfWork, *, now: datetime) -> messages.Hello:
    """What this laptop says it holds."""
    held = work.state("office")
    feeds = cursors(work)
    if held.get("summed_on") != now.date().isoformat():
        for feed in feeds:
            if feed.cursor is not None and held["feeds"][feed.feed]["kind"] == "caseload":
                feed.count, feed.total = _sum(work, feed.feed)
    return messages.Hello(
        incs=[messages.Top(inc=inc, top=top, hash=last) for inc, (top, last) in office.tops(work).items()],
        feeds=feeds,
        unsent=office.unsent_count(work),
        clock=str(encode(now)),
        n=held.get("n", 0),
    )


def take_statement(
    work: UnitOfWork, ask: messages.Hello, statement: messages.Statement, notes: messages.HelloNotes
) -> None:
    """Act on the office's signed word: what it lost is unsent again, a forked chain is numbered anew, feeds change.

    Args:
        work: A writing unit of work.
        ask: What it answers; its daily sum has now been heard.
        statement: The word.
        notes: Unsigned company.

    Raises:
        OfficeError: ``sync.old_epoch`` under an epoch we have left; ``sync.old_statement`` below the last number.
    """
    held = dict(work.state("office"))
    if statement.epoch in held["left"]:
        raise OfficeError("sync.old_epoch")
    if statement.epoch == held["epoch"] and statement.n <= held["n"]:
        raise OfficeError("sync.old_statement")
    if held["epoch"] and statement.epoch != held["epoch"]:
        held["left"] = [*held["left"], held["epoch"]]
        files.forget_sent(work)
    held |= {"epoch": statement.epoch, "n": statement.n, "clock_off_s": notes.clock_off_s}
    if any(feed.count is not None for feed in ask.feeds):
        held["summed_on"] = ask.clock[:10]
    held["through"] = {i.inc: i.through for i in statement.incs}
    held["safe"] = {i.inc: i.safe_through for i in statement.incs}
    held["feeds"], held["resetting"] = _feeds(work, held, statement.feeds)
    work.put_state("office", held)
    for inc in statement.incs:
        ours = office.chain_hash(work, inc.inc, inc.at) if inc.at else None
        if ours is not None and ours != inc.at_hash:
            leave_fork(work, inc.inc, through=inc.through)
        else:
            office.forget_answers(work, inc.inc, above=inc.through)


def leave_fork(work: UnitOfWork, inc: str, *, through: int) -> None:
    """Another copy of this vault has sent `through` lines under our numbers: ours get others, and so do our families.

    Args:
        work: A writing unit of work.
        inc: The incarnation both write.
        through: How far the office has the other's lines.
    """
    work.renumber(inc, keep=0)
    work.skip_serials(through)


def known_through(work: UnitOfWork) -> dict[str, int]:
    """How far the office has our lines, by incarnation."""
    return dict(work.state("office")["through"])


def note_through(work: UnitOfWork, inc: str, through: int) -> None:
    """The office has our lines up to a number."""
    held = work.state("office")
    work.put_state("office", {**held, "through": {**held["through"], inc: through}})


def segment_size(work: UnitOfWork) -> int | None:
    """How many lines the last segment that got through a bad line had room for; None: no bad line so far."""
    return work.state("office").get("segment")


def keep_segment_size(work: UnitOfWork, size: int | None) -> None:
    """Begin the next exchange with segments of this size: the last one did not get through."""
    held = work.state("office")
    if held.get("segment") != size:
        work.put_state("office", {**held, "segment": size})


def cursors(work: UnitOfWork) -> list[messages.FeedCursor]:
    """Every feed with how far it was pulled."""
    feeds = work.state("office").get("feeds", {})
    return [messages.FeedCursor(feed=name, cursor=facts["cursor"]) for name, facts in feeds.items()]


def require_epoch(work: UnitOfWork, epoch: str) -> None:
    """Rows of another history of the office are not taken; the next hello sorts it out.

    Raises:
        OfficeError: ``sync.epoch_changed``.
    """
    if epoch != work.state("office")["epoch"]:
        raise OfficeError("sync.epoch_changed")


def feeds_in_reset(work: UnitOfWork) -> frozenset[str]:
    """Feeds being pulled from the start again."""
    return frozenset(work.state("office")["resetting"])


def take_row(work: UnitOfWork, feed: str, record: Mapping[str, Any], body: bytes, *, in_reset: bool) -> None:
    """One pulled version; while its feed is being reset, lower revs count and the version is written whatever it is."""
    version = {**record, "hash": hashlib.sha256(body).hexdigest()}
    office.take_version(work, feed, version, in_reset=in_reset)


def take_ends(work: UnitOfWork, ends: Iterable[messages.FeedEnd]) -> None:
    """Keep the cursors; at the end of a reset, what did not return is set aside, not deleted."""
    held = dict(work.state("office"))
    feeds, resetting = dict(held["feeds"]), dict(held["resetting"])
    for end in ends:
        if end.feed not in feeds:
            continue
        feeds[end.feed] = {**feeds[end.feed], "cursor": end.cursor}
        if end.state == "reset":
            resetting[end.feed] = office.last_version_row(work)
        elif end.feed in resetting and not end.more:
            for record in office.held_in(work, end.feed, until_row=resetting.pop(end.feed)):
                office.take_leave(work, end.feed, record)
    work.put_state("office", held | {"feeds": feeds, "resetting": resetting})


def safe_count(work: UnitOfWork) -> int:
    """How many own changes stand in every backup the office keeps."""
    safe = work.state("office").get("safe", {})
    query = select(func.count()).select_from(_OWN)
    return sum(
        int(work.db.execute(query.where(_OWN.c.inc == inc, _OWN.c.number <= number)).scalar_one())
        for inc, number in safe.items()
        if number
    )


def log_exchange(work: UnitOfWork, entry: Mapping[str, Any]) -> None:
    """Add one exchange to the history a person can read; the last 30 are kept."""
    entries = work.state("sync_log").get("entries", [])
    work.put_state("sync_log", {"entries": [dict(entry), *entries][:LOG_LENGTH]})


def exchanges(work: UnitOfWork) -> list[dict[str, Any]]:
    """The exchanges so far, newest first."""
    return list(work.state("sync_log").get("entries", []))


def _feeds(
    work: UnitOfWork, held: Mapping[str, Any], said: Iterable[messages.FeedState]
) -> tuple[dict[str, Any], dict[str, int]]:
    """Feeds as the office says, and those in reset, each with the last sealed row before its reset began."""
    feeds = dict(held["feeds"])
    resetting = dict(held["resetting"])
    for state in said:
        known = feeds.get(state.feed, {"cursor": None})
        if state.state == "gone":
            feeds.pop(state.feed, None)
            resetting.pop(state.feed, None)
            for record in office.held_in(work, state.feed):
                office.take_leave(work, state.feed, record)
            continue
        if state.state == "reset":
            known = {**known, "cursor": None}
            resetting[state.feed] = office.last_version_row(work)
        feeds[state.feed] = {**known, "kind": state.kind, "name": state.name}
    return feeds, resetting


def _sum(work: UnitOfWork, feed: str) -> tuple[int, str]:
    """Count of versions held in a feed, and the sum of their hashes as pulled, modulo 2^256, in hex."""
    count = total = 0
    for row in work.db.execute(select(_HEAD.c.feeds, _HEAD.c.hash).where(_HEAD.c.feeds.contains(feed))):
        if feed in row.feeds.split(","):
            count += 1
            total += int(row.hash or "0", 16)
    return count, f"{total % _SUM_MODULUS:064x}"
