"""Agreement by recognition confidence: a part of the Agreement page's first tab."""

from collections.abc import Iterator, Sequence

import streamlit as st

from coding_app.domain.confidence import HIGH, HIGH_FROM, LOW, LOW_BELOW, MIDDLE, UNKNOWN
from coding_app.ui.parts import agreement_data, statistics
from coding_app.ui.parts.agreement_data import Asked
from coding_app.ui.parts.downloads import csv_text, save_csv
from coding_app.ui.parts.words import plain
from coding_app.workflows.assess_agreement import PARAMETERS
from coding_app.workflows.confidence_groups import (
    LIKELY_INVENTED,
    OVERLAP,
    Group,
    GroupedQuestion,
    main_estimates,
)

WORDS = {
    LOW: f"Low: below {LOW_BELOW}",
    MIDDLE: f"Middle: {LOW_BELOW} to below {HIGH_FROM}",
    HIGH: f"High: {HIGH_FROM} or more",
    UNKNOWN: "Not known",
    OVERLAP: "Flagged: two voices at once",
    LIKELY_INVENTED: "Flagged: likely invented",
}
FIELDS = [
    "statistic",
    "value",
    "low",
    "high",
    "confidence",
    "interval_method",
    "n_units",
    "n_pairable",
    "note",
]


def show(asked: Asked) -> None:
    """Draws a table: a row per criterion, and one per group of its units."""
    found = agreement_data.by_confidence(asked)
    st.caption(
        "Confidence: the mean probability of a unit's words as the recogniser gave them. A lower number in one group "
        "is a hint that observers were led astray by doubtful words or by sound that is hard to hear; other things "
        "are said there too, so it is no proof. Flagged units are in a group by confidence as well."
    )
    if all(each.key == UNKNOWN for one in found for each in one.groups):
        st.info(
            "No word of these transcripts has a probability: they were imported or written by hand, or corrected "
            "throughout.",
            icon=":material/info:",
        )
    notes = statistics.Notes()
    assessed = [each.assessment for one in found for each in _groups(one) if each.assessment is not None]
    told = statistics.common_warnings(assessed)
    for sentence in told:
        st.caption(f":material/info: {plain(sentence)}.")
    rows = [row for each in found for row in _rows(each, notes, told)]
    rated = any(each.name.kind == "rating" for each in found)
    share = f"{100 * PARAMETERS.confidence:g} % interval"
    heads = [
        "Criterion and its units",
        "Alpha (ratings: ICC)" if rated else "Alpha",
        share,
        "Agreement",
        "Units",
    ]
    st.html(statistics.table(heads, rows, notes, "Agreement by recognition confidence"))
    save_csv(_csv(found), "agreement-by-confidence.csv")


def _groups(one: GroupedQuestion) -> tuple[Group, ...]:
    return (one.whole, *one.groups, *one.flagged)


def _rows(one: GroupedQuestion, notes: statistics.Notes, told: Sequence[str]) -> Iterator[statistics.Row]:
    first, *others = _groups(one)
    yield _row(one.name.label, first, notes, "head", told)
    for each in others:
        yield _row(WORDS[each.key], each, notes, "part", told)


def _row(label: str, group: Group, notes: statistics.Notes, kind: str, told: Sequence[str]) -> statistics.Row:
    if group.assessment is None:
        return statistics.Row(label, ("–" + notes.mark(group.note), "", "", str(group.n_units)), kind)
    columns = (("", ("icc_2_1", *statistics.MAIN)), ("", ("percent_agreement",)))
    return statistics.agreement_row(label, group.assessment, columns, (), notes, kind, told)


def _csv(found: tuple[GroupedQuestion, ...]) -> str:
    rows: list[list[object]] = []
    for one in found:
        for each in _groups(one):
            head = [one.name.key, each.key]
            rows += [[*head, *(getattr(e, field) for field in FIELDS)] for e in main_estimates(each)]
            if each.note:
                rows.append([*head, "", "", "", "", "", "", each.n_units, "", each.note])
    return csv_text(["criterion", "group", *FIELDS], rows)
