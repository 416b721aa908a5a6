"""Schemes that are being written: kept on the server at every change, so that a closed page loses nothing."""

import json
import os
import re
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from coding_app.domain.people import Action
from coding_app.errors import NotFoundError, StoreError
from coding_app.workflows.permission import allowed
from coding_app.workflows.wiring import App

_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Draft:
    """base: what it was begun from, as "id version"; "" for the template. changed_at: ISO time, UTC."""

    id: str
    title: str
    text: str
    base: str = ""
    changed_at: str = ""


@allowed(Action.EDIT_SCHEMES)
def start_draft(app: App, title: str, text: str, base: str = "") -> Draft:
    """Keeps a new draft. Raises StoreError."""
    return save_draft(app, Draft(uuid4().hex, title, text, base))


@allowed(Action.EDIT_SCHEMES)
def save_draft(app: App, draft: Draft) -> Draft:
    """Keeps the draft as it is now, whole or not at all. Raises StoreError."""
    now = Draft(draft.id, draft.title, draft.text, draft.base, datetime.now(UTC).isoformat())
    path = _path(app, draft.id)
    part = path.with_name(f".{path.name}-{uuid4().hex}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with part.open("w", encoding="utf-8") as file:
            json.dump(asdict(now), file, ensure_ascii=True)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise StoreError(
            f"The draft cannot be kept ({error.strerror}); make room in the data folder."
        ) from error
    return now


@allowed(Action.EDIT_SCHEMES)
def open_draft(app: App, draft_id: str) -> Draft:
    """Raises NotFoundError."""
    try:
        return Draft(**json.loads(_path(app, draft_id).read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise NotFoundError("This draft is no longer there; begin another one.") from error


@allowed(Action.EDIT_SCHEMES)
def list_drafts(app: App) -> tuple[Draft, ...]:
    """The newest first; a damaged file is left out."""
    found = []
    for path in _folder(app).glob("*.json"):
        try:
            found.append(open_draft(app, path.stem))
        except NotFoundError:
            continue
    return tuple(sorted(found, key=lambda draft: draft.changed_at, reverse=True))


@allowed(Action.EDIT_SCHEMES)
def drop_draft(app: App, draft_id: str) -> None:
    """Throws a draft away; nothing when it is gone."""
    _path(app, draft_id).unlink(missing_ok=True)


def _folder(app: App) -> Path:
    return app.settings.data_dir / "scheme-drafts"


def _path(app: App, draft_id: str) -> Path:
    if not _ID.fullmatch(draft_id):
        raise NotFoundError("There is no such draft; begin another one.")
    return _folder(app) / f"{draft_id}.json"
