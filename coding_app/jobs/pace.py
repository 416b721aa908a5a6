"""How far a job is and how long it will still take, from what it has measured so far."""

from collections.abc import Callable
from time import monotonic


class Pace:
    """Progress over stages of different weight, and the time left at the speed of this run.

    weights: stage -> its expected share of the work. clock: seconds, only differences matter.
    """

    def __init__(self, weights: dict[str, float], clock: Callable[[], float] = monotonic) -> None:
        total = sum(weights.values())
        self._weights = {stage: weight / total for stage, weight in weights.items()}
        self._clock = clock
        self._begun: tuple[float, float] | None = None
        self.progress = 0.0

    def at(self, stage: str, fraction: float) -> float:
        """Says that `fraction` (0-1) of a stage is done and all stages before it; returns progress (0-1).

        Progress never goes back. The speed counts from the first call on: a resumed job begins elsewhere.
        """
        done = 0.0
        for name, weight in self._weights.items():
            if name == stage:
                done += weight * min(max(fraction, 0.0), 1.0)
                break
            done += weight
        self.progress = max(self.progress, done)
        if self._begun is None:
            self._begun = (self._clock(), self.progress)
        return self.progress

    def seconds_left(self) -> int | None:
        """Whole seconds to the end at the speed so far; None while too little (2 %) is done to tell."""
        if self._begun is None or self.progress - self._begun[1] < 0.02:
            return None
        speed = (self.progress - self._begun[1]) / max(self._clock() - self._begun[0], 1e-6)
        return round((1.0 - self.progress) / speed)
