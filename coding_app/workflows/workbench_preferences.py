"""How an observer's workbench behaves: language, keys and times, the same on every computer they use."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from coding_app.domain.people import Action
from coding_app.errors import InputError
from coding_app.store import Tx, passes
from coding_app.store.preferences import get_preferences, put_preferences
from coding_app.workflows.permission import allowed
from coding_app.workflows.wiring import App

LANGUAGES = ("en", "de")


@dataclass(frozen=True, slots=True)
class WorkbenchPreferences:
    """What an observer may set. keys: action -> name of the key, only of those that were changed.

    lag_ms: how much later than heard a moment is marked, taken off again. resume_back_ms: how far playing goes
    back when it goes on. step_ms: how far one step of the player goes. autoplay: a chosen segment plays at once.
    """

    language: str = "en"
    keys: Mapping[str, str] = field(default_factory=dict)
    lag_ms: int = 0
    resume_back_ms: int = 1_000
    step_ms: int = 2_000
    autoplay: bool = True


def _printable(name: str) -> str:
    if not name.isprintable():
        raise ValueError("not printable")
    return name


_Action = Annotated[str, Field(pattern="^[A-Za-z0-9_:.-]{1,80}$")]
_Key = Annotated[str, Field(min_length=1, max_length=30), AfterValidator(_printable)]
_SENTENCES = {
    "language": f"the language must be one of {', '.join(LANGUAGES)}",
    "keys": "there may be up to 300 keys, each an action and the name of a key",
    "lag_ms": "the reaction time must be from 0 to 2,000 ms",
    "resume_back_ms": "going back when playing goes on must be from 0 to 10,000 ms",
    "step_ms": "a step must be from 250 to 30,000 ms",
    "autoplay": "playing a chosen segment at once is on or off",
}


class _Part(BaseModel):
    """The same fields as they come from outside."""

    model_config = ConfigDict(extra="forbid", strict=True)

    language: Literal["en", "de"] = "en"
    keys: Annotated[dict[_Action, _Key], Field(max_length=300)] = {}
    lag_ms: Annotated[int, Field(ge=0, le=2_000)] = 0
    resume_back_ms: Annotated[int, Field(ge=0, le=10_000)] = 1_000
    step_ms: Annotated[int, Field(ge=250, le=30_000)] = 2_000
    autoplay: bool = True


def preferences_from_json(data: Mapping[str, Any]) -> WorkbenchPreferences:
    """Reads the whole of an observer's preferences; what is left out is as the app has it.

    Raises InputError for a field that there is not and for a value that cannot be; repeats neither.
    """
    try:
        return WorkbenchPreferences(**_Part.model_validate(data).model_dump())
    except ValidationError as error:
        name = str((error.errors()[0]["loc"] or ("",))[0])
        why = _SENTENCES.get(name, "there is a field too many")
        raise InputError(f"These preferences cannot be kept: {why}.") from None


def preferences_as_json(preferences: WorkbenchPreferences) -> dict[str, Any]:
    """All of them, in the form in which they are sent."""
    return asdict(preferences)


def read_preferences_of(tx: Tx, coder_id: str) -> WorkbenchPreferences:
    """The observer's preferences; the app's own where none are kept or another version's cannot be used."""
    kept = get_preferences(tx, coder_id) or {}
    try:
        return preferences_from_json({name: kept[name] for name in _SENTENCES if name in kept})
    except InputError:
        return WorkbenchPreferences()


@allowed(Action.CODE, of="coder_id")
def language_of(app: App, coder_id: str) -> str:
    """The language that the observer's workbench and editor speak."""
    with app.store.read() as tx:
        return read_preferences_of(tx, coder_id).language


@allowed(Action.CODE, of="pass_id")
def save_preferences_of(app: App, pass_id: str, data: Mapping[str, Any]) -> WorkbenchPreferences:
    """Keeps the preferences of the observer whose pass this is, also when it was submitted.

    Raises InputError (see preferences_from_json), NotFoundError for an unknown pass.
    """
    preferences = preferences_from_json(data)
    with app.store.write() as tx:
        coder_id = passes.get_pass(tx, pass_id).coder_id
        others = get_preferences(tx, coder_id) or {}  # bookmarks, which have a way of their own
        put_preferences(tx, coder_id, {**others, **preferences_as_json(preferences)}, datetime.now(UTC))
    return preferences
