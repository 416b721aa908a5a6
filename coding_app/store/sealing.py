"""Sealing what was said: its text lies in the database locked with its recording's own key.

What a team keeps beyond the recordings (its rules) is locked with a key of its study, in the same way.

Whoever has the database without the master key, or an old copy of it after the key was erased, reads nothing. A value
is "sealed:1:" and, in base64, a nonce of 12 bytes and AES-256-GCM of the text; the key is HKDF-SHA256 of the
recording's key; the associated data names table, column and row, so that no value opens in another's place. Nothing
(NULL, "", []) is left as it is. A value without the prefix is plain, from an earlier version: see plain_texts.py.
"""

import binascii
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import JSON, Row, Select, String, Table, bindparam, select

from coding_app.errors import StoreError
from coding_app.store import tables
from coding_app.store.columns import storable
from coding_app.store.engine import Tx
from coding_app.store.locks import KEYS, Keys
from coding_app.store.recording_keys import keep_wrapped

PREFIX = "sealed:1:"
KEY_BYTES = 32
NONCE_BYTES = 12
# Which columns of a table are sealed, what of a row names the place of its values, and what a person calls it.
SEALED: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], str]] = {
    "segment": (("text", "words"), ("transcript_id", "key"), "segment"),
    "transcript_correction": (
        ("text_before", "text_after"),
        ("transcript_id", "segment_key", "at"),
        "correction",
    ),
    "transcript_edit": (("edit",), ("transcript_id", "id"), "edit"),
    "transcription": (("script",), ("id",), "transcription's script"),
    "transcription_chunk": (("payload",), ("transcription_id", "number"), "piece of a transcription"),
    "coding_event": (("note",), ("pass_id", "id"), "note of the event"),
    "coding_state": (("note",), ("pass_id", "unit_key", "criterion", "seq"), "note of the judgement"),
    "pass_reopening": (("reason",), ("pass_id", "id"), "reason of the opening again"),
    "decision_rule": (("text",), ("study_id", "id"), "rule of the team"),
}
CHANGED = (
    "The {what} '{key}' in the database does not open with its key: it was changed or damaged; put the "
    "database back from a backup."
)
NO_KEY = "The {what} '{key}' cannot be opened any more, because its key is gone; put the database back from a backup."


class Sealer:
    """Seals and opens the texts of one recording or study, in one transaction; its key is looked for when needed."""

    def __init__(self, tx: Tx, keys: Keys, finding: Select[Any], row_id: str) -> None:
        """finding: selects sha256 and locked key by :id."""
        self._tx, self._keys, self._finding, self._id = tx, keys, finding, row_id
        self._cipher: AESGCM | None = None

    def seal(self, table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
        """The row with its texts sealed; a recording without a key gets one. Raises InputError, StoreError."""
        columns, _, _ = SEALED[table.name]
        sealed, place = dict(row), _place(table, row)
        for name in columns:
            if value := row[name]:
                text = _as_json(value) if _is_json(table, name) else storable(value)
                sealed[name] = self._locked(text.encode(), place + name.encode())
        return sealed

    def moved(self, table: Table, row: Row[Any], **changes: Any) -> dict[str, Any]:
        """The row with these changes, its texts sealed anew for the place that it has with them. Raises StoreError."""
        columns, _, _ = SEALED[table.name]
        before = row._asdict()
        if not all(_is_sealed(before[name]) for name in columns):
            return self.seal(table, self.open(table, row) | changes)
        after = before | changes
        here, there = _place(table, before), _place(table, after)
        for name in columns:  # their words need not be read for it
            text = self._opened(before[name], here + name.encode(), table, before)
            after[name] = self._locked(text, there + name.encode())
        return after

    def open(self, table: Table, row: Row[Any]) -> dict[str, Any]:
        """The row with its texts readable. Raises StoreError for one that was changed or whose key is gone."""
        columns, _, _ = SEALED[table.name]
        opened: dict[str, Any] = row._asdict()
        place = None
        for name in columns:
            value = opened[name]
            if _is_sealed(value):
                place = place or _place(table, opened)
                text = self._opened(value, place + name.encode(), table, opened)
                opened[name] = json.loads(text) if _is_json(table, name) else text.decode()
        return opened

    def _locked(self, text: bytes, place: bytes) -> str:
        nonce = os.urandom(NONCE_BYTES)
        data = (self._cipher or self._made()).encrypt(nonce, text, place)
        return PREFIX + binascii.b2a_base64(nonce + data, newline=False).decode()

    def _opened(self, value: str, place: bytes, table: Table, row: Mapping[str, Any]) -> bytes:
        _, names, what = SEALED[table.name]
        cipher = self._cipher or self._found()
        if cipher is None:
            raise StoreError(NO_KEY.format(what=what, key=str(row[names[-1]])[:64]))
        try:
            data = binascii.a2b_base64(value[len(PREFIX) :], strict_mode=True)
            return cipher.decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], place)
        except (InvalidTag, ValueError):
            raise StoreError(CHANGED.format(what=what, key=str(row[names[-1]])[:64])) from None

    def _found(self) -> AESGCM | None:
        """With the key that the recording has; None when it has none."""
        row = self._tx.execute(self._finding, {"id": self._id}).one_or_none()
        if row is not None and row.wrapped is not None:
            self._cipher = _cipher(self._keys.locks.unwrap(row.wrapped, row.sha256))
        return self._cipher

    def _made(self) -> AESGCM:
        """With the key that the recording has, or gets now."""
        if (cipher := self._cipher or self._found()) is not None:
            return cipher
        locks, name = self._keys.locks, self._tx.execute(self._finding, {"id": self._id}).one().sha256
        new = locks.wrap(AESGCM.generate_key(bit_length=8 * KEY_BYTES), name)
        kept = keep_wrapped(self._tx, name, new, locks.id, datetime.now(UTC))
        self._cipher = _cipher(locks.unwrap(kept, name))
        return self._cipher


