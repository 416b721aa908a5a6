"""The Codebook page: the study's scheme to read and to search."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from coding_app.domain.scheme import Code, NearMiss, Rating, Scale, Scheme
from coding_app.ui import context
from coding_app.ui.parts.empty import no_study
from coding_app.ui.parts.words import ROLE_WORDS, plain
from coding_app.workflows.codebook import how_coded, mentions, scheme_of


def show() -> None:
    """Draws the page."""
    study = context.study()
    if study is None:
        st.title("Codebook")
        no_study()
        return
    scheme = scheme_of(context.app(), study.id)
    head, find = st.columns([3, 2], vertical_alignment="center")
    head.title(scheme.title)
    wanted = find.text_input(
        "Search", placeholder="Search codes, definitions, examples", label_visibility="collapsed"
    )
    st.caption(f"Version {scheme.version} ({scheme.status}) · {scheme.license}")
    if wanted.strip():
        _results(scheme, wanted.strip())
        return
    st.write(scheme.summary)
    _all(scheme)
    with st.expander("Origin and sources"):
        st.write(scheme.disclaimer)
        for source in scheme.sources:
            st.markdown(f"- {plain(source)}")


def _all(scheme: Scheme) -> None:
    names = [*(criterion.label for criterion in scheme.criteria), "Ratings", "Scales", "Rules"]
    tabs = st.tabs(names)
    for tab, criterion in zip(tabs, scheme.criteria, strict=False):
        with tab:
            st.caption(plain(how_coded(criterion, scheme)))
            for code in criterion.codes:
                _code(scheme, code)
    with tabs[-3]:
        for rating in scheme.ratings:
            _rating(scheme, rating)
    with tabs[-2]:
        for attribute in scheme.attributes:
            with st.container(border=True):
                st.markdown(f"**{plain(attribute.label)}**")
                _scale(attribute.scale)
    with tabs[-1]:
        for rule in scheme.rules:
            st.markdown(f"**{plain(rule.id)}** {_with_labels(scheme, rule.text)}")


def _results(scheme: Scheme, wanted: str) -> None:
    codes = [code for code in scheme.codes if mentions(code, wanted)]
    ratings = [rating for rating in scheme.ratings if mentions(rating, wanted)]
    rules = [rule for rule in scheme.rules if mentions(rule, wanted)]
    if not codes and not ratings and not rules:
        st.info(f"Nothing in this codebook mentions “{plain(wanted)}”.", icon=":material/search_off:")
    for code in codes:
        _code(scheme, code)
    for rating in ratings:
        _rating(scheme, rating)
    for rule in rules:
        st.markdown(f"**{plain(rule.id)}** {_with_labels(scheme, rule.text)}")


def _code(scheme: Scheme, code: Code) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f"**{plain(code.label)}** :small[:gray[{ROLE_WORDS.get(code.role, code.role)}]]",
                width="content",
            )
            st.badge(f"key {code.key}", color="gray")
        st.markdown(plain(code.definition))
        yes, no = st.columns(2, gap="medium")
        _listed(scheme, yes, "Code it when", code.include)
        _listed(scheme, no, "Do not code it when", code.exclude)
        for example in code.examples:
            st.markdown(f"> {plain(example)}")
        for miss in code.near_misses:
            _near_miss(scheme, miss)


def _listed(scheme: Scheme, place: DeltaGenerator, head: str, lines: tuple[str, ...]) -> None:
    if lines:
        place.markdown(
            f":small[:gray[{head}]]\n" + "\n".join(f"- {_with_labels(scheme, line)}" for line in lines)
        )


def _with_labels(scheme: Scheme, line: str) -> str:
    """A line of the scheme file that names a code by its id, with the code's label instead."""
    for code in scheme.codes:
        line = line.replace(code.id, f"“{code.label}”")
    return plain(line)


def _near_miss(scheme: Scheme, miss: NearMiss) -> None:
    names = {code.id: code.label for code in scheme.codes}
    instead = (
        f" Code **{plain(names.get(miss.instead, miss.instead))}** instead." if miss.instead else " No code."
    )
    st.markdown(
        f":small[:gray[Looks like it, but is not]]  \n*{plain(miss.text)}* {plain(miss.why)}{instead}"
    )


def _rating(scheme: Scheme, rating: Rating) -> None:
    with st.container(border=True):
        kind = scheme.unit(rating.unit).label
        st.markdown(
            f"**{plain(rating.label)}** "
            f":small[:gray[{plain(kind)} · {ROLE_WORDS.get(rating.role, rating.role)}]]"
        )
        st.markdown(plain(rating.question))
        high, low = st.columns(2, gap="medium")
        if rating.high:
            high.markdown(f":small[:gray[High]]  \n{plain(rating.high)}")
        if rating.low:
            low.markdown(f":small[:gray[Low]]  \n{plain(rating.low)}")
        _scale(rating.scale)


def _scale(scale: Scale) -> None:
    lines = []
    for step in scale.values:
        start = " (begin here)" if scale.start == step.value else ""
        anchor = f": {plain(step.anchor)}" if step.anchor else ""
        label = "" if str(step.value) == step.label else f" {plain(step.label)}"
        lines.append(f"- **{step.value}**{label}{start}{anchor}")
    st.markdown("\n".join(lines))


if __name__ == "__main__":
    show()
