"""Who is who in a transcript: a few lines of each speaker, and the role a person gives them."""

from dataclasses import dataclass

from coding_app.domain.people import Action
from coding_app.domain.transcript import Segment, Transcript
from coding_app.store import transcripts
from coding_app.workflows.permission import allowed
from coding_app.workflows.wiring import App

SAMPLE_MS = (1_500, 15_000)


@dataclass(frozen=True, slots=True)
class SpeakerSample:
    """One speaker of a transcript: role (None = not said yet), share of the talk (0-1) and typical lines."""

    label: str
    role: str | None
    talk_share: float
    n_segments: int
    lines: tuple[Segment, ...]


def samples(transcript: Transcript, n_lines: int = 3) -> tuple[SpeakerSample, ...]:
    """Every speaker, who talks most first, with up to n_lines of their lines, easy to tell a voice by.

    Lines of 1.5 to 15 seconds are preferred, the longest of each third of the recording, in order of time.
    """
    talk = {label: [s for s in transcript.segments if s.speaker == label] for label in transcript.speakers}
    total_ms = sum(s.span.duration_ms for lines in talk.values() for s in lines) or 1
    found = [
        SpeakerSample(
            label,
            transcript.speakers[label],
            sum(s.span.duration_ms for s in lines) / total_ms,
            len(lines),
            _typical(lines, n_lines),
        )
        for label, lines in talk.items()
    ]
    return tuple(sorted(found, key=lambda each: -each.talk_share))


def _typical(lines: list[Segment], n_lines: int) -> tuple[Segment, ...]:
    low, high = SAMPLE_MS
    fit = [s for s in lines if low <= s.span.duration_ms <= high] or lines
    parts = [fit[len(fit) * i // n_lines : len(fit) * (i + 1) // n_lines] for i in range(n_lines)]
    return tuple(max(part, key=lambda s: s.span.duration_ms) for part in parts if part)


@allowed(Action.EDIT_TRANSCRIPT, of="transcript_id")
def assign(app: App, transcript_id: str, speaker: str, role: str | None) -> None:
    """Gives a speaker a role ("therapist", "client", "other"); raises CodingError once a pass is open."""
    with app.store.write() as tx:
        transcripts.assign_role(tx, transcript_id, speaker, role)


@allowed(Action.EDIT_TRANSCRIPT, of="transcript_id")
def assign_all(app: App, transcript_id: str, roles: dict[str, str | None]) -> None:
    """Gives several speakers their roles in one step; raises CodingError once a pass is open."""
    with app.store.write() as tx:
        for speaker, role in roles.items():
            transcripts.assign_role(tx, transcript_id, speaker, role)


def swapped(speakers: dict[str, str | None]) -> dict[str, str | None]:
    """The same speakers with therapist and client exchanged."""
    other = {"therapist": "client", "client": "therapist"}
    return {label: other.get(role or "", role) for label, role in speakers.items()}
