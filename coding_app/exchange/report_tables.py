"""The tables of the agreement report; every word that a person gave is escaped here."""

from collections.abc import Sequence
from html import escape

from coding_app.agreement.time_sources import time_statistic_name as statistic_name
from coding_app.exchange.certificate import Certificate, ConfusionRecord, EstimateRecord, ResultRecord
from coding_app.exchange.report_plots import printable

FEWEST_SESSIONS = 3  # two give only three different resamples: no interval is shown first
_PART_KINDS = ("code", "attribute", "span code")
_IN_TIME = ("time_unit_", "grid_")  # their units are milliseconds or bins
_COUNTED = {"Kappa<br>in time": "Events", "ICC(2,1)": "Targets", "Alpha, MASI": "Pairs"}
_SHARES = ("percent_agreement", "time_unit_agreement", "grid_agreement", "link_agreement")
_RATED = (
    ("ICC(2,1)", ("icc_2_1",)),
    ("ICC(2,k)", ("icc_2_k",)),
    ("Alpha", ("krippendorff_alpha",)),
    ("Same value", ("percent_agreement",)),
)
_PARTS: tuple[tuple[str, tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]], ...] = (
    (
        "Codes",
        ("criterion", "code", "attribute"),
        (
            ("Alpha", ("krippendorff_alpha", "krippendorff_alpha_masi")),
            ("Kappa", ("cohen_kappa", "fleiss_kappa")),
            ("AC1", ("gwet_ac1", "gwet_ac2")),
            ("Positive<br>agreement", ("positive_agreement",)),
            ("Agreement", ("percent_agreement",)),
        ),
    ),
    (
        "Spans and moments drawn by the observers",
        ("span", "span code"),
        (
            (
                "Kappa<br>in time",
                ("time_unit_kappa", "grid_kappa", "time_unit_alpha_masi", "grid_alpha_masi"),
            ),
            ("Unitized<br>alpha", ("unitized_alpha",)),
            ("Event<br>kappa", ("event_kappa",)),
            ("F1 of<br>events", ("event_f1",)),
            ("Positive<br>agreement", ("time_unit_positive_agreement", "grid_positive_agreement")),
            ("Agreement<br>in time", ("time_unit_agreement", "grid_agreement")),
        ),
    ),
    (
        "Links",
        ("link",),
        (
            ("Alpha, MASI", ("link_alpha_masi",)),
            ("Jaccard", ("link_jaccard",)),
            ("Same links", ("link_agreement",)),
        ),
    ),
    ("How often per session", ("frequency",), _RATED),
    ("Ratings", ("rating",), _RATED),
    ("Derived measures per session", ("measure",), _RATED),
)


def text(words: str) -> str:
    """Words as they are, inert: no markup, and writing that runs from right to left stays in its place."""
    return f"<bdi>{escape(printable(words), quote=True)}</bdi>"


def digits(value: float | None) -> str:
    """A coefficient with three digits, a dash where there is none."""
    if value is None:
        return "–"
    return "below −1" if value < -1 else f"{value:.3f}".replace("-", "−")


def shown_interval(estimate: EstimateRecord | None, n_sessions: int) -> tuple[float, float] | None:
    """The interval of an estimate, unless it comes from so few sessions that it would mislead."""
    if estimate is None or estimate.low is None or estimate.high is None:
        return None
    resampled = "over sessions" in (estimate.interval_method or "")
    few = n_sessions < FEWEST_SESSIONS and (resampled or estimate.statistic.startswith("icc_"))
    return None if few else (estimate.low, estimate.high)


def _range(interval: tuple[float, float] | None) -> str:
    return f"{digits(interval[0])} to {digits(interval[1])}" if interval else ""


