"""The methods paragraph of an agreement report, ready to paste into a paper (APA style), and its references."""

from collections.abc import Iterable

from coding_app.agreement.sources import REFERENCES, STATISTICS
from coding_app.agreement.time_sources import TIME_REFERENCES, TIME_STATISTICS
from coding_app.exchange.certificate import Certificate, EstimateRecord, ResultRecord

MAIN = (
    "krippendorff_alpha", "krippendorff_alpha_masi", "time_unit_kappa", "time_unit_alpha_masi", "grid_kappa",
    "grid_alpha_masi", "event_kappa", "link_alpha_masi",
)  # fmt: skip
WHOLE_KINDS = ("criterion", "rating", "frequency", "span", "link")
_KNOWN = STATISTICS | TIME_STATISTICS
_SOURCES = REFERENCES | TIME_REFERENCES
_UNIT_WORDS = {
    "event": "transcript segments coded as events",
    "utterance": "utterances",
    "interval": "fixed intervals",
    "session frequency": "frequencies per session",
    "session measure": "measures derived per session",
    "session rating": "ratings of whole sessions",
    "time": "spans of time drawn by the observers",
    "moment": "moments marked by the observers",
    "link": "links between moments",
    "unit": "the units of the table",
}


def apa(value: float) -> str:
    """A coefficient as APA writes it: two digits, no zero before the point.

    >>> apa(0.7434), apa(-0.05), apa(1.0), apa(-0.001)
    ('.74', '−.05', '1.00', '.00')
    """
    text = f"{abs(value):.2f}"
    if text == "0.00":
        return ".00"
    return ("−" if value < 0 else "") + (text[1:] if text.startswith("0") else text)


def main_estimate(result: ResultRecord) -> EstimateRecord | None:
    """The coefficient to name first: ICC(2,1) of ratings, else Krippendorff's alpha, else the first there is."""
    single = result.estimate("icc_2_1")
    if single is not None:
        return single
    found = (result.estimate(each) for each in MAIN)
    first = result.estimates[0] if result.estimates else None
    return next((each for each in found if each is not None), first)


def methods_text(certificate: Certificate) -> str:
    """The paragraph as plain text, made of nothing but what the certificate holds."""
    return " ".join(
        [
            _who(certificate),
            _statistics(certificate),
            *_intervals(certificate),
            _software(certificate),
            *_left_out(certificate),
            *(f"{each}." for each in certificate.cautions),
            _results(certificate),
        ]
    )


def references(certificate: Certificate) -> list[str]:
    """Every source that the paragraph cites, in alphabetical order."""
    text = methods_text(certificate)
    return sorted(entry for short, entry in _SOURCES.values() if short in text)


def _who(certificate: Certificate) -> str:
    units = sorted({certificate.name(each.criterion).unit for each in certificate.results})
    what = _listed(_UNIT_WORDS.get(each, each) for each in units)
    scheme = certificate.scheme
    text = (
        f"Agreement was computed for {len(certificate.coders)} observers and {certificate.n_sessions} "
        f"{'session' if certificate.n_sessions == 1 else 'sessions'}, on {what}"
    )
    if scheme is None:
        return f"{text}."
    return f"{text}, coded with {scheme.title} (version {scheme.version}, SHA-256 {scheme.sha256[:12]})."


def _statistics(certificate: Certificate) -> str:
    keys = dict.fromkeys(e.statistic for result in certificate.results for e in result.estimates)
    grouped: dict[tuple[str, ...], list[str]] = {}
    for key in keys:
        if key in _KNOWN:
            grouped.setdefault(_KNOWN[key].cites, []).append(_KNOWN[key].name)
    levels = sorted({each.level for each in certificate.results})
    told = "; ".join(
        f"{_listed(names)} ({_cited(cites)})" if cites else _listed(names) for cites, names in grouped.items()
    )
    return f"At the {_listed(levels)} level of measurement, we computed {told}."


def _intervals(certificate: Certificate) -> list[str]:
    methods = {e.interval_method for each in certificate.results for e in each.estimates} - {None}
    bootstrap = sorted(each for each in methods if each and "bootstrap" in each)
    sentences = []
    if bootstrap:
        sources = "efron1987" if certificate.parameters.interval == "bca" else "efron1993"
        whole = any("session" in each for each in bootstrap)
        told = _cited((sources, "field2007")) if whole else _cited((sources,))
        why = (
            " Whole sessions were resampled because units of one session are not independent."
            if whole
            else ""
        )
        sentences.append(
            f"Intervals are {_percent(certificate)} intervals ({_listed(bootstrap)}; "
            f"seed {certificate.parameters.seed}; {told}).{why}"
        )
    others = sorted(each for each in methods if each and "bootstrap" not in each)
    if others:
        sentences.append(f"{'Other i' if bootstrap else 'I'}ntervals: {_listed(others)}.")
    return sentences


def _percent(certificate: Certificate) -> str:
    return f"{100 * certificate.parameters.confidence:g} %"


def _software(certificate: Certificate) -> str:
    with_versions = _listed(f"{name} {version}" for name, version in certificate.libraries.items())
    return f"Computations used {certificate.tool} {certificate.tool_version} with {with_versions}."


def _left_out(certificate: Certificate) -> list[str]:
    if not certificate.exclusions:
        return []
    return ["Left out: " + " ".join(each.rstrip(".") + "." for each in certificate.exclusions)]


def _results(certificate: Certificate) -> str:
    told = []
    for result in certificate.results:
        name = certificate.name(result.criterion)
        if name.kind in WHOLE_KINDS:
            told.append(f"{name.label}, {_one(main_estimate(result), certificate)}")
    return "Results: " + "; ".join(told) + "."


def _one(estimate: EstimateRecord | None, certificate: Certificate) -> str:
    if estimate is None:
        return "not computed"
    known = _KNOWN.get(estimate.statistic)
    symbol = known.symbol if known else estimate.statistic.replace("_", " ")
    if estimate.value is None:
        return f"{symbol} undefined ({(estimate.note or 'no reason given').rstrip('.')})"
    text = f"{symbol} = {apa(estimate.value)}"
    if estimate.low is not None and estimate.high is not None:
        text += f", {_percent(certificate)} CI [{apa(estimate.low)}, {apa(estimate.high)}]"
    return f"{text}, {estimate.n_units} units"


def _cited(keys: tuple[str, ...]) -> str:
    return "; ".join(_SOURCES[key][0] for key in keys)


def _listed(words: Iterable[str]) -> str:
    found = list(words)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}" if found else ""
