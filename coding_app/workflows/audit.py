"""The audit: what the workflows write down, what a lead reads, and the proof that nothing in it was changed."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO

from coding_app.domain.audit import Act, AuditEntry, Chain, look_along
from coding_app.domain.people import Action
from coding_app.errors import AuditError
from coding_app.exchange.transcript_csv import guarded
from coding_app.store import Tx, audit, recordings, studies
from coding_app.workflows.permission import allowed, by_the_machine
from coding_app.workflows.wiring import App

COLUMNS = ("seq", "at", "act", "who", "study", "subject", "details", "hash")


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as a person reads it. about: the study's title and the recording's name, "" where there is none."""

    entry: AuditEntry
    about: str


def note(
    app: App,
    tx: Tx,
    act: Act,
    *,
    study_id: str | None = None,
    subject: str | None = None,
    **details: str | int | float | bool | None,
) -> None:
    """Writes down, in the transaction of the act itself, what the app's actor does: both are kept or neither."""
    audit.append(tx, act, app.actor, datetime.now(UTC), study_id=study_id, subject=subject, **details)


def note_alone(
    app: App,
    act: Act,
    *,
    study_id: str | None = None,
    subject: str | None = None,
    **details: str | int | float | bool | None,
) -> None:
    """As `note`, for what changes nothing else: listening, exporting."""
    with app.store.write() as tx:
        note(app, tx, act, study_id=study_id, subject=subject, **details)


def note_of_recording(
    app: App, act: Act, recording_id: str, **details: str | int | float | bool | None
) -> None:
    """As `note_alone`, of a recording's study. Raises NotFoundError when there is no such recording."""
    with app.store.write() as tx:
        study_id = recordings.study_of(tx, recording_id)
        note(app, tx, act, study_id=study_id, subject=recording_id, **details)


@allowed(Action.SEE_AUDIT, of="study_id")
def trail(app: App, study_id: str, *, before: int | None = None, n: int = 100) -> tuple[Line, ...]:
    """The newest entries about a study, the newest first; before: the number that the last page ended with."""
    with app.store.read() as tx:
        names = {each.id: each.name for each in recordings.list_recordings(tx, study_id)}
        return tuple(
            Line(each, names.get(each.subject or "", ""))
            for each in audit.newest(tx, frozenset({study_id}), before=before, n=n)
        )


@allowed(Action.SEE_AUDIT, of="study_id")
def trail_csv(app: App, study_id: str) -> str:
    """Everything about a study as a table, the oldest first."""
    with app.store.read() as tx:
        title = studies.get_study(tx, study_id).title
        kept = [(entry, kept) for entry, kept in audit.all_entries(tx) if entry.study_id == study_id]
    return _csv((entry, kept, title) for entry, kept in kept)


@by_the_machine
def verify_audit(app: App, head: str | None = None) -> Chain:
    """Looks along the whole audit, on the machine itself.

    head: a hash that was noted earlier, which must still be one of the chain's. Raises AuditError that names the
    first entry that is not as it was written, or when the noted hash is gone.
    """
    met = head is None
    with app.store.read() as tx:

        def kept() -> Iterator[tuple[AuditEntry, str]]:
            nonlocal met
            for entry, stored in audit.all_entries(tx):
                met = met or stored == head
                yield entry, stored

        found = look_along(kept())
    if found.broken is not None:
        raise AuditError(
            f"The audit is broken at entry {found.broken}: it, or one before it, was changed or removed after it was "
            "written. Keep this database as it is and compare it with a backup."
        )
    if not met:
        raise AuditError(
            f"The audit is whole in itself ({found.n_entries} entries), but the noted hash is not in it: it was "
            "cut off or written anew. Keep this database as it is and compare it with a backup."
        )
    return found


def _csv(lines: Iterator[tuple[AuditEntry, str, str]]) -> str:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry, kept, title in lines:
        told = "; ".join(f"{name}={value}" for name, value in sorted(entry.details.items()))
        at = entry.at.isoformat(timespec="seconds")
        texts = map(guarded, (str(entry.act), entry.who, title, entry.subject or "", told))
        writer.writerow([entry.seq, at, *texts, kept])
    return out.getvalue()