def html_table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], kinds: Sequence[str] = (), css: str = ""
) -> str:
    """heads and cells are ready HTML; kinds: the class of each row."""
    top = "".join(f'<th scope="col">{head}</th>' for head in heads)
    body = ""
    for number, (first, *cells) in enumerate(rows):
        kind = f' class="{kinds[number]}"' if kinds else ""
        body += (
            f'<tr{kind}><th scope="row">{first}</th>'
            + "".join(f"<td>{cell}</td>" for cell in cells)
            + "</tr>\n"
        )
    return f'<table class="{css}"><thead><tr>{top}</tr></thead><tbody>\n{body}</tbody></table>'


def main_tables(certificate: Certificate) -> list[tuple[str, list[ResultRecord], str]]:
    """Heading, results and table for the codes, what was drawn, the frequencies and the ratings, if there are any."""
    found = []
    for title, kinds, columns in _PARTS:
        results = [each for each in certificate.results if certificate.name(each.criterion).kind in kinds]
        if results:
            found.append((title, results, _main_table(certificate, results, columns)))
    return found


def _main_table(
    certificate: Certificate, results: Sequence[ResultRecord], columns: Sequence[tuple[str, tuple[str, ...]]]
) -> str:
    """The first column of statistics has its interval beside it, the others have not."""
    heads = [
        "",
        columns[0][0],
        _confidence(certificate),
        *(head for head, _ in columns[1:]),
        _COUNTED.get(columns[0][0], "Units"),
    ]
    rows, kinds = [], []
    for result in results:
        name, main = certificate.name(result.criterion), _found(result, columns[0][1])
        rows.append(
            [
                text(name.label),
                digits(main.value) if main else "",
                _range(shown_interval(main, result.n_sessions)),
                *(_first(result, keys) for _, keys in columns[1:]),
                str(result.n_units if main is None or main.statistic.startswith(_IN_TIME) else main.n_units),
            ]
        )
        kinds.append("part" if name.kind in _PART_KINDS else "head" if len(results) > 1 else "")
    return html_table(heads, rows, kinds)


def _found(result: ResultRecord, statistics: Sequence[str]) -> EstimateRecord | None:
    return next((each for key in statistics if (each := result.estimate(key))), None)


def _confidence(certificate: Certificate) -> str:
    return f"{100 * certificate.parameters.confidence:g} % interval"


def _first(result: ResultRecord, statistics: Sequence[str]) -> str:
    found = _found(result, statistics)
    if found is None:
        return ""
    if found.statistic in _SHARES:
        return f"{100 * found.value:.0f} %" if found.value is not None else "–"
    return digits(found.value)


def prevalence_table(certificate: Certificate) -> str:
    """How often each observer gave each value, in percent of the units that the observer judged."""
    heads = ["", *map(text, certificate.coders)]
    rows, kinds = [], []
    for result in certificate.results:
        if certificate.name(result.criterion).kind != "criterion" or not result.prevalence:
            continue
        by_coder = {each.coder: each for each in result.prevalence}
        judged = [
            f"{by_coder[name].n_units} units" if name in by_coder else "" for name in certificate.coders
        ]
        rows.append([text(certificate.name(result.criterion).label), *judged])
        kinds.append("head")
        for value in dict.fromkeys(value for each in result.prevalence for value in each.shares):
            shares = [
                by_coder[name].shares.get(value, 0.0) if name in by_coder else None
                for name in certificate.coders
            ]
            rows.append(
                [
                    text(value_label(certificate, result.criterion, value)),
                    *("" if share is None else f"{100 * share:.1f} %" for share in shares),
                ]
            )
            kinds.append("part")
    return f"<h3>How often each value was given</h3>{html_table(heads, rows, kinds)}" if rows else ""


def value_label(certificate: Certificate, criterion: str, value: str) -> str:
    """What a value is called: the label of the code where the table knows one."""
    return " + ".join(
        certificate.name(key).label if (key := f"{criterion}: {part}") in certificate.labelled else part
        for part in value.split(" + ")
    )


