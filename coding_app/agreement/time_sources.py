"""What the statistics of drawn spans, events and links are called and where they come from."""

from coding_app.agreement.sources import Statistic, statistic_name

_TIME = ("bakeman2009",)
_EVENT = ("bakeman2009", "holle2015")
_UNIT = ("krippendorff2016",)

TIME_STATISTICS: dict[str, Statistic] = {
    "time_unit_agreement": Statistic("Agreement in time, exact", "agreement in time", _TIME),
    "time_unit_kappa": Statistic("Kappa in time, exact", "time-unit κ", ("cohen1960", *_TIME)),
    "time_unit_alpha": Statistic("Krippendorff's alpha in time, exact", "time-unit α", ("krippendorff2004",)),
    "time_unit_alpha_masi": Statistic(
        "Krippendorff's alpha in time, MASI", "time-unit α (MASI)", ("krippendorff2004", "passonneau2006")
    ),
    "time_unit_ac1": Statistic("Gwet's AC1 in time, exact", "time-unit AC1", ("gwet2008",)),
    "time_unit_positive_agreement": Statistic(
        "Positive agreement in time, exact", "positive agreement in time", ("cicchetti1990",)
    ),
    "grid_agreement": Statistic("Agreement in bins", "agreement in bins", _TIME),
    "grid_kappa": Statistic("Kappa in bins", "κ in bins", ("cohen1960", *_TIME)),
    "grid_alpha": Statistic("Krippendorff's alpha in bins", "α in bins", ("krippendorff2004",)),
    "grid_alpha_masi": Statistic(
        "Krippendorff's alpha in bins, MASI", "α in bins (MASI)", ("krippendorff2004", "passonneau2006")
    ),
    "grid_ac1": Statistic("Gwet's AC1 in bins", "AC1 in bins", ("gwet2008",)),
    "grid_positive_agreement": Statistic(
        "Positive agreement in bins", "positive agreement in bins", ("cicchetti1990",)
    ),
    "tolerance_agreement": Statistic("Agreement in time with tolerance", "agreement with tolerance", _TIME),
    "tolerance_kappa": Statistic("Kappa in time with tolerance", "time-unit κ with tolerance", _TIME),
    "event_f1": Statistic("F1 of events", "F1", _TIME),
    "event_f1_any_code": Statistic("F1 of events, whatever the code", "F1 of segmentation", _TIME),
    "event_category_agreement": Statistic(
        "Same code among matched events", "categorisation agreement", _EVENT
    ),
    "event_agreement": Statistic("Agreement on events", "agreement on events", _EVENT),
    "event_kappa": Statistic("Event kappa", "event κ", _EVENT),
    "event_kappa_max": Statistic("Event kappa, largest possible", "event κ max", _EVENT),
    "unitized_alpha": Statistic("Unitized alpha", "uα", _UNIT),
    "unitized_alpha_binary": Statistic("Unitized alpha, units or gaps", "|uα", _UNIT),
    "unitized_alpha_coding": Statistic("Unitized alpha, codes of overlapping units", "cuα", _UNIT),
    "unitized_alpha_of_code": Statistic("Unitized alpha of one code", "(k)uα", _UNIT),
    "link_agreement": Statistic("Same ruptures linked", "agreement on links", ()),
    "link_jaccard": Statistic("Shared ruptures linked (Jaccard)", "Jaccard of links", ()),
    "link_alpha_masi": Statistic(
        "Krippendorff's alpha of links, MASI", "α of links (MASI)", ("krippendorff2004", "passonneau2006")
    ),
}

TIME_REFERENCES: dict[str, tuple[str, str]] = {
    "holle2015": (
        "Holle & Rein, 2015",
        "Holle, H., & Rein, R. (2015). EasyDIAg: A tool for easy determination of interrater agreement. Behavior "
        "Research Methods, 47(3), 837-847.",
    ),
    "light1971": (
        "Light, 1971",
        "Light, R. J. (1971). Measures of response agreement for qualitative data: Some generalizations and "
        "alternatives. Psychological Bulletin, 76(5), 365-377.",
    ),
}


def time_statistic_name(key: str) -> str:
    """The name of a statistic for people.

    >>> time_statistic_name("event_kappa")
    'Event kappa'
    """
    known = TIME_STATISTICS.get(key)
    return known.name if known else statistic_name(key)
