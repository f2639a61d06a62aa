"""What is saved, waiting and sent, in sentences: the status line of every page, and the state on the Sync page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from PySide6.QtCore import QLocale

from healthvisit.ui.dates import clock, day_clock
from healthvisit.ui.desk import SyncState
from healthvisit.ui.i18n import _, ngettext
from healthvisit.ui.messages import happened, said

Level = Literal["quiet", "warn", "danger"]
AMBER_DAYS, WEEK_DAYS = 7, 6


@dataclass(frozen=True, slots=True)
class Said:
    """The state on the Sync page: a sentence, how it is dressed, and the deed that goes with it."""

    text: str
    kind: Literal["info", "ok", "warn", "danger"] = "info"
    deed: Literal["", "stop", "join"] = ""


def status_sentence(state: SyncState, now: datetime, *, save_failed: str = "") -> tuple[str, Level]:
    """The line at the bottom of every page; it claims nothing that `state` does not say.

    Args:
        state: How laptop and office stand.
        now: This moment in UTC.
        save_failed: What to do about a save that failed; then nothing else is said.
    """
    if save_failed:
        return save_failed, "danger"
    parts = [_("All work saved on this computer")]
    if not state.joined:
        parts.append(_("not joined to an office yet"))
    if state.running is not None and state.running[1]:
        parts.append(_("sending {sent} of {of}").format(sent=state.running[0], of=state.running[1]))
    elif state.waiting or state.waiting_files:
        parts.append(waits_words(state))
    if state.joined and state.running is None and state.trouble:
        parts.append(trouble_words(state))
    if state.last_sent_at is not None:
        parts.append(_("last sent {when}").format(when=when_words(state.last_sent_at, now)))
    return " · ".join(parts), "warn" if _is_old(state, now) else "quiet"


def _is_old(state: SyncState, now: datetime) -> bool:
    oldest = state.oldest_waiting
    return bool(state.waiting) and oldest is not None and now - oldest >= timedelta(days=AMBER_DAYS)


def waits_words(state: SyncState) -> str:
    """How much waits, counted in what she made: visits, else families, else entries, else their pictures and files."""
    if not state.waiting:
        return files_wait_words(state.waiting_files)
    if state.waiting_visits:
        many = ngettext("{n} visit waits for the office", "{n} visits wait for the office", state.waiting_visits)
        return many.format(n=state.waiting_visits)
    if state.waiting_families:
        many = ngettext(
            "{n} new family waits for the office", "{n} new families wait for the office", state.waiting_families
        )
        return many.format(n=state.waiting_families)
    many = ngettext("{n} entry waits for the office", "{n} entries wait for the office", state.waiting)
    return many.format(n=state.waiting)


def waiting_words(state: SyncState) -> str:
    """What waits: "4 visits, 1 new family", or entries where it is neither."""
    said = []
    if state.waiting_visits:
        said.append(ngettext("{n} visit", "{n} visits", state.waiting_visits).format(n=state.waiting_visits))
    if state.waiting_families:
        many = ngettext("{n} new family", "{n} new families", state.waiting_families)
        said.append(many.format(n=state.waiting_families))
    said = said or ([entries_words(state.waiting)] if state.waiting else [])
    return ", ".join([*said, *([files_words(state.waiting_files)] if state.waiting_files else [])])


def files_words(count: int) -> str:
    """2 pictures or files."""
    return ngettext("{n} picture or file", "{n} pictures or files", count).format(n=count)


def files_wait_words(count: int) -> str:
    """2 pictures or files wait for the office."""
    many = ngettext("{n} picture or file waits for the office", "{n} pictures or files wait for the office", count)
    return many.format(n=count)


def entries_words(count: int) -> str:
    """9 entries."""
    return ngettext("{n} entry", "{n} entries", count).format(n=count)


def trouble_words(state: SyncState) -> str:
    """Why the last exchange did not end well, in a few words for the line."""
    match state.trouble:
        case "office.unreachable":
            return _("no line")
        case "sync.stopped":
            return _("stopped")
        case "office.busy":
            return _("the office is busy")
        case _:
            return _("the office was not reached: see Sync")


def when_words(moment: datetime, now: datetime) -> str:
    """A moment of the past: "14:12" today, "Friday 16:10" within a week, else with its date."""
    here, today = moment.astimezone(), now.astimezone().date()
    if here.date() == today:
        return clock(moment)
    if timedelta() < today - here.date() <= timedelta(days=WEEK_DAYS):
        weekday = QLocale().standaloneDayName(here.isoweekday())
        return _("{day} {clock}").format(day=weekday, clock=clock(moment))
    return day_clock(moment, today)


def state_said(
    state: SyncState, *, left_s: int | None = None, until: datetime | None = None, practice: bool = False
) -> Said:
    """The state in words for the Sync page.

    Args:
        state: How laptop and office stand.
        left_s: About how long the exchange still takes; None while nobody can know.
        until: When the office asked to be called again.
        practice: Whether the families are invented: then joining is never offered.
    """
    if state.running is not None:
        return _running_said(*state.running, left_s)
    if not state.joined:
        return _not_joined_said(state, practice=practice)
    if state.trouble:
        return _trouble_said(state.trouble, state.trouble_details or {}, until)
    if state.waiting or state.waiting_files:
        return Said(f"{waits_words(state)}.")
    return Said(_("Everything is at the office."), "ok")


def _running_said(sent: int, of: int, left_s: int | None) -> Said:
    if not of:
        text = _("Speaking with the office. You can go on working.")
    elif left_s is None:
        text = _("Sending {sent} of {of}. You can go on working.").format(sent=sent, of=of)
    else:
        text = _("Sending {sent} of {of}, about {s} s. You can go on working.").format(sent=sent, of=of, s=left_s)
    return Said(text, deed="stop")


def _not_joined_said(state: SyncState, *, practice: bool) -> Said:
    if practice:
        return Said(_("Practice never joins an office. What you make here stays here and is not sent."))
    if not (state.waiting or state.waiting_files):
        return Said(_("This computer is not joined to an office yet. Nothing waits."), deed="join")
    text = _("This computer is not joined to an office yet. Waiting safely here: {what}.")
    return Said(text.format(what=waiting_words(state)), deed="join")


def _trouble_said(code: str, details: Mapping[str, Any], until: datetime | None) -> Said:
    if code == "office.busy" and until is not None:
        return Said(_("The office asks to wait until {clock}. Nothing is lost.").format(clock=clock(until)))
    if code in ("office.unreachable", "office.busy", "sync.stopped"):
        return Said(said(code, details))
    safe = code in ("office.wrong_certificate", "office.not_ours", "wire.bad_signature")
    return Said(said(code, details), "danger" if safe else "warn")


def history_line(entry: Mapping[str, Any], now: datetime) -> str:
    """One exchange in words: "Friday 16:10 · sent 12, received 3 · 18 s".

    Args:
        entry: ``at`` (datetime or ISO text), ``sent``, ``received``, ``seconds``, ``code`` and ``details`` where it
            ended in trouble.
        now: This moment in UTC.
    """
    at = entry["at"]
    parts = [when_words(datetime.fromisoformat(at) if isinstance(at, str) else at, now)]
    if entry.get("sent") or entry.get("received") or not entry.get("code"):
        counted = _("sent {sent}, received {received}")
        parts.append(counted.format(sent=entry.get("sent", 0), received=entry.get("received", 0)))
    if entry.get("code"):
        parts.append(happened(str(entry["code"]), entry.get("details")).rstrip("."))
    if round(entry.get("seconds") or 0):
        parts.append(_("{s} s").format(s=round(entry["seconds"])))
    return " · ".join(parts)
