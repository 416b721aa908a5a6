"""Settling one recording: one difference at a time, who said what, the moment, the codebook beside it, the ruling."""

import streamlit as st

from coding_app.domain.coding import Judgement
from coding_app.domain.consensus import Key, Place, is_ruling
from coding_app.domain.decision_rule import RuleKind
from coding_app.domain.rules import units_of
from coding_app.domain.units import Unit
from coding_app.ui import context
from coding_app.ui.parts import decision_rules
from coding_app.ui.parts.judgement_words import judgement_words, where_in
from coding_app.ui.parts.play import play_button, player
from coding_app.ui.parts.said_around import said_around
from coding_app.ui.parts.scheme_cards import STYLE, code_cards, rating_cards, rule_lines
from coding_app.ui.parts.settle_form import Form
from coding_app.ui.parts.words import moment, plain, plural
from coding_app.workflows import reach_consensus
from coding_app.workflows.consensus_ground import Settling
from coding_app.workflows.decision_rules import record_rule

LONGEST_CLIP_MS = 60_000
_AT = "settle-at"


def show(recording_id: str, coder_id: str) -> None:
    """Draws the page of one recording."""
    st.html(STYLE)
    on = reach_consensus.what_differs(context.app(), recording_id, coder_id)
    _head(on)
    if on.is_behind:
        _behind(on, coder_id)
        return
    items = _items(on)
    if not items:
        st.info(
            "The observers agree on everything: nothing is left to rule on.", icon=":material/check_circle:"
        )
        _finishing(on, coder_id)
        return
    if not on.left:
        _finishing(on, coder_id)
    place = _current(on, items)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _difference(on, place, items, coder_id)
    with right:
        _codebook(on, place, coder_id)


def _head(on: Settling) -> None:
    n, n_left = len(on.differences), len(on.left)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("All recordings", icon=":material/arrow_back:", type="tertiary", on_click=_close)
        st.markdown(f"**{plain(on.label)}** · {plain(on.scheme.title)} {plain(on.scheme.version)}")
    words = f"{n - n_left} of {plural(n, 'difference')} settled · {on.n_agreed} alike, merged"
    st.progress((n - n_left) / n if n else 1.0, text=words)


def _close() -> None:
    st.query_params.clear()


def _behind(on: Settling, coder_id: str) -> None:
    st.warning(
        "Codings of this recording came in or changed since they were merged. Rulings are kept.",
        icon=":material/sync:",
    )
    st.button("Update", type="primary", on_click=context.doing(_update), args=(on.recording_id, coder_id))


def _update(recording_id: str, coder_id: str) -> None:
    reach_consensus.start_or_update(context.app(), recording_id, coder_id)


def _finishing(on: Settling, coder_id: str) -> None:
    if on.coding_pass is not None and on.coding_pass.submitted_at is not None:
        st.success(
            f"Finished on {on.coding_pass.submitted_at:%-d %B %Y}. The study's data use it; the observers see what "
            "was overturned, and why.",
            icon=":material/task_alt:",
        )
        return
    if on.gaps:
        st.warning(
            "All differences are settled, but the scheme asks for more: "
            + plain(on.gaps[0].sentence)
            + (f" And {len(on.gaps) - 1} more." if len(on.gaps) > 1 else ""),
            icon=":material/rule:",
        )
        return
    st.button(
        "Finish the consensus",
        type="primary",
        icon=":material/task_alt:",
        on_click=context.doing(_finish),
        args=(on.recording_id, coder_id),
        help="The data of the study then use it, and the observers see what was overturned.",
    )


def _finish(recording_id: str, coder_id: str) -> None:
    reach_consensus.finish(context.app(), recording_id, coder_id)


def _items(on: Settling) -> dict[Key, Place]:
    """The differences; once all are settled also what the scheme asks for and nobody judged, or what is at fault."""
    found = {each.key: each for each in on.differences}
    if on.left:
        return found
    places = {each.key: each for each in on.places}
    for gap in on.gaps:
        key = (gap.unit, gap.criterion)
        unit = _unit_of(on, gap.unit, gap.criterion)
        if key not in found and unit is not None:
            nobody = dict.fromkeys((each.id for each in on.sources), None)
            found[key] = places.get(key) or Place(unit, gap.criterion, nobody, None)
    return found


def _unit_of(on: Settling, key: str, criterion: str) -> Unit | None:
    held = on.present.get((key, criterion))
    if held is not None:
        return held.unit
    asked = {each.id: each.unit for each in on.scheme.criteria}
    asked |= {each.id: each.unit for each in on.scheme.ratings}
    units = units_of(on.scheme.unit(asked[criterion]), on.transcript)
    return next((each for each in units if each.key == key), None)


def _current(on: Settling, items: dict[Key, Place]) -> Place:
    """The one that was gone to, else the first that is left, else the first fault, else the first."""
    wanted = st.session_state.get(_AT)
    if wanted and wanted[0] == on.recording_id and wanted[1] in items:
        return items[wanted[1]]
    open_ones = [each.key for each in on.left] or [(each.unit, each.criterion) for each in on.gaps]
    return items[next((each for each in open_ones if each in items), next(iter(items)))]


def _go(recording_id: str, key: Key | None) -> None:
    st.session_state[_AT] = (recording_id, key)


