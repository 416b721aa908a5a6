"""Taking a recording into a study: what it is, a harmless name, its session; all or nothing."""

import logging
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from coding_app.domain.audit import Act
from coding_app.domain.people import Action
from coding_app.domain.recording import Recording, TherapySession
from coding_app.domain.session_details import (
    MAX_LABEL,
    NOTHING_SAID,
    SessionDetails,
    check_number_free,
    check_same,
    checked_label,
)
from coding_app.domain.times import clock
from coding_app.errors import CodingAppError, MediaError, StoreError
from coding_app.media.limits import probe_limited
from coding_app.media.probe import Probe
from coding_app.media.vault import Stored
from coding_app.store import Tx, recording_keys, recordings, studies
from coding_app.workflows import audit, prepare_recording
from coding_app.workflows.permission import allowed
from coding_app.workflows.wiring import App

_log = logging.getLogger(__name__)
MAX_NAME = 200
MS_PER_HOUR = 3_600_000
BYTES_PER_MB = 1024 * 1024
# Names that mean a device and no file where somebody saves a transcript on Windows.
# Source: Microsoft, "Naming Files, Paths, and Namespaces".
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]) *(?:\.|$)", re.IGNORECASE)
_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@allowed(Action.ADD_RECORDINGS, of="study_id")
def add_file(
    app: App,
    study_id: str,
    path: Path,
    *,
    name: str | None = None,
    label: str | None = None,
    details: SessionDetails = NOTHING_SAID,
) -> Recording:
    """Copies a file of this machine into the study; name: what to call it instead of the file's own name.

    Raises as add_recording does, and MediaError for a path that is not a readable file.
    """
    stored = app.vault.add_file(path, app.settings.max_upload_mb * BYTES_PER_MB)
    return add_recording(app, study_id, stored, name or path.name, label, details)


@allowed(Action.ADD_RECORDINGS, of="study_id")
def add_recording(
    app: App,
    study_id: str,
    stored: Stored,
    name: str,
    label: str | None = None,
    details: SessionDetails = NOTHING_SAID,
) -> Recording:
    """Makes what the vault has just received a recording of the study.

    label: the session it belongs to, made when there is none of that label; None = a new session named after
    the file. details: of a session that is made; one that is there keeps its own, and nothing else may be said of it.
    Raises MediaError (not readable, too long), InputError (already in the study, bad label, other details, no such
    study) or StoreError; then nothing of it is kept, in the database or, unless a study uses it, in the vault.
    """
    try:
        shown = harmless_name(name)
        found = probe_limited(app.vault.source(stored.sha256))
        _check_duration(found, app.settings.max_duration_hours)
        with app.store.write() as tx:
            session = _session(app, tx, study_id, label, shown, details)
            recording = _recording(session.id, shown, stored, found)
            recordings.add_recording(tx, recording)
            audit.note(app, tx, Act.ADDED_RECORDING, study_id=study_id, subject=recording.id)
            if app.jobs is not None:
                prepare_recording.note_playable(tx, recording.id, found.playable)
            _check_still_there(app, tx, stored.sha256)
    except BaseException:
        _forget_unused(app, stored.sha256)
        raise
    _make_ready(app, recording)
    return recording


def _make_ready(app: App, recording: Recording) -> None:
    """Asks for waveform, measures and copy; the recording is in the study whether or not that can begin."""
    try:
        prepare_recording.enqueue(app, recording.id)
    except CodingAppError as error:  # the next start of the server asks again
        _log.warning("A recording could not be queued to be made ready (%s)", type(error).__name__)


def harmless_name(name: str) -> str:
    """The file's own name without folders, control characters or tricks with writing direction.

    Quotes, spaces and every script stay; a name that is a device on Windows begins with "_". At most 200 characters;
    the end of the name (".m4a") is kept.

    >>> harmless_name("../../etc/\\x00Sitzung 3 'müde'.m4a")
    "Sitzung 3 'müde'.m4a"
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    hidden = ("Cc", "Cs")
    visible = "".join(c for c in last if unicodedata.category(c) not in hidden and c not in _BIDI_CONTROLS)
    clean = " ".join(visible.split()).lstrip(".")
    clean = f"_{clean}" if _DEVICES.match(clean) else clean
    if len(clean) > MAX_NAME:
        suffix = Path(clean).suffix[:10]
        clean = clean[: MAX_NAME - len(suffix)] + suffix
    return clean or "recording"


def _check_duration(found: Probe, max_hours: float) -> None:
    if found.duration_ms > max_hours * MS_PER_HOUR:
        raise MediaError(
            f"This recording is {clock(found.duration_ms)} long, more than the {max_hours:g} hours allowed; "
            "cut it into parts, or raise CODING_APP_MAX_HOURS."
        )


def _session(
    app: App, tx: Tx, study_id: str, label: str | None, shown: str, details: SessionDetails
) -> TherapySession:
    """The session with this label, or a new one; without a label a new one named after the file."""
    studies.lock_study(tx, study_id)  # two adding to one session or case wait for each other
    sessions = studies.list_sessions(tx, study_id)
    known = {each.label.casefold(): each for each in sessions}
    if label is None:
        wanted = _free_label(Path(shown).stem[:MAX_LABEL], known)
    else:
        wanted = checked_label(label)
        if found := known.get(wanted.casefold()):
            check_same(found, details)
            return found
    session = TherapySession(
        uuid4().hex, study_id, wanted, details.case_code, details.number, details.held_on
    )
    check_number_free(session, sessions)
    studies.add_session(tx, session)
    if details:
        audit.note(app, tx, Act.PLANNED, study_id=study_id, subject=session.id, what="session")
    return session


def _free_label(stem: str, taken: Iterable[str]) -> str:
    labels, number, label = set(taken), 1, stem
    while label.casefold() in labels:
        number += 1
        end = f" ({number})"
        label = stem[: MAX_LABEL - len(end)] + end
    return label


def _recording(session_id: str, shown: str, stored: Stored, found: Probe) -> Recording:
    return Recording(
        id=uuid4().hex,
        session_id=session_id,
        name=shown,
        sha256=stored.sha256,
        size_bytes=stored.size_bytes,
        media_type=found.media_type,
        duration_ms=found.duration_ms,
        sample_rate_hz=found.sample_rate_hz,
        n_channels=found.n_channels,
        has_video=found.has_video,
        added_at=datetime.now(UTC),
    )


def _check_still_there(app: App, tx: Tx, sha256: str) -> None:
    """Asked while no other transaction can remove it: another upload of the same file may have been refused."""
    if recording_keys.find_wrapped(tx, sha256) is None or not app.vault.is_there(sha256):
        raise StoreError(
            "The recording was taken away while it was being added, because the same file was refused "
            "elsewhere at that moment; add it again."
        )


def _forget_unused(app: App, sha256: str) -> None:
    """Removes the file from the vault unless a recording of some study is this very file.

    In one transaction with the question whether it is used, so that nobody can begin to use it in between.
    """
    with app.store.write() as tx:
        if not recordings.is_used(tx, sha256):
            recording_keys.destroy(tx, sha256)
            app.vault.erase(sha256)
