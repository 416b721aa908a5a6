"""Reliability data of a study: which units were judged by whom, as rows ready for agreement and for export.

Only submitted independent passes count. "Coded, none of the codes applies" and "not coded" are kept apart: a
unit of a submitted pass without a code is judged (as the scheme's `unmarked` says), all else is missing.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from coding_app.domain.coding import CodingPass, Judgement, Purpose
from coding_app.domain.confidence import Recognised
from coding_app.domain.people import Action
from coding_app.domain.rules import SPEECH_KINDS, code_fits
from coding_app.domain.scheme import EVIDENCE, NOT_APPLICABLE, Code, Criterion, Rating, Scheme
from coding_app.domain.transcript import Segment, Transcript
from coding_app.domain.units import Unit, blocks, session_unit
from coding_app.errors import NotFoundError
from coding_app.schemes import kept_scheme
from coding_app.store import Tx, events, passes, recordings, reopenings, schemes, studies, transcripts
from coding_app.workflows import study_access
from coding_app.workflows.permission import allowed
from coding_app.workflows.wiring import App

NOTHING_SUBMITTED = "Nobody has submitted a pass in this study yet; code a session and submit it first."
NOTHING_OF_YOURS = (
    "You see the others' coding of a recording once you have submitted your own; you have submitted none yet."
)


@dataclass(frozen=True, slots=True)
class CodedPass:
    """A submitted pass with the judgements that hold in it.

    offered: the codes that its version of the scheme had, per criterion. blind: whether it was never opened again.
    """

    coding_pass: CodingPass
    coder: str
    offered: dict[str, frozenset[str]]
    judgements: dict[tuple[str, str], Judgement]
    blind: bool = True


@dataclass(frozen=True, slots=True)
class CodedRecording:
    """A recording that at least two observers coded on the same transcript.

    label: the session's label, numbered when the session has several recordings: unique in the study.
    recognised: how sure the recogniser was of the transcript's words.
    """

    recording_id: str
    session_id: str
    session_label: str
    label: str
    transcript: Transcript
    recognised: Recognised
    passes: tuple[CodedPass, ...]

    def is_blind(self, coder: str) -> bool:
        """Whether what this observer coded here was never opened again."""
        return all(each.blind for each in self.passes if each.coder == coder)


@dataclass(frozen=True, slots=True)
class SchemeLine:
    """All versions of a scheme whose codes mean the same: one major version, never pooled with another."""

    scheme_id: str
    major: int
    n_passes: int


@dataclass(frozen=True, slots=True)
class StudyData:
    """What may be compared now. withheld: labels of recordings that the viewer has not submitted yet.

    left_not_blind: how many passes were left out because they are not blind any more.
    """

    scheme: Scheme
    recordings: tuple[CodedRecording, ...]
    coders: tuple[str, ...]
    withheld: tuple[str, ...]
    other_versions: int
    left_not_blind: int = 0

    @property
    def n_passes(self) -> int:
        """How many passes are compared."""
        return sum(len(each.passes) for each in self.recordings)

    @property
    def not_blind(self) -> int:
        """How many of them are not blind any more."""
        return sum(not one.blind for each in self.recordings for one in each.passes)

    def is_blind(self, session_label: str, coder: str) -> bool:
        """Whether nothing that this observer coded of a session was opened again."""
        return all(each.is_blind(coder) for each in self.recordings if each.session_label == session_label)


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in text.split("."))


def _submitted_at(coding_pass: CodingPass) -> datetime:
    return coding_pass.submitted_at or coding_pass.opened_at


def _line(coding_pass: CodingPass) -> tuple[str, int]:
    return coding_pass.scheme_id, _version(coding_pass.scheme_version)[0]


def _lines(submitted: list[CodingPass], first: CodingPass) -> tuple[SchemeLine, ...]:
    counts = Counter(map(_line, submitted))
    ordered = sorted(counts, key=lambda each: (each != _line(first), each))
    return tuple(SchemeLine(*each, counts[each]) for each in ordered)


def of_one_major(found: list[CodingPass], like: CodingPass) -> list[CodingPass]:
    """The passes whose scheme means the same: same scheme, same major version."""
    return [each for each in found if _line(each) == _line(like)]


def last_of_each_coder(found: list[CodingPass]) -> list[CodingPass]:
    """Of each observer the pass that was submitted last."""
    return list({each.coder_id: each for each in sorted(found, key=_submitted_at)}.values())


def compared_passes(
    found: list[CodingPass], like: CodingPass, segmentations: Mapping[str, str]
) -> list[CodingPass]:
    """Each observer's last pass, of those on the segmentation on which one was submitted last.

    segmentations: transcript id -> segmentation; revisions of one differ in their words only.
    """
    same = sorted(of_one_major(found, like), key=_submitted_at)
    here = [
        each for each in same if segmentations[each.transcript_id] == segmentations[same[-1].transcript_id]
    ]
    return last_of_each_coder(here)


def newest_scheme(found: Sequence[CodingPass]) -> CodingPass:
    """The pass with the newest version of the scheme, of passes of one major version."""
    return max(found, key=lambda each: _version(each.scheme_version))


def scheme_of(tx: Tx, coding_pass: CodingPass) -> Scheme:
    """The scheme as the pass used it, which the database keeps."""
    scheme_id, version = coding_pass.scheme_id, coding_pass.scheme_version
    return kept_scheme(schemes.scheme_text(tx, scheme_id, version, coding_pass.scheme_sha256), scheme_id)


def read_pass(tx: Tx, coding_pass: CodingPass, coder: str, *, blind: bool = True) -> CodedPass:
    """A pass with its judgements; coder: the name that its observer goes by; blind: whether it still is."""
    criteria = scheme_of(tx, coding_pass).criteria
    offered = {each.id: frozenset(code.id for code in each.codes) for each in criteria}
    return CodedPass(coding_pass, coder, offered, events.judgements(tx, coding_pass.id), blind)


def _submitted(tx: Tx, study_id: str, viewer_id: str | None) -> list[CodingPass]:
    """What this viewer may see: of an observer what was submitted where they have submitted, too."""
    found = [
        each
        for each in passes.list_passes(tx, study_id=study_id)
        if each.submitted_at is not None and each.purpose is Purpose.INDEPENDENT
    ]
    theirs = {each.recording_id for each in found if viewer_id in (None, each.coder_id)}
    return [each for each in found if each.recording_id in theirs]


@allowed(Action.SEE_AGREEMENT, of="study_id")
def scheme_lines(app: App, study_id: str, viewer_id: str | None) -> tuple[SchemeLine, ...]:
    """Every scheme and major version with submitted passes, that of the last pass first; empty before the first.

    viewer_id: as in read_study.
    """
    with app.store.read() as tx:
        submitted = _submitted(tx, study_id, viewer_id)
    return _lines(submitted, max(submitted, key=_submitted_at)) if submitted else ()


@allowed(Action.SEE_AGREEMENT, of="study_id")
def read_study(
    app: App, study_id: str, viewer_id: str | None, line: tuple[str, int] | None = None
) -> StudyData:
    """Everything submitted in the study that this viewer may see; viewer None = somebody who does not code.

    line: scheme and major version; by default those of the pass that was submitted last.
    An observer sees nothing of a recording before submitting their own pass on it, and not even whether there is
    something to see. Raises NotFoundError when nothing was submitted of which the viewer may know.
    """
    with app.store.read() as tx:
        submitted = _submitted(tx, study_id, viewer_id)
        if not submitted:
            raise NotFoundError(NOTHING_SUBMITTED if viewer_id is None else NOTHING_OF_YOURS)
        of_line = [each for each in submitted if line in (None, _line(each))] or submitted
        latest = max(of_line, key=_submitted_at)
        newest = newest_scheme(of_one_major(submitted, latest))
        scheme = scheme_of(tx, newest)
        coded = _coded_recordings(tx, study_id, submitted, newest)
        withheld = _withheld(app, tx, study_id, viewer_id)
    n_others = len(submitted) - len(of_one_major(submitted, newest))
    coders = tuple(sorted({each.coder for recording in coded for each in recording.passes}))
    return StudyData(scheme, tuple(coded), coders, withheld, n_others)


def recording_labels(tx: Tx, study_id: str) -> dict[str, tuple[str, str]]:
    """Recording id -> its session's label, and that with a number where the session has several recordings."""
    sessions = {session.id: session.label for session in studies.list_sessions(tx, study_id)}
    found = recordings.list_recordings(tx, study_id)
    labels = {}
    for recording in found:
        of_session = [each.id for each in found if each.session_id == recording.session_id]
        number = f" ({of_session.index(recording.id) + 1})" if len(of_session) > 1 else ""
        labels[recording.id] = sessions[recording.session_id], sessions[recording.session_id] + number
    return labels


