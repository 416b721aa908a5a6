"""Studies that several observers have coded and submitted: noisy codes on segments, and drawn spans."""

import random
from datetime import UTC, datetime, timedelta

from coding_app.domain.coding import AppliedCode, CodingEvent
from coding_app.domain.times import Span
from coding_app.domain.transcript import Segment, Word
from coding_app.domain.units import SESSION_KEY, Unit
from coding_app.schemes import BUILT_IN, parse_scheme
from coding_app.store import events, passes, recordings, schemes, studies, transcripts
from coding_app.workflows.wiring import App
from tests.builders import (
    a_coder,
    a_pass,
    a_recording,
    a_segment,
    a_session,
    a_study,
    a_transcript,
    a_unit,
    an_id,
)

FIRST_DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
N_SEGMENTS, SEGMENT_MS = 20, 4_000
DURATION_MS = N_SEGMENTS * SEGMENT_MS
CLIENT = ("emp_c_received",)
Codes = list[tuple[Unit, str, str | None, int | None]]  # unit, criterion, code, value


def given_a_study(
    app: App,
    observers: tuple[str, ...] = ("Ruth", "Anna", "Ben"),
    n_sessions: int = 6,
    scheme: str = "alliance-core",
    seed: int = 1,
    segments: tuple[Segment, ...] = (),
    text: str | None = None,
) -> str:
    """The id of a study in which every observer coded every session, a day apart, with some differences.

    segments: those of every transcript, as many as N_SEGMENTS; usual ones by default. text: of the scheme, where
    it is not the one that comes with the program.
    """
    rng = random.Random(seed)
    text = text or (BUILT_IN / f"{scheme}.yaml").read_text("utf-8")
    read = parse_scheme(text, scheme)
    with app.store.write() as tx:
        study = a_study(title=f"Double-coded {an_id()}", scheme_id=read.id)
        studies.add_study(tx, study)
        schemes.keep_scheme(tx, read.id, read.version, read.sha256, text)
        coders = [a_coder(study.id, name=name) for name in observers]
        for coder in coders:
            studies.add_coder(tx, coder)
        for number in range(n_sessions):
            session = a_session(study.id, label=f"Session {number + 1:02}")
            studies.add_session(tx, session)
            recording = a_recording(session.id, duration_ms=DURATION_MS)
            recordings.add_recording(tx, recording)
            cut = {"segments": segments} if segments else {}
            transcript = transcripts.add_transcript(tx, a_transcript(recording.id, N_SEGMENTS, **cut))
            make = _drawn if scheme == "session-flow" else _on_segments
            truth = make(rng)
            for coder in coders:
                submitted = FIRST_DAY + timedelta(days=number)
                made = a_pass(
                    recording.id, transcript.id, coder.id, scheme_id=read.id,
                    scheme_version=read.version, scheme_sha256=read.sha256,
                )  # fmt: skip
                passes.add_pass(tx, made)
                judged = [_event(made.id, *each, submitted) for each in _as_seen(truth, rng)]
                events.append_events(tx, judged)
                passes.mark_submitted(tx, made.id, submitted)
    return study.id


def unequally_recognised() -> tuple[Segment, ...]:
    """Segments 1-7 with low, 8-14 with middle, 15-20 with unknown confidence; voices overlap in 1-4; 20 is invented."""
    found = []
    for number in range(1, N_SEGMENTS + 1):
        start_ms = (number - 1) * SEGMENT_MS
        probability = 0.25 if number <= 7 else 0.75 if number <= 14 else None
        flags = ("overlap",) if number <= 4 else ("over_silence",) if number == N_SEGMENTS else ()
        word = Word(start_ms, start_ms + 500, "Words", probability)
        found.append(a_segment(number, words=(word,), flags=flags))
    return tuple(found)


def _on_segments(rng: random.Random) -> Codes:
    found: Codes = []
    for number in range(1, N_SEGMENTS + 1):
        if number % 2 == 0 and rng.random() < 0.4:
            found.append((a_unit(number), "rupture", rng.choice(["rup_c_withdraw", "rup_c_confront"]), None))
        if number % 2 == 1 and rng.random() < 0.5:
            found.append((a_unit(number), "empathy", rng.choice(["emp_t_convey", "emp_t_miss"]), None))
    whole = Unit(SESSION_KEY, Span(0, DURATION_MS))
    return [*found, *((whole, rating, None, rng.randint(1, 7)) for rating in ("bond", "goal", "task"))]


def _drawn(rng: random.Random) -> Codes:
    starts = [0, *sorted(rng.sample(range(5_000, DURATION_MS, 5_000), 4))]
    found: Codes = [
        (_x(Span(at, at)), "activity", code, None)
        for at, code in zip(
            starts, ["act_open", "act_tell", "act_explore", "act_plan", "act_close"], strict=True
        )
    ]
    found += [
        (_x(Span(at, at)), "voice", "voi_laugh", None) for at in rng.sample(range(0, DURATION_MS, 3_000), 6)
    ]
    begin = rng.randrange(10_000, 40_000, 1_000)
    return [*found, (_x(Span(begin, begin + 15_000)), "episode", "epi_strain", None)]


def _x(span: Span) -> Unit:
    return Unit(f"x-{an_id()}", span)


def _as_seen(truth: Codes, rng: random.Random) -> Codes:
    """What one observer saw of it: some of it missed, ratings a step off, starts a moment early or late."""
    found: Codes = []
    for unit, criterion, code, value in truth:
        if value is not None:
            found.append((unit, criterion, code, min(7, max(1, value + rng.choice([-1, 0, 0, 1])))))
        elif rng.random() < 0.85:
            seen = unit
            if unit.key.startswith("x-"):
                shift = rng.randrange(-900, 901, 100) if unit.span.start_ms else 0
                length = unit.span.duration_ms
                start = min(max(0, unit.span.start_ms + shift), DURATION_MS - length)
                seen = _x(Span(start, start + length))
            found.append((seen, criterion, code, None))
    return found


def _event(
    pass_id: str, unit: Unit, criterion: str, code: str | None, value: int | None, at: datetime
) -> CodingEvent:
    attributes = {"intensity": 2} if code and not unit.key.startswith("x-") else {}
    codes = (AppliedCode(code, attributes),) if code else ()
    return CodingEvent(an_id(), pass_id, unit, criterion, codes, at, value)
