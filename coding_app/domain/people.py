"""Who codes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Coder:
    """An observer of a study (shown as "Observer" on screen)."""

    id: str
    study_id: str
    name: str
