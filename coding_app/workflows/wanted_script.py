"""A script whose words are to be found in a recording, as it is kept with the transcription that does it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coding_app.domain.script import ScriptLine


@dataclass(frozen=True, slots=True)
class WantedScript:
    """The lines of an imported file. roles: speaker -> role, None where it is not known, for every speaker.

    format, file, sha256: what the lines were read from, for the transcript's provenance.
    """

    lines: tuple[ScriptLine, ...]
    roles: Mapping[str, str | None]
    format: str
    file: str
    sha256: str

    @property
    def provenance(self) -> dict[str, Any]:
        """Where the words come from."""
        return {"format": self.format, "file": self.file, "sha256": self.sha256}

    def to_json(self) -> str:
        """As text, for the database."""
        lines = [[each.speaker, each.text, each.start_ms, each.end_ms] for each in self.lines]
        return json.dumps({"lines": lines, "roles": dict(self.roles), **self.provenance}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "WantedScript":
        """What to_json wrote."""
        read: dict[str, Any] = json.loads(text)
        lines = tuple(ScriptLine(*each) for each in read["lines"])
        return cls(lines, read["roles"], read["format"], read["file"], read["sha256"])
