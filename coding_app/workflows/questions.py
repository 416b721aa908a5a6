"""One thing that observers judged: what it is called, how to assess it, and the judgements as rows of a table."""

from dataclasses import dataclass

from coding_app.exchange.certificate import Name, Run
from coding_app.exchange.long_table import NOT_BLIND, LongRow

CRITERION, CODE, ATTRIBUTE, FREQUENCY, RATING = "criterion", "code", "attribute", "frequency", "rating"
SPAN, SPAN_CODE, LINK, MEASURE = "span", "span code", "link", "measure"


@dataclass(frozen=True, slots=True)
class Question:
    """name: what it is called, its key in tables, its kind and what a unit is; parts: the same for its codes.

    run: how to assess it. rows: one per unit and observer who judged it, or per span that was drawn.
    """

    name: Name
    run: Run
    rows: tuple[LongRow, ...]
    parts: tuple[Name, ...] = ()

    def name_of(self, criterion: str) -> Name:
        """The name of one of its results."""
        return next((each for each in self.parts if each.key == criterion), self.name)


def yes_or_no(blind: bool) -> str:
    """How the column `blind` says it."""
    return "yes" if blind else NOT_BLIND


def code_key(criterion: str, code: str) -> str:
    """What a code is called in a table of judgements.

    >>> code_key("rupture", "withdrawal")
    'rupture: withdrawal'
    """
    return f"{criterion}: {code}"
