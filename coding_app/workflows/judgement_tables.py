"""A study's judgements as long tables, which `coding-app agreement` reads and `verify` compares with a report."""

from coding_app.domain.audit import Act
from coding_app.domain.people import Action
from coding_app.exchange.long_table import LongRow, write_long_table
from coding_app.workflows import audit
from coding_app.workflows.assess_agreement import EVERYTHING, Choice, chosen_data
from coding_app.workflows.permission import allowed
from coding_app.workflows.questions import CODE, CRITERION, FREQUENCY, LINK, MEASURE, RATING, SPAN
from coding_app.workflows.study_questions import study_questions
from coding_app.workflows.wiring import App

KINDS = {"criteria": (CRITERION,), "codes": (CODE,), "ratings": (RATING,), "frequencies": (FREQUENCY,),
         "spans": (SPAN,), "links": (LINK,), "measures": (MEASURE,)}  # fmt: skip


@allowed(Action.EXPORT, of="study_id")
def long_table_csv(
    app: App, study_id: str, viewer_id: str | None, kind: str = "criteria", choice: Choice = EVERYTHING
) -> str:
    """The judgements as a long table that `coding-app agreement` reads (and gets the page's numbers from).

    kind "criteria": the code of each criterion, "none" when none applies, several joined by "|";
    "codes": 0 or 1 per code on the units it can apply to; "ratings": the ratings; "frequencies": how often a
    code was given per session; "spans": what observers drew; "links": what they
    linked; "measures": the derived measures per session; "all": these and all else that a report of the study rests on.
    Raises NotFoundError when nothing was submitted yet.
    """
    questions = study_questions(chosen_data(app, study_id, viewer_id, choice))
    rows: list[LongRow] = []
    for each in questions:
        if kind == "all" or each.name.kind in KINDS[kind]:
            rows += each.rows
    audit.note_alone(app, Act.EXPORTED, study_id=study_id, what=f"judgements: {kind}")
    return write_long_table(rows)
