"""A recording made ready to be transcribed: where its sound lies, and the pieces of work."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from coding_app.domain.times import Span


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of work: the speech spans of one track that are transcribed together."""

    number: int
    track: int
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A recording ready to be transcribed.

    mix: all channels together, 16 kHz 16-bit samples; tracks: what is transcribed, [mix] or one per channel.
    channels: the role on each track, () when there is only the mix.
    """

    mix: Path
    tracks: tuple[Path, ...]
    channels: tuple[str, ...]
    duration_ms: int
    chunks: tuple[Chunk, ...]

    def to_json(self) -> str:
        """As text, for a checkpoint."""
        return json.dumps(asdict(self), default=str)

    @classmethod
    def from_json(cls, text: str) -> "Prepared":
        """What to_json wrote."""
        read: dict[str, Any] = json.loads(text)
        chunks = (
            Chunk(each["number"], each["track"], tuple(Span(**span) for span in each["spans"]))
            for each in read["chunks"]
        )
        tracks = tuple(map(Path, read["tracks"]))
        return cls(Path(read["mix"]), tracks, tuple(read["channels"]), read["duration_ms"], tuple(chunks))