def _withheld(app: App, tx: Tx, study_id: str, viewer_id: str | None) -> tuple[str, ...]:
    """Labels of what the viewer could code and has not submitted, whatever others have done with it."""
    if viewer_id is None:
        return ()
    done = {each.recording_id for each in _submitted(tx, study_id, viewer_id)}
    bound = study_access.bound_coder(tx, app.actor, study_id, viewer_id)
    theirs = None if bound is None else study_access.sessions_of(tx, study_id, bound)
    labels = recording_labels(tx, study_id)
    found = (each for each in recordings.list_recordings(tx, study_id) if each.id not in done)
    return tuple(labels[each.id][1] for each in found if theirs is None or each.session_id in theirs)


def _coded_recordings(
    tx: Tx, study_id: str, submitted: list[CodingPass], newest: CodingPass
) -> list[CodedRecording]:
    names = {coder.id: coder.name for coder in studies.list_coders(tx, study_id)}
    labels = recording_labels(tx, study_id)
    reopened = reopenings.not_blind(tx, study_id)
    coded = []
    for recording in recordings.list_recordings(tx, study_id):
        here = [each for each in submitted if each.recording_id == recording.id]
        session_label, label = labels[recording.id]
        if not here:
            continue
        compared = compared_passes(here, newest, transcripts.segmentations(tx, recording.id))
        if len({each.coder_id for each in compared}) < 2:
            continue
        transcript = transcripts.get_transcript(tx, compared[0].transcript_id)
        done = tuple(
            read_pass(tx, each, names[each.coder_id], blind=each.id not in reopened) for each in compared
        )
        session_id = recording.session_id
        coded.append(
            CodedRecording(
                recording.id, session_id, session_label, label, transcript, Recognised(transcript), done
            )
        )
    return coded


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit of one recording with each observer's judgement (None = not judged)."""

    recording: CodedRecording
    unit: Unit
    segment: Segment | None
    role: str | None
    judgements: dict[str, Judgement | None]
    offered: dict[str, frozenset[str]]

    @property
    def coders(self) -> frozenset[str]:
        """Who passed over the recording."""
        return frozenset(self.offered)

    @property
    def name(self) -> str:
        """A name of the unit that is unique in the study."""
        return f"{self.recording.label}/{self.unit.key}"

    @property
    def confidence(self) -> float | None:
        """How sure the recogniser was of the unit's words (0-1); None when that is not known."""
        recognised = self.recording.recognised
        return recognised.of_segment(self.segment.key) if self.segment else recognised.within(self.unit.span)


