"""Choosing one criterion, code or rating of an agreement report."""

import streamlit as st

from coding_app.workflows.assess_agreement import AgreementReport, Result


def choose_question(report: AgreementReport, kinds: tuple[str, ...], key: str) -> Result | None:
    """The result that the reader chooses among those of these kinds; None, and a sentence, when there is none."""
    found = {each.name.key: each for each in report.of_kind(*kinds)}
    if not found:
        st.info("Nothing of this kind was judged by two observers yet.", icon=":material/hourglass_empty:")
        return None

    def words(question: str) -> str:
        name = found[question].name
        return name.label if name.group in ("", name.label) else f"{name.group}: {name.label}"

    left, _ = st.columns([2, 3])
    chosen = left.selectbox("Criterion, code or rating", list(found), format_func=words, key=key)
    return found[chosen if chosen in found else next(iter(found))]
