"""The tables of the Agreement page as plain HTML: numbers line up, and every dash says why."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from coding_app.agreement import Assessment, Estimate
from coding_app.ui.parts.words import number

FEWEST_SESSIONS = 3  # two give only three different resamples
STYLE = """<style>
.stats { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .93rem; }
.stats th, .stats td {
  padding: .38rem .75rem; border-bottom: 1px solid color-mix(in srgb, currentColor 14%, transparent);
}
.stats thead th { font-weight: 600; text-align: right; vertical-align: bottom; opacity: .75; font-size: .87rem; }
.stats thead th { text-wrap: balance; }
.stats thead th:first-child, .stats thead th:nth-child(3), .stats tbody th { text-align: left; }
.stats th:first-child, .stats thead th:nth-child(3) { padding-left: 0; }
.stats tbody th { font-weight: 400; }
.stats td { text-align: right; white-space: nowrap; }
.stats tr.head th, .stats tr.head td { font-weight: 600; padding-top: .9rem; }
.stats tr.part th { padding-left: 1.25rem; }
.stats .range { opacity: .7; padding-left: 0; text-align: left; }
.stats sup { opacity: .7; padding-left: .1em; line-height: 0; }
.stats-notes { font-size: .87rem; opacity: .8; margin: .6rem 0 0; padding-left: 1.4rem; }
</style>"""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: cells are ready HTML; head = a criterion, part = one of its codes."""

    label: str
    cells: tuple[str, ...]
    kind: str = "part"


@dataclass(slots=True)
class Notes:
    """Sentences under a table, each told once and numbered."""

    sentences: list[str] = field(default_factory=list)

    def mark(self, sentence: str | None) -> str:
        """The superscript that points at the sentence; "" for none."""
        if not sentence:
            return ""
        if sentence not in self.sentences:
            self.sentences.append(sentence)
        return f"<sup>{self.sentences.index(sentence) + 1}</sup>"


def statistic_cell(estimate: Estimate | None, notes: Notes) -> str:
    """A value, or a dash with the reason as a note."""
    if estimate is None:
        return "–"
    return number(estimate.value) + (notes.mark(estimate.note) if estimate.value is None else "")


def too_few_sessions(estimate: Estimate | None, n_sessions: int) -> bool:
    """Whether the interval comes from resampling so few whole sessions that it would mislead."""
    resampled = estimate is not None and "over sessions" in (estimate.interval_method or "")
    return resampled and n_sessions < FEWEST_SESSIONS


def range_cell(estimate: Estimate | None, notes: Notes, n_sessions: int) -> str:
    """The interval of an estimate with the note on how it came about, "" when there is none.

    After resampling fewer than three sessions a dash, with the reason as a note.
    """
    if estimate is None or estimate.value is None or estimate.low is None or estimate.high is None:
        return ""
    if too_few_sessions(estimate, n_sessions):
        return "–" + notes.mark("too few sessions for an interval")
    # An ICC of very few sessions has a lower limit far below anything that can be read as agreement.
    low = number(estimate.low) if estimate.low >= -1 else "below −1"
    mark = notes.mark(estimate.note) if (estimate.interval_method or "").startswith("bootstrap") else ""
    return f"{low} to {number(estimate.high)}{mark}"


def alpha_of(assessment: Assessment) -> Estimate | None:
    """Krippendorff's alpha; on sets of codes the one with MASI distance."""
    return assessment.estimate("krippendorff_alpha") or assessment.estimate("krippendorff_alpha_masi")


def kappa_of(assessment: Assessment) -> Estimate | None:
    """Cohen's kappa of two observers, Fleiss' of more."""
    return assessment.estimate("cohen_kappa") or assessment.estimate("fleiss_kappa")


def marked_share(assessment: Assessment, coder: str) -> str:
    """How often the coder gave the code (or any code of the criterion), in percent; "" where that means nothing."""
    if assessment.level != "nominal":
        return ""
    shares = next((each.shares for each in assessment.prevalence if each.coder == coder), {})
    if "present" in shares or "absent" in shares:
        return f"{100 * shares.get('present', 0.0):.0f} %"
    return f"{100 * (1 - shares.get('none', 0.0)):.0f} %" if shares else ""


def common_warnings(assessments: Sequence[Assessment]) -> tuple[str, ...]:
    """Warnings that hold for every one of them: told once above a table instead of in each row."""
    first = assessments[0].warnings if assessments else ()
    return tuple(each for each in first if all(each in other.warnings for other in assessments))


def agreement_row(
    label: str, assessment: Assessment, coders: Sequence[str], notes: Notes, kind: str, told: Sequence[str]
) -> Row:
    """One criterion or code: alpha with interval, kappa, percent agreement, units, share per coder.

    told: warnings that stand above the table already.
    """
    alpha, percent = alpha_of(assessment), assessment.estimate("percent_agreement")
    defined = alpha is not None and alpha.value is not None
    unsure = "".join(notes.mark(each) for each in assessment.warnings if defined and each not in told)
    agreed = f"{100 * percent.value:.0f} %" if percent and percent.value is not None else "–"
    shares = (marked_share(assessment, coder) for coder in coders)
    cells = (
        statistic_cell(alpha, notes) + unsure,
        range_cell(alpha, notes, assessment.n_sessions),
        statistic_cell(kappa_of(assessment), notes),
        agreed,
        str(alpha.n_units if alpha else assessment.n_units),
        *shares,
    )
    return Row(label, cells, kind)


def rating_row(label: str, assessment: Assessment, notes: Notes) -> Row:
    """One rating: ICC of one observer with interval, ICC of their mean, alpha, agreement, units."""
    single, mean = assessment.estimate("icc_2_1"), assessment.estimate("icc_2_k")
    percent = assessment.estimate("percent_agreement")
    agreed = f"{100 * percent.value:.0f} %" if percent and percent.value is not None else "–"
    cells = (
        statistic_cell(single, notes),
        range_cell(single, notes, assessment.n_sessions),
        statistic_cell(mean, notes),
        statistic_cell(alpha_of(assessment), notes),
        agreed,
        str(percent.n_units if percent else assessment.n_units),
    )
    return Row(label, cells, "whole")


def table(heads: Sequence[str], rows: Sequence[Row], notes: Notes, caption: str) -> str:
    """The HTML; heads[0] belongs to the labels, and labels, heads and notes are escaped here."""
    top = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    body = "".join(
        f'<tr class="{row.kind}"><th scope="row">{escape(row.label)}</th>'
        + "".join(f'<td class="{"range" if i == 1 else ""}">{cell}</td>' for i, cell in enumerate(row.cells))
        + "</tr>"
        for row in rows
    )
    told = "".join(f"<li>{escape(sentence)}</li>" for sentence in notes.sentences)
    under = f'<ol class="stats-notes">{told}</ol>' if told else ""
    name = escape(caption, quote=True)
    parts = f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody>"
    return f'{STYLE}<table class="stats" aria-label="{name}">{parts}</table>{under}'