def _difference(on: Settling, place: Place, items: dict[Key, Place], coder_id: str) -> None:
    span, number = place.unit.span, list(items).index(place.key) + 1
    names = {each.id: each.label for each in on.scheme.criteria} | {
        each.id: each.label for each in on.scheme.ratings
    }
    whole = span.duration_ms > LONGEST_CLIP_MS or place.criterion in {each.id for each in on.scheme.ratings}
    with st.container(horizontal=True, vertical_alignment="center", key="settle-head"):
        st.header(plain(names[place.criterion]), anchor=False, width="content")
        st.caption(f"{number} of {len(items)} · {moment(span.start_ms, span.end_ms)}")
        if span.duration_ms <= LONGEST_CLIP_MS:
            play_button("settle", on.recording_id, span, on.label, "now", "Alt+P")
    if not whole:
        said_around(on.transcript, span)
    else:
        st.caption("A judgement of the whole stretch; hear its moments in the workbench.")
    if span.duration_ms <= LONGEST_CLIP_MS:
        player("settle", "Press Play (Alt+P) to hear the moment.")
    form = Form(on, place, where_in(on.transcript, *_all_said(on)))
    _sides(form)
    _ruled(form)
    if not on.is_finished:
        form.draw()
    _keeping(form, coder_id)
    _buttons(form, items, coder_id)


def _all_said(on: Settling) -> list[Judgement | None]:
    return [*(held for each in on.places for held in each.said.values()), *on.present.values()]


def _sides(form: Form) -> None:
    """Who said what, side by side."""
    columns = st.columns(max(1, len(form.place.said)))
    for column, (source_id, held) in zip(columns, form.place.said.items(), strict=False):
        words = judgement_words(form.scheme, form.place.criterion, held, form.where)
        with column.container(border=True, height="stretch"):
            st.markdown(f":small[:gray[{plain(form.on.names[source_id])}]]  \n{plain(words)}")


def _ruled(form: Form) -> None:
    ruling = form.on.present.get(form.place.key)
    if not is_ruling(ruling) or ruling is None:
        return
    words = judgement_words(form.scheme, form.place.criterion, ruling, form.where)
    st.success(f"Ruled: **{plain(words)}**  \n{plain(ruling.note or '')}", icon=":material/gavel:")


def _keeping(form: Form, coder_id: str) -> None:
    ruled = is_ruling(form.on.present.get(form.place.key))
    with st.expander("Keep this decision for the next time", icon=":material/bookmark:"):
        form.draw_keeping()
        if ruled:
            st.button(
                "Keep it", key=form.key("keep-it"), on_click=context.doing(_keep), args=(form, coder_id)
            )
        else:
            st.caption("Kept together with the ruling, dated today.")


def _keep(form: Form, coder_id: str) -> None:
    kind, text = RuleKind(str(form.value("kind") or RuleKind.RULE)), str(form.value("keep") or "")
    record_rule(context.app(), form.on.recording_id, coder_id, *form.place.key, kind, text)
    st.session_state.pop(form.key("keep"), None)
    st.toast("Kept; it stands under Rules.", icon=":material/bookmark_added:")


def _buttons(form: Form, items: dict[Key, Place], coder_id: str) -> None:
    keys = list(items)
    at, recording_id = keys.index(form.place.key), form.on.recording_id
    with st.container(horizontal=True):
        if not form.on.is_finished:
            st.button(
                "Rule and go on", type="primary", icon=":material/gavel:", shortcut="Ctrl+Enter",
                on_click=context.doing(_rule), args=(form, coder_id),
            )  # fmt: skip
        st.button(
            "Previous", icon=":material/arrow_upward:", shortcut="Alt+Up", disabled=at == 0,
            on_click=_go, args=(recording_id, keys[at - 1]),
        )  # fmt: skip
        st.button(
            "Next", icon=":material/arrow_downward:", shortcut="Alt+Down", disabled=at + 1 == len(keys),
            on_click=_go, args=(recording_id, keys[(at + 1) % len(keys)]),
        )  # fmt: skip


def _rule(form: Form, coder_id: str) -> None:
    on = reach_consensus.rule(context.app(), form.on.recording_id, coder_id, form.ruling())
    if str(form.value("keep") or "").strip():
        _keep(form, coder_id)
    left = [each.key for each in on.left]
    later = [each.key for each in on.differences[_position(on, form.place.key) :] if each.key in left]
    _go(on.recording_id, next(iter([*later, *left]), None))


def _position(on: Settling, key: Key) -> int:
    return next((at for at, each in enumerate(on.differences) if each.key == key), 0)


def _codebook(on: Settling, place: Place, coder_id: str) -> None:
    st.markdown("**Codebook**")
    rating = [each for each in on.scheme.ratings if each.id == place.criterion]
    rating_cards(rating, on.scheme)
    codes = Form(on, place, str).codes
    code_cards(codes, on.scheme)
    ids = {each.id for each in codes}
    about = [each for each in on.scheme.rules if ids & set(each.about)]
    if about:
        st.markdown("**Rules of the scheme**")
        rule_lines(about, on.scheme)
    decision_rules.of_criterion(on.study_id, place.criterion, coder_id)
