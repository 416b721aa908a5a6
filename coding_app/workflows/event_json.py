"""Coding events and judgements as the JSON that the workbench sends and gets."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from coding_app.domain.coding import AppliedCode, CodingEvent, Judgement
from coding_app.domain.times import Span
from coding_app.domain.units import Unit
from coding_app.errors import CodingError

_Id = Annotated[str, Field(min_length=1, max_length=64)]
_Moment = Annotated[int, Field(ge=0, le=2**40)]
_Value = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _UnitPart(_Part):
    key: _Id
    start_ms: _Moment
    end_ms: _Moment


class _CodePart(_Part):
    code: _Id
    attributes: Annotated[dict[_Id, int | str], Field(max_length=20)] = {}
    links: Annotated[list[_Id], Field(max_length=100)] = []


class _EventPart(_Part):
    id: _Id
    pass_id: _Id
    unit: _UnitPart
    criterion: _Id
    codes: Annotated[list[_CodePart], Field(max_length=50)]
    at: Annotated[str, Field(max_length=40)]
    value: _Value | None = None
    note: str | None = None
    act: _Id | None = None
    step: Literal["do", "undo", "redo"] | None = None


def event_from_json(data: Mapping[str, Any], number: int) -> CodingEvent:
    """One event as the browser sends it (docs/reference/routes.md).

    number: its place in the batch from 1, for messages. Raises CodingError; never says what the note holds.
    """
    try:
        part = _EventPart.model_validate(data)
        at = datetime.fromisoformat(part.at)
        span = Span(part.unit.start_ms, part.unit.end_ms)
    except ValidationError as error:
        raise _unreadable(number, _field(error)) from None
    except ValueError:
        raise _unreadable(number, "'at' or the unit's times") from None
    if at.tzinfo is None:
        raise _unreadable(number, "'at' has no time zone")
    if (part.act is None) != (part.step is None):
        raise _unreadable(number, "'act' and 'step' come together")
    codes = tuple(AppliedCode(each.code, each.attributes, tuple(each.links)) for each in part.codes)
    return CodingEvent(
        part.id, part.pass_id, Unit(part.unit.key, span), part.criterion, codes, at, part.value,
        part.note or None, part.act, part.step,
    )  # fmt: skip


def event_as_json(event: CodingEvent) -> dict[str, Any]:
    """An event as the browser sent it; reading it with event_from_json gives the same event."""
    judged = Judgement(event.unit, event.criterion, event.codes, event.value, event.note)
    return {
        "id": event.id,
        "pass_id": event.pass_id,
        **judgement_as_json(judged),
        "at": event.at.isoformat(),
        "act": event.act,
        "step": event.step,
    }


def judgement_as_json(judgement: Judgement) -> dict[str, Any]:
    """A judgement in the form of an event without id, pass and time."""
    span = judgement.unit.span
    return {
        "unit": {"key": judgement.unit.key, "start_ms": span.start_ms, "end_ms": span.end_ms},
        "criterion": judgement.criterion,
        "codes": [
            {"code": each.code, "attributes": dict(each.attributes), "links": list(each.links)}
            for each in judgement.codes
        ],
        "value": judgement.value,
        "note": judgement.note,
    }


def _field(error: ValidationError) -> str:
    """The first field that is wrong, by its own name only: keys sent by a client are not repeated."""
    first = error.errors()[0]
    if first["type"] == "extra_forbidden":
        return "it has a field too many"
    known = {*_EventPart.model_fields, *_UnitPart.model_fields, *_CodePart.model_fields}
    names = [step for step in first["loc"] if step in known]
    return f"'{names[-1]}'" if names else "it is no object"


def _unreadable(number: int, what: str) -> CodingError:
    return CodingError(
        f"Event {number} of this batch cannot be read ({what}); reload the page and code it again."
    )