def on_segments(scheme: Scheme, criterion: str) -> bool:
    """Whether a criterion is asked about segments of the transcript, and not about spans that observers draw."""
    units = {each.id: each.unit for each in scheme.criteria}
    return scheme.unit(units[criterion]).kind in SPEECH_KINDS


def segment_rows(data: StudyData, criterion: str) -> Iterator[UnitRow]:
    """Every segment of every compared recording, with the judgements on one criterion.

    None at all for a criterion whose spans the observers draw: those are not given to segments.
    """
    if not on_segments(data.scheme, criterion):
        return
    for recording in data.recordings:
        for segment in recording.transcript.segments:
            yield _row(recording, Unit(segment.key, segment.span), segment, criterion)


def rating_rows(data: StudyData, rating: Rating) -> Iterator[UnitRow]:
    """Every block or session that a rating applies to, with the judgements on it."""
    kind = data.scheme.unit(rating.unit)
    for recording in data.recordings:
        duration_ms = recording.transcript.duration_ms
        units = (
            blocks(duration_ms, kind.interval_ms, kind.keep_last_ms)
            if kind.interval_ms
            else (session_unit(duration_ms),)
        )
        for unit in units:
            yield _row(recording, unit, None, rating.id)


def _row(recording: CodedRecording, unit: Unit, segment: Segment | None, criterion: str) -> UnitRow:
    return UnitRow(
        recording,
        unit,
        segment,
        recording.transcript.role_of(segment) if segment else None,
        {each.coder: each.judgements.get((unit.key, criterion)) for each in recording.passes},
        {each.coder: each.offered.get(criterion, frozenset()) for each in recording.passes},
    )


def codes_of(row: UnitRow, coder: str, criterion: Criterion) -> frozenset[str] | None:
    """The codes one observer gave to a unit; empty = none applies; None = not judged.

    None too when the observer's version of the scheme offered other codes: whether a code that came later
    would have been given is not known.
    """
    if row.offered.get(coder) != frozenset(code.id for code in criterion.codes):
        return None
    return _given(row, coder, criterion)


def has_code(row: UnitRow, coder: str, criterion: Criterion, code: Code) -> bool | None:
    """Whether one observer gave this code; None = not judged, or not in their version of the scheme."""
    if code.id not in row.offered.get(coder, frozenset()):
        return None
    given = _given(row, coder, criterion)
    return None if given is None else code.id in given


def _given(row: UnitRow, coder: str, criterion: Criterion) -> frozenset[str] | None:
    judgement = row.judgements[coder]
    codes = frozenset(each.code for each in judgement.codes) if judgement else frozenset()
    return None if not codes and criterion.unmarked == "missing" else codes


def value_of(row: UnitRow, coder: str) -> int | None:
    """The rating one observer gave to a unit; None = none, or it does not apply."""
    judgement = row.judgements.get(coder)
    return judgement.value if judgement else None


def fits(code: Code, row: UnitRow) -> bool:
    """Whether the code can apply to the unit at all: its role is the speaker's."""
    return code_fits(code, row.role)


def chosen(row: UnitRow, coder: str, names: dict[str, str]) -> str:
    """What one observer chose, in words for a list of disagreements."""
    judgement = row.judgements.get(coder)
    if judgement is None:
        return "none"
    if judgement.value is not None:
        return str(judgement.value)
    parts = []
    for each in judgement.codes:
        if each.code == NOT_APPLICABLE:
            return "not applicable"
        if each.code == EVIDENCE:  # the moments a rating rests on, collected before it was given
            continue
        intensity = each.attributes.get("intensity")
        parts.append(
            names.get(each.code, each.code) + (f" (intensity {intensity})" if intensity is not None else "")
        )
    return ", ".join(parts) or "none"
