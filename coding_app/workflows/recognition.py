"""Speech recognition in three steps, each of which can be repeated: prepare, recognise chunk by chunk, finish."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from coding_app.domain.times import Span
from coding_app.domain.transcript import Segment
from coding_app.errors import SpeechError
from coding_app.media.decode import open_pcm
from coding_app.media.limits import decode_limited, probe_limited
from coding_app.media.source import Source
from coding_app.speech import diarizer
from coding_app.speech.channels import own_speech
from coding_app.speech.chunks import back_in_place, chunk_length_ms, plan_chunks, speech_only
from coding_app.speech.segmenting import Turn, number, segments
from coding_app.speech.transcriber import SAMPLE_RATE_HZ, Transcriber
from coding_app.speech.voice_activity import speech_spans
from coding_app.workflows.chunk_words import ChunkWords

OnProgress = Callable[[float], None]

NO_VOICE_PRINTS = (
    "Speakers were not told apart, because the weights for that are not installed on this machine: the transcript "
    "does not say who speaks, and that cannot be put in by hand yet. Run scripts/install again and then "
    "transcribe again, or record each person on a channel of their own."
)


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


def prepare(
    source: Source, work_dir: Path, channels: tuple[str, ...] = (), on_progress: OnProgress | None = None
) -> Prepared:
    """Decodes into work_dir, finds speech and plans the chunks; the same every time for the same recording.

    channels: the role on each audio channel when every person has a microphone; a role may repeat. No speech
    gives no chunks. on_progress gets 0..1. Raises MediaError, or StoreError when the disk is full.
    """
    report = on_progress or (lambda _: None)
    work_dir.mkdir(parents=True, exist_ok=True)
    if channels and len(channels) != (n_channels := probe_limited(source).n_channels):
        raise SpeechError(
            f"The recording has {n_channels} audio channel(s), but {len(channels)} were named; "
            "name one speaker per channel, or none."
        )
    n_decodes = 1 + len(channels)
    mix = decode_limited(source, work_dir / "mix.pcm", lambda done: report(done * 0.6 / n_decodes))
    tracks = [mix.path]
    if channels:
        paths = [work_dir / f"channel-{place}.pcm" for place in range(len(channels))]
        tracks = [decode_limited(source, path, channel=place).path for place, path in enumerate(paths)]
    report(0.6)
    speech = _speech(tracks, lambda done: report(0.6 + done * 0.4))
    duration_ms = mix.n_samples * 1000 // SAMPLE_RATE_HZ
    chunks = _plan(tracks, speech, chunk_length_ms(duration_ms))
    return Prepared(mix.path, tuple(tracks), channels, duration_ms, chunks)


def _speech(tracks: list[Path], report: OnProgress) -> tuple[tuple[Span, ...], ...]:
    samples, found = [open_pcm(each) for each in tracks], []
    for place, each in enumerate(samples):
        found.append(speech_spans(each))
        report((place + 1) / len(samples))
    return own_speech(samples, found) if len(samples) > 1 else tuple(found)


def _plan(tracks: list[Path], speech: Iterable[tuple[Span, ...]], chunk_ms: int) -> tuple[Chunk, ...]:
    """Chunks of all tracks in the order of their start."""
    pieces = [
        (track, spans)
        for track, (path, stretch) in enumerate(zip(tracks, speech, strict=True))
        for spans in plan_chunks(open_pcm(path), stretch, chunk_ms)
    ]
    pieces.sort(key=lambda piece: (piece[1][0].start_ms, piece[0]))
    return tuple(Chunk(place, track, spans) for place, (track, spans) in enumerate(pieces))


def recognise(
    prepared: Prepared,
    chunk_number: int,
    transcriber: Transcriber,
    language: str | None = None,
    prompt: str | None = None,
) -> ChunkWords:
    """Transcribes one chunk (numbers 0 .. len(prepared.chunks) - 1), silence left out.

    language None: recognised for this chunk alone; better give the first chunk's language to the others.
    Raises SpeechError.
    """
    chunk = prepared.chunks[chunk_number]
    audio = speech_only(open_pcm(prepared.tracks[chunk.track]), chunk.spans)
    recognised = transcriber.transcribe_chunk(audio, language, prompt)
    words = back_in_place(recognised.words, chunk.spans)
    return ChunkWords(chunk.number, chunk.track, recognised.language, words)


def spoken_language(chunk_words: Iterable[ChunkWords], language: str | None = None) -> str:
    """The language asked for, else the one with most words, else "" when nothing was said."""
    counts: Counter[str] = Counter()
    for each in chunk_words:
        counts[each.language] += len(each.words)
    return language or next((name for name, n_words in counts.most_common(1) if n_words), "")


def finish(
    prepared: Prepared,
    chunk_words: Iterable[ChunkWords],
    n_speakers: int | None = 2,
    on_progress: OnProgress | None = None,
) -> tuple[tuple[Segment, ...], dict[str, str | None]]:
    """All chunks' words as segments with speakers, and what is known of each speaker's role.

    n_speakers None: guessed. Where voices cannot be told apart (speaker_note says so) speakers are None.
    """
    found = sorted(chunk_words, key=lambda each: each.number)
    language = spoken_language(found)
    if prepared.channels:
        return _by_channel(prepared, found, language)
    words = [word for each in found for word in each.words]
    turns = _turns(prepared, n_speakers, on_progress) if words else ()
    made = segments(words, turns, language)
    return made, dict.fromkeys(sorted({part.speaker for part in made if part.speaker}))


def speaker_note(n_speakers: int | None, channels: tuple[str, ...] = ()) -> str | None:
    """A sentence for the person when the speakers of such a transcription cannot be told apart here."""
    return None if channels or n_speakers == 1 or diarizer.available() else NO_VOICE_PRINTS


def _turns(prepared: Prepared, n_speakers: int | None, on_progress: OnProgress | None) -> tuple[Turn, ...]:
    if n_speakers == 1:
        return (Turn(Span(0, prepared.duration_ms), "S1"),)
    if not diarizer.available():
        return ()
    return diarizer.speaker_turns(open_pcm(prepared.mix), n_speakers, on_progress)


def _by_channel(
    prepared: Prepared, found: list[ChunkWords], language: str
) -> tuple[tuple[Segment, ...], dict[str, str | None]]:
    """Each track's own segments, then all in the order of their start; people may talk at once."""
    labels = [f"S{place}" for place in range(1, len(prepared.channels) + 1)]
    whole, made = Span(0, prepared.duration_ms), list[Segment]()
    for track, label in enumerate(labels):
        words = [word for each in found if each.track == track for word in each.words]
        made += segments(words, [Turn(whole, label)], language)
    made.sort(key=lambda each: (each.span.start_ms, each.speaker or ""))
    return number(made), dict(zip(labels, prepared.channels, strict=True))
