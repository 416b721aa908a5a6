"""How far the observers of a study agree: per criterion, code, frequency and rating, and where they differ."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from coding_app.agreement import Assessment
from coding_app.domain.people import Action
from coding_app.domain.scheme import Scheme
from coding_app.errors import InputError
from coding_app.exchange.certificate import Name, Parameters
from coding_app.workflows.disagreements import Disagreement, disagreements
from coding_app.workflows.permission import allowed
from coding_app.workflows.questions import Question
from coding_app.workflows.reliability_data import CodedPass, CodedRecording, StudyData, read_study
from coding_app.workflows.study_questions import study_questions
from coding_app.workflows.table_runs import assess_run, table_of_rows
from coding_app.workflows.wiring import App

REPLICATES = 1000
SEED = 1
MOST_NAMED = 8  # of the recordings that are not shown yet
PARAMETERS = Parameters(replicates=REPLICATES, seed=SEED, confidence=0.95)


@dataclass(frozen=True, slots=True)
class Choice:
    """What to compare: recordings and observers (None = all), scheme and major version (None = the last used).

    masked: the observers are called Observer A, Observer B ..., in the order of their names, everywhere.
    blind_only: passes that were opened again after they had been submitted are left out.
    """

    recording_ids: frozenset[str] | None = None
    coders: frozenset[str] | None = None
    line: tuple[str, int] | None = None
    masked: bool = False
    blind_only: bool = False

    def wants(self, one: CodedPass) -> bool:
        """Whether this pass is to be compared."""
        return (self.coders is None or one.coder in self.coders) and (one.blind or not self.blind_only)


EVERYTHING = Choice()


@dataclass(frozen=True, slots=True)
class Result:
    """One question with its assessment."""

    name: Name
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """All that the Agreement page shows first.

    scheme: as the passes used it. withheld, skipped: sentences about what was left out, and why. not_blind: how many
    of the n_passes compared were opened again after they had been submitted.
    """

    scheme: Scheme
    results: tuple[Result, ...]
    disagreements: tuple[Disagreement, ...]
    n_recordings: int
    coders: tuple[str, ...]
    withheld: str | None
    skipped: tuple[str, ...]
    n_passes: int = 0
    not_blind: int = 0

    def of_kind(self, *kinds: str) -> tuple[Result, ...]:
        """The results of these kinds: "criterion", "code", "attribute", "frequency", "rating"."""
        return tuple(each for each in self.results if each.name.kind in kinds)

    def assessment(self, key: str) -> Assessment | None:
        """The assessment of one question, None when it could not be assessed."""
        return next((each.assessment for each in self.results if each.name.key == key), None)


@allowed(Action.SEE_AGREEMENT, of="study_id")
def check_may_look(app: App, study_id: str, viewer_id: str | None) -> None:
    """Raises AccessError unless this viewer may see agreement: asked before anything kept from earlier is shown."""


@allowed(Action.SEE_AGREEMENT, of="study_id")
def chosen_data(app: App, study_id: str, viewer_id: str | None, choice: Choice = EVERYTHING) -> StudyData:
    """What was submitted and chosen, of what the viewer may see; recordings that two chosen observers coded.

    Raises NotFoundError when nothing was submitted yet.
    """
    data = read_study(app, study_id, viewer_id, choice.line)
    kept, left = [], 0
    for each in data.recordings:
        if choice.recording_ids is not None and each.recording_id not in choice.recording_ids:
            continue
        done = tuple(filter(choice.wants, each.passes))
        left += sum(choice.blind_only and not one.blind for one in each.passes)
        if len(done) >= 2:
            kept.append(replace(each, passes=done))
    names = sorted({one.coder for each in kept for one in each.passes})
    if choice.masked:
        letters = mask(names)
        kept = [_renamed(each, letters) for each in kept]
        names = list(letters.values())
    return replace(data, recordings=tuple(kept), coders=tuple(names), left_not_blind=left)


def mask(names: Iterable[str]) -> dict[str, str]:
    """A name that says nothing for each name: Observer A, Observer B ... Observer 27.

    >>> mask(["Ruth", "Anna", "Ruth"])
    {'Anna': 'Observer A', 'Ruth': 'Observer B'}
    """
    ordered = sorted(set(names))
    return {
        name: f"Observer {chr(65 + number) if number < 26 else number + 1}"
        for number, name in enumerate(ordered)
    }


def _renamed(recording: CodedRecording, letters: dict[str, str]) -> CodedRecording:
    passes = tuple(replace(each, coder=letters[each.coder]) for each in recording.passes)
    return replace(recording, passes=passes)


@allowed(Action.SEE_AGREEMENT, of="study_id")
def assess_study(
    app: App, study_id: str, viewer_id: str | None, choice: Choice = EVERYTHING
) -> AgreementReport:
    """Agreement on all submitted passes that the viewer may see, or on what is chosen of them.

    viewer_id None = somebody who does not code. Intervals come from resampling whole sessions (seeded).
    Raises NotFoundError when nothing was submitted yet.
    """
    data = chosen_data(app, study_id, viewer_id, choice)
    questions = study_questions(data) if data.recordings else ()
    results, skipped = assess_questions(questions)
    return AgreementReport(
        scheme=data.scheme,
        results=results,
        disagreements=disagreements(data),
        n_recordings=len(data.recordings),
        coders=data.coders,
        withheld=_withheld(data),
        skipped=(*left_out(data), *skipped),
        n_passes=data.n_passes,
        not_blind=data.not_blind,
    )


def assess_questions(
    questions: tuple[Question, ...], parameters: Parameters = PARAMETERS
) -> tuple[tuple[Result, ...], tuple[str, ...]]:
    """Every question assessed, and a sentence for each that cannot be."""
    found: list[Result] = []
    skipped: list[str] = []
    for each in questions:
        if not each.rows:
            skipped.append(f"{each.name.label}: nobody has judged it yet.")
            continue
        try:
            assessments = assess_run(table_of_rows(each.rows), each.run, parameters)
            found += [Result(each.name_of(one.criterion), one) for one in assessments]
        except InputError as error:
            skipped.append(f"{each.name.label}: {error}")
    return tuple(found), tuple(skipped)


def left_out(data: StudyData) -> tuple[str, ...]:
    """Sentences about submitted passes that no number rests on."""
    found = []
    if data.other_versions:
        found.append(
            f"{data.other_versions} submitted passes used another scheme or another major version of it; "
            "never pooled with these."
        )
    if data.left_not_blind:
        found.append(
            f"{data.left_not_blind} submitted passes were opened again after submitting and are not blind; left out."
        )
    return tuple(found)


def _withheld(data: StudyData) -> str | None:
    if not data.withheld:
        return None
    shown, n_more = data.withheld[:MOST_NAMED], len(data.withheld) - MOST_NAMED
    more = f" and {n_more} more" if n_more > 0 else ""
    return (
        f"Not shown yet: {', '.join(shown)}{more}. You see the others' coding of a recording "
        "once you have submitted your own."
    )
