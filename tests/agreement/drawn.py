"""Builders of drawn spans and moments for the tests of agreement in time."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st

from coding_app.agreement.stretches import CodedRecording, CodedStretch, SpanCoding

CODES = ("a", "b", "c")


def stretches(*spans: tuple[int, int, str]) -> tuple[CodedStretch, ...]:
    return tuple(CodedStretch(*each) for each in spans)


def a_coding(
    by_coder: Mapping[str, Sequence[tuple[int, int, str]]],
    duration_ms: int = 100,
    codes: tuple[str, ...] = CODES,
    **options: Any,
) -> SpanCoding:
    """One recording."""
    drawn = {coder: stretches(*spans) for coder, spans in by_coder.items()}
    return SpanCoding(codes, (CodedRecording("s1", duration_ms, drawn),), **options)


def moments(times_by_coder: Mapping[str, Sequence[int]], duration_ms: int, code: str = "a") -> SpanCoding:
    drawn = {coder: [(time, time, code) for time in times] for coder, times in times_by_coder.items()}
    return a_coding(drawn, duration_ms, (code,), moments=True)


@st.composite
def codings(
    draw: st.DrawFn,
    n_coders: int = 2,
    n_sessions: int = 2,
    codes: tuple[str, ...] = CODES,
    as_moments: bool = False,
    exclusive: bool = True,
) -> SpanCoding:
    """Short recordings with a few stretches per coder; an exclusive coder's stretches do not overlap."""
    recordings = []
    for session in range(n_sessions):
        duration = draw(st.integers(20, 60))
        by_coder = {}
        for coder in range(n_coders):
            bounds = draw(st.lists(st.integers(0, duration), max_size=8, unique=True))
            points = bounds if as_moments else sorted(bounds)
            code = st.sampled_from(codes)
            spans = (
                [(time, time, draw(code)) for time in points]
                if as_moments
                else [(a, b, draw(code)) for a, b in zip(points[::2], points[1::2], strict=False)]
            )
            by_coder[f"coder {coder}"] = stretches(*spans)
        recordings.append(CodedRecording(f"session {session}", duration, by_coder))
    return SpanCoding(codes, tuple(recordings), exclusive=exclusive, moments=as_moments)


def a_corpus(
    n_sessions: int, n_coders: int, n_events: int, seed: int = 0, as_moments: bool = False
) -> SpanCoding:
    """Coders who find nine of ten events, a second too early or late, and give eight of ten the true code."""
    rng = np.random.default_rng(seed)
    duration, recordings = n_events * 15_000, []
    for session in range(n_sessions):
        starts = np.arange(n_events) * 15_000 + rng.integers(1_500, 5_000, n_events)
        true = rng.integers(len(CODES), size=n_events)
        by_coder = {}
        for coder in range(n_coders):
            begin = starts + rng.integers(-1_000, 1_000, n_events)
            end = begin if as_moments else begin + rng.integers(2_000, 8_000, n_events)
            code = np.where(rng.random(n_events) < 0.8, true, rng.integers(len(CODES), size=n_events))
            found = rng.random(n_events) < 0.9
            by_coder[f"coder {coder}"] = tuple(
                CodedStretch(int(a), int(b), CODES[c])
                for a, b, c in zip(begin[found], end[found], code[found], strict=True)
            )
        recordings.append(CodedRecording(f"session {session}", duration, by_coder))
    return SpanCoding(CODES, tuple(recordings), moments=as_moments)
