"""Speech recognition in three steps, each of which can be repeated: prepare, recognise chunk by chunk, finish."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coding_app.domain.script import ScriptLine
from coding_app.domain.times import Span
from coding_app.domain.transcript import Segment
from coding_app.errors import SpeechError
from coding_app.media.decode import open_pcm
from coding_app.media.limits import decode_limited, probe_limited
from coding_app.media.source import Source
from coding_app.speech import diarizer
from coding_app.speech.alignment import align
from coding_app.speech.channels import own_speech
from coding_app.speech.chunks import back_in_place, chunk_length_ms, plan_chunks, speech_only
from coding_app.speech.segmenting import Turn, number, segments
from coding_app.speech.talk import Talk
from coding_app.speech.transcriber import SAMPLE_RATE_HZ, Transcriber
from coding_app.speech.voice_activity import speech_spans
from coding_app.workflows.chunk_words import ChunkWords
from coding_app.workflows.prepared import Chunk, Prepared
from coding_app.workflows.second_look import flagged, hear

OnProgress = Callable[[float], None]
HEARD = 0.1  # of the time to finish, the talk network's share

NO_VOICE_PRINTS = (
    "Speakers were not told apart, because the weights for that are not installed on this machine: the transcript "
    "does not say who speaks, and that cannot be put in by hand yet. Run scripts/install again and then "
    "transcribe again, or record each person on a channel of their own."
)


@dataclass(frozen=True, slots=True)
class Finished:
    """A transcript's segments with their flags, and speaker -> role, as far as it is known.

    overlap_ms: how long two talk at once; None where that could not be told.
    """

    segments: tuple[Segment, ...]
    speakers: dict[str, str | None]
    overlap_ms: int | None


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
) -> Finished:
    """All chunks' words as segments with speakers and flags, and what is known of each speaker's role.

    n_speakers None: guessed. Where voices cannot be told apart (speaker_note says so) speakers are None.
    """
    report = on_progress or (lambda _: None)
    found = sorted(chunk_words, key=lambda each: each.number)
    language = spoken_language(found)
    words = [word for each in found for word in each.words]
    if not words:
        return Finished((), _named(prepared), 0)
    heard = hear(prepared, lambda done: report(done * HEARD))
    if prepared.channels:
        made = _by_channel(prepared, found, language)
    else:
        turns = _turns(prepared, n_speakers, heard.talk, lambda done: report(HEARD + done * (1 - HEARD)))
        made = segments(words, turns, language)
    speakers = _named(prepared) or dict.fromkeys(sorted({each.speaker for each in made if each.speaker}))
    return Finished(flagged(prepared, made, heard, recognised=True), speakers, heard.overlap_ms)


def finish_script(
    prepared: Prepared,
    script: Sequence[ScriptLine],
    roles: Mapping[str, str | None],
    chunk_words: Iterable[ChunkWords],
    language: str | None = None,
    on_progress: OnProgress | None = None,
) -> Finished:
    """The lines of a script as segments, timed by what was heard, with flags; its words stay as they are."""
    found = list(chunk_words)
    words = [word for each in found for word in each.words]
    made = align(script, words, prepared.duration_ms, spoken_language(found, language))
    heard = hear(prepared, on_progress)
    return Finished(flagged(prepared, made, heard, recognised=False), dict(roles), heard.overlap_ms)


def speaker_note(n_speakers: int | None, channels: tuple[str, ...] = ()) -> str | None:
    """A sentence for the person when the speakers of such a transcription cannot be told apart here."""
    return None if channels or n_speakers == 1 or diarizer.available() else NO_VOICE_PRINTS


def _turns(
    prepared: Prepared, n_speakers: int | None, talk: Talk | None, on_progress: OnProgress
) -> tuple[Turn, ...]:
    if n_speakers == 1:
        return (Turn(Span(0, prepared.duration_ms), "S1"),)
    if not diarizer.available():
        return ()
    return diarizer.speaker_turns(open_pcm(prepared.mix), n_speakers, on_progress, talk)


def _named(prepared: Prepared) -> dict[str, str | None]:
    """The speakers of a recording with a microphone each; empty for another one."""
    return {f"S{place}": role for place, role in enumerate(prepared.channels, start=1)}


def _by_channel(prepared: Prepared, found: list[ChunkWords], language: str) -> tuple[Segment, ...]:
    """Each track's own segments, then all in the order of their start; people may talk at once."""
    whole, made = Span(0, prepared.duration_ms), list[Segment]()
    for track, label in enumerate(_named(prepared)):
        words = [word for each in found if each.track == track for word in each.words]
        made += segments(words, [Turn(whole, label)], language)
    made.sort(key=lambda each: (each.span.start_ms, each.speaker or ""))
    return number(made)
