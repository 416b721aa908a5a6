"""The routes of one coding pass: read it, code it, correct its words, submit it, see it beside others."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from coding_app.errors import InputError
from coding_app.ui import tokens
from coding_app.ui.requests import bearer, cookie_name, json_list, json_object
from coding_app.workflows import code_session
from coding_app.workflows.bookmarks import (
    bookmark_from_json,
    bookmarks_as_json,
    bookmarks_of_pass,
    mark_in_pass,
)
from coding_app.workflows.correct_transcript import correct_segment
from coding_app.workflows.other_passes import other_as_json, other_passes
from coding_app.workflows.wiring import App
from coding_app.workflows.workbench_preferences import preferences_as_json, save_preferences_of

MAX_EVENTS_BYTES = 2 * 2**20
MAX_OBJECT_BYTES = 2**17
NOT_KEPT = {"Cache-Control": "no-store"}


class PassRoutes:
    """The route handlers of the passes of one open app; each looks at the token of its pass first."""

    def __init__(self, app: App) -> None:
        self.app = app

    def _allowed(self, request: Request) -> str:
        """The pass's id. Raises TokenError or AccessError."""
        pass_id = str(request.path_params["pass_id"])
        tokens.check_pass_token(self.app, bearer(request), pass_id)
        return pass_id

    def read_pass(self, request: Request) -> Response:
        """Everything the workbench shows of a pass; opens its recording's media to this browser."""
        state = code_session.bootstrap(self.app, self._allowed(request))
        recording_id = state["recording"]["id"]
        response = JSONResponse(state, headers=NOT_KEPT)
        response.set_cookie(
            cookie_name(recording_id),
            tokens.issue_recording_cookie(self.app, recording_id),
            max_age=tokens.COOKIE_SECONDS,
            path=f"/api/recordings/{recording_id}",
            httponly=True,
            samesite="strict",
        )
        return response

    async def add_events(self, request: Request) -> Response:
        """Stores a batch of events, all or none; a repeated batch does no harm."""
        pass_id = self._allowed(request)
        body = await json_list(request, MAX_EVENTS_BYTES)
        stored = await run_in_threadpool(code_session.record, self.app, pass_id, body)
        return JSONResponse({"stored": stored})

    def list_events(self, request: Request) -> Response:
        """The whole ledger of the pass, in stored order."""
        found = code_session.ledger(self.app, self._allowed(request))
        return JSONResponse({"events": found}, headers=NOT_KEPT)

    def submit(self, request: Request) -> Response:
        """Submits the pass, or says what is missing (409)."""
        submitted = code_session.submit(self.app, self._allowed(request))
        assert submitted.submitted_at is not None
        return JSONResponse({"submitted_at": submitted.submitted_at.isoformat()})

    async def put_preferences(self, request: Request) -> Response:
        """Keeps the preferences of the observer whose pass this is."""
        pass_id = self._allowed(request)
        body = await json_object(request, MAX_OBJECT_BYTES)
        kept = await run_in_threadpool(save_preferences_of, self.app, pass_id, body)
        return JSONResponse({"preferences": preferences_as_json(kept)})

    def list_bookmarks(self, request: Request) -> Response:
        """The passages of codebooks that the observer of this pass marked."""
        found = bookmarks_of_pass(self.app, self._allowed(request))
        return JSONResponse({"bookmarks": bookmarks_as_json(found)}, headers=NOT_KEPT)

    async def put_bookmark(self, request: Request) -> Response:
        """Sets or removes one bookmark of the observer whose pass this is."""
        pass_id = self._allowed(request)
        body = await json_object(request, MAX_OBJECT_BYTES)
        wanted, on = bookmark_from_json(body), body.get("on") is True
        found = await run_in_threadpool(mark_in_pass, self.app, pass_id, wanted, on=on)
        return JSONResponse({"bookmarks": bookmarks_as_json(found)})

    async def correct(self, request: Request) -> Response:
        """Gives one segment of the transcript another text."""
        pass_id = self._allowed(request)
        body = await json_object(request, MAX_OBJECT_BYTES)
        key, text = body.get("segment"), body.get("text")
        if not isinstance(key, str) or not isinstance(text, str) or len(body) > 2:
            raise InputError("A correction names a segment and its text; reload the page and try again.")
        corrected = await run_in_threadpool(correct_segment, self.app, pass_id, key, text)
        return JSONResponse(corrected.as_json())

    def list_others(self, request: Request) -> Response:
        """What others coded, once this pass is submitted (403 before)."""
        masked = request.query_params.get("masked") == "1"
        found = other_passes(self.app, self._allowed(request), masked=masked)
        return JSONResponse({"passes": [other_as_json(each) for each in found]}, headers=NOT_KEPT)
