"""What a team decided while it settled differences: a rule for the next time, or an example for the scheme."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from coding_app.domain.units import Unit


class RuleKind(StrEnum):
    """How it goes on: as a rule of the team, or proposed as an example for the scheme's next version."""

    RULE = "rule"
    EXAMPLE = "example"


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """One decision. pass_id, unit: the consensus and the unit that it came from, None when it came from none."""

    id: str
    study_id: str
    scheme_id: str
    scheme_version: str
    criterion: str
    kind: RuleKind
    text: str
    decided_at: datetime
    decided_by: str
    pass_id: str | None = None
    unit: Unit | None = None
