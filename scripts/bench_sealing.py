"""What sealing the words in the database costs: python scripts/bench_sealing.py [--json] [--smoke].

A transcript of 5,000 segments of 12 words is stored, opened and copied, and notes are saved. `_plain` is the same with
the rows as they lay there before they were sealed. Milliseconds of the processor, medians, so that a busy machine
does not count.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1])]

from coding_app.domain.transcript import Transcript, Word
from coding_app.store import Store, corrections, events, sealing, tables, transcripts
from tests.builders import (
    NOON,
    a_segment,
    a_transcript,
    an_event,
    an_id,
    an_unlocked_store,
    given_a_pass,
    given_a_recording,
)

N_SEGMENTS, N_WORDS = 5_000, 12
SMOKE_SEGMENTS = 200


def a_long_transcript(recording_id: str, n_segments: int) -> Transcript:
    """Segments of 12 words, each word with its times."""
    said = []
    for number in range(1, n_segments + 1):
        segment = a_segment(number)
        starts = [segment.span.start_ms + 300 * n for n in range(N_WORDS)]
        words = tuple(Word(start, start + 250, f"word{n}", 0.9) for n, start in enumerate(starts))
        said.append(replace(segment, text=" ".join(word.text for word in words), words=words))
    return a_transcript(recording_id, n_segments, segments=tuple(said))


def cpu_ms(work: Callable[[], object], rounds: int) -> float:
    """Median time of the processor in milliseconds."""
    times = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        times.append(1_000 * (time.process_time() - began))
    return round(statistics.median(times), 1)


def make_plain(store: Store, transcript_id: str) -> None:
    """The segments of a transcript as an earlier version kept them."""
    table = tables.segment
    with store.write() as tx:
        mine = table.c.transcript_id == transcript_id
        sealer = sealing.of_transcript(tx, transcript_id)
        rows = [sealer.open(table, row) for row in tx.execute(table.select().where(mine))]
        tx.execute(table.delete().where(mine))
        tx.execute(table.insert(), rows)


def measure(folder: Path, n_segments: int) -> dict[str, float]:
    """All figures, in a new database."""
    store = an_unlocked_store(f"sqlite:///{folder / 'coding-app.sqlite'}")
    recording = given_a_recording(store, 1)
    coding_pass = given_a_pass(store, recording)
    sealed, plain = (a_long_transcript(recording.id, n_segments) for _ in range(2))

    def add(transcript: Transcript) -> None:
        with store.write() as tx:
            transcripts.add_transcript(tx, transcript)

    def read(transcript: Transcript) -> None:
        with store.read() as tx:
            transcripts.get_transcript(tx, transcript.id)

    def copy(transcript: Transcript) -> None:
        with store.write() as tx:
            corrections.copy_revision(tx, transcripts.get_header(tx, transcript.id), an_id(), NOON)

    def save(note: str | None) -> None:
        with store.write() as tx:
            events.append_events(tx, [an_event(coding_pass.id, note=note)])

    add(sealed)
    add(plain)
    make_plain(store, plain.id)
    figures = {
        "n_segments": float(n_segments),
        "open_cpu_ms": cpu_ms(lambda: read(sealed), 9),
        "open_plain_cpu_ms": cpu_ms(lambda: read(plain), 9),
        "store_cpu_ms": cpu_ms(lambda: add(replace(sealed, id=an_id())), 3),
        "copy_cpu_ms": cpu_ms(lambda: copy(sealed), 3),
        "save_with_note_cpu_ms": cpu_ms(lambda: save("a note of a few words"), 200),
        "save_cpu_ms": cpu_ms(lambda: save(None), 200),
    }
    store.close()
    return figures


def main() -> None:
    """Prints the figures; as one line of JSON with --json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="only the JSON line")
    parser.add_argument("--smoke", action="store_true", help="a short transcript: checks that it works")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), SMOKE_SEGMENTS if options.smoke else N_SEGMENTS)
    if not options.json:
        for name, value in figures.items():
            print(f"{name:24} {value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
