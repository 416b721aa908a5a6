"""Editing a transcript: steps of one person on the newest revision, revisions to read and to go back to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from coding_app.domain.edit_patch import EditError, Patch, apply, in_order
from coding_app.domain.people import Action
from coding_app.domain.recording import Recording
from coding_app.domain.transcript import Segment, Transcript
from coding_app.domain.transcript_edit import Edit, patch_of
from coding_app.errors import ChangedSinceError, CodingError, NotFoundError
from coding_app.store import Tx, corrections, edits, recordings, studies, transcripts
from coding_app.store.edits import NotedEdit
from coding_app.workflows.patch_json import patch_as_json, patch_from_json
from coding_app.workflows.permission import allowed
from coding_app.workflows.wiring import App

MAX_STEPS = 200


@dataclass(frozen=True, slots=True)
class EditStep:
    """One step from a browser. step: "do" with the edit, or "undo" or "redo" of an edit by its id."""

    id: str
    step: str
    edit: Edit | None = None
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """What the editor shows. coded: somebody codes on this cut, so that another cut makes new units.

    names: coder id -> name, of all who may have made a revision.
    """

    recording: Recording
    transcript: Transcript
    coded: bool
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Edited:
    """The transcript after some steps. changed and removed: what is not as it was before them."""

    transcript: Transcript
    stored: tuple[str, ...]
    changed: tuple[Segment, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision in the list. made_by: a name, None = a machine. coded: passes stand on it."""

    id: str
    number: int
    source: str
    made_by: str | None
    at: datetime
    n_edits: int
    coded: bool
    current: bool


@allowed(Action.EDIT_TRANSCRIPT, of="recording_id")
def open_editor(app: App, recording_id: str) -> Opened:
    """The newest revision to look at and to edit. Raises NotFoundError while there is no transcript."""
    with app.store.read() as tx:
        return _opened(tx, recording_id)


@allowed(Action.EDIT_TRANSCRIPT, of="recording_id")
def read_revision(app: App, recording_id: str, transcript_id: str) -> Opened:
    """Any revision to read. Raises NotFoundError when the recording has no such one."""
    with app.store.read() as tx:
        return replace(_opened(tx, recording_id), transcript=_of_recording(tx, recording_id, transcript_id))


@allowed(Action.EDIT_TRANSCRIPT, of="recording_id")
def apply_steps(
    app: App, recording_id: str, coder_id: str, transcript_id: str, steps: Sequence[EditStep]
) -> Edited:
    """Makes the steps one after the other, all or none; one whose id is known already is not made again.

    transcript_id: the revision that the person sees. The first step makes a revision of the person's own; further ones
    go into it until somebody codes on it. Where a cut is coded, a step that changes text alone keeps the cut, and one
    that changes segments or speakers begins a new one: no judgement moves.
    Raises ChangedSinceError when somebody else made a newer revision, EditError for a step that cannot be made,
    CodingError for a coder of another study, NotFoundError.
    """
    if not 0 < len(steps) <= MAX_STEPS:
        raise EditError(f"Send between 1 and {MAX_STEPS} steps at a time.")
    with app.store.write() as tx:
        return make_steps(tx, recording_id, coder_id, transcript_id, steps)


def make_steps(
    tx: Tx, recording_id: str, coder_id: str, transcript_id: str, steps: Sequence[EditStep]
) -> Edited:
    """As apply_steps, in a transaction that does more than that."""
    _check_coder(tx, recording_id, coder_id)
    now = _Desk(tx, recording_id, coder_id, newest_of(tx, recording_id))
    known = edits.known_edits(tx, [step.id for step in steps])
    new = [step for step in steps if step.id not in known]
    if new:
        now.check_current(transcript_id)
    for step in new:
        now.make(step)
    return now.result([step.id for step in steps])


@allowed(Action.EDIT_TRANSCRIPT, of="recording_id")
def list_revisions(app: App, recording_id: str) -> tuple[Revision, ...]:
    """All revisions of a recording, the newest first."""
    with app.store.read() as tx:
        names = _names(tx, recording_id)
        counts = edits.edit_counts(tx, recording_id)
        current = newest_of(tx, recording_id)
        return tuple(
            Revision(
                each.id,
                each.revision,
                "hand" if each.by_hand and each.source == "transcription" else each.source,
                names.get(each.made_by or ""),
                each.created_at,
                counts.get(each.id, 0),
                each.frozen,
                each.id == current.id,
            )
            for each in reversed(transcripts.list_transcripts(tx, recording_id))
        )


@allowed(Action.EDIT_TRANSCRIPT, of="recording_id")
def restore(app: App, recording_id: str, coder_id: str, transcript_id: str) -> Edited:
    """Makes an older revision the newest one again, as a new revision with a cut of its own.

    Raises NotFoundError when there is no such revision, CodingError for a coder of another study.
    """
    with app.store.write() as tx:
        _check_coder(tx, recording_id, coder_id)
        wanted = _of_recording(tx, recording_id, transcript_id)
        newest = newest_of(tx, recording_id)
        at = datetime.now(UTC)
        # the same segments again are the same units: judgements on them stay comparable
        same_cut = wanted.segmentation == newest.segmentation
        made = corrections.copy_revision(
            tx, wanted, uuid4().hex, at, made_by=coder_id, new_segmentation=not same_cut
        )
        return Edited(made, (), made.segments, tuple(set(newest.keys) - set(made.keys)))


