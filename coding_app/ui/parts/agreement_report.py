"""The Report tab: the report with its certificate, and the judgements that it rests on."""

from functools import partial

import streamlit as st

from coding_app.domain.recording import Study
from coding_app.ui import context
from coding_app.ui.parts import agreement_data
from coding_app.ui.parts.agreement_data import Asked
from coding_app.ui.parts.downloads import save_csv
from coding_app.ui.parts.words import plural
from coding_app.workflows.assess_agreement import AgreementReport
from coding_app.workflows.consensus_tables import ATTRIBUTES, n_consensus

TABLES = {
    "criteria": "Per criterion",
    "codes": "Per code (0 or 1)",
    "ratings": "Ratings",
    "frequencies": "Codes per session",
    "spans": "Drawn spans",
    "links": "Links",
    "measures": "Derived measures",
}
EACH, SETTLED = "Each observer", "The consensus"
_NEEDED = {"spans": "span", "links": "link", "measures": "measure"}


def show(study: Study, asked: Asked, report: AgreementReport) -> None:
    """Draws the tab."""
    st.subheader("Report")
    st.write(
        "One file with tables, plots, a methods paragraph to paste into a paper, and a certificate of how every number "
        "was made. Open it in a browser; print it there to get a PDF."
    )
    with st.container(horizontal=True):
        st.download_button(
            "Agreement report",
            partial(agreement_data.report_file, context.app(), asked, study.title),
            file_name="agreement-report.html",
            mime="text/html",
            icon=":material/description:",
            on_click="ignore",
            type="primary",
        )
        judged = partial(agreement_data.judgements, context.app(), asked, "all")
        save_csv(judged, "judgements.csv", "Judgements it rests on", "secondary")
    st.caption(
        "Anyone who has both can check every number: "
        "`coding-app agreement verify agreement-report.html judgements.csv`."
    )
    st.subheader("Judgements for your own analysis")
    if _of_consensus(asked):
        _consensus(asked, report)
        return
    with st.container(horizontal=True):
        for kind, words in TABLES.items():
            if kind not in _NEEDED or report.of_kind(_NEEDED[kind]):
                made = partial(agreement_data.judgements, context.app(), asked, kind)
                save_csv(made, f"judgements-{kind}.csv", words, "secondary")
    st.caption(
        "CSV (UTF-8), one row per unit and observer, of the recordings and observers chosen above. "
        "`coding-app agreement judgements-criteria.csv` computes alpha, kappa and percent agreement from it."
    )


def _of_consensus(asked: Asked) -> bool:
    """Whether the reader wants what was settled in place of what each observer said; offered when there is any."""
    n = n_consensus(context.app(), asked.study_id, asked.viewer_id)
    if not n:
        return False
    chosen = st.segmented_control(
        "Judgements of",
        [EACH, SETTLED],
        default=EACH,
        format_func=lambda each: f"{each} ({plural(n, 'recording')})" if each == SETTLED else each,
        key="agreement-judgements-of",
        label_visibility="collapsed",
        required=True,
    )
    return chosen == SETTLED


def _consensus(asked: Asked, report: AgreementReport) -> None:
    with st.container(horizontal=True):
        for kind, words in (TABLES | {ATTRIBUTES: "Asked after a code"}).items():
            if kind not in _NEEDED or report.of_kind(_NEEDED[kind]):
                made = partial(agreement_data.consensus, context.app(), asked, kind)
                save_csv(made, f"consensus-{kind}.csv", words, "secondary")
    st.caption(
        "CSV (UTF-8), one row per unit, of every recording whose differences are settled; the column coder says "
        "Consensus. For analyses of the sessions themselves: agreement is never computed from it."
    )
