"""The tables of the Agreement page as plain HTML: numbers line up, and every dash says why."""

from collections.abc import Callable, Sequence
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
.stats.words td, .stats.words thead th { text-align: left; }
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
    if estimate is None:
        return False
    resampled = "over sessions" in (estimate.interval_method or "") or estimate.statistic.startswith("icc_")
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


MAIN = (
    "krippendorff_alpha", "krippendorff_alpha_masi", "time_unit_kappa", "time_unit_alpha_masi", "grid_kappa",
    "grid_alpha_masi", "event_kappa", "link_alpha_masi",
)  # fmt: skip
Columns = tuple[tuple[str, tuple[str, ...]], ...]
"""Heads with the statistics that may stand under them, the first that there is."""
_RATED: Columns = (
    ("ICC, one observer", ("icc_2_1",)),
    ("ICC, mean of observers", ("icc_2_k",)),
    ("Alpha", ("krippendorff_alpha",)),
    ("Same value", ("percent_agreement",)),
)
_SHARES = ("percent_agreement", "time_unit_agreement", "grid_agreement", "link_agreement")


def _coded(n_coders: int) -> Columns:
    return (
        ("Alpha", ("krippendorff_alpha", "krippendorff_alpha_masi")),
        ("Cohen's kappa" if n_coders == 2 else "Fleiss' kappa", ("cohen_kappa", "fleiss_kappa")),
        ("AC1", ("gwet_ac1",)),
        ("Positive agreement", ("positive_agreement",)),
        ("Agreement", ("percent_agreement",)),
    )


def _drawn(_: int) -> Columns:
    return (
        ("Kappa in time", ("time_unit_kappa", "grid_kappa", "time_unit_alpha_masi", "grid_alpha_masi")),
        ("Unitized alpha", ("unitized_alpha",)),
        ("Event kappa", ("event_kappa",)),
        ("F1 of events", ("event_f1",)),
        ("Positive agreement", ("time_unit_positive_agreement", "grid_positive_agreement")),
        ("Agreement in time", ("time_unit_agreement", "grid_agreement")),
    )


def _linked(_: int) -> Columns:
    return (
        ("Alpha, MASI", ("link_alpha_masi",)),
        ("Shared (Jaccard)", ("link_jaccard",)),
        ("Same links", ("link_agreement",)),
    )


COLUMNS: dict[str, Callable[[int], Columns]] = {
    "Codes": _coded,
    "Drawn spans": _drawn,
    "Links": _linked,
    "Per session": lambda _: _RATED,
    "Ratings": lambda _: _RATED,
    "Measures": lambda _: _RATED,
}


def first_of(assessment: Assessment, statistics: Sequence[str]) -> Estimate | None:
    """The first of these statistics that the assessment has."""
    return next((found for key in statistics if (found := assessment.estimate(key))), None)


def main_of(assessment: Assessment) -> Estimate | None:
    """The number to name first: ICC(2,1) of ratings and counts, else alpha, else kappa in time or of events."""
    return assessment.estimate("icc_2_1") or first_of(assessment, MAIN)


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
    label: str,
    assessment: Assessment,
    columns: Columns,
    coders: Sequence[str],
    notes: Notes,
    kind: str,
    told: Sequence[str],
) -> Row:
    """One criterion, code or rating: the first statistic with its interval, the others, units, share per coder.

    told: warnings that stand above the table already. coders: whose share of units with the code is shown.
    """
    main = first_of(assessment, columns[0][1])
    defined = main is not None and main.value is not None
    unsure = "".join(notes.mark(each) for each in assessment.warnings if defined and each not in told)
    cells = (
        statistic_cell(main, notes) + unsure,
        range_cell(main, notes, assessment.n_sessions),
        *(_cell(first_of(assessment, keys), notes) for _, keys in columns[1:]),
        str(main.n_units if main and not _in_time(main) else assessment.n_units),
        *(marked_share(assessment, coder) for coder in coders),
    )
    return Row(label, cells, kind)


def _in_time(estimate: Estimate) -> bool:
    """Whether the units of an estimate are milliseconds or bins, which say little about how much was judged."""
    return estimate.statistic.startswith(("time_unit_", "grid_"))


def _cell(estimate: Estimate | None, notes: Notes) -> str:
    """A statistic beside the first one: empty where it does not exist, a dash with the reason where undefined."""
    if estimate is None:
        return ""
    if estimate.statistic in _SHARES:
        return f"{100 * estimate.value:.0f} %" if estimate.value is not None else "–"
    return statistic_cell(estimate, notes)


def table(
    heads: Sequence[str], rows: Sequence[Row], notes: Notes, caption: str, *, words: bool = False
) -> str:
    """The HTML; heads[0] belongs to the labels, and labels, heads and notes are escaped here.

    words: the cells are words to be read and not numbers to be compared.
    """
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
    return (
        f'{STYLE}<table class="stats{" words" if words else ""}" aria-label="{name}">{parts}</table>{under}'
    )
