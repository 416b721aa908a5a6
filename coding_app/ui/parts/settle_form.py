"""The ruling on one difference: one side's judgement or another one, the reason, and what to keep for next time."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from coding_app.domain.coding import AppliedCode, Judgement
from coding_app.domain.consensus import Place, alike, says_something
from coding_app.domain.decision_rule import RuleKind
from coding_app.domain.rules import MAX_NOTE, code_fits
from coding_app.domain.scheme import EARLIER_SESSION, NOT_APPLICABLE, Code, Scheme
from coding_app.domain.times import Span
from coding_app.domain.units import is_drawn
from coding_app.errors import InputError
from coding_app.ui.parts.judgement_words import NONE, Where, declined, judgement_words
from coding_app.ui.parts.words import ROLE_WORDS, plain
from coding_app.workflows.consensus_ground import Settling
from coding_app.workflows.decision_rules import LONGEST
from coding_app.workflows.reach_consensus import Ruling

ANOTHER, NOTHING = "another", "nothing"
TENTH_MS = 100
KINDS = {RuleKind.RULE: "A rule for next time", RuleKind.EXAMPLE: "An example for the scheme"}


@dataclass(frozen=True, slots=True)
class Form:
    """The widgets of one place; their values are read from the page's state when the button is pressed."""

    on: Settling
    place: Place
    where: Where

    def key(self, name: str) -> str:
        """What the page's state calls a widget of this place."""
        unit, criterion = self.place.key
        return f"settle-{self.on.recording_id}-{unit}-{criterion}-{name}"

    def value(self, name: str) -> object:
        """What was chosen; None for nothing."""
        return st.session_state.get(self.key(name))

    @property
    def scheme(self) -> Scheme:
        """The scheme that is ruled by."""
        return self.on.scheme

    @property
    def is_rating(self) -> bool:
        """Whether a rating is ruled on, and not codes."""
        return self.place.criterion in {each.id for each in self.scheme.ratings}

    @property
    def sides(self) -> Mapping[str, Judgement | None]:
        """Who says what; who says the same stands together."""
        found: list[tuple[list[str], Judgement | None]] = []
        for source_id, said in self.place.said.items():
            name = self.on.names[source_id]
            same = next((names for names, held in found if alike(held, said)), None)
            if same is None:
                found.append(([name], said))
            else:
                same.append(name)
        return {" and ".join(sorted(names)): held for names, held in found}

    @property
    def codes(self) -> tuple[Code, ...]:
        """The criterion's codes that can apply to the unit."""
        segment = self.on.transcript.segment(self.place.unit.key)
        role = self.on.transcript.role_of(segment) if segment else None
        return tuple(
            code
            for criterion in self.scheme.criteria
            if criterion.id == self.place.criterion
            for code in criterion.codes
            if code_fits(code, role)
        )

    def draw(self) -> None:
        """Draws what holds and why; `ruling` reads it."""
        options = [*self.sides, ANOTHER, *([NOTHING] if self._can_be_nothing() else [])]
        st.radio(
            "What holds?",
            options,
            index=None,
            format_func=self._option,
            key=self.key("what"),
            width="stretch",
        )
        if self.value("what") == ANOTHER:
            self._another()
        if is_drawn(self.place.unit.key) and self.value("what") not in (None, NOTHING):
            self._edges()
        st.text_area(
            "Why",
            key=self.key("why"),
            max_chars=MAX_NOTE,
            height=88,
            placeholder="What decided it: the words, the tone, the rule of the codebook",
            help="The observers read it once all is settled. Write no names.",
        )

    def draw_keeping(self) -> None:
        """Draws what can be kept beyond this recording."""
        st.segmented_control(
            "Keep",
            list(KINDS),
            format_func=lambda each: KINDS[each],
            default=RuleKind.RULE,
            key=self.key("kind"),
            label_visibility="collapsed",
            required=True,
        )
        st.text_area(
            "In general words",
            key=self.key("keep"),
            max_chars=LONGEST,
            height=88,
            placeholder="What the team does from now on. No names, and nothing that tells who spoke.",
        )
        st.caption("A rule stays when this recording is erased; an example is erased with it.")

    def ruling(self) -> Ruling:
        """What was chosen. Raises InputError while nothing is."""
        what = self.value("what")
        sides = self.sides
        codes: tuple[AppliedCode, ...] = ()
        value: int | None = None
        if what is None:
            raise InputError("Nothing is chosen yet; choose what holds.")
        if what == ANOTHER:
            codes, value = self._chosen()
        elif what == NOTHING:
            codes = (AppliedCode(NOT_APPLICABLE),) if self.is_rating else ()
        elif (said := sides.get(str(what))) is not None:
            codes, value = said.codes, said.value
        return Ruling(*self.place.key, codes, str(self.value("why") or ""), value, self._span())

    def _option(self, option: str) -> str:
        if option == ANOTHER:
            return "Another value" if self.is_rating else "Another code"
        if option == NOTHING:
            return "It does not apply" if self.is_rating else NONE
        words = judgement_words(self.scheme, self.place.criterion, self.sides[option], self.where)
        return f"As **{plain(option)}**: {plain(words)}"

    def _can_be_nothing(self) -> bool:
        """Whether that none applies is a choice of its own, which none of the sides says already."""
        if self.is_rating:
            (rating,) = (each for each in self.scheme.ratings if each.id == self.place.criterion)
            return bool(rating.not_applicable_if_no) and not any(map(declined, self.place.said.values()))
        return all(map(says_something, self.place.said.values()))

    def _another(self) -> None:
        if self.is_rating:
            (rating,) = (each for each in self.scheme.ratings if each.id == self.place.criterion)
            steps = {each.value: f"{each.value} – {each.label}".strip(" –") for each in rating.scale.values}
            st.selectbox(
                "Value", list(steps), index=None, format_func=lambda each: steps[each], key=self.key("value"),
                filter_mode=None,
            )  # fmt: skip
            return
        found = {each.id: each for each in self.codes}
        st.pills(
            "Codes",
            list(found),
            selection_mode="multi",
            format_func=lambda each: plain(f"{ROLE_WORDS.get(found[each].role, '')}: {found[each].label}"),
            key=self.key("codes"),
            wrap=True,
        )
        for code_id in self._picked():
            self._asked_after(found[code_id])

    def _picked(self) -> list[str]:
        picked = self.value("codes")
        return [str(each) for each in picked] if isinstance(picked, list) else []

    def _asked_after(self, code: Code) -> None:
        names = [*code.attributes, *(["links"] if self.scheme.links_from(code.id) else [])]
        columns = st.columns(len(names)) if names else []
        for column, name in zip(columns, names, strict=True):
            if name == "links":
                targets = self._targets(code)
                column.multiselect(
                    "Answers", list(targets), format_func=lambda each, found=targets: found[each],  # type: ignore[misc]
                    key=self.key(f"{code.id}-links"), placeholder="The moment that it answers",
                )  # fmt: skip
                continue
            attribute = self.scheme.attribute(name)
            steps = {each.value: each.label for each in attribute.scale.values}
            column.selectbox(
                f"{attribute.label}" if len(self._picked()) == 1 else f"{attribute.label}, {code.label}",
                list(steps), index=None, format_func=lambda each, found=steps: found[each],  # type: ignore[misc]
                key=self.key(f"{code.id}-{name}"), filter_mode=None,
            )  # fmt: skip

    def _targets(self, code: Code) -> dict[str, str]:
        """What the code can be linked to, of all that anybody coded here and the consensus holds."""
        links = self.scheme.links_from(code.id)
        wanted = {each for link in links for each in link.to_codes}
        said = [held for each in self.on.places for held in each.said.values() if held is not None]
        found = {
            held.unit.key: self.where(held.unit.key)
            for held in sorted([*said, *self.on.present.values()], key=lambda each: each.unit.span)
            if any(each.code in wanted for each in held.codes)
        }
        if any(EARLIER_SESSION in link.external for link in links):
            found[EARLIER_SESSION] = self.where(EARLIER_SESSION)
        return found

    def _chosen(self) -> tuple[tuple[AppliedCode, ...], int | None]:
        if self.is_rating:
            value = self.value("value")
            if not isinstance(value, int):
                raise InputError("No value is chosen yet; choose one.")
            return (), value
        picked = self._picked()
        if not picked:
            raise InputError("No code is chosen yet; choose one, or that none applies.")
        known = {each.id: each for each in self.codes}
        return tuple(self._applied(known[each]) for each in picked), None

    def _applied(self, code: Code) -> AppliedCode:
        given = {name: self.value(f"{code.id}-{name}") for name in code.attributes}
        answered = {name: each for name, each in given.items() if isinstance(each, int | str)}
        links = self.value(f"{code.id}-links")
        return AppliedCode(code.id, answered, tuple(map(str, links)) if isinstance(links, list) else ())

    def _edges(self) -> None:
        """The edges of a drawn unit, beginning with those of the side that was chosen."""
        span = self._first_span()
        longest = self.on.transcript.duration_ms / 1000
        names = ("from", "to") if self._has_length() else ("from",)
        columns = st.columns([1, 1, 3])
        for column, name, at in zip(columns, names, (span.start_ms, span.end_ms), strict=False):
            column.number_input(
                {"from": "From (s)", "to": "To (s)"}[name] if len(names) == 2 else "At (s)",
                0.0, longest, min(at / 1000, longest), 0.1, format="%.1f", key=self._edge_key(name),
            )  # fmt: skip

    def _edge_key(self, name: str) -> str:
        return self.key(f"{name}-{self.value('what')}")

    def _first_span(self) -> Span:
        said = self.sides.get(str(self.value("what")))
        return said.unit.span if said else self.place.unit.span

    def _has_length(self) -> bool:
        kinds = {each.id: self.scheme.unit(each.unit) for each in self.scheme.criteria}
        kind = kinds.get(self.place.criterion)
        return kind is not None and kind.kind == "span" and kind.mark == "span"

    def _span(self) -> Span | None:
        if not is_drawn(self.place.unit.key):
            return None
        first = self._first_span()
        start_ms = self._edge("from", first.start_ms)
        end_ms = self._edge("to", first.end_ms) if self._has_length() else start_ms
        if self._has_length() and end_ms <= start_ms:
            raise InputError("The stretch ends before it begins; correct its edges.")
        return Span(start_ms, end_ms)

    def _edge(self, name: str, first_ms: int) -> int:
        """What was typed; else as it stood: the field shows tenths of a second, an edge has milliseconds."""
        seconds = st.session_state.get(self._edge_key(name))
        if not isinstance(seconds, int | float) or abs(seconds * 1000 - first_ms) < TENTH_MS / 2 + 1:
            return first_ms
        return round(seconds * 1000)