_recording, _key = tables.recording, tables.recording_key
_FINDING = select(_recording.c.sha256, _key.c.wrapped).join_from(
    _recording, _key, _key.c.sha256 == _recording.c.sha256, isouter=True
)


def _of(table: Table) -> Select[Any]:
    mine = _FINDING.join(table, table.c.recording_id == _recording.c.id)
    return mine.where(table.c.id == bindparam("id"))


_WAYS = {
    "recording": _FINDING.where(_recording.c.id == bindparam("id")),
    "transcript": _of(tables.transcript),
    "transcription": _of(tables.transcription),
    "pass": _of(tables.coding_pass),
    # A study has no sha256: its key goes by a name in the form of one, and is kept and locked as a recording's is.
    "study": select(
        bindparam("id", type_=String).label("sha256"),
        select(_key.c.wrapped).where(_key.c.sha256 == bindparam("id")).scalar_subquery().label("wrapped"),
    ),
}


def of_recording(tx: Tx, recording_id: str) -> Sealer:
    """For what belongs to this recording."""
    return _sealer(tx, "recording", recording_id)


def of_transcript(tx: Tx, transcript_id: str) -> Sealer:
    """For what belongs to the recording of this transcript."""
    return _sealer(tx, "transcript", transcript_id)


def of_transcription(tx: Tx, transcription_id: str) -> Sealer:
    """For what belongs to the recording of this transcription."""
    return _sealer(tx, "transcription", transcription_id)


def of_pass(tx: Tx, pass_id: str) -> Sealer:
    """For what belongs to the recording of this coding pass."""
    return _sealer(tx, "pass", pass_id)


def of_study(tx: Tx, study_id: str) -> Sealer:
    """For what a team keeps whatever becomes of its recordings."""
    return _sealer(tx, "study", sha256(f"coding-app study {study_id}".encode()).hexdigest())


def _sealer(tx: Tx, way: str, row_id: str) -> Sealer:
    keys: Keys = tx.get_execution_options()[KEYS]
    found = keys.sealers.get((way, row_id))
    if found is None:
        found = keys.sealers[way, row_id] = Sealer(tx, keys, _WAYS[way], row_id)
    return found


def _cipher(recording_key: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), KEY_BYTES, None, b"coding-app: text in the database").derive(recording_key))


def _place(table: Table, row: Mapping[str, Any]) -> bytes:
    """What a value is bound to, up to its column. No text that is stored holds a zero, so it parts them."""
    _, names, _ = SEALED[table.name]
    parts = ["coding-app 1", table.name, *(_in_words(row[name]) for name in names), ""]
    return "\0".join(parts).encode()


def _is_sealed(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(PREFIX)


def _in_words(value: Any) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


def _is_json(table: Table, column: str) -> bool:
    return isinstance(table.c[column].type, JSON)


def _as_json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
