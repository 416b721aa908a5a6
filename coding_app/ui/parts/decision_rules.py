"""What the team decided while settling: the rules of a study, and examples proposed for its scheme."""

import streamlit as st

from coding_app.domain.decision_rule import DecisionRule, RuleKind
from coding_app.domain.scheme import Scheme
from coding_app.domain.times import clock
from coding_app.exchange.transcript_csv import guarded
from coding_app.ui import context
from coding_app.ui.parts.downloads import csv_text, save_csv
from coding_app.ui.parts.words import plain
from coding_app.workflows.codebook import scheme_of
from coding_app.workflows.decision_rules import list_rules

WORDS = {RuleKind.RULE: "Rule", RuleKind.EXAMPLE: "Example for the scheme"}
HEADS = ["date", "kind", "scheme", "version", "criterion", "text", "by"]


def listed(study_id: str, coder_id: str) -> None:
    """Draws all of them, the newest first."""
    found = list_rules(context.app(), study_id, coder_id)
    if not found:
        st.info(
            "No rule yet. Whoever settles differences can keep a decision for the next time, or propose an example "
            "for the scheme's next version.",
            icon=":material/bookmark:",
        )
        return
    labels = _labels(scheme_of(context.app(), study_id))
    for number, each in enumerate(found):
        with st.container(key=f"row-rule-{number}"):
            when, text, about = st.columns([1.6, 5, 2.4], vertical_alignment="center")
            when.markdown(f"{each.decided_at:%-d %B %Y}  \n:small[:gray[{WORDS[each.kind]}]]")
            text.markdown(plain(each.text))
            place = f", at {clock(each.unit.span.start_ms)}" if each.unit else ""
            about.markdown(
                f"{plain(labels.get(each.criterion, each.criterion))}  \n"
                f":small[:gray[{plain(f'{each.scheme_id} {each.scheme_version}, {each.decided_by}{place}')}]]"
            )
    save_csv(csv_text(HEADS, map(_fields, found)), "decision-rules.csv")


def of_criterion(study_id: str, criterion: str, coder_id: str) -> None:
    """Draws those about one criterion, beside its codebook; nothing when there are none."""
    found = [each for each in list_rules(context.app(), study_id, coder_id) if each.criterion == criterion]
    if found:
        st.markdown("**Decided by the team**")
        st.markdown(
            "\n".join(f"- {plain(each.text)} :small[:gray[{each.decided_at:%-d %B %Y}]]" for each in found)
        )


def _labels(scheme: Scheme) -> dict[str, str]:
    names = {each.id: each.label for each in scheme.criteria}
    return names | {each.id: each.label for each in scheme.ratings}


def _fields(each: DecisionRule) -> list[object]:
    scheme = [each.scheme_id, each.scheme_version, each.criterion]
    return [
        each.decided_at.date().isoformat(),
        str(each.kind),
        *scheme,
        guarded(each.text),
        guarded(each.decided_by),
    ]
