"""Charts of the Agreement page (Altair); colours come from the theme."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor
from typing import Any

import altair as alt
import pandas as pd

ROW_HEIGHT_PX = 24


@dataclass(frozen=True, slots=True)
class IntervalBar:
    """One line of the chart: a coefficient with its interval; None where it is undefined."""

    label: str
    group: str
    value: float
    low: float | None
    high: float | None


def interval_bars(bars: Sequence[IntervalBar], title: str, conventions: Sequence[float] = ()) -> Any:
    """Coefficients as points with their intervals, in the given order: an Altair chart.

    conventions: thin dashed lines at values that a field uses as marks; never coloured as good or bad.
    """
    table = pd.DataFrame(
        [(b.label, b.group, b.value, b.low, b.high) for b in bars],
        columns=["label", "group", "value", "low", "high"],
    )
    lowest = floor(10 * min([0.0, *table["low"].dropna(), *table["value"]])) / 10
    scale = alt.Scale(domain=[lowest, 1.0], nice=False)
    y = alt.Y(
        "label:N",
        sort=list(table["label"]),
        title=None,
        axis=alt.Axis(labelLimit=320, labelFontSize=13, ticks=False, domain=False),
    )
    tooltip = [
        alt.Tooltip("label:N", title="Code"),
        alt.Tooltip("value:Q", title=title, format=".3f"),
        alt.Tooltip("low:Q", title="from", format=".3f"),
        alt.Tooltip("high:Q", title="to", format=".3f"),
    ]
    base = alt.Chart(table)
    rules = base.mark_rule(size=3, opacity=0.55, strokeCap="round").encode(
        x=alt.X("low:Q", scale=scale, title=title, axis=alt.Axis(tickCount=8)),
        x2="high:Q",
        y=y,
        color=alt.Color("group:N", legend=None),
        tooltip=tooltip,
    )
    points = base.mark_point(filled=True, size=70, opacity=1).encode(
        x=alt.X("value:Q", scale=scale), y=y, color=alt.Color("group:N", legend=None), tooltip=tooltip
    )
    marks = (
        alt.Chart(pd.DataFrame({"at": list(conventions)}))
        .mark_rule(strokeDash=[3, 3], opacity=0.45)
        .encode(x="at:Q")
    )
    return alt.layer(marks, rules, points).properties(height=max(3, len(bars)) * ROW_HEIGHT_PX)
