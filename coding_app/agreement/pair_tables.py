"""Cross-tables of two coders, summed over sessions, and the kappas that follow from them."""

import numpy as np

from coding_app.agreement.matrix import FloatArray, IntArray
from coding_app.agreement.patterns import Kernel, divide
from coding_app.agreement.session_statistics import mean_over_pairs, summed


class PairTables:
    """What kappa needs of the cross-table of each session and pair of coders: agreement and both margins.

    agreement: (n_sessions, n_pairs); rows, columns: (n_sessions, n_pairs, n_states).
    """

    def __init__(self, n_sessions: int, n_pairs: int, n_states: int) -> None:
        self.agreement = np.zeros((n_sessions, n_pairs))
        self.rows = np.zeros((n_sessions, n_pairs, n_states))
        self.columns = np.zeros((n_sessions, n_pairs, n_states))

    def add(
        self, session: int, pair: int, first: IntArray, second: IntArray, weights: FloatArray | IntArray
    ) -> None:
        """Count the states (n,) of the first and the second coder, each with its weight (n,)."""
        n_states = self.rows.shape[2]
        self.agreement[session, pair] += weights[first == second].sum()
        self.rows[session, pair] += np.bincount(first, weights, n_states)
        self.columns[session, pair] += np.bincount(second, weights, n_states)

    @property
    def total(self) -> float:
        """The weight of everything that was compared."""
        return float(self.rows.sum())

    def kappa_kernel(self) -> Kernel:
        """Cohen's kappa of each pair of coders over all sessions; its mean where there are several pairs."""

        def of(weights: FloatArray) -> FloatArray:
            agreed = summed(self.agreement, weights)
            rows, columns = summed(self.rows, weights), summed(self.columns, weights)
            return mean_over_pairs(kappa_of(agreed, rows, columns))

        return of

    def agreement_kernel(self) -> Kernel:
        """The share of all compared weight on which the two agree, pairs of coders pooled."""
        agreed, compared = self.agreement.sum(axis=1), self.rows.sum(axis=(1, 2))

        def of(weights: FloatArray) -> FloatArray:
            return divide(weights @ agreed, weights @ compared)

        return of


def kappa_of(agreed: FloatArray, rows: FloatArray, columns: FloatArray) -> FloatArray:
    """(p_o - p_e) / (1 - p_e) of tables given by agreement (...) and margins (..., n_states); NaN: p_e = 1.

    Source: Cohen (1960), Educational and Psychological Measurement 20, 37-46.

    >>> float(kappa_of(np.array(75.0), np.array([60.0, 40.0]), np.array([75.0, 25.0])).round(4))
    0.4444
    """
    total = rows.sum(axis=-1)
    chance = divide((rows * columns).sum(axis=-1), total**2)
    observed = divide(agreed, total)
    # what rounding leaves of 1 - 1 is not variation
    room = np.where(1 - chance > 1e-12, 1 - chance, 0.0)
    return divide(observed - chance, room)