def confusion_table(certificate: Certificate, confusion: ConfusionRecord) -> str:
    """Which values one observer gave where the other gave which."""
    labels = [text(value_label(certificate, confusion.criterion, value)) for value in confusion.values]
    heads = [f"{text(confusion.first)} ↓ &nbsp; {text(confusion.second)} →", *labels]
    rows = [
        [label, *(str(count) if count else "·" for count in line)]
        for label, line in zip(labels, confusion.counts, strict=True)
    ]
    return html_table(heads, rows, css="narrow")


def every_estimate(certificate: Certificate) -> str:
    """All coefficients of everything, with how each came about in numbered notes below."""
    told: dict[str, int] = {}

    def mark(*sentences: str | None) -> str:
        numbers = [told.setdefault(each, len(told) + 1) for each in sentences if each]
        return f"<sup>{', '.join(map(str, numbers))}</sup>" if numbers else ""

    rows, kinds = [], []
    for result in certificate.results:
        name = certificate.name(result.criterion)
        counts = (
            f"{escape(result.level)}, unit: {text(name.unit)}; {result.n_units} units, {result.n_coders} observers, "
            f"{result.n_sessions} {'session' if result.n_sessions == 1 else 'sessions'}"
        )
        group = f"{text(name.group)}: " if name.group and name.group != name.label else ""
        rows.append(
            [
                f"{group}{text(name.label)}{mark(*result.warnings)} <span class='small'>{counts}</span>",
                *[""] * 4,
            ]
        )
        kinds.append("head")
        for e in result.estimates:
            interval = (e.low, e.high) if e.low is not None and e.high is not None else None
            rows.append(
                [
                    escape(statistic_name(e.statistic)) + mark(e.note),
                    "undefined" if e.value is None else digits(e.value),
                    _range(interval) + (mark(e.interval_method) if interval else ""),
                    str(e.n_units),
                    str(e.n_pairable),
                ]
            )
            kinds.append("part")
    notes = "".join(f"<li>{text(each)}</li>" for each in told)
    heads = ["Statistic", "Value", _confidence(certificate), "Units", "Judgements"]
    return f"{html_table(heads, rows, kinds, css='all')}<ol class='small'>{notes}</ol>"


def certificate_table(certificate: Certificate) -> str:
    """What the numbers rest on, for people."""
    p, scheme = certificate.parameters, certificate.scheme
    rows = [
        ("Made", text(f"{certificate.made_at} by {certificate.tool} {certificate.tool_version}")),
        (
            "Libraries",
            text(", ".join(f"{name} {version}" for name, version in certificate.libraries.items())),
        ),
        (
            "Scheme",
            f"{text(scheme.id)} {text(scheme.version)}, SHA-256 <code>{text(scheme.sha256)}</code>"
            if scheme
            else "none stated",
        ),
        (
            "Judgements",
            f"{certificate.judgements.n_rows} rows, SHA-256 <code>{text(certificate.judgements.sha256)}</code>",
        ),
        (
            "Intervals",
            f"{escape(p.interval)}, {100 * p.confidence:g} %, {p.replicates} replicates, seed {p.seed}",
        ),
        (
            "Observers",
            ", ".join(map(text, certificate.coders)) + (" (names masked)" if certificate.masked else ""),
        ),
        ("Left out", " ".join(map(text, certificate.exclusions)) or "nothing"),
        *_runs(certificate),
    ]
    cells = "".join(
        f'<tr><th scope="row">{head}</th><td class="words">{cell}</td></tr>\n' for head, cell in rows
    )
    return f"<table><tbody>\n{cells}</tbody></table>"


def _runs(certificate: Certificate) -> list[tuple[str, str]]:
    """How what was computed: one line per way of computing."""
    ways: dict[str, list[str]] = {}
    for run in certificate.runs:
        chosen = run.model_dump(exclude_defaults=True, exclude={"criteria", "observers", "whole"})
        way = ", ".join(
            f"{name} {' | '.join(value) if isinstance(value, tuple) else value}"
            for name, value in chosen.items()
        )
        ways.setdefault(way or "nominal", []).extend(run.criteria or ("all criteria",))
    return [("Computed as", f"{text(way)}: {text(', '.join(of))}") for way, of in ways.items()]
