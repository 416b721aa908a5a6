"""Alpha for criteria that allow several codes per unit: how far apart are two sets of codes?"""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from coding_app.agreement.alpha import alpha_by_distance
from coding_app.agreement.matrix import FloatArray, encoded, is_missing
from coding_app.agreement.patterns import check_pairable, collapse
from coding_app.errors import InputError

SetDistance = Literal["masi", "jaccard"]


def krippendorff_alpha_masi(sets: Sequence[Sequence[frozenset[str] | None]]) -> float:
    """Alpha with the MASI distance of Passonneau (2006): sets that contain each other are near.

    sets: (n_units, n_coders) sets of codes; an empty set = coded, none applies; None = not coded.
    Raises AgreementUndefined when no unit has two sets or all pairable sets are equal.
    Source: Passonneau (2006), LREC; not the other definition that some programs call MASI.
    """
    return _alpha(sets, "masi")


def krippendorff_alpha_jaccard(sets: Sequence[Sequence[frozenset[str] | None]]) -> float:
    """Alpha with the Jaccard distance 1 - |A and B| / |A or B|; sets and errors as for MASI."""
    return _alpha(sets, "jaccard")


def set_distance(first: frozenset[str], second: frozenset[str], kind: SetDistance = "masi") -> float:
    """0 for equal sets (also both empty), 1 for sets without a common code.

    masi: 1 - J * M with M = 2/3 when one set contains the other, 1/3 when they overlap; jaccard: 1 - J.

    >>> round(set_distance(frozenset("A"), frozenset("AB")), 3)
    0.667
    >>> set_distance(frozenset("A"), frozenset("AB"), "jaccard")
    0.5
    """
    if first == second:
        return 0.0
    common = len(first & second)
    if common == 0:
        return 1.0
    jaccard = common / len(first | second)
    if kind == "jaccard":
        return 1 - jaccard
    return 1 - jaccard * (2 / 3 if first < second or second < first else 1 / 3)


def distance_table(sets: Sequence[frozenset[str]], kind: SetDistance) -> FloatArray:
    """Distances between all `sets`, shape (n_sets, n_sets)."""
    return np.array(
        [[set_distance(first, second, kind) for second in sets] for first in sets], dtype=np.float64
    )


def _alpha(sets: Sequence[Sequence[frozenset[str] | None]], kind: SetDistance) -> float:
    values, labels = encoded(as_set_array(sets))
    check_pairable(values)
    patterns = collapse(values, exchangeable=True)
    return alpha_by_distance(
        patterns, distance_table([frozenset(map(str, _members(s))) for s in labels], kind)
    )


def as_set_array(sets: Sequence[Sequence[Any]]) -> np.ndarray[tuple[int, int], np.dtype[np.object_]]:
    """Object array (n_units, n_coders) of frozensets and None; numpy would take sets apart or nest them.

    Raises InputError for rows of different length and for a word in the place of a set.
    """
    n_coders = len(sets[0]) if len(sets) else 0
    array = np.empty((len(sets), n_coders), dtype=object)
    for unit, row in enumerate(sets):
        if len(row) != n_coders:
            raise InputError(
                f"Unit {unit + 1} has {len(row)} sets, the first has {n_coders}; give one per coder"
            )
        for coder, value in enumerate(row):
            if isinstance(value, str):
                raise InputError(f"Unit {unit + 1}: give a set of codes, not one word")
            array[unit, coder] = None if is_missing(value) else frozenset(value)
    return array


def _members(value: Any) -> frozenset[str]:
    return value if isinstance(value, frozenset) else frozenset()
