"""Correcting the text of a segment while coding: a newer revision says it, no judgement moves."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from coding_app.domain.coding import CodingPass, check_open
from coding_app.domain.doubts import flagged_doubts
from coding_app.domain.edit_texts import with_text
from coding_app.domain.people import Action
from coding_app.domain.transcript import Correction, Segment
from coding_app.domain.words import doubtful
from coding_app.errors import InputError
from coding_app.store import Tx, corrections, passes, transcripts
from coding_app.workflows.permission import allowed
from coding_app.workflows.wiring import App

MAX_TEXT = 5_000


@dataclass(frozen=True, slots=True)
class CorrectedSegment:
    """A segment as it reads now. revision: the transcript's revision that says so.

    doubtful: stretches [from, to, percent] of the text; doubts: why to listen closely; both as in the bootstrap.
    """

    segment: str
    text: str
    doubtful: list[list[int]]
    doubts: list[str]
    revision: int

    def as_json(self) -> dict[str, Any]:
        """The answer of the route."""
        return {
            "segment": self.segment,
            "text": self.text,
            "doubtful": self.doubtful,
            "doubts": self.doubts,
            "revision": self.revision,
        }


@allowed(Action.EDIT_TRANSCRIPT, of="pass_id")
def correct_segment(app: App, pass_id: str, segment_key: str, text: str) -> CorrectedSegment:
    """Gives a segment another text, for every observer of this segmentation, and notes who did it and when.

    The pass's own revision stays as it was: the correction goes into the newest one, or, when somebody has
    begun to code on that, into a new copy. Spaces are put in order. The same text again changes nothing.
    Raises InputError for a text that cannot be kept or an unknown segment, SubmittedError when the pass was
    submitted, NotFoundError.
    """
    wanted = _readable(text)
    with app.store.write() as tx:
        coding_pass = passes.get_pass(tx, pass_id, lock=True)
        check_open(coding_pass)
        segmentation = transcripts.get_header(tx, coding_pass.transcript_id).segmentation
        newest = transcripts.newest_revision(tx, segmentation, lock=True)
        segment = transcripts.get_segment(tx, newest.id, segment_key)
        if segment.text == wanted:
            return _told(segment, newest.revision)
        if newest.frozen:
            newest = corrections.copy_revision(tx, newest, uuid4().hex, datetime.now(UTC))
        after = with_text(segment, wanted)
        corrections.replace_segment_text(tx, newest.id, segment.key, wanted, after.words, after.flags)
        _note(tx, coding_pass, newest.id, segment, wanted)
    return _told(after, newest.revision)


def _told(segment: Segment, revision: int) -> CorrectedSegment:
    marked = doubtful(segment.text, segment.words)
    return CorrectedSegment(segment.key, segment.text, marked, flagged_doubts(segment), revision)


def _note(tx: Tx, coding_pass: CodingPass, transcript_id: str, before: Segment, after: str) -> None:
    at = datetime.now(UTC)
    corrections.note_correction(
        tx, Correction(transcript_id, before.key, coding_pass.coder_id, at, before.text, after)
    )


def _readable(text: str) -> str:
    """The text with one space between words. Raises InputError, without repeating it."""
    wanted = " ".join(text.split())
    if not wanted:
        raise InputError("The corrected text is empty; write what is said, or leave it as it was.")
    if len(wanted) > MAX_TEXT:
        raise InputError(
            f"The corrected text has {len(wanted):,} characters; a segment takes {MAX_TEXT:,} at most."
        )
    if any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in wanted):
        raise InputError("The corrected text holds a character that cannot be stored; type it again.")
    return wanted
