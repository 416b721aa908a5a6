"""The scheme format as JSON Schema, made from the same models that read a file: for editors that complete and check."""

import json
from typing import Any

from coding_app.schemes.format import SchemeFile
from coding_app.schemes.format_basics import MAX_ID

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TITLE = "Coding scheme, format 1"


def json_schema() -> dict[str, Any]:
    """The schema. It knows keys, types and lengths; what must fit together, only `coding-app schemes check` knows."""
    made = SchemeFile.model_json_schema(by_alias=True, mode="validation")
    return {"$schema": DIALECT, **_tidied(made), "title": TITLE}


def json_schema_text() -> str:
    """The schema as the text of the file coding_schemes/scheme.schema.json."""
    return json.dumps(json_schema(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _tidied(part: Any) -> Any:
    """Without the titles that pydantic makes of every field's name, and with ids of sections as strict as the loader's.

    An editor would show those titles as if they said more.
    """
    if isinstance(part, list):
        return [_tidied(each) for each in part]
    if not isinstance(part, dict):
        return part
    found = {
        key: _tidied(value) for key, value in part.items() if not (key == "title" and isinstance(value, str))
    }
    if "patternProperties" in found:
        found |= {"additionalProperties": False, "propertyNames": {"maxLength": MAX_ID}}
    return found
