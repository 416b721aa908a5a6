"""What each statistic is called and where it comes from: for tables, reports and citations."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Statistic:
    """name: as in a table; symbol: as in a sentence of a paper; cites: keys of REFERENCES."""

    name: str
    symbol: str
    cites: tuple[str, ...]


_ICC = ("shrout1979", "mcgraw1996")
STATISTICS: dict[str, Statistic] = {
    "percent_agreement": Statistic("Percent agreement", "agreement", ("fleiss1971",)),
    "positive_agreement": Statistic("Positive agreement", "positive agreement", ("cicchetti1990",)),
    "negative_agreement": Statistic("Negative agreement", "negative agreement", ("cicchetti1990",)),
    "cohen_kappa": Statistic("Cohen's kappa", "κ", ("cohen1960",)),
    "weighted_kappa_linear": Statistic("Weighted kappa, linear", "κw (linear)", ("cohen1968",)),
    "weighted_kappa_quadratic": Statistic("Weighted kappa, quadratic", "κw (quadratic)", ("cohen1968",)),
    "fleiss_kappa": Statistic("Fleiss' kappa", "Fleiss' κ", ("fleiss1971",)),
    "brennan_prediger": Statistic("Brennan-Prediger", "κn", ("brennan1981",)),
    "gwet_ac1": Statistic("Gwet's AC1", "AC1", ("gwet2008",)),
    "gwet_ac2": Statistic("Gwet's AC2, quadratic", "AC2", ("gwet2014",)),
    "krippendorff_alpha": Statistic("Krippendorff's alpha", "α", ("krippendorff2004",)),
    "krippendorff_alpha_masi": Statistic(
        "Krippendorff's alpha, MASI", "α (MASI)", ("krippendorff2004", "passonneau2006")
    ),
    "krippendorff_alpha_jaccard": Statistic(
        "Krippendorff's alpha, Jaccard", "α (Jaccard)", ("krippendorff2004",)
    ),
    "icc_1_1": Statistic("ICC(1,1)", "ICC(1,1)", _ICC),
    "icc_2_1": Statistic("ICC(2,1), absolute agreement", "ICC(2,1)", _ICC),
    "icc_3_1": Statistic("ICC(3,1), consistency", "ICC(3,1)", _ICC),
    "icc_1_k": Statistic("ICC(1,k)", "ICC(1,k)", _ICC),
    "icc_2_k": Statistic("ICC(2,k), absolute agreement", "ICC(2,k)", _ICC),
    "icc_3_k": Statistic("ICC(3,k), consistency", "ICC(3,k)", _ICC),
}

REFERENCES: dict[str, tuple[str, str]] = {
    "bakeman2009": (
        "Bakeman et al., 2009",
        "Bakeman, R., Quera, V., & Gnisci, A. (2009). Observer agreement for timed-event sequential data: A "
        "comparison of time-based and event-based algorithms. Behavior Research Methods, 41(1), 137-147.",
    ),
    "brennan1981": (
        "Brennan & Prediger, 1981",
        "Brennan, R. L., & Prediger, D. J. (1981). Coefficient kappa: Some uses, misuses, and alternatives. "
        "Educational and Psychological Measurement, 41(3), 687-699.",
    ),
    "cicchetti1990": (
        "Cicchetti & Feinstein, 1990",
        "Cicchetti, D. V., & Feinstein, A. R. (1990). High agreement but low kappa: II. Resolving the "
        "paradoxes. Journal of Clinical Epidemiology, 43(6), 551-558.",
    ),
    "cohen1960": (
        "Cohen, 1960",
        "Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and Psychological "
        "Measurement, 20(1), 37-46.",
    ),
    "cohen1968": (
        "Cohen, 1968",
        "Cohen, J. (1968). Weighted kappa: Nominal scale agreement with provision for scaled disagreement or "
        "partial credit. Psychological Bulletin, 70(4), 213-220.",
    ),
    "efron1987": (
        "Efron, 1987",
        "Efron, B. (1987). Better bootstrap confidence intervals. Journal of the American Statistical "
        "Association, 82(397), 171-185.",
    ),
    "efron1993": (
        "Efron & Tibshirani, 1993",
        "Efron, B., & Tibshirani, R. J. (1993). An introduction to the bootstrap. Chapman & Hall.",
    ),
    "field2007": (
        "Field & Welsh, 2007",
        "Field, C. A., & Welsh, A. H. (2007). Bootstrapping clustered data. Journal of the Royal Statistical "
        "Society: Series B, 69(3), 369-390.",
    ),
    "fleiss1971": (
        "Fleiss, 1971",
        "Fleiss, J. L. (1971). Measuring nominal scale agreement among many raters. Psychological Bulletin, "
        "76(5), 378-382.",
    ),
    "gwet2008": (
        "Gwet, 2008",
        "Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of high "
        "agreement. British Journal of Mathematical and Statistical Psychology, 61(1), 29-48.",
    ),
    "gwet2014": (
        "Gwet, 2014",
        "Gwet, K. L. (2014). Handbook of inter-rater reliability (4th ed.). Advanced Analytics.",
    ),
    "krippendorff2004": (
        "Krippendorff, 2004",
        "Krippendorff, K. (2004). Content analysis: An introduction to its methodology (2nd ed.). Sage.",
    ),
    "krippendorff2016": (
        "Krippendorff et al., 2016",
        "Krippendorff, K., Mathet, Y., Bouvry, S., & Widlöcher, A. (2016). On the reliability of unitizing "
        "textual continua: Further developments. Quality & Quantity, 50(6), 2347-2364.",
    ),
    "mcgraw1996": (
        "McGraw & Wong, 1996",
        "McGraw, K. O., & Wong, S. P. (1996). Forming inferences about some intraclass correlation "
        "coefficients. Psychological Methods, 1(1), 30-46.",
    ),
    "passonneau2006": (
        "Passonneau, 2006",
        "Passonneau, R. (2006). Measuring agreement on set-valued items (MASI) for semantic and pragmatic "
        "annotation. In Proceedings of LREC 2006 (pp. 831-836).",
    ),
    "shrout1979": (
        "Shrout & Fleiss, 1979",
        "Shrout, P. E., & Fleiss, J. L. (1979). Intraclass correlations: Uses in assessing rater reliability. "
        "Psychological Bulletin, 86(2), 420-428.",
    ),
}


def statistic_name(key: str) -> str:
    """The name of a statistic for people; an unknown key in words.

    >>> statistic_name("gwet_ac1")
    "Gwet's AC1"
    """
    known = STATISTICS.get(key)
    return known.name if known else key.replace("_", " ")


def cited(keys: tuple[str, ...]) -> str:
    """Sources as they stand in brackets in a sentence.

    >>> cited(("cohen1960", "gwet2008"))
    'Cohen, 1960; Gwet, 2008'
    """
    return "; ".join(REFERENCES[key][0] for key in keys)
