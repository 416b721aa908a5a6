"""Words for coefficients: conventions of the literature, for the estimate and for the lower end of its interval."""

from dataclasses import dataclass

_Steps = tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Convention:
    """One author's words. steps: from which value on a word holds, ascending; below the first: `lowest`."""

    name: str
    source: str
    lowest: str
    steps: _Steps

    def word(self, value: float) -> str:
        """The word for this value; between two printed borders (.20 and .21) the lower word holds."""
        found = self.lowest
        for least, word in self.steps:
            if value >= least - 1e-12:
                found = word
        return found


@dataclass(frozen=True, slots=True)
class Band:
    """What one convention says. for_value: of the estimate; for_low: of the lower bound, None without one.

    Conventions, not tests: the authors chose the borders by judgement, and the word for the lower bound is the one
    that the data support.
    """

    convention: str
    source: str
    for_value: str
    for_low: str | None


LANDIS_KOCH = Convention(
    "Landis & Koch 1977",
    "Landis & Koch (1977), Biometrics 33, 159-174, p. 165; for kappa",
    "poor",
    ((0.0, "slight"), (0.21, "fair"), (0.41, "moderate"), (0.61, "substantial"), (0.81, "almost perfect")),
)
CICCHETTI = Convention(
    "Cicchetti 1994",
    "Cicchetti (1994), Psychological Assessment 6, 284-290, p. 286; for kappa and the ICC",
    "poor",
    ((0.40, "fair"), (0.60, "good"), (0.75, "excellent")),
)
KRIPPENDORFF = Convention(
    "Krippendorff 2004",
    "Krippendorff (2004), Content Analysis, 2nd ed., p. 241; for alpha",
    "not reliable enough",
    ((0.667, "tentative conclusions only"), (0.800, "reliable")),
)
KOO_LI = Convention(
    "Koo & Li 2016",
    "Koo & Li (2016), Journal of Chiropractic Medicine 15, 155-163, p. 158; for the ICC, read from its interval",
    "poor",
    ((0.5, "moderate"), (0.75, "good"), (0.9, "excellent")),
)


def bands(statistic: str, value: float | None, low: float | None = None) -> tuple[Band, ...]:
    """The conventional words for a statistic, none where no convention exists (raw agreement) or it is undefined.

    statistic: its key. value, low: the estimate and the lower bound of its interval, not rounded.

    >>> [(band.convention, band.for_value, band.for_low) for band in bands("krippendorff_alpha", 0.82, 0.61)]
    [('Krippendorff 2004', 'reliable', 'not reliable enough')]
    """
    if value is None:
        return ()
    return tuple(
        Band(each.name, each.source, each.word(value), None if low is None else each.word(low))
        for each in conventions_for(statistic)
    )


def conventions_for(statistic: str) -> tuple[Convention, ...]:
    """Which conventions exist for a statistic.

    Kappas and what is read like one (AC1, AC2, Brennan-Prediger): Landis & Koch and Cicchetti, made for kappa.
    """
    if statistic.startswith("icc_"):
        return (CICCHETTI, KOO_LI)
    if "alpha" in statistic:
        return (KRIPPENDORFF,)
    if "kappa" in statistic or statistic in ("gwet_ac1", "gwet_ac2", "brennan_prediger"):
        return (LANDIS_KOCH, CICCHETTI)
    return ()