class _Desk:
    """The revision under the hands of one person within one transaction."""

    def __init__(self, tx: Tx, recording_id: str, coder_id: str, newest: Transcript) -> None:
        self._tx, self._recording_id, self._coder_id = tx, recording_id, coder_id
        self._transcript = newest
        self._before = {segment.key: segment for segment in newest.segments}
        self._coded = _is_coded(tx, newest)
        self._keys = edits.segment_keys(tx, recording_id) | _keys_in_edits(tx, newest.id)

    def check_current(self, transcript_id: str) -> None:
        """Raises ChangedSinceError unless the person sees the newest revision, or their own edits made it."""
        seen: Transcript | None = self._transcript
        if transcript_id == self._transcript.id:
            return
        revisions = {each.id: each for each in transcripts.list_transcripts(self._tx, self._recording_id)}
        while seen is not None and seen.id != transcript_id:
            own = (
                seen.made_by == self._coder_id
            )  # what a removed revision was made from is not known any more
            seen = revisions.get(seen.parent_id or "") if own else None
        if seen is None:
            raise ChangedSinceError(
                "Somebody else has changed this transcript since you opened it; reload it to go on from there."
            )

    def make(self, step: EditStep) -> None:
        """Makes one step and notes it."""
        if step.step == "do" and step.edit is not None:
            self._turn_to_own_revision(keeps_the_cut=step.edit.keeps_the_cut)
            patch = patch_of(self._transcript, step.edit, self._free_key())
            noted: dict[str, Any] = {"op": step.edit.op, **step.edit.given}
        elif step.step in ("undo", "redo") and step.of is not None:
            patch, op = self._known_patch(step)
            noted = {"op": op, "of": step.of}
        else:
            raise EditError("A step is do, undo or redo; reload the page and try again.")
        self._transcript = apply(self._transcript, patch)
        self._keys |= {segment.key for segment in patch.placed}
        edits.write_patch(self._tx, self._transcript, patch)
        edits.note_edit(
            self._tx,
            NotedEdit(
                step.id, self._transcript.id, self._coder_id, datetime.now(UTC), step.step,
                {**noted, "patch": patch_as_json(patch)},
            ),
        )  # fmt: skip

    def result(self, ids: Sequence[str]) -> Edited:
        """What became of it all."""
        now = {segment.key: segment for segment in self._transcript.segments}
        changed = tuple(each for key, each in now.items() if self._before.get(key) != each)
        removed = tuple(key for key in self._before if key not in now)
        return Edited(self._transcript, tuple(ids), changed, removed)

    def _known_patch(self, step: EditStep) -> tuple[Patch, str]:
        found = edits.known_edits(self._tx, [step.of or ""]).get(step.of or "")
        if found is None or found.transcript_id != self._transcript.id or found.coder_id != self._coder_id:
            raise EditError("That step belongs to an earlier revision; go back to that one instead.")
        if self._transcript.frozen:
            raise EditError("Somebody codes on this revision since; change it anew instead.")
        patch = patch_from_json(dict(found.edit["patch"]), self._transcript)
        return (patch.inverse if step.step == "undo" else patch), str(found.edit["op"])

    def _turn_to_own_revision(self, *, keeps_the_cut: bool) -> None:
        now = self._transcript
        own = now.source == "edit" and now.made_by == self._coder_id and not now.frozen
        if own and (keeps_the_cut or not self._coded):
            return
        new_cut = not (self._coded and keeps_the_cut)
        at = datetime.now(UTC)
        made = corrections.copy_revision(
            self._tx, now, uuid4().hex, at, made_by=self._coder_id, new_segmentation=new_cut
        )
        self._transcript = made
        self._coded = self._coded and not new_cut

    def _free_key(self) -> str:
        numbers = [int(key[2:]) for key in self._keys if key.startswith("s-") and key[2:].isdigit()]
        return f"s-{max(numbers, default=0) + 1:04}"


def _opened(tx: Tx, recording_id: str) -> Opened:
    recording = recordings.get_recording(tx, recording_id)
    newest = newest_of(tx, recording_id)
    return Opened(recording, newest, _is_coded(tx, newest), _names(tx, recording_id))


def newest_of(tx: Tx, recording_id: str) -> Transcript:
    """The revision in effect, segments in order of time. Raises NotFoundError while there is none."""
    found = transcripts.current_transcript(tx, recording_id)
    if found is None:
        raise NotFoundError("This recording has no transcript yet; have it transcribed, or import one.")
    return replace(found, segments=in_order(found.segments))


def _of_recording(tx: Tx, recording_id: str, transcript_id: str) -> Transcript:
    found = transcripts.get_transcript(tx, transcript_id)
    if found.recording_id != recording_id:
        raise NotFoundError("This recording has no such revision; choose one from the list.")
    return replace(found, segments=in_order(found.segments))


def _is_coded(tx: Tx, transcript: Transcript) -> bool:
    """Whether somebody has begun to code on this cut, on whichever of its revisions."""
    return any(
        each.frozen
        for each in transcripts.list_transcripts(tx, transcript.recording_id)
        if each.segmentation == transcript.segmentation
    )


def _names(tx: Tx, recording_id: str) -> dict[str, str]:
    study_id = recordings.study_of(tx, recording_id)
    return {coder.id: coder.name for coder in studies.list_coders(tx, study_id)}


def _check_coder(tx: Tx, recording_id: str, coder_id: str) -> None:
    if studies.get_coder(tx, coder_id).study_id != recordings.study_of(tx, recording_id):
        raise CodingError("This observer belongs to another study; choose an observer of this study.")


def _keys_in_edits(tx: Tx, transcript_id: str) -> set[str]:
    """Keys that a segment had in this revision before it was deleted or put together with another."""
    return {
        side["key"]
        for noted in edits.list_edits(tx, transcript_id)
        for pair in noted.edit["patch"]["changes"]
        for side in (pair.get("before"), pair.get("after"))
        if side is not None
    }
