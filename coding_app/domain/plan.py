"""How a study divides its sessions among its observers: how many code each, and which are coded twice."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class AssignmentKind(StrEnum):
    """Why a session is in an observer's queue; observers are not told."""

    CODING = "coding"
    DOUBLE = "double"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class StudyPlan:
    """How a study divides its work.

    n_coders: observers for every session. double_share, double_at_least: of the sessions that fewer than two observers
    would code, how many get a second one: the larger of the two, at most all. days: to code a session, None: no limit.
    masks_names: who rules on differences sees Observer A and B. keeps_judgements: when consent is withdrawn.
    """

    study_id: str
    seed: int
    n_coders: int = 1
    double_share: float = 0.2
    double_at_least: int = 10
    days: int | None = None
    masks_names: bool = False
    keeps_judgements: bool = True


@dataclass(frozen=True, slots=True)
class Assignment:
    """A session in an observer's queue, at this position."""

    id: str
    session_id: str
    coder_id: str
    kind: AssignmentKind
    position: int
    made_at: datetime
    due_on: date | None = None
    ended_at: datetime | None = None
    ended_because: str | None = None
