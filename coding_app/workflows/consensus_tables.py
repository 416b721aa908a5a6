"""A study's consensus as data: the same long tables as of its observers, with "Consensus" for the observer."""

from collections.abc import Iterator

from coding_app.domain.audit import Act
from coding_app.domain.coding import CodingPass, Purpose
from coding_app.domain.confidence import Recognised
from coding_app.domain.people import Action
from coding_app.errors import NotFoundError
from coding_app.exchange.long_table import LongRow, write_long_table
from coding_app.store import Tx, passes, recordings, transcripts
from coding_app.workflows import audit
from coding_app.workflows.judgement_tables import KINDS
from coding_app.workflows.permission import allowed
from coding_app.workflows.questions import ATTRIBUTE, code_key
from coding_app.workflows.reliability_data import (
    CodedRecording,
    StudyData,
    newest_scheme,
    of_one_major,
    on_segments,
    read_pass,
    recording_labels,
    scheme_of,
)
from coding_app.workflows.study_questions import study_questions
from coding_app.workflows.wiring import App

CONSENSUS = "Consensus"
ATTRIBUTES = "attributes"


@allowed(Action.EXPORT, of="study_id")
def n_consensus(app: App, study_id: str, viewer_id: str | None) -> int:
    """Of how many recordings the viewer can have the finished consensus."""
    with app.store.read() as tx:
        return len(_finished(tx, study_id, viewer_id))


@allowed(Action.EXPORT, of="study_id")
def consensus_csv(
    app: App,
    study_id: str,
    viewer_id: str | None,
    kind: str = "criteria",
    line: tuple[str, int] | None = None,
) -> str:
    """The finished consensus of every recording as a long table; the column coder says "Consensus".

    kind: as of `long_table_csv`, and "attributes": what the scheme asks after each code. line: scheme and major
    version; by default those of the consensus that was finished last. viewer_id None: who does not code; an observer
    gets nothing of a recording before submitting their own pass on it. Raises NotFoundError when none is finished.
    """
    with app.store.read() as tx:
        data = _consensus_data(tx, study_id, viewer_id, line)
    rows: list[LongRow] = []
    for each in study_questions(data):
        if each.name.kind != ATTRIBUTE and (kind == "all" or each.name.kind in KINDS.get(kind, ())):
            rows += each.rows
    if kind in ("all", ATTRIBUTES):
        rows += _attributes(data)
    audit.note_alone(app, Act.EXPORTED, study_id=study_id, what=f"consensus: {kind}")
    return write_long_table(rows)


def _finished(tx: Tx, study_id: str, viewer_id: str | None) -> list[CodingPass]:
    everything = passes.list_passes(tx, study_id=study_id)
    own = [each for each in everything if each.coder_id == viewer_id and each.purpose is Purpose.INDEPENDENT]
    submitted = {each.recording_id for each in own if each.submitted_at is not None}
    submitted -= {each.recording_id for each in own if each.submitted_at is None}
    return [
        each
        for each in everything
        if each.purpose is Purpose.CONSENSUS
        and each.submitted_at is not None
        and (viewer_id is None or each.recording_id in submitted)
    ]


def _consensus_data(tx: Tx, study_id: str, viewer_id: str | None, line: tuple[str, int] | None) -> StudyData:
    found = _finished(tx, study_id, viewer_id)
    if line is not None:
        found = [
            each
            for each in found
            if (each.scheme_id, each.scheme_version.partition(".")[0]) == (line[0], str(line[1]))
        ]
    if not found:
        raise NotFoundError("No consensus is finished yet that you may see; settle the differences first.")
    last = max(found, key=lambda each: each.submitted_at or each.opened_at)
    kept = of_one_major(found, last)
    labels = recording_labels(tx, study_id)
    coded = tuple(_coded(tx, each, *labels[each.recording_id]) for each in _newest_of_each(kept))
    return StudyData(scheme_of(tx, newest_scheme(kept)), coded, (CONSENSUS,), (), len(found) - len(kept))


def _newest_of_each(found: list[CodingPass]) -> list[CodingPass]:
    """Of each recording the consensus that was finished last: another cut of the transcript has one of its own."""
    by_time = sorted(found, key=lambda each: each.submitted_at or each.opened_at)
    return list({each.recording_id: each for each in by_time}.values())


def _coded(tx: Tx, consensus: CodingPass, session_label: str, label: str) -> CodedRecording:
    transcript = transcripts.get_transcript(tx, consensus.transcript_id)
    session_id = recordings.get_recording(tx, consensus.recording_id).session_id
    done = read_pass(tx, consensus, CONSENSUS)
    return CodedRecording(
        consensus.recording_id,
        session_id,
        session_label,
        label,
        transcript,
        Recognised(transcript),
        (done,),
    )


def _attributes(data: StudyData) -> Iterator[LongRow]:
    """One row per attribute of every code that holds, by the code and the attribute, as "rupture: strong: facet"."""
    criteria = {code.id: each.id for each in data.scheme.criteria for code in each.codes}
    for recording in data.recordings:
        for held in recording.passes[0].judgements.values():
            for code in held.codes:
                for name, value in code.attributes.items():
                    criterion = criteria[code.code]
                    on_one = on_segments(data.scheme, criterion)
                    yield LongRow(
                        unit=f"{recording.label}/{held.unit.key}" if on_one else recording.label,
                        coder=CONSENSUS,
                        value=str(value),
                        session=recording.session_label,
                        criterion=code_key(code_key(criterion, code.code), name),
                        start_ms=held.unit.span.start_ms,
                        end_ms=held.unit.span.end_ms,
                    )
