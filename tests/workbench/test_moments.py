"""Drawn moments in Chromium: marked by key and by mouse, taken up, moved, removed, and undone across a reload."""

import pytest
from playwright.sync_api import Page, expect

from coding_app.domain.coding import Judgement
from coding_app.store import events
from tests.workbench.conftest import Bench

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("bench", [{"scheme": "session-flow"}], indirect=True),
]


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def held(bench: Bench, criterion: str) -> list[Judgement]:
    """What the store holds for one criterion, by time."""
    with bench.app.store.read() as tx:
        found = [
            each for (_, name), each in events.judgements(tx, bench.pass_id).items() if name == criterion
        ]
    return sorted(found, key=lambda each: each.unit.span)


def spans(bench: Bench, criterion: str) -> list[tuple[int, int, str]]:
    """(start_ms, end_ms, code) of each."""
    return [
        (each.unit.span.start_ms, each.unit.span.end_ms, each.codes[0].code)
        for each in held(bench, criterion)
        if each.codes
    ]


def test_spans_starts_and_moments_are_marked_with_the_keyboard_alone(bench: Bench) -> None:
    page = bench.ready()
    keys(page, "t", "f", "2")
    expect(page.locator("[data-code=epi_strain]").first).to_contain_text("running")
    keys(page, "ArrowRight", "ArrowRight", "f", "e")
    keys(page, "ArrowRight", "l", "1")
    bench.until(lambda: spans(bench, "voice") == [(6_000, 6_000, "voi_laugh")])
    assert spans(bench, "episode") == [(0, 4_000, "epi_strain")]
    assert spans(bench, "activity") == [(0, 0, "act_tell"), (4_000, 4_000, "act_explore")]
    bench.until(lambda: held(bench, "voice")[0].codes[0].attributes == {"who": "client"})
    assert held(bench, "episode")[0].codes[0].attributes == {"intensity": 2}
    page.get_by_role("tab", name="Moments").click()
    expect(page.locator(".moment-row").first).to_contain_text("Exploring experience")
    expect(page.locator(".moment-row")).to_have_count(4)
    # Up and down go through the list while it has the focus; the edges of what is taken up move by a tenth of a second.
    page.locator(".moment-list").focus()
    keys(page, "End", "ArrowUp")
    expect(page.locator(".segment-box")).to_contain_text("This moment")
    expect(page.locator(".moment-row[aria-selected=true]")).to_contain_text("Strain")
    n = bench.n_rows()
    keys(page, "<", "<", ".", "Escape")
    bench.until(lambda: spans(bench, "episode") == [(100, 3_800, "epi_strain")])
    assert bench.n_rows() == n + 3


def test_edges_moved_in_one_run_are_one_act_and_undo_reaches_back_over_a_reload(bench: Bench) -> None:
    page = bench.ready()
    keys(page, "f", "ArrowRight", "f", "3", "PageDown")
    page.get_by_role("tab", name="Moments").click()
    page.locator(".moment-row").click()
    keys(page, ">", ">", ">")
    bench.until(lambda: spans(bench, "episode") == [(0, 2_300, "epi_strain")])
    page.reload()
    page.locator(".row[aria-selected=true]").wait_for()
    keys(page, "z")
    bench.until(lambda: spans(bench, "episode") == [(0, 2_000, "epi_strain")])
    page.get_by_role("tab", name="Moments").click()
    page.locator(".moment-row").click()
    keys(page, "Delete")
    bench.until(lambda: spans(bench, "episode") == [])
    expect(page.locator(".moment-row")).to_have_count(0)
    keys(page, "z")
    bench.until(lambda: spans(bench, "episode") == [(0, 2_000, "epi_strain")])
    assert held(bench, "episode")[0].codes[0].attributes == {"intensity": 3}
    keys(page, "z", "z", "z")
    bench.until(lambda: held(bench, "episode") == [])


def test_a_dragged_stretch_takes_a_code_with_the_mouse_alone(bench: Bench) -> None:
    page = bench.ready()
    wave = page.locator(".wave")
    box = wave.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 24, steps=5)
    page.mouse.up()
    page.locator("[data-code=epi_strain]").first.click()
    page.locator(".segment-box [data-attribute=intensity][data-digit='1']").click()
    bench.until(lambda: bool(held(bench, "episode")) and bool(held(bench, "episode")[0].codes[0].attributes))
    start, end, _ = spans(bench, "episode")[0]
    assert 0 < start < end
    page.get_by_role("tab", name="Moments").click()
    page.locator(".moment-row").click()
    expect(page.locator(".segment-box")).to_contain_text("This moment")
    page.locator(".segment-box [data-remove]").click()
    bench.until(lambda: held(bench, "episode") == [])


def test_two_tabs_agree_on_moments_and_on_what_undo_takes_back(bench: Bench) -> None:
    one, two = bench.ready(), bench.ready()
    one.bring_to_front()
    keys(one, "f", "2", "ArrowRight", "f")
    two.bring_to_front()
    two.get_by_role("tab", name="Moments").click()
    expect(two.locator(".moment-row")).to_contain_text("plain")
    keys(two, "z")
    expect(two.locator(".moment-row")).to_contain_text("no end yet")
    one.bring_to_front()
    keys(one, "x")
    bench.until(lambda: spans(bench, "episode") == [(0, 2_000, "epi_strain")])


def test_marks_made_while_playing_are_set_back_by_the_reaction_lag_and_others_are_not(bench: Bench) -> None:
    lag_ms = 1_500
    page = bench.open()
    found = page.request.get(
        f"{bench.url}/api/passes/{bench.pass_id}", headers={"Authorization": f"Bearer {bench.token}"}
    )
    page.request.put(
        f"{bench.url}/api/passes/{bench.pass_id}/preferences",
        headers={"Authorization": f"Bearer {bench.token}"},
        data=found.json()["preferences"] | {"lag_ms": lag_ms},
    )
    page.reload()
    page.locator(".row[aria-selected=true]").wait_for()

    def shown_ms() -> int:
        minutes, seconds = (page.locator(".time-now").text_content() or "").split(":")
        return int(minutes) * 60_000 + round(float(seconds) * 1_000)

    keys(page, "ArrowRight", "ArrowRight", "h", " ")
    bench.until(lambda: shown_ms() > 4_300)
    before = shown_ms()
    keys(page, "l")
    after = shown_ms()
    keys(page, " ")
    bench.until(lambda: len(spans(bench, "voice")) == 2)
    marks = {code: start for start, _, code in spans(bench, "voice")}
    assert marks["voi_sigh"] == 4_000
    assert before - lag_ms <= marks["voi_laugh"] <= after - lag_ms + 100
