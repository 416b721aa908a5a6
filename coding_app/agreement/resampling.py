"""How the intervals of one assessment are made: what is drawn again, how often, with which seed."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from coding_app.agreement.bootstrap import Sessions
from coding_app.agreement.estimate import IntervalKind
from coding_app.agreement.matrix import FloatArray

FEW_SESSIONS = 10
TOO_FEW_SESSIONS = 5  # 2 sessions give 3 different resamples, 4 give 35
What = Literal["sessions", "blocks", "units"]
Labels = Sequence[Hashable] | npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Resampling:
    """How intervals are made.

    groups: number of the session (or block) of each unit, None when single units are drawn again because fewer
    than two sessions hold a unit that two coders judged; what: which of the three it is.
    n_sessions: all sessions; n_pairable_sessions: those with a unit that two coders judged.
    kind: which interval stands in `low` and `high` of an estimate.
    """

    groups: Sessions | None
    what: What
    n_sessions: int
    n_pairable_sessions: int
    replicates: int
    seed: int
    confidence: float
    kind: IntervalKind = "percentile"

    @classmethod
    def of(
        cls,
        values: FloatArray,
        sessions: Labels | None,
        replicates: int,
        seed: int,
        confidence: float,
        *,
        blocks: Labels | None = None,
        kind: IntervalKind = "percentile",
    ) -> "Resampling":
        """Number the sessions and decide what to resample; no sessions known counts as one session."""
        of_session = np.zeros(len(values), dtype=np.int64) if sessions is None else numbered(sessions)
        pairable = np.isfinite(values).sum(axis=1) >= 2
        n_sessions, n_pairable = _n_distinct(of_session), _n_distinct(of_session[pairable])
        groups: Sessions | None = None
        what: What = "units"
        if n_pairable >= 2:
            groups, what = of_session, "sessions"
        elif blocks is not None:
            # a block number of one session is another block than the same number of the next
            of_block = numbered(list(zip(of_session.tolist(), numbered(blocks).tolist(), strict=True)))
            if _n_distinct(of_block[pairable]) >= 2:
                groups, what = of_block, "blocks"
        return cls(
            groups,
            what,
            max(n_sessions, 1),
            n_pairable,
            replicates,
            seed,
            confidence,
            kind,
        )

    def method_of(self, kind: str) -> str:
        """How an interval of this kind was made, in words."""
        drawn = "blocks of units" if self.what == "blocks" else self.what
        name = "BCa bootstrap" if kind == "bca" else "bootstrap"
        return f"{name} over {drawn}, {self.replicates} replicates"

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know about the number of sessions, beside every interval."""
        if self.replicates == 0:
            return ()
        if self.what == "blocks":
            return (
                "Only one session has units that two coders judged: the intervals resample blocks of "
                "neighbouring units of it and say nothing about other sessions",
            )
        if self.what == "units":
            return (
                "Only one session has units that two coders judged: the intervals resample single units as if "
                "they were independent and are probably too narrow",
            )
        n_sessions = self.n_pairable_sessions
        if n_sessions < TOO_FEW_SESSIONS:
            return (
                f"Only {n_sessions} sessions: the intervals say almost nothing and are usually far too narrow; "
                f"code at least {FEW_SESSIONS} sessions twice",
            )
        if n_sessions < FEW_SESSIONS:
            return (f"Only {n_sessions} sessions: intervals from fewer than {FEW_SESSIONS} are rough",)
        return ()


def numbered(labels: Labels) -> Sessions:
    """0, 1, 2 ... for the labels in order of appearance, shape (n,)."""
    if not isinstance(labels, np.ndarray) or labels.dtype.kind not in "iu":
        number: dict[Hashable, int] = {}
        found = [number.setdefault(each, len(number)) for each in labels]
        return np.array(found, dtype=np.int64)
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse]


def _n_distinct(numbers: Sessions) -> int:
    return int((np.bincount(numbers) > 0).sum()) if len(numbers) else 0
