"""What names were replaced by, case by case: of a name only a keyed hash, the key locked with the master key.

Whoever has the database alone cannot even try names out; when nothing of a case is left, its key goes, too.
"""

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ColumnElement, delete, select

from coding_app.domain.names import spelled
from coding_app.store import recording_keys, studies, tables
from coding_app.store.engine import Tx
from coding_app.store.locks import KEYS, Keys
from coding_app.store.statements import put_all, the_row
from coding_app.store.work_tables import pseudonym

KEY_BITS = 256


def case_of(tx: Tx, recording_id: str) -> tuple[str, str]:
    """(study id, case) of a recording. Raises NotFoundError when there is none."""
    recording = the_row(tx, tables.recording, recording_id, called="recording")
    session = studies.get_session(tx, recording.session_id)
    return session.study_id, session.case


def put_pseudonym(tx: Tx, study_id: str, case: str, name: str, replacement: str) -> None:
    """Remembers by what this name is replaced in the case, in place of what it was replaced by before."""
    keyed = _hash(_key(tx, study_id, case) or _new_key(tx, study_id, case), spelled(name))
    row = {"study_id": study_id, "case_code": case, "original_hmac": keyed}
    put_all(tx, pseudonym, [row | {"replacement": replacement, "made_at": datetime.now(UTC)}])


def forget_name(tx: Tx, study_id: str, case: str, name: str) -> None:
    """Forgets by what this name was replaced in the case; what is not known is no fault."""
    key = _key(tx, study_id, case)
    if key is not None:
        tx.execute(
            delete(pseudonym).where(*_mine(study_id, case), pseudonym.c.original_hmac == _hash(key, name))
        )


def replacements(tx: Tx, study_id: str, case: str) -> tuple[str, ...]:
    """All that stands for a name in the case, each once."""
    found = select(pseudonym.c.replacement).distinct().where(*_mine(study_id, case))
    return tuple(sorted(tx.execute(found).scalars()))


def replacement_of(tx: Tx, study_id: str, case: str) -> Callable[[str], str | None]:
    """Looks up what a name, as `spelled`, was replaced by in the case before; None for a word that never was."""
    rows = tx.execute(
        select(pseudonym.c.original_hmac, pseudonym.c.replacement).where(*_mine(study_id, case))
    )
    known: dict[str, str] = {row.original_hmac: row.replacement for row in rows}
    key = _key(tx, study_id, case)
    if not known or key is None:
        return lambda _: None
    begun = hmac.new(key, digestmod=hashlib.sha256)  # a transcript has many thousand words to ask for

    @cache
    def look(name: str) -> str | None:
        asked = begun.copy()
        asked.update(name.encode())
        return known.get(asked.hexdigest())

    return look


def follow_case(tx: Tx, study_id: str, before: str, after: str) -> None:
    """A session of one case is of another now: that one knows the names, too, unless it knows names of its own."""
    if before == after:
        return
    key = _key(tx, study_id, before)
    if key is not None and _key(tx, study_id, after) is None:
        _keep(tx, study_id, after, key)
        for row in tx.execute(select(pseudonym).where(*_mine(study_id, before))).all():
            put_all(tx, pseudonym, [row._asdict() | {"case_code": after}])
    forget_if_gone(tx, study_id, before)


def forget_if_gone(tx: Tx, study_id: str, case: str) -> None:
    """Removes what is remembered of a case of which no recording is left, with the key to it."""
    recording, erased = tables.recording, tables.erasure
    sessions = [each.id for each in studies.list_sessions(tx, study_id) if each.case == case]
    left = select(recording.c.id).where(
        recording.c.session_id.in_(sessions), recording.c.id.not_in(select(erased.c.recording_id))
    )
    if tx.execute(left.limit(1)).first() is None:
        tx.execute(delete(pseudonym).where(*_mine(study_id, case)))
        recording_keys.destroy(tx, _key_name(study_id, case))


def _mine(study_id: str, case: str) -> tuple[ColumnElement[bool], ...]:
    return pseudonym.c.study_id == study_id, pseudonym.c.case_code == case


def _hash(key: bytes, spelled_name: str) -> str:
    return hmac.digest(key, spelled_name.encode(), hashlib.sha256).hex()


def _key_name(study_id: str, case: str) -> str:
    """Among the keys of recordings, which go by a SHA-256: that of this case."""
    return hashlib.sha256(f"coding-app names\0{study_id}\0{case}".encode()).hexdigest()


def _key(tx: Tx, study_id: str, case: str) -> bytes | None:
    name = _key_name(study_id, case)
    wrapped = recording_keys.find_wrapped(tx, name)
    return None if wrapped is None else _keys(tx).locks.unwrap(wrapped, name)


def _new_key(tx: Tx, study_id: str, case: str) -> bytes:
    return _keep(tx, study_id, case, AESGCM.generate_key(KEY_BITS))


def _keep(tx: Tx, study_id: str, case: str, key: bytes) -> bytes:
    name, locks = _key_name(study_id, case), _keys(tx).locks
    kept = recording_keys.keep_wrapped(tx, name, locks.wrap(key, name), locks.id, datetime.now(UTC))
    return locks.unwrap(kept, name)


def _keys(tx: Tx) -> Keys:
    keys: Keys = tx.get_execution_options()[KEYS]
    return keys
