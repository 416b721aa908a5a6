"""What recognition makes of one chunk of a recording, as it is kept until all chunks are done."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from coding_app.domain.transcript import Word


@dataclass(frozen=True, slots=True)
class ChunkWords:
    """The words of one chunk, timed in the recording."""

    number: int
    track: int
    language: str
    words: tuple[Word, ...]

    def to_json(self) -> str:
        """As text, for a checkpoint."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "ChunkWords":
        """What to_json wrote."""
        read: dict[str, Any] = json.loads(text)
        return cls(**{**read, "words": tuple(Word(**each) for each in read["words"])})
