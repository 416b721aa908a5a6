"""Observer against observer: the coefficient of every pair, and who gave what where."""

import pandas as pd
import streamlit as st

from coding_app.agreement.time_sources import time_statistic_name
from coding_app.exchange.certificate import ConfusionRecord, PairRecord
from coding_app.ui import charts
from coding_app.ui.parts import agreement_data
from coding_app.ui.parts.agreement_data import Asked
from coding_app.ui.parts.choose_question import choose_question
from coding_app.ui.parts.downloads import csv_text, save_csv
from coding_app.ui.parts.words import number, plain
from coding_app.workflows.assess_agreement import AgreementReport

KINDS = ("criterion", "code", "attribute", "span", "rating")


def show(asked: Asked, report: AgreementReport) -> None:
    """Draws the tab for one question that the reader chooses."""
    chosen = choose_question(report, KINDS, "agreement-observers")
    if chosen is None:
        return
    found = agreement_data.observers(asked, chosen.name.key)
    _pairs(found.pairs)
    if not found.confusions:
        st.caption("A table of who gave what would have more than twenty different values and is not drawn.")
        return
    st.subheader("Who gave what")
    names = [f"{each.first} and {each.second}" for each in found.confusions]
    which = names[0]
    if len(names) > 1:
        which = str(
            st.segmented_control(
                "Pair",
                names,
                default=names[0],
                format_func=plain,
                key="agreement-pair",
                label_visibility="collapsed",
                required=True,
            )
        )
    confusion = next(
        (each for each, name in zip(found.confusions, names, strict=True) if name == which), None
    )
    counted = {"time": "Seconds", "moment": "Events"}.get(chosen.name.unit, "Units")
    _confusion(confusion or found.confusions[0], found.labels, counted)


def _pairs(pairs: tuple[PairRecord, ...]) -> None:
    heads = ["first", "second", "statistic", "value", "n_units", "note"]
    rows = [[each.first, each.second, each.statistic, each.value, each.n_units, each.note] for each in pairs]
    if len(pairs) == 1:
        (only,) = pairs
        left, right = st.columns([1, 3], vertical_alignment="center")
        left.metric(time_statistic_name(only.statistic), number(only.value), help=only.note)
        right.caption(
            f"{plain(only.first)} and {plain(only.second)}, {only.n_units} units that both judged. "
            "With a third observer a map of all pairs stands here."
        )
        return
    st.subheader(f"{time_statistic_name(pairs[0].statistic)} of every pair")
    both = [
        {"row": a, "column": b, "value": each.value, "units": each.n_units}
        for each in pairs
        for a, b in ((each.first, each.second), (each.second, each.first))
    ]
    names = sorted({str(cell["row"]) for cell in both})
    heat = charts.heat_map(pd.DataFrame(both), names, names, "Coefficient", diverging=True)
    st.altair_chart(heat, width="content")
    for each in pairs:
        if each.value is None:
            st.caption(f"{plain(each.first)} and {plain(each.second)}: {plain(each.note or 'no value')}.")
    save_csv(csv_text(heads, rows), "agreement-pairs.csv")


def _confusion(confusion: ConfusionRecord, labels: dict[str, str], counted: str) -> None:
    words = [" + ".join(labels.get(part, part) for part in value.split(" + ")) for value in confusion.values]
    cells = [
        {"row": words[i], "column": words[j], "value": count}
        for i, line in enumerate(confusion.counts)
        for j, count in enumerate(line)
    ]
    st.caption(
        f"Rows: {plain(confusion.first)}. Columns: {plain(confusion.second)}. On the diagonal both gave the same. "
        f"Numbers: {counted.lower()}."
    )
    heat = charts.heat_map(pd.DataFrame(cells), words, words, counted, diverging=False)
    st.altair_chart(heat, width="content")
    heads = [f"{confusion.first} / {confusion.second}", *words]
    rows = [[word, *line] for word, line in zip(words, confusion.counts, strict=True)]
    save_csv(csv_text(heads, rows), "agreement-who-gave-what.csv")
