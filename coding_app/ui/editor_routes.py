"""The routes of the transcript editor: read, edit, revisions; each in the name of the token's holder."""

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from coding_app.domain.transcript_edit import Edit
from coding_app.errors import InputError
from coding_app.ui import tokens
from coding_app.ui.requests import bearer, cookie_name, json_object
from coding_app.workflows import edit_transcript
from coding_app.workflows.edit_transcript import EditStep
from coding_app.workflows.editor_json import edited_as_json, opened_as_json, revision_as_json
from coding_app.workflows.wiring import App

MAX_BYTES = 2_000_000
NOT_KEPT = {"Cache-Control": "private, no-store"}


class EditorRoutes:
    """The handlers of one open app."""

    def __init__(self, app: App) -> None:
        self.app = app

    def _allowed(self, request: Request) -> tuple[str, str]:
        """Recording and coder. Raises AccessError."""
        recording_id = str(request.path_params["recording_id"])
        return recording_id, tokens.check_editor_token(self.app, bearer(request), recording_id)

    def read(self, request: Request) -> Response:
        """The newest revision with everything the editor shows, and the cookie that opens the sound."""
        recording_id, coder_id = self._allowed(request)
        opened = edit_transcript.open_editor(self.app, recording_id)
        answer = JSONResponse(opened_as_json(opened, coder_id), headers=NOT_KEPT)
        answer.set_cookie(
            cookie_name(recording_id),
            tokens.issue_recording_cookie(self.app, recording_id),
            max_age=tokens.COOKIE_SECONDS,
            httponly=True,
            samesite="strict",
            path=f"/api/recordings/{recording_id}",
        )
        return answer

    async def edit(self, request: Request) -> Response:
        """Makes some steps, all or none; each is made once however often it is sent."""
        recording_id, coder_id = self._allowed(request)
        body = await json_object(request, MAX_BYTES)
        transcript_id, sent = body.get("transcript_id"), body.get("edits")
        if not isinstance(transcript_id, str) or not isinstance(sent, list):
            raise InputError("Edits name the revision that they are made to; reload the page and try again.")
        steps = [_step(each) for each in sent]
        edited = await run_in_threadpool(
            edit_transcript.apply_steps, self.app, recording_id, coder_id, transcript_id, steps
        )
        return JSONResponse(edited_as_json(edited))

    def list_revisions(self, request: Request) -> Response:
        """All revisions, the newest first: who, when, how many edits."""
        recording_id, _ = self._allowed(request)
        found = edit_transcript.list_revisions(self.app, recording_id)
        return JSONResponse({"revisions": [revision_as_json(each) for each in found]}, headers=NOT_KEPT)

    def read_revision(self, request: Request) -> Response:
        """One revision to read."""
        recording_id, coder_id = self._allowed(request)
        transcript_id = str(request.path_params["transcript_id"])
        opened = edit_transcript.read_revision(self.app, recording_id, transcript_id)
        return JSONResponse(opened_as_json(opened, coder_id), headers=NOT_KEPT)

    async def restore(self, request: Request) -> Response:
        """Makes an older revision the newest one again."""
        recording_id, coder_id = self._allowed(request)
        transcript_id = str(request.path_params["transcript_id"])
        edited = await run_in_threadpool(
            edit_transcript.restore, self.app, recording_id, coder_id, transcript_id
        )
        return JSONResponse(edited_as_json(edited))


def _step(data: Any) -> EditStep:
    """Raises InputError for anything that is no step; repeats none of it."""
    wrong = InputError("An edit was sent that cannot be read; reload the page and try again.")
    if not isinstance(data, dict):
        raise wrong
    step_id, step, of, edit = (data.get(name) for name in ("id", "step", "of", "edit"))
    if not isinstance(step_id, str) or not 1 <= len(step_id) <= 64 or not isinstance(step, str):
        raise wrong
    if edit is None:
        if not isinstance(of, str):
            raise wrong
        return EditStep(step_id, step, None, of)
    if not isinstance(edit, dict) or not isinstance(edit.get("op"), str):
        raise wrong
    given = {name: value for name, value in edit.items() if name != "op"}
    return EditStep(step_id, step, Edit(edit["op"], given))
