"""What the Agreement page asks the workflows, each computed once per choice."""

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from coding_app.agreement.drift import DriftPoint
from coding_app.exchange.certificate import CurveRecord
from coding_app.ui import context
from coding_app.workflows import (
    agreement_details,
    agreement_report,
    consensus_tables,
    derived_measures,
    judgement_tables,
)
from coding_app.workflows.agreement_details import Observers
from coding_app.workflows.assess_agreement import AgreementReport, Choice, assess_study, chosen_data
from coding_app.workflows.confidence_groups import GroupedQuestion, study_by_confidence
from coding_app.workflows.derived_measures import MeasureRow
from coding_app.workflows.progress import DriftWarning, drift_warnings
from coding_app.workflows.wiring import App


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked at: study, who looks (None = somebody who does not code), and the filters.

    submitted: all submitted passes, each with when, so that a new one counts at once and nothing stale is shown.
    blind_only: whether passes that were opened again are left out.
    """

    study_id: str
    viewer_id: str | None
    recordings: tuple[str, ...]
    coders: tuple[str, ...]
    line: tuple[str, int] | None
    masked: bool
    submitted: tuple[tuple[str, datetime], ...]
    blind_only: bool = False

    @property
    def choice(self) -> Choice:
        """The filters as the workflows take them."""
        return Choice(
            frozenset(self.recordings) or None,
            frozenset(self.coders) or None,
            self.line,
            self.masked,
            self.blind_only,
        )


@st.cache_data(max_entries=32, show_spinner="Resampling sessions for the intervals")
def report(asked: Asked) -> AgreementReport:
    """The numbers of the page."""
    return assess_study(context.app(), asked.study_id, asked.viewer_id, asked.choice)


@st.cache_data(max_entries=32, show_spinner="Comparing by recognition confidence")
def by_confidence(asked: Asked) -> tuple[GroupedQuestion, ...]:
    """Every criterion in groups of units."""
    return study_by_confidence(context.app(), asked.study_id, asked.viewer_id, asked.choice)


@st.cache_data(max_entries=64, show_spinner="Comparing observers")
def observers(asked: Asked, key: str) -> Observers:
    """Observer against observer on one question."""
    return agreement_details.compare_observers(
        context.app(), asked.study_id, asked.viewer_id, asked.choice, key
    )


@st.cache_data(max_entries=64, show_spinner="Following the observers over time")
def drift(asked: Asked, key: str, window: int) -> tuple[DriftPoint, ...]:
    """Every observer over windows of sessions."""
    return agreement_details.drift_of_question(
        context.app(), asked.study_id, asked.viewer_id, asked.choice, key, window
    )


@st.cache_data(max_entries=32, show_spinner="Following the observers over time")
def warnings(asked: Asked, window: int) -> tuple[DriftWarning, ...]:
    """Every observer and question whose course over windows of sessions calls for a look."""
    return drift_warnings(context.app(), asked.study_id, asked.viewer_id, asked.choice, window)


@st.cache_data(max_entries=16, show_spinner="Comparing at every tolerance")
def tolerance(asked: Asked, key: str) -> tuple[CurveRecord, ...]:
    """Agreement against the tolerance on one criterion of drawn spans."""
    return agreement_details.tolerance_of_question(
        context.app(), asked.study_id, asked.viewer_id, asked.choice, key
    )


@st.cache_data(max_entries=32, show_spinner="Computing the measures")
def measures(asked: Asked) -> tuple[MeasureRow, ...]:
    """The derived measures of every compared pass."""
    data = chosen_data(context.app(), asked.study_id, asked.viewer_id, asked.choice)
    return derived_measures.measure_rows(data)


# A download is made outside any page, where nobody could be asked who is there: so the app comes along.
def report_file(app: App, asked: Asked, title: str) -> str:
    """The report as HTML; made when it is asked for."""
    return agreement_report.study_report(app, asked.study_id, asked.viewer_id, asked.choice, title=title)


def judgements(app: App, asked: Asked, kind: str) -> str:
    """The judgements as a long table, CSV; made when they are asked for."""
    return judgement_tables.long_table_csv(app, asked.study_id, asked.viewer_id, kind, asked.choice)


def consensus(app: App, asked: Asked, kind: str) -> str:
    """What was settled as a long table, CSV; made when it is asked for."""
    return consensus_tables.consensus_csv(app, asked.study_id, asked.viewer_id, kind, asked.line)
