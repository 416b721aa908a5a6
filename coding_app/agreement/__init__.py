"""Agreement between coders: pure functions on arrays (n_units, n_coders), usable in a notebook.

    from coding_app import agreement
    agreement.krippendorff_alpha(values, "ordinal")
    agreement.assess_table(table, level="nominal")      # a pandas table with unit, coder, value

Nothing is imported before it is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coding_app.agreement.alpha import krippendorff_alpha
    from coding_app.agreement.assessment import assess, assess_sets, code_presence
    from coding_app.agreement.conventions import Band, bands
    from coding_app.agreement.differences import (
        Difference,
        duration_table,
        event_differences,
        event_table,
        time_differences,
    )
    from coding_app.agreement.drift import DriftPoint, drift_over_time
    from coding_app.agreement.estimate import Assessment, Bounds, Estimate, Prevalence
    from coding_app.agreement.event_matching import Matching, matched_events
    from coding_app.agreement.events import EventPair, event_pairs
    from coding_app.agreement.intraclass import ICC_FORMS, IccEstimate, icc
    from coding_app.agreement.kappa import cohen_kappa, weighted_kappa_linear, weighted_kappa_quadratic
    from coding_app.agreement.links import Link, LinkedRecording, assess_links
    from coding_app.agreement.matrix import LEVELS, Level
    from coding_app.agreement.observed import negative_agreement, percent_agreement, positive_agreement
    from coding_app.agreement.planning import Plan, plan
    from coding_app.agreement.session_statistics import Draws
    from coding_app.agreement.sets import krippendorff_alpha_jaccard, krippendorff_alpha_masi, set_distance
    from coding_app.agreement.several import brennan_prediger, fleiss_kappa, gwet_ac1, gwet_ac2
    from coding_app.agreement.span_assessment import (
        CurvePoint,
        SpanSettings,
        assess_spans,
        span_estimates,
        tolerance_curve,
    )
    from coding_app.agreement.stretches import CodedRecording, CodedStretch, SpanCoding
    from coding_app.agreement.table import assess_table, values_of_table

_HOME = {
    "krippendorff_alpha": "alpha",
    "assess": "assessment",
    "assess_sets": "assessment",
    "code_presence": "assessment",
    "Band": "conventions",
    "bands": "conventions",
    "DriftPoint": "drift",
    "drift_over_time": "drift",
    "Assessment": "estimate",
    "Bounds": "estimate",
    "Estimate": "estimate",
    "Prevalence": "estimate",
    "ICC_FORMS": "intraclass",
    "IccEstimate": "intraclass",
    "icc": "intraclass",
    "cohen_kappa": "kappa",
    "weighted_kappa_linear": "kappa",
    "weighted_kappa_quadratic": "kappa",
    "LEVELS": "matrix",
    "Level": "matrix",
    "negative_agreement": "observed",
    "percent_agreement": "observed",
    "positive_agreement": "observed",
    "Plan": "planning",
    "plan": "planning",
    "krippendorff_alpha_jaccard": "sets",
    "krippendorff_alpha_masi": "sets",
    "set_distance": "sets",
    "brennan_prediger": "several",
    "fleiss_kappa": "several",
    "gwet_ac1": "several",
    "gwet_ac2": "several",
    "assess_table": "table",
    "values_of_table": "table",
    "CodedRecording": "stretches",
    "CodedStretch": "stretches",
    "SpanCoding": "stretches",
    "Matching": "event_matching",
    "matched_events": "event_matching",
    "EventPair": "events",
    "event_pairs": "events",
    "Link": "links",
    "LinkedRecording": "links",
    "assess_links": "links",
    "Draws": "session_statistics",
    "CurvePoint": "span_assessment",
    "SpanSettings": "span_assessment",
    "assess_spans": "span_assessment",
    "span_estimates": "span_assessment",
    "tolerance_curve": "span_assessment",
    "Difference": "differences",
    "time_differences": "differences",
    "event_differences": "differences",
    "duration_table": "differences",
    "event_table": "differences",
}

__all__ = [
    "ICC_FORMS",
    "LEVELS",
    "Assessment",
    "Band",
    "Bounds",
    "CodedRecording",
    "CodedStretch",
    "CurvePoint",
    "Difference",
    "Draws",
    "DriftPoint",
    "Estimate",
    "EventPair",
    "IccEstimate",
    "Level",
    "Link",
    "LinkedRecording",
    "Matching",
    "Plan",
    "Prevalence",
    "SpanCoding",
    "SpanSettings",
    "assess",
    "assess_links",
    "assess_sets",
    "assess_spans",
    "assess_table",
    "bands",
    "brennan_prediger",
    "code_presence",
    "cohen_kappa",
    "drift_over_time",
    "duration_table",
    "event_differences",
    "event_pairs",
    "event_table",
    "fleiss_kappa",
    "gwet_ac1",
    "gwet_ac2",
    "icc",
    "krippendorff_alpha",
    "krippendorff_alpha_jaccard",
    "krippendorff_alpha_masi",
    "matched_events",
    "negative_agreement",
    "percent_agreement",
    "plan",
    "positive_agreement",
    "set_distance",
    "span_estimates",
    "time_differences",
    "tolerance_curve",
    "values_of_table",
    "weighted_kappa_linear",
    "weighted_kappa_quadratic",
]


def __getattr__(name: str) -> Any:
    """Import what is asked for (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
