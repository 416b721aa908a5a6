"""What the parts of a scheme file are made of: ids, texts, numbers."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError


def _int_or_word(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise PydanticCustomError("int_or_word", "must be a whole number or a word")
    return value


def _no_bool(value: object) -> object:
    if isinstance(value, bool):
        raise PydanticCustomError("format_one", "must be 1")
    return value


MAX_ID = 64
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=MAX_ID)]
SchemeId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=MAX_ID)]
FormatNumber = Annotated[Literal[1], BeforeValidator(_no_bool)]
Version = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}$")]
Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Doi = Annotated[str, StringConstraints(pattern=r"^10\.[0-9]{4,9}/[!-~]+$", max_length=200)]
Label = Annotated[str, StringConstraints(pattern=r"\S", max_length=80)]
Text = Annotated[str, StringConstraints(pattern=r"\S", max_length=2000)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
Value = Annotated[int | Id, BeforeValidator(_int_or_word)]


class Part(BaseModel):
    """Base of all parts: types are taken as written, an unknown key is a fault."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
