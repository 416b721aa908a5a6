"""The audit: who did what and when, in entries that are chained by hashes so that a change shows.

An entry holds ids, kinds and numbers, never a word of a transcript and never what somebody coded.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

BEGINNING = "0" * 64  # what the first entry is chained to


class Act(StrEnum):
    """What is written down."""

    SIGNED_IN = "signed in"
    SIGN_IN_FAILED = "failed to sign in"
    SIGNED_OUT = "signed out"
    CHANGED_PEOPLE = "changed people or permissions"
    ADDED_RECORDING = "added a recording"
    OPENED_RECORDING = "opened a recording to listen"
    PLAYED_MOMENT = "played a moment"
    EXPORTED = "exported"
    EDITED_TRANSCRIPT = "opened a transcript to edit"
    BEGAN_CODING = "began to code"
    SUBMITTED = "submitted a coding"
    REBEGAN_CODING = "reopened a coding"
    MADE_REFERENCE = "made or gave out a reference coding"
    RULED = "ruled on a difference"
    ERASED = "erased a recording"
    REPLACED_NAMES = "replaced names in a transcript"
    REMOVED_WORDS = "removed earlier words of a transcript"
    CHANGED_SILENCES = "changed what is silent in clips"
    BACKED_UP = "made a backup"
    PLANNED = "changed a study's plan or sessions"
    ASSIGNED = "assigned sessions"
    NOTED_CONSENT = "noted what a client agreed to"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit. seq: its place, from 1, without gaps.

    account_id: None for this machine itself (commands, or nobody has an account) and for a failed sign-in.
    study_id: None where it concerns the server. subject: the id of what it was done to. details: a few words and
    numbers that say how ("csv", a reason), never words of a session. previous: the hash of the entry before.
    """

    seq: int
    at: datetime
    act: Act
    who: str
    account_id: str | None
    study_id: str | None
    subject: str | None
    previous: str
    details: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)

    @property
    def hash(self) -> str:
        """SHA-256 over everything in it and the hash of the entry before."""
        said = [
            self.seq,
            self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            str(self.act),
            self.who,
            self.account_id,
            self.study_id,
            self.subject,
            dict(self.details),
            self.previous,
        ]
        plain = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(plain.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class Chain:
    """What a look along the whole audit found. head: the hash of its last entry.

    broken: the number of the first entry that is not what was written, or is missing; None when all are.
    """

    n_entries: int
    head: str
    broken: int | None = None


def look_along(kept: Iterable[tuple[AuditEntry, str]]) -> Chain:
    """kept: the entries in their order, each with the hash that was stored with it.

    Whoever can write to the database can make a whole new chain: a head that was noted elsewhere shows that, too.
    """
    n, head = 0, BEGINNING
    for entry, stored in kept:
        n += 1
        if entry.seq != n or entry.previous != head or entry.hash != stored:
            return Chain(n - 1, head, n)
        head = stored
    return Chain(n, head)
